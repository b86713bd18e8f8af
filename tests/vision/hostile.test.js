// Broken and hostile pictures: truncated, swelling, changed at random, of absurd sizes, in forms that decoders disagree on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { WasmformerError } from '../../bindings/errors.js';
import { readImage } from '../../bindings/vision/input.js';
import { decoderOf, readSurface } from '../../web/images-node.js';
import * as platform from '../../web/platform.js';
import { rejects } from '../encoder/fixtures.js';
import { bytesOf, fileOf, fixtures, formats, rgbOf, withoutSharp } from './fixtures.js';
import { chunk, png } from './png.js';

test('truncated at any byte, a file gets a FormatError and is never decoded to something', async () => {
  for (const name of [
    'interlaced.png',
    'palette.png',
    'full colours.jpg',
    'turned, with a profile.jpg',
    'lossless.webp',
    '5.webp',
    '6.tif',
    'big.tif',
    '7.avif',
    'transparent.gif',
    'cmyk.jpg',
  ]) {
    const bytes = fileOf(name);
    const end = bytes.length - (name.endsWith('.gif') ? 1 : 0); // of a GIF the last byte says only that nothing follows
    for (const way of /png$|colours.jpg|profile.jpg/.test(name) ? [platform, withoutSharp] : [platform]) {
      for (let length = 0; length < end; length++) {
        const error = await readImage(bytes.subarray(0, length), way).then(
          () => null,
          (error) => error,
        );
        assert.equal(error?.name, 'FormatError', `${name} of ${length} bytes: ${error}`);
      }
    }
  }
});

test('sizes are checked before anything is decoded', async () => {
  const never = { ...platform, decodeImage: () => assert.fail('decoded') };
  const jpeg = fileOf('grey.jpg');
  const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
  const sized = (/** @type {number[]} */ sizes) =>
    jpeg
      .with(frame + 5, sizes[0])
      .with(frame + 6, sizes[1])
      .with(frame + 7, sizes[2]);
  const webp = new Uint8Array(30);
  webp.set(Buffer.from('RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\x0f\xff\xff\x0f', 'latin1'));
  const gif = (/** @type {number[]} */ sides) =>
    new Uint8Array([...Buffer.from('GIF89a'), ...sides, 0, 0, 0, 0x2c, 0, 0, 0, 0, ...sides, 0]);
  /** @type {[Uint8Array, RegExp][]} */
  const cases = [
    [png(0, 5, new Uint8Array(0)), /0 x 5 pixels; expected at least 1 x 1/],
    [png(8000, 8001, new Uint8Array(0)), /8000 x 8001 pixels, 64.0 megapixels; at most 64/],
    [png(2 ** 32 - 1, 2 ** 32 - 1, new Uint8Array(0)), /at most 64/],
    [sized([0, 0, 0]), /x 0 pixels/],
    [sized([255, 255, 255]), /x 65535 pixels, .* at most 64/],
    [webp, /1048576 x 1048576 pixels/],
    [gif([255, 255, 255, 255]), /65535 x 65535 pixels/],
    [gif([0, 0, 1, 0]), /0 x 1 pixels/],
  ];
  for (const [bytes, message] of cases) await rejects(readImage(bytes, never), 'InputError', message);
  const big = new Blob([]);
  Object.defineProperty(big, 'size', { value: 2 ** 29 });
  await rejects(readImage(big, never), 'InputError', /536870912 bytes; at most 268435456/);
});

test('a file that swells beyond its size, or lacks pixels, gets a FormatError', async () => {
  const rows = (/** @type {number} */ length) => new Uint8Array(length);
  assert.equal((await readImage(png(4, 4, rows(52)), withoutSharp)).data.length, 48);
  for (const length of [0, 51, 53, 3e7]) {
    await rejects(
      readImage(png(4, 4, rows(length)), withoutSharp),
      'FormatError',
      /could not be decoded as png/,
    );
  }
  await rejects(readImage(png(4, 4, rows(26)), platform), 'FormatError', /could not be decoded as png/);
});

test('nothing is installed for some formats, and surfaces are of browsers', async () => {
  assert.equal(await decoderOf({ format: 'webp' }), null);
  assert.equal(await decoderOf({ format: 'jpeg', cmyk: true }), null);
  await rejects(readSurface, 'UnsupportedError', /read in browsers/);
});

test('bytes changed at random give a picture of the size that the header says, or a typed error', async () => {
  const all = [...fixtures.files, ...formats.orientations, ...formats.formats];
  const files = all.map(({ file }) => bytesOf(file));
  const change = fc.tuple(fc.nat(), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      async (file, changes) => {
        const bytes = file.slice();
        for (const [at, value] of changes) bytes[at % Math.min(bytes.length, 400)] = value;
        for (const way of [platform, withoutSharp]) {
          const result = await readImage(bytes, way).catch((error) => error);
          if (result instanceof Error) assert.ok(result instanceof WasmformerError, result.stack);
          else assert.equal(result.data.length, result.width * result.height * result.channels);
        }
      },
    ),
    { numRuns: 800 },
  );
});

test('files in very many pieces are refused before each costs memory', async () => {
  const many = 5000;
  const times = (/** @type {number[]} */ bytes) => new Array(many).fill(bytes).flat();
  const text = (/** @type {string} */ letters) => [...Buffer.from(letters, 'latin1')];
  const u32 = (/** @type {number} */ value) =>
    [value >> 24, value >> 16, value >> 8, value].map((x) => x & 255);
  const segment = [0xff, 0xfe, 0, 2];
  const exif = [0xff, 0xe1, 0, 8, ...text('Exif\0\0')];
  const empty = (/** @type {string} */ type) => [...chunk(type, new Uint8Array(0))];
  const head = [...png(1, 1, new Uint8Array(4)).subarray(0, 33)];
  const control = [0x21, 0xf9, 4, 1, 0, 0, 0, 0];
  const boxes = times([...u32(8), ...text('free')]);
  const riff = times([...text('EXIF'), 0, 0, 0, 0, ...text('ALPH'), 0, 0, 0, 0]);
  const extended = [...text('VP8X'), 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  /** @type {[number[], RegExp][]} */
  const cases = [
    [[0xff, 0xd8, ...times([...segment, ...exif])], /more than 4096 pieces/],
    [[0xff, 0xd8, ...times(exif)], /more than 4096 segments of EXIF/],
    [[...head, ...times([...empty('IDAT'), ...empty('tIME')])], /more than 4096 pieces/],
    [[...text('GIF89a'), 1, 0, 1, 0, 0, 0, 0, ...times(control)], /more than 4096 transparent colours/],
    [[...u32(8 + 4), ...text('ftypavif'), ...boxes], /more than 4096 boxes/],
    [
      [...text('RIFF'), ...u32(riff.length + 22).reverse(), ...text('WEBP'), ...extended, ...riff],
      /more than 4096 pieces/,
    ],
  ];
  for (const [bytes, message] of cases)
    await rejects(readImage(Uint8Array.from(bytes), platform), 'FormatError', message);
});

test('text that swells is not taken for an orientation', async () => {
  const swollen = deflateSync(Buffer.alloc(2e6, 'tiff:Orientation="6"'));
  const whole = chunk('zTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0'), swollen]));
  const plain = png(2, 1, new Uint8Array(7));
  const file = Buffer.concat([plain.subarray(0, 33), whole, plain.subarray(33)]);
  const image = await readImage(new Uint8Array(file), withoutSharp);
  assert.deepEqual([image.width, image.height], [2, 1]);
});

test('a decoder that fails does not disturb the next picture', async () => {
  const bytes = fileOf('full colours.jpg');
  const broken = bytes.slice();
  broken.fill(0xc8, bytes.length >> 1, (bytes.length >> 1) + 200);
  const scan = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xdb);
  const noTables = bytes.slice().fill(0xff, scan + 4, scan + 6);
  const want = rgbOf(await readImage(bytes, platform));
  for (const bad of [broken, noTables]) {
    await readImage(bad, withoutSharp).catch(() => {});
    assert.deepEqual(rgbOf(await readImage(bytes, withoutSharp)), want);
  }
  const many = await Promise.all([1, 2, 3, 4].map(() => readImage(bytes, withoutSharp)));
  for (const image of many) assert.deepEqual(rgbOf(image), want);
});
