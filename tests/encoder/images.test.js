/** Pictures through an encoder: from files and raw pixels to classes and vectors. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { load, Tensor } from '../../web/index.js';
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
    { path },
    { path: new URL(`file://${path}`) },
    new URL(`file://${path}`),
    new Blob([bytes]),
    bytes.slice().buffer,
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

test('orientation turns pictures of files, unless it is to be ignored', async () => {
  const { default: sharp } = await import('sharp');
  const raw = picture(40, 24);
  const options = { raw: { width: 40, height: 24, channels: /** @type {const} */ (3) } };
  const upright = new Uint8Array(await sharp(raw.data, options).png().toBuffer());
  const file = new Uint8Array(
    await sharp(raw.data, options).png().withMetadata({ orientation: 6 }).toBuffer(),
  );
  const turned = new Uint8Array(await sharp(raw.data, options).rotate(90).png().toBuffer());
  const vector = async (/** @type {any} */ input, /** @type {any} */ options = {}) =>
    (await vit.embed(input, options)).data.join();
  const best = async (/** @type {any} */ input, /** @type {any} */ options = {}) =>
    JSON.stringify(await vit.classify(input, options));
  for (const call of [vector, best]) {
    assert.notEqual(await call(turned), await call(upright));
    assert.equal(await call(file), await call(turned));
    assert.equal(await call(file, { orientation: 'apply' }), await call(turned));
    assert.equal(await call(file, { orientation: 'ignore' }), await call(upright));
  }
  for (const call of [vit.embed.bind(vit), vit.classify.bind(vit)])
    await rejects(
      call(file, /** @type {any} */ ({ orientation: 6 })),
      'InputError',
      /option "orientation" must be one of 'apply', 'ignore', not 6/,
    );
});

test('a preprocessor that is bad stops picture calls, not loading', async () => {
  /** @type {[string, any, string, RegExp][]} */
  const cases = [
    ['preprocessor_config.json', '{"size": ', 'FormatError', /preprocessor_config\.json/],
    ['preprocessor_config.json', '[]', 'FormatError', /preprocessor_config\.json/],
    ['preprocessor_config.json', { ...preparation, size: 0 }, 'ConfigError', /size is 0/],
    ['preprocessor_config.json', { ...preparation, do_pad: true }, 'UnsupportedError', /do_pad is true/],
    ['preprocessor_config.json', { image_processor_type: 'SamImageProcessor' }, 'UnsupportedError', /Sam/],
    [
      'processor_config.json',
      { image_processor: { ...preparation, resample: 9 } },
      'ConfigError',
      /resample is 9/,
    ],
  ];
  for (const [file, content, name, message] of cases) {
    const files = { 'preprocessor_config.json': preparation, [file]: content };
    const model = await load(folder('vit_imgcls', files));
    await rejects(model.classify(picture(32, 32)), name, message);
    await rejects(model.embed([picture(32, 32)]), name, message);
    const pixel_values = new Tensor('float32', new Float32Array(3 * 32 * 32), [1, 3, 32, 32]);
    assert.equal((await model.forward({ pixel_values })).logits.shape[0], 1);
    assert.deepEqual(
      (await model.classify({ pixel_values })).map((one) => one.length),
      [5],
    );
    model.dispose();
  }
});

test('the preparation may stand in processor_config.json, and need not name its type', async () => {
  const want = JSON.stringify(await vit.classify(picture(50, 40)));
  const { image_processor_type: _, ...unnamed } = preparation;
  /** @type {Record<string, any>[]} */
  const all = [
    { 'preprocessor_config.json': unnamed },
    { 'preprocessor_config.json': null, 'processor_config.json': { image_processor: preparation } },
    {
      'preprocessor_config.json': { ...preparation, resample: 0 },
      'processor_config.json': { image_processor: preparation },
    },
    {
      'preprocessor_config.json': preparation,
      'processor_config.json': { processor_class: 'CLIPProcessor' },
    },
  ];
  for (const files of all) {
    const model = await load(folder('vit_imgcls', files));
    assert.equal(JSON.stringify(await model.classify(picture(50, 40))), want);
    model.dispose();
  }
});

test('a vision model without a preprocessor_config.json says so', async () => {
  const plain = await load(folder('vit_imgcls', { 'preprocessor_config.json': null }));
  await rejects(plain.classify(picture(32, 32)), 'UnsupportedError', /no preprocessor_config\.json/);
  plain.dispose();
});
