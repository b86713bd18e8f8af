// Sizes that are too large are refused as products, before anything is made of them, by a message that names limit and size.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Instance } from '../../bindings/core/instance.js';
import { createImageProcessor } from '../../bindings/vision/processor.js';
import { loadCore } from '../../web/core.js';
import { load, Tensor } from '../../web/index.js';

const models = new URL('../goldens/data/models/', import.meta.url).pathname;
const core = await Instance.create(await loadCore({ simd: 'base' }));

/** @param {...number} shape */
const zeros = (...shape) => new Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

/** A ViT of one layer without weights, but for what the core must know. @param {number} patch_size */
function tinyVit(patch_size) {
  const [width, inner] = [8, 8];
  const config = {
    ...{ model_type: 'vanilla_vit', image_size: 4 * patch_size, patch_size, num_channels: 1, num_labels: 1 },
    ...{ hidden_size: width, num_attention_heads: 1, intermediate_size: inner, num_hidden_layers: 1 },
    ...{ hidden_act: 'relu', norm: 'post' },
  };
  const of = (/** @type {string} */ name, /** @type {number} */ outputs, /** @type {number} */ inputs) => ({
    [`${name}weight`]: zeros(outputs, inputs),
    [`${name}bias`]: zeros(outputs),
  });
  const tensors = {
    ...{ cls_token: zeros(1, 1, width), pos_embed: zeros(1, 17, width) },
    ...of('patch_embed.', width, patch_size ** 2),
    ...of('transformer.self_attn.in_proj_', 3 * width, width),
    ...of('transformer.self_attn.out_proj.', width, width),
    ...of('transformer.linear1.', inner, width),
    ...of('transformer.linear2.', width, inner),
    ...{ 'transformer.norm1.weight': zeros(width), 'transformer.norm1.bias': zeros(width) },
    ...{ 'transformer.norm2.weight': zeros(width), 'transformer.norm2.bias': zeros(width) },
    ...of('linear.', 1, width),
  };
  return { config, tensors };
}

test('a picture of more than 2^20 patches is refused', async () => {
  const vit = await load(tinyVit(1));
  await assert.rejects(vit.forward({ pixel_values: zeros(1, 1, 1025, 1024) }), {
    name: 'ShapeError',
    path: 'pixel_values',
    message: /images of 1025 x 1024 pixels, which are more than 2\^20 = 1048576 patches/,
  });
  await assert.rejects(vit.forward({ pixel_values: zeros(1, 1, 1024, 1024) }), {
    name: 'ShapeError',
    message: /has 1 x 1048577 tokens; one call takes at most 2\^20 = 1048576/,
  });
  const wrapped = { data: new Float32Array(0), shape: [0, 1, 2 ** 32 + 4, 4] };
  await assert.rejects(vit.forward({ pixel_values: wrapped }), { name: 'ShapeError', path: 'pixel_values' });
  vit.dispose();
});

test('token ids of more than 2^20 tokens are refused, also where there is no data at all', async () => {
  const encoder = await load(`${models}bert_base`);
  for (const [batch, tokens] of [
    [0, 2 ** 40],
    [2 ** 40, 0],
    [2 ** 15, 33],
  ]) {
    const input_ids = { data: new Int32Array(batch * tokens), shape: [batch, tokens] };
    await assert.rejects(encoder.forward({ input_ids }), {
      name: 'ShapeError',
      path: 'input_ids',
      message: `input_ids of shape [${batch}, ${tokens}] has ${batch} x ${tokens} tokens; one call takes at most 2^20 = 1048576`,
    });
  }
  encoder.dispose();
});

test('a processor makes no picture of more than 64 megapixels', () => {
  const picture = { data: new Uint8Array(3), width: 1, height: 1 };
  const usual = { image_processor_type: 'ViTImageProcessor', image_mean: [0, 0, 0], image_std: [1, 1, 1] };
  for (const config of [
    { ...usual, size: { height: 8001, width: 8000 } },
    {
      ...{ ...usual, image_processor_type: 'CLIPImageProcessor', size: { shortest_edge: 2 } },
      crop_size: { height: 8001, width: 8000 },
    },
  ]) {
    const make = () => createImageProcessor(/** @type {any} */ (config)).process(core, picture);
    assert.throws(make, (/** @type {any} */ error) => /^ERR_(INPUT|CONFIG)$/.test(error.code));
  }
});

test('rows up to the last that 32 bits count are filled, and no more', () => {
  const tables = Float32Array.of(1, 2, 3, 4);
  const parts = Uint32Array.of(2, 0, 1, 1, 0); // the last axis' table, of one column
  const out = new Float32Array(3);
  core.invoke('wf_grid_rows', [{ out }, tables, parts, 1, 4, 2 ** 32 - 3, 3, 1, 4, 1]);
  assert.deepEqual(Array.from(out), [2, 3, 4]);
  const beyond = [{ out }, tables, parts, 1, 4, 2 ** 32 - 2, 3, 1, 4, 1];
  assert.throws(() => core.invoke('wf_grid_rows', beyond), { name: 'ShapeError' });
});

test('a model beyond 4 GB is refused before a weight is read, with its size and what helps', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'wasmformer-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const [width, inner, layers] = [2560, 10240, 32];
  /** @type {Record<string, number[]>} */
  const shapes = {
    'embeddings.word_embeddings.weight': [30522, width],
    'embeddings.position_embeddings.weight': [512, width],
    'embeddings.token_type_embeddings.weight': [2, width],
    ...{ 'embeddings.LayerNorm.weight': [width], 'embeddings.LayerNorm.bias': [width] },
  };
  const linear = (/** @type {string} */ name, /** @type {number} */ outputs, /** @type {number} */ inputs) =>
    Object.assign(shapes, { [`${name}.weight`]: [outputs, inputs], [`${name}.bias`]: [outputs] });
  for (let i = 0; i < layers; i++) {
    const at = `encoder.layer.${i}.`;
    for (const part of ['query', 'key', 'value']) linear(`${at}attention.self.${part}`, width, width);
    linear(`${at}attention.output.dense`, width, width);
    linear(`${at}intermediate.dense`, inner, width);
    linear(`${at}output.dense`, width, inner);
    for (const norm of [`${at}attention.output.LayerNorm`, `${at}output.LayerNorm`])
      Object.assign(shapes, { [`${norm}.weight`]: [width], [`${norm}.bias`]: [width] });
  }
  let end = 0;
  const header = Object.entries(shapes).map(([name, shape]) => {
    const start = end;
    end += 2 * shape.reduce((a, b) => a * b);
    return [name, { dtype: 'F16', shape, data_offsets: [start, end] }];
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = join(folder, 'model.safetensors');
  writeFileSync(file, Buffer.concat([length, text]));
  truncateSync(file, 8 + text.length + end); // a hole: the disk holds no weights
  const sizes = {
    hidden_size: width,
    intermediate_size: inner,
    num_hidden_layers: layers,
    num_attention_heads: 40,
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'bert', ...sizes }));
  let read = 0;
  await assert.rejects(load(folder, { progress: () => read++ }), {
    name: 'OutOfMemoryError',
    message:
      'this model has 2597 million weights, 10.4 GB in float32, with scratch for 1024 tokens; WebAssembly addresses 4 GB: take a smaller model of its kind',
  });
  assert.equal(read, 0);
});
