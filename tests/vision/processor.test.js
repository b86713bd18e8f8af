// The image processor: against Pillow and transformers, its properties, and what it refuses.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { createImageProcessor } from '../../bindings/vision/processor.js';
import { FILTERS, resizeImage } from '../../bindings/vision/resize.js';
import { largestDifference } from '../compare.js';
import { rejects } from '../encoder/fixtures.js';
import { bytesOf, fixtures, floatsOf, picture, startCore } from './fixtures.js';

/** @type {Awaited<ReturnType<typeof startCore>>} */
let core;
before(async () => {
  core = await startCore();
});

/** What grey_fixtures.py printed. */
const grey = JSON.parse(readFileSync(new URL('grey_fixtures.json', import.meta.url), 'utf8'));
const VIT = { image_processor_type: 'ViTImageProcessor', size: 8 };
const CLIP = { image_processor_type: 'CLIPImageProcessor', size: 8, crop_size: 8 };

test('every filter gives the bytes that Pillow gives, whichever axis comes first', () => {
  for (const { from, to, channels, filter, pixels, expected } of fixtures.resized) {
    const image = { data: bytesOf(pixels), height: from[0], width: from[1], channels };
    const { data } = resizeImage(core, image, { height: to[0], width: to[1] }, filter);
    assert.deepEqual(data, bytesOf(expected), `${from} to ${to}, filter ${filter}`);
  }
});

for (const { name, config, height, width, pixels, shape, expected } of fixtures.processed) {
  test(`pixel_values are those of the reference: ${name}`, () => {
    const out = createImageProcessor(config).process(core, { data: bytesOf(pixels), height, width });
    assert.deepEqual(out.shape, shape);
    const worst = floatsOf(expected).reduce((most, x, i) => Math.max(most, Math.abs(x - out.data[i])), 0);
    // transformers rounds where the core does; torchvision divides by 255 instead of multiplying.
    assert.ok(worst <= (config.pretrained_cfg ? 5e-7 : 0), `${worst}`);
  });
}

test('resizing to the same size changes nothing, and a constant picture stays constant', () => {
  const side = fc.integer({ min: 1, max: 70 });
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      fc.constantFrom(1, 3, 4),
      fc.integer({ min: 0, max: 5 }),
      (h, w, a, b, c, f) => {
        const image = picture(h, w, c);
        assert.deepEqual(resizeImage(core, image, { height: h, width: w }, f).data, image.data);
        const level = (h * 41 + w) % 256;
        const flat = resizeImage(
          core,
          picture(h, w, c, () => level),
          { height: a, width: b },
          f,
        );
        assert.deepEqual([flat.height, flat.width, flat.data.length], [a, b, a * b * c]);
        assert.ok(flat.data.every((x) => x === level));
      },
    ),
    { numRuns: 300 },
  );
});

test('a picture larger than a band is resized as a whole', () => {
  // Constant along one axis, so that the other alone decides.
  const image = picture(2300, 900, 3, (i) => Math.floor(i / 2700) % 251);
  const narrow = picture(2300, 1, 3, (i) => Math.floor(i / 3) % 251);
  for (const [height, width] of [
    [40, 30],
    [2000, 30],
  ]) {
    const { data } = resizeImage(core, image, { height, width }, FILTERS.bicubic);
    const want = resizeImage(core, narrow, { height, width: 1 }, FILTERS.bicubic).data;
    assert.ok(data.every((x, i) => x === want[Math.floor(i / (3 * width)) * 3]));
  }
});

test('a picture larger than a band is resized as a whole in floats, too', () => {
  // Each row is of one level, so that a picture of one column has the same rows.
  const size = { height: 40, width: 1 };
  const type = 'DINOv3ViTImageProcessorFast';
  const row = (/** @type {number} */ width) => picture(2300, width, 1, (i) => Math.floor(i / width) % 251);
  const narrow = createImageProcessor({ image_processor_type: type, size }).process(core, row(1));
  const wide = createImageProcessor({ image_processor_type: type, size: { ...size, width: 30 } });
  const { data } = wide.process(core, row(900));
  const worst = data.reduce((most, x, i) => Math.max(most, Math.abs(x - narrow.data[Math.floor(i / 30)])), 0);
  assert.ok(worst < 1e-5, `${worst}`);
});

test('grey counts for three colours and alpha for none', () => {
  const { process } = createImageProcessor(CLIP);
  const rgb = picture(20, 15);
  const rgba = picture(20, 15, 4, (i) =>
    i % 4 === 3 ? (i * 13) % 256 : rgb.data[Math.floor(i / 4) * 3 + (i % 4)],
  );
  assert.deepEqual(process(core, rgba).data, process(core, rgb).data);
  const grey = picture(20, 15, 1);
  const thrice = picture(20, 15, 3, (i) => grey.data[Math.floor(i / 3)]);
  assert.deepEqual(process(core, grey).data, process(core, thrice).data);
  const clamped = { ...rgb, data: new Uint8ClampedArray(rgb.data) };
  assert.deepEqual(process(core, clamped).data, process(core, rgb).data);
});

test('a model of grey pictures keeps the one plane, as transformers does', () => {
  for (const { config, shape, values } of grey.cases) {
    const out = createImageProcessor(config).process(core, {
      ...{ data: Uint8Array.from(grey.pixels), height: grey.height, width: grey.width },
    });
    assert.deepEqual(out.shape, shape, JSON.stringify(config));
    assert.ok(largestDifference(out.data, values) < 1e-6, JSON.stringify(config));
    const coloured = createImageProcessor({ ...config, do_convert_rgb: true });
    const three = coloured.process(core, {
      ...{ data: Uint8Array.from(grey.pixels), height: grey.height, width: grey.width },
    });
    assert.deepEqual(three.shape, [3, ...shape.slice(1)]);
  }
});

test('earlier names of processors stand for the same one', () => {
  const image = picture(20, 15);
  const want = createImageProcessor(VIT).process(core, image).data;
  for (const type of ['ViTImageProcessor', 'ViTFeatureExtractor', 'ViTImageProcessorPil']) {
    const got = createImageProcessor({
      ...VIT,
      image_processor_type: undefined,
      feature_extractor_type: type,
    });
    assert.deepEqual(got.process(core, image).data, want, type);
  }
});

test('pixels that are none get an InputError that says so', async () => {
  const { process } = createImageProcessor(VIT);
  const image = picture(4, 4);
  /** @type {[any, RegExp][]} */
  const cases = [
    [null, /the image is null/],
    [{ ...image, data: Array.from(image.data) }, /data is \[.*expected a Uint8Array/],
    [{ ...image, data: new Float32Array(48) }, /data is Float32Array/],
    [{ ...image, width: 0 }, /0 x 4 pixels; expected at least 1 x 1/],
    [{ ...image, height: -4 }, /4 x -4 pixels/],
    [{ ...image, height: 2.5 }, /4 x 2.5 pixels/],
    [{ ...image, width: 8001, height: 8000 }, /8001 x 8000 pixels, 64.0 megapixels; at most 64/],
    [{ ...image, width: 2 ** 40, height: 2 ** 40 }, /megapixels; at most 64/],
    [{ ...image, channels: 2 }, /2 channels; expected 1, 3 or 4/],
    [{ ...image, channels: '3' }, /"3" channels/],
    [{ ...image, channels: 4 }, /48 values; 4 x 4 pixels of 4 channels have 64/],
    [{ data: new Uint8Array(40), width: 4, height: 4 }, /40 values for 4 x 4 pixels/],
  ];
  for (const [value, message] of cases) await rejects(() => process(core, value), 'InputError', message);
});

test('sides that no size fits get an InputError', async () => {
  const { process } = createImageProcessor({ ...CLIP, size: 224 });
  await rejects(
    () => process(core, picture(60000, 1)),
    'InputError',
    /1 x 60000 pixels would be resized to 224 x 13440000/,
  );
  const limited = createImageProcessor({ ...CLIP, size: { shortest_edge: 8, longest_edge: 9 } });
  await rejects(() => limited.process(core, picture(400, 1)), 'InputError', /resized to 0 x/);
});

test('a wrong value of the configuration gets an error that names its key', async () => {
  /** @type {[object, string, RegExp][]} */
  const cases = [
    [{}, 'ConfigError', /image_processor_type is undefined/],
    [{ image_processor_type: 7 }, 'ConfigError', /image_processor_type is 7/],
    [
      { image_processor_type: 'WhisperFeatureExtractor' },
      'UnsupportedError',
      /"WhisperFeatureExtractor" is not supported/,
    ],
    [{ image_processor_type: 'constructorImageProcessor' }, 'UnsupportedError', /is not supported/],
    [{ ...VIT, size: 0 }, 'ConfigError', /size is 0; expected/],
    [{ ...VIT, size: 16385 }, 'ConfigError', /size is 16385/],
    [{ ...VIT, size: '8' }, 'ConfigError', /size is "8"/],
    [{ ...VIT, size: { height: 8 } }, 'ConfigError', /size is {"height":8}/],
    [{ ...VIT, size: { height: 8, width: 8, shortest_edge: 8 } }, 'ConfigError', /size is/],
    [{ ...VIT, size: { longest_edge: 8 } }, 'ConfigError', /size is/],
    [{ ...VIT, size: { max_height: 8 } }, 'ConfigError', /size is/],
    [{ ...VIT, size: { max_height: 8, max_width: 8, height: 8 } }, 'ConfigError', /size is/],
    [{ ...VIT, size: [8, 8, 8] }, 'ConfigError', /size is/],
    [{ ...CLIP, crop_size: { shortest_edge: 8 } }, 'ConfigError', /crop_size is/],
    [{ ...VIT, resample: 6 }, 'ConfigError', /resample is 6; expected one of 0, 1, 2/],
    [{ ...VIT, resample: 'cubic' }, 'ConfigError', /resample is "cubic"/],
    [{ ...VIT, resample: 'nearest' }, 'ConfigError', /resample is "nearest"/],
    [{ size: 8, resample: 4, image_processor_type: 'ViTImageProcessorFast' }, 'ConfigError', /resample is 4/],
    [
      { size: 8, resample: 1, image_processor_type: 'DINOv3ViTImageProcessor' },
      'UnsupportedError',
      /resample is 1, which is not supported on numbers/,
    ],
    [{ ...VIT, do_resize: 1 }, 'ConfigError', /do_resize is 1; expected true or false/],
    [{ ...VIT, do_normalize: 'yes' }, 'ConfigError', /do_normalize is "yes"/],
    [{ ...VIT, rescale_factor: Number.NaN }, 'ConfigError', /rescale_factor is NaN/],
    [
      { ...VIT, image_mean: [0.5, Number.NaN, 0.5] },
      'ConfigError',
      /image_mean is \[0.5, NaN, 0.5\]; expected three/,
    ],
    [{ ...VIT, image_mean: [0.5, 0.5] }, 'ConfigError', /image_mean is \[0.5, 0.5\]/],
    [{ ...VIT, image_mean: ['0.5', '0.5', '0.5'] }, 'ConfigError', /image_mean is/],
    [{ ...VIT, image_std: [0.5, 0, 0.5] }, 'ConfigError', /image_std is \[0.5, 0, 0.5\]; .* none of them 0/],
    [{ ...VIT, image_std: Number.POSITIVE_INFINITY }, 'ConfigError', /image_std is Infinity/],
    [{ ...VIT, do_pad: true }, 'UnsupportedError', /do_pad is true/],
    [
      { ...VIT, image_processor_type: 'ConvNextImageProcessor', size: [8, 8] },
      'ConfigError',
      /expected shortest_edge/,
    ],
    [{ ...VIT, image_processor_type: 'ConvNextImageProcessor', crop_pct: 0 }, 'ConfigError', /crop_pct is 0/],
    [{ pretrained_cfg: { input_size: [1, 8, 8] } }, 'ConfigError', /input_size is \[1, 8, 8\]/],
    [{ pretrained_cfg: { interpolation: 'cubic' } }, 'ConfigError', /interpolation is "cubic"/],
    [{ pretrained_cfg: { crop_mode: 'whole' } }, 'ConfigError', /crop_mode is "whole"/],
    [{ image_processor_type: 'TimmWrapperImageProcessor' }, 'UnsupportedError', /is not supported/],
  ];
  for (const [config, name, message] of cases)
    await rejects(() => createImageProcessor(/** @type {any} */ (config)), name, message);
});
