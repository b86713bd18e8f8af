/** `embed` with a model's own pooling, and without any: a vector of every patch. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, Tensor } from '../../web/index.js';
import { folder, rejects } from './fixtures.js';

const tasks = fileURLToPath(new URL('../goldens/data/tasks/', import.meta.url));
const [clip, siglip] = await Promise.all(
  ['clip-zeroshot', 'siglip-zeroshot'].map((name) => load(tasks + name)),
);
after(() => {
  clip.dispose();
  siglip.dispose();
});

/** @param {number} [seed] a picture by a fixed rule */
const picture = (seed = 37) => ({
  data: Uint8Array.from({ length: 3960 }, (_, i) => (i * seed) % 256),
  width: 40,
  height: 33,
});
const pixels = (/** @type {number} */ count) =>
  new Tensor(
    'float32',
    Float32Array.from({ length: count * 3072 }, (_, i) => Math.sin(i)),
    [count, 3, 32, 32],
  );

test('vectors of every patch, with and without the unit length', async () => {
  const given = { pixel_values: pixels(2) };
  const { vision_model_output: outputs } = await clip.forward(given);
  const rows = await clip.embed(given, { pooling: 'none' });
  assert.deepEqual([rows.shape, rows.data], [[2, 17, 32], outputs.last_hidden_state.data]);
  const unit = await siglip.embed([picture(), picture(5)], { pooling: 'none', normalize: true });
  assert.deepEqual(unit.shape, [2, 16, 32]);
  for (const row of /** @type {any} */ (unit.tolist()).flat())
    assert.ok(Math.abs(Math.hypot(.../** @type {number[]} */ (row)) - 1) < 1e-6);
  const short = await siglip.embed(picture(), { pooling: 'none', dimensions: 8, precision: 'binary' });
  assert.deepEqual([short.shape, short.dtype], [[1, 16, 1], 'int8']);
  await rejects(clip.embed('a dog', { pooling: 'none' }), 'UnsupportedError', /for pictures/);
});

test("a pooler is a model's own, and stands alone", async () => {
  const bert = await load(folder('bert_base'));
  const ids = { input_ids: [[5, 6, 7]] };
  const { pooler_output: pooled } = await bert.forward(ids);
  assert.deepEqual((await bert.embed(ids, { pooling: 'pooler' })).data, pooled.data);
  await rejects(bert.embed(ids, { pooling: ['pooler', 'mean'] }), 'InputError', /pooling/);
  bert.dispose();
  const distilbert = await load(folder('distilbert'));
  await rejects(distilbert.embed(ids, { pooling: 'pooler' }), 'UnsupportedError', /no pooler/);
  distilbert.dispose();
});
