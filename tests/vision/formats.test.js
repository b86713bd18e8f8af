// Every format and orientation in Node, with sharp and without, against what transformers' load_image makes of the files; what
// no decoder reads alike is refused. Browsers are in browser.test.js.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImage } from '../../bindings/vision/input.js';
import { stepsOf, turn } from '../../bindings/vision/orientation.js';
import * as platform from '../../web/platform.js';
import { rejects } from '../encoder/fixtures.js';
import { assertPixels, bytesOf, fixtures, formats, picture, rgbOf, withoutSharp } from './fixtures.js';
import { grey16 } from './png.js';

/** Whether a file needs sharp. @param {string} name */
const needsSharp = (name) => !/\.(png|jpg)$/.test(name) || name.startsWith('cmyk');
/** Decoders of AVIF round colours differently. @param {string} name */
const toleranceOf = (name) => (name.endsWith('.avif') ? 1 : 0);

const inNode = [...formats.orientations, ...formats.formats].filter(({ name }) => !name.endsWith('.bmp'));
for (const fixture of inNode) {
  const { name, file, stored } = fixture;
  test(`the pixels are those of load_image: ${name}`, async () => {
    for (const way of needsSharp(name) ? [platform] : [platform, withoutSharp]) {
      const bytes = bytesOf(file);
      const before = bytes.slice();
      assertPixels(await readImage(bytes, way), fixture, toleranceOf(name));
      assert.deepEqual(bytes, before, 'the file is not written to');
      if (!stored) continue;
      const untouched = await readImage(bytes, way, { orientation: 'ignore' });
      assertPixels(untouched, { width: 7, height: 5, pixels: stored }, toleranceOf(name));
    }
  });
}

test('all eight orientations of five formats are among them', () => {
  const names = formats.orientations.map(({ name }) => name).filter((name) => /^[1-8]\.\w+$/.test(name));
  assert.equal(names.length, 40);
});

test('of 16-bit grey the upper 8 bits are taken, where Pillow would cut it at 255', async () => {
  const { file, levels } = grey16();
  for (const way of [platform, withoutSharp]) assert.deepEqual(rgbOf(await readImage(file, way)), levels);
});

test('turning moves each pixel once, for any number of channels, and twice by its inverse changes nothing', () => {
  const inverse = [0, 1, 2, 3, 4, 5, 8, 7, 6];
  for (const channels of [1, 3, 4]) {
    const image = picture(3, 5, channels);
    for (let orientation = 1; orientation <= 8; orientation++) {
      const turned = turn(image, orientation);
      assert.deepEqual(Array.from(turned.data).sort(), Array.from(image.data).sort());
      assert.deepEqual(turn(turned, inverse[orientation]), image);
      const { width, height } = stepsOf(orientation, image.width, image.height);
      assert.deepEqual([turned.width, turned.height], [width, height]);
    }
  }
});

test('kinds that decoders do not agree on are refused by name', async () => {
  /** @type {[string, RegExp][]} */
  const cases = [
    ['bits.tif', /a TIFF whose bits a sample is 32; expected 1, 2, 4, 8, 16/],
    ['inks of 16 bits.tif', /a TIFF whose bits a sample is 16,16,16,16; expected 8/],
    ['signed.tif', /a TIFF whose sample format is 2; expected whole numbers/],
    ['two samples.tif', /a TIFF whose samples a pixel is 2; expected 3/],
    ['lab.tif', /a TIFF whose kind of colours is 8; expected grey, RGB/],
    ['multiplied by alpha.tif', /a TIFF whose extra samples is 1; expected none, or plain alpha/],
    ['two.jpg', /a JPEG of 2 components; expected 1 \(grey\), 3/],
    ['heic', /"heic" \(as HEIC pictures are\), not AVIF: convert it to a JPEG or PNG/],
  ];
  assert.deepEqual(cases.map(([name]) => name).sort(), Object.keys(formats.refused).sort());
  for (const [name, message] of cases)
    await rejects(readImage(bytesOf(formats.refused[name]), platform), 'UnsupportedError', message);
});

test('where a format has no decoder the message says what helps', async () => {
  const bmp = formats.formats.find(({ name }) => name === 'rgb.bmp');
  const bytes = bytesOf(bmp?.file ?? '');
  for (const way of [platform, withoutSharp])
    await rejects(
      readImage(bytes, way),
      'UnsupportedError',
      /decoding bmp in Node needs a browser: convert the picture to a PNG, or pass \{data, width, height\}/,
    );
  const files = inNode.filter(({ name }) => needsSharp(name));
  assert.ok(files.length > 40, `${files.length} files`);
  for (const { file } of files)
    await rejects(
      readImage(bytesOf(file), withoutSharp),
      'UnsupportedError',
      /decoding (CMYK in jpeg|CMYK in tiff|webp|gif|tiff|avif) in Node needs a package: npm install sharp$/,
    );
  await rejects(
    readImage(bytesOf(fixtures['cmyk.jpg']), withoutSharp),
    'UnsupportedError',
    /decoding CMYK in jpeg in Node/,
  );
});
