/** Folders of sentence-transformers for the tests: modules around a small model, and its vectors. */
import assert from 'node:assert/strict';
import { load } from '../../web/index.js';
import { config, folder, safetensors } from './fixtures.js';

export const WIDTH = Number(config('bert_base', {}).hidden_size);
const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...'abcdefghijklmnopqrstuvwxyz', ':', 'query'];
const VOCAB = Array.from({ length: config('bert_base', {}).vocab_size }, (_, i) => WORDS[i] ?? `w${i}`).join(
  '\n',
);
export const TEXTS = ['a b c', 'query x y z z', 'k'];
export const MEAN = { word_embedding_dimension: WIDTH, pooling_mode_mean_tokens: true };

/** Some numbers between -1 and 1. @param {number} count */
export const numbers = (count) => Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + 0.3));
/** @param {Record<string, number[]>} shapes */
const fileOf = (shapes) =>
  safetensors(
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const values = numbers(shape.reduce((a, b) => a * b, 1));
        return [name, { dtype: 'F32', shape, data: new Uint8Array(values.buffer) }];
      }),
    ),
  );

/**
 * A folder of modules, each [class, folder, config, tensors].
 * @param {[string, string, object | null, Record<string, number[]>?][]} modules behind Transformer
 * @param {Record<string, any>} [files]
 */
export function folderOf(modules, files = {}) {
  const own = modules.flatMap(([, path, settings, shapes]) => [
    [`${path.replace(/[\\/]$/, '')}/config.json`, settings],
    ...(shapes ? [[`${path}/model.safetensors`, fileOf(shapes)]] : []),
  ]);
  const list = [['Transformer', ''], ...modules].map(([kind, path], idx) => ({
    idx,
    name: String(idx),
    path,
    type: `sentence_transformers.models.${kind}`,
  }));
  return folder('bert_base', {
    'vocab.txt': VOCAB,
    'modules.json': list,
    ...Object.fromEntries(own.filter(([, content]) => content)),
    ...files,
  });
}

/** @param {any} source @param {any} [options] @param {string[]} [texts] @returns {Promise<number[][]>} */
export async function vectorsOf(source, options, texts = TEXTS) {
  const encoder = await load(source);
  const vectors = await encoder.embed(texts, options);
  assert.equal(encoder.dimensions, options?.dimensions ?? vectors.shape[1]);
  encoder.dispose();
  return /** @type {number[][]} */ (vectors.tolist());
}

/** @param {number[][]} got @param {number[][]} want */
export function close(got, want) {
  assert.deepEqual(
    got.map((row) => row.length),
    want.map((row) => row.length),
  );
  got.flat().forEach((value, i) => {
    const expected = want.flat()[i];
    assert.ok(
      Math.abs(value - expected) < 3e-6 * Math.max(1, Math.abs(expected)),
      `${i}: ${value}, ${expected}`,
    );
  });
}

export const POOLING = /** @type {[string, string, object]} */ (['Pooling', '1_Pooling', MEAN]);
export const normalize = /** @type {any} */ (['Normalize', '4_Normalize', null]);

export const unit = (/** @type {number[]} */ x) => x.map((value) => value / Math.hypot(...x));
