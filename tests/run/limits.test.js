// Sizes that are too large are refused as products, before anything is made of them, by a message that names limit and size.
import assert from 'node:assert/strict';
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
