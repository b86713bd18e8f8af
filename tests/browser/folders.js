// Folders of models on disk, for a browser to choose. Not a test.
import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { config } from '../encoder/fixtures.js';

export const CONFIG = JSON.stringify(config('bert_base', {}));

/** @param {string} folder @param {Map<string, string | Uint8Array> | Record<string, string | Uint8Array>} files */
export function writeFolder(folder, files) {
  for (const [name, content] of files instanceof Map ? files : Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/**
 * A weights' file of any size, of which the disk holds the header alone.
 * @param {string} folder
 * @param {Record<string, number[]>} shapes of its tensors, by their names
 */
export function writeHugeOf(folder, shapes) {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const start = end;
      end += 4 * shape.reduce((size, count) => size * count, 1);
      return [name, { dtype: 'F32', shape, data_offsets: [start, end] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = openSync(join(folder, 'model.safetensors'), 'w');
  writeSync(file, Buffer.concat([length, text]));
  closeSync(file);
  truncateSync(join(folder, 'model.safetensors'), 8 + text.length + end);
}

/** A model of some 5 GB, of which the disk holds the header alone. @param {string} folder */
export function writeHuge(folder) {
  writeFolder(folder, { 'vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n' });
  const [width, vocabulary] = [4096, 300_000];
  const tensors = {
    'embeddings.word_embeddings.weight': [vocabulary, width],
    'embeddings.position_embeddings.weight': [512, width],
    'embeddings.token_type_embeddings.weight': [2, width],
    'embeddings.LayerNorm.weight': [width],
    'embeddings.LayerNorm.bias': [width],
  };
  const layer = {
    'attention.self.query': [width, width],
    'attention.self.key': [width, width],
    'attention.self.value': [width, width],
    'attention.output.dense': [width, width],
    'intermediate.dense': [64, width],
    'output.dense': [width, 64],
  };
  const all = /** @type {[string, number[]][]} */ ([
    ...Object.entries(tensors),
    ...Object.entries(layer).flatMap(([name, shape]) => [
      [`encoder.layer.0.${name}.weight`, shape],
      [`encoder.layer.0.${name}.bias`, [shape[0]]],
    ]),
    ...['attention.output', 'output'].flatMap((name) =>
      ['weight', 'bias'].map((part) => [`encoder.layer.0.${name}.LayerNorm.${part}`, [width]]),
    ),
  ]);
  writeHugeOf(folder, Object.fromEntries(all));
  const sizes = {
    hidden_size: width,
    vocab_size: vocabulary,
    num_hidden_layers: 1,
    num_attention_heads: 32,
    intermediate_size: 64,
    max_position_embeddings: 512,
    type_vocab_size: 2,
  };
  return writeFolder(folder, { 'config.json': JSON.stringify(config('bert_base', sizes)) });
}
