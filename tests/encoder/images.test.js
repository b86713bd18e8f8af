/** Pictures through an encoder: from files and raw pixels to classes and vectors. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { load } from '../../web/index.js';
import { folder, rejects } from './fixtures.js';

const preparation = {
  image_processor_type: 'ViTImageProcessor',
  do_resize: true,
  size: { height: 32, width: 32 },
  resample: 2,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
};

const vit = await load(folder('vit_imgcls', { 'preprocessor_config.json': preparation }));
after(() => vit.dispose());

/** @param {number} width @param {number} height a picture by a fixed rule */
const picture = (width, height) => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256),
  width,
  height,
  channels: /** @type {const} */ (3),
});

test('classify gives the classes of the pixel values that the model reads', async () => {
  const [best, second, ...rest] = /** @type {any[]} */ (await vit.classify(picture(32, 32)));
  assert.equal(rest.length, 3);
  assert.ok(best.score >= second.score);
  // At the model's own size nothing is resized: pixel values are (x / 255 - 0.5) / 0.5, channels first.
  const { data } = picture(32, 32);
  const pixel_values = [
    [0, 1, 2].map((c) =>
      Array.from({ length: 32 }, (_, y) =>
        Array.from({ length: 32 }, (_, x) => (data[(y * 32 + x) * 3 + c] / 255 - 0.5) / 0.5),
      ),
    ),
  ];
  const { logits } = await vit.forward({ pixel_values });
  const values = Array.from(logits.data, Number);
  const sum = values.reduce((a, b) => a + Math.exp(b), 0);
  const top = Math.max(...values);
  assert.equal(best.label, `LABEL_${values.indexOf(top)}`);
  assert.ok(Math.abs(best.score - Math.exp(top) / sum) < 1e-5);
  assert.equal((await vit.classify([picture(32, 32), picture(50, 40)], { topK: 1 })).length, 2);
});

test('a file, a URL, a Blob, its bytes and raw pixels give the same vector', async () => {
  const { default: encode } = await import('fast-png').then((png) => ({ default: png.encode }));
  const bytes = Uint8Array.from(encode(picture(40, 24)));
  const path = join(tmpdir(), `wasmformer-${process.pid}.png`);
  writeFileSync(path, bytes);
  const raw = (await vit.embed(picture(40, 24))).data.join();
  for (const input of [
    path,
    new URL(`file://${path}`),
    new Blob([bytes]),
    new Uint8Array(readFileSync(path)),
  ]) {
    assert.equal((await vit.embed(input)).data.join(), raw);
  }
  const both = await vit.embed([picture(40, 24), path]);
  assert.deepEqual(both.shape, [2, 60]);
  assert.equal(both.slice(1).data.join(), raw);
});

/** @type {[string, any, string, RegExp][]} */
const wrong = [
  ['a picture of no size', { data: new Uint8Array(0), width: 0, height: 4, channels: 3 }, 'InputError', /0/],
  [
    'a picture too large',
    { data: new Uint8Array(4), width: 1e5, height: 1e5, channels: 3 },
    'InputError',
    /megapixels/,
  ],
  ['bytes that are no image', new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 'FormatError', /image/],
  ['a missing file', '/nowhere/picture.png', 'InputError', /picture\.png/],
  ['a number', 5, 'InputError', /the image is 5/],
];

for (const [what, input, name, message] of wrong) {
  test(`${what}: refused, and the encoder goes on`, async () => {
    await rejects(vit.classify(input), name, message);
    await rejects(vit.embed(input), name, message);
    assert.equal(/** @type {any[]} */ (await vit.classify(picture(8, 8))).length, 5);
  });
}

test('a vision model without a preprocessor_config.json says so', async () => {
  const plain = await load(folder('vit_imgcls', { 'preprocessor_config.json': null }));
  await rejects(plain.classify(picture(32, 32)), 'UnsupportedError', /no preprocessor_config\.json/);
  plain.dispose();
});
