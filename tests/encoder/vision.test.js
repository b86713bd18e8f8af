/** Images as pixel values: independence of the batch, sizes other than the trained one, and inputs that are wrong. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { load, Tensor } from '../../web/index.js';
import { config, folder, models, rejects, safetensors } from './fixtures.js';

const vit = await load(`${models}vit`);
const swin = await load(`${models}swin`);
after(() => {
  vit.dispose();
  swin.dispose();
});

/** @param {number[]} shape pixels by a fixed rule */
const pixels = (shape) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return new Tensor(
    'float32',
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 0.37)),
    shape,
  );
};

for (const [name, encoder] of /** @type {const} */ ([
  ['ViT', vit],
  ['Swin', swin],
])) {
  test(`${name}: an image gives the same bits alone and in any batch`, async () => {
    const batch = pixels([5, 3, 32, 32]);
    const { last_hidden_state: all } = await encoder.forward({ pixel_values: batch });
    for (let i = 0; i < 5; i++) {
      const one = await encoder.forward({ pixel_values: batch.slice([i, i + 1]) });
      assert.equal(one.last_hidden_state.data.join(), all.slice([i, i + 1]).data.join(), `image ${i}`);
    }
  });

  test(`${name}: small blocks give the same bits`, async () => {
    const small = await load(`${models}${name.toLowerCase()}`, { maxTokens: 32 });
    const batch = pixels([3, 3, 32, 32]);
    const { last_hidden_state: expected } = await encoder.forward({ pixel_values: batch });
    assert.equal(
      (await small.forward({ pixel_values: batch })).last_hidden_state.data.join(),
      expected.data.join(),
    );
    small.dispose();
  });

  test(`${name}: another size of image, and the trained one again`, async () => {
    const { last_hidden_state: before } = await encoder.forward({ pixel_values: pixels([1, 3, 32, 32]) });
    const { last_hidden_state: large } = await encoder.forward({ pixel_values: pixels([1, 3, 64, 48]) });
    assert.ok(large.shape[1] > before.shape[1]);
    const { last_hidden_state: again } = await encoder.forward({ pixel_values: pixels([1, 3, 32, 32]) });
    assert.equal(again.data.join(), before.data.join());
  });
}

test('a mean of all patches is what embed gives for Swin, [CLS] for ViT', async () => {
  const { last_hidden_state: rows } = await vit.forward({ pixel_values: pixels([1, 3, 32, 32]) });
  const vector = await vit.embed({ pixel_values: pixels([1, 3, 32, 32]) });
  assert.deepEqual([...vector.data], [...rows.slice(0, 0).data]);
  const { pooler_output: mean } = await swin.forward({ pixel_values: pixels([1, 3, 32, 32]) });
  assert.deepEqual([...(await swin.embed({ pixel_values: pixels([1, 3, 32, 32]) })).data], [...mean.data]);
  assert.equal(swin.dimensions, 32);
});

/** @type {[string, import('../../web/index.js').Encoder, any, string, RegExp][]} */
const wrong = [
  ['no pixels', vit, {}, 'InputError', /no pixel_values/],
  [
    'pixels of three axes',
    vit,
    { pixel_values: pixels([3, 32, 32]) },
    'ShapeError',
    /\[3, 32, 32\]; expected 4 axes/,
  ],
  ['one channel', vit, { pixel_values: pixels([1, 1, 32, 32]) }, 'ShapeError', /expected 3 channels/],
  [
    'an image smaller than a patch',
    vit,
    { pixel_values: pixels([1, 3, 7, 32]) },
    'ShapeError',
    /at least 8 x 8/,
  ],
  ['an image of no height', vit, { pixel_values: pixels([1, 3, 0, 32]) }, 'ShapeError', /at least 8 x 8/],
  [
    'a map smaller than a window',
    swin,
    { pixel_values: pixels([1, 3, 8, 32]) },
    'ShapeError',
    /expected 3 channels and at least/,
  ],
];

for (const [what, encoder, inputs, name, message] of wrong) {
  test(`${what}: refused, and the encoder goes on`, async () => {
    await rejects(encoder.forward(inputs), name, message);
    const { last_hidden_state: rows } = await encoder.forward({ pixel_values: pixels([1, 3, 32, 32]) });
    assert.ok(rows.data.every(Number.isFinite));
  });
}

/** @type {[string, Record<string, unknown>, string, RegExp][]} */
const wrongConfigs = [
  ['a window of 0', { window_size: 0 }, 'ConfigError', /window_size.*0/],
  [
    'a window that does not fit its table',
    { window_size: 5 },
    'ShapeError',
    /relative_position_bias_table.*\[49, 2\]/,
  ],
  ['heads that do not divide', { num_heads: [2, 3] }, 'ConfigError', /num_heads.*\[2,3\].*divides/],
  ['depths that are no list', { depths: 4 }, 'ConfigError', /depths.*4/],
  [
    'absolute positions that the file lacks',
    { use_absolute_embeddings: true },
    'FormatError',
    /no tensor "embeddings.position_embeddings"/,
  ],
  ['a patch of size 0', { patch_size: 0 }, 'ConfigError', /patch_size.*0/],
];

for (const [what, changes, name, message] of wrongConfigs) {
  test(`Swin with ${what} is refused`, () =>
    rejects(load(folder('swin', { 'config.json': config('swin', changes) })), name, message));
}

test('a table of positions of the wrong size is refused', () =>
  rejects(
    load(folder('vit', { 'config.json': config('vit', { image_size: 40 }) })),
    'ShapeError',
    /position_embeddings/,
  ));

/** A table of positions cut to those of 3 x 4 patches. @param {string} name @param {Record<string, any>} keys */
function oblong(name, keys) {
  const tensors = Object.fromEntries(
    readTensors(new Uint8Array(readFileSync(`${models}${name}/model.safetensors`)), name),
  );
  const { dtype, shape, data } = tensors['embeddings.position_embeddings'];
  const bytes = data.subarray(0, (data.length / shape[1]) * 13);
  tensors['embeddings.position_embeddings'] = { dtype, shape: [1, 13, shape[2]], data: bytes };
  return folder(name, {
    'model.safetensors': safetensors(tensors),
    'config.json': config(name, { image_size: [24, 32], ...keys }),
  });
}

test('DINOv2 resizes positions for every oblong image, and refuses where they are not those of a square', async () => {
  const encoder = await load(oblong('dinov2', {}));
  await rejects(
    encoder.forward({ pixel_values: pixels([1, 3, 24, 32]) }),
    'ShapeError',
    /3 x 4 patches; the model has positions for 12, which are not resized/,
  );
  encoder.dispose();
});

test('a decoder of convolutions on BEiT is refused by name', () =>
  rejects(
    load(
      folder('beit', { 'config.json': config('beit', { architectures: ['BeitForSemanticSegmentation'] }) }),
    ),
    'UnsupportedError',
    /architectures names BeitForSemanticSegmentation, whose decoder is made of convolutions/,
  ));

test('attention alone: masks, shapes and errors', async () => {
  const attention = await load(`${models}seed001_d2l_mha`);
  const inputs = { queries: pixels([2, 4, 100]), keys: pixels([2, 6, 100]), values: pixels([2, 6, 100]) };
  const { attention_weights: weights } = await attention.forward({ ...inputs, valid_lens: [3, 0] });
  assert.deepEqual(weights.shape, [10, 4, 6]);
  assert.deepEqual(weights.slice(0, 0, [3, 6]).tolist(), [0, 0, 0]);
  for (const value of weights.slice(9).data) assert.ok(Math.abs(Number(value) - 1 / 6) < 1e-7);
  const all = await attention.forward({ ...inputs, valid_lens: [3, 6] });
  assert.deepEqual(
    await attention.forward({ ...inputs, valid_lens: [3, 7] }),
    all,
    'more than the keys are all',
  );
  const each = [3, 6].map((valid) => Array(4).fill(valid));
  assert.deepEqual(await attention.forward({ ...inputs, valid_lens: each }), all, 'of each query');
  const own = await attention.forward({ ...inputs, valid_lens: [[1, 2, 3, 4], each[1]] });
  for (let query = 0; query < 4; query++) {
    const row = Array.from(own.attention_weights.slice(2, query).data, (share) => share > 0);
    assert.deepEqual(
      row,
      [0, 1, 2, 3, 4, 5].map((key) => key <= query),
      'a query of its own length',
    );
  }
  await rejects(
    attention.forward({ ...inputs, valid_lens: [3, 1.5] }),
    'InputError',
    /valid_lens\[1\] is 1\.5/,
  );
  await rejects(
    attention.forward({ ...inputs, valid_lens: [[3], [1]] }),
    'ShapeError',
    /valid_lens has shape/,
  );
  await rejects(
    attention.forward({ ...inputs, values: pixels([2, 5, 100]) }),
    'ShapeError',
    /values has shape/,
  );
  await rejects(attention.forward({ queries: inputs.queries }), 'InputError', /keys is undefined/);
  attention.dispose();
});
