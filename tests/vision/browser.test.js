// Reading pictures in a real Chromium: files against the pixels that Pillow decodes and turns, the browser's own kinds of
// pictures, and the same pixel_values as in Node.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createImageProcessor } from '../../bindings/vision/processor.js';
import { startBrowser } from '../browser/browser.js';
import { assertPixels, bytesOf, fixtures, formats, startCore } from './fixtures.js';
import { grey16 } from './png.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('playwright-core').Page} */
let page;
before(async () => {
  browser = await startBrowser();
  ({ page } = await browser.openPage());
  // The page has the library in chunks of names of their own; here its files are asked for.
  await page.route(/\/(bindings|web)\//, (route) => {
    const { pathname } = new URL(route.request().url());
    return route.fulfill({ path: fileURLToPath(new URL(`../..${pathname}`, import.meta.url)) });
  });
  await page.evaluate(async () => {
    const [{ readImage }, platform] = await Promise.all(
      ['/bindings/vision/input.js', '/web/images-browser.js'].map((path) => import(path)),
    );
    const bytesOf = (/** @type {string} */ text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const read = async (/** @type {any} */ input, /** @type {any} */ options) => {
      const image = await readImage(input, platform, options);
      return { ...image, data: Array.from(image.data) };
    };
    const failure = async (/** @type {any} */ input, /** @type {any} */ options) => {
      const error = await readImage(input, platform, options).then(
        () => null,
        (/** @type {any} */ thrown) => thrown,
      );
      return `${error?.name}: ${error?.message}`;
    };
    Object.assign(globalThis, { readTools: { bytesOf, read, failure } });
  });
});
after(() => browser.close());

/** The colours alone. @param {{ data: number[], channels: number }} image */
const rgbOf = ({ data, channels }) => Uint8Array.from(data.filter((_, i) => channels < 4 || i % 4 < 3));

for (const { name, file, width, height, pixels } of fixtures.files) {
  test(`the pixels are Pillow's: ${name}`, async () => {
    const image = await page.evaluate((text) => {
      const { read, bytesOf } = Reflect.get(globalThis, 'readTools');
      return read(new Blob([bytesOf(text)]));
    }, file);
    assert.deepEqual([image.width, image.height], [width, height]);
    assert.deepEqual(rgbOf(image), bytesOf(pixels));
  });
}

/** Chromium turns inks into colours a level off, and keeps no pixels of TIFF. @param {string} name */
const toleranceOf = (name) => (name.startsWith('cmyk') ? 1 : 0);
const decoded = [...formats.orientations, ...formats.formats].filter(({ name }) => !name.endsWith('.tif'));
for (const fixture of decoded) {
  const { name, file, stored } = fixture;
  test(`the pixels are those of load_image: ${name}`, async () => {
    const [turned, untouched] = await page.evaluate((text) => {
      const { read, bytesOf } = Reflect.get(globalThis, 'readTools');
      return Promise.all([read(bytesOf(text)), read(bytesOf(text), { orientation: 'ignore' })]);
    }, file);
    const pixels = (/** @type {any} */ image) => ({ ...image, data: Uint8Array.from(image.data) });
    assertPixels(pixels(turned), fixture, toleranceOf(name));
    if (stored) assertPixels(pixels(untouched), { width: 7, height: 5, pixels: stored });
  });
}

test('of 16-bit grey the upper 8 bits are taken', async () => {
  const { file, levels } = grey16();
  const image = await page.evaluate((text) => {
    const { read, bytesOf } = Reflect.get(globalThis, 'readTools');
    return read(bytesOf(text));
  }, Buffer.from(file).toString('base64'));
  assert.deepEqual(rgbOf(image), levels);
});

test('TIFF, which Chromium does not decode, is refused with what helps', async () => {
  const files = formats.formats.filter(({ name }) => name.endsWith('.tif')).map(({ file }) => file);
  assert.ok(files.length >= 9);
  const messages = await page.evaluate((texts) => {
    const { failure, bytesOf } = Reflect.get(globalThis, 'readTools');
    return Promise.all(texts.map((text) => failure(bytesOf(text))));
  }, files);
  for (const message of messages)
    assert.match(
      message,
      /^UnsupportedError: this browser does not decode tiff: convert the picture to a PNG/,
    );
});

test('canvases, bitmaps and ImageData give their pixels', async () => {
  const { file, pixels, width, height } = fixtures.files[0];
  const images = await page.evaluate(async (text) => {
    const { read, bytesOf } = Reflect.get(globalThis, 'readTools');
    const blob = new Blob([bytesOf(text)], { type: 'image/png' });
    const bitmap = await createImageBitmap(blob);
    const offscreen = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (offscreen.getContext('2d'));
    context.drawImage(bitmap, 0, 0);
    const canvas = Object.assign(document.createElement('canvas'), {
      width: bitmap.width,
      height: bitmap.height,
    });
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    const data = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return Promise.all([bitmap, offscreen, canvas, data].map(read));
  }, file);
  for (const image of images) {
    assert.deepEqual([image.width, image.height], [width, height]);
    assert.deepEqual(rgbOf(image), bytesOf(pixels));
  }
});

test('an <img> gives the pixels of its file, not those of its place on the page', async () => {
  const found = fixtures.files.find(({ name }) => name === 'full colours.jpg');
  assert.ok(found);
  await page.route('**/photo.jpg', (route) =>
    route.fulfill({ contentType: 'image/jpeg', body: Buffer.from(found.file, 'base64') }),
  );
  const image = await page.evaluate(async () => {
    const element = new Image(5, 5);
    element.src = 'photo.jpg';
    await element.decode();
    return Reflect.get(globalThis, 'readTools').read(element);
  });
  assert.deepEqual([image.width, image.height], [found.width, found.height]);
  assert.deepEqual(rgbOf(image), bytesOf(found.pixels));
});

test('an <img> is turned as the browser shows it, and cannot be left as it is', async () => {
  const turned = formats.orientations.find(({ name }) => name === '6.jpg');
  assert.ok(turned);
  await page.route('**/turned.jpg', (route) =>
    route.fulfill({ contentType: 'image/jpeg', body: Buffer.from(turned.file, 'base64') }),
  );
  const [image, message] = await page.evaluate(async () => {
    const { read, failure } = Reflect.get(globalThis, 'readTools');
    const element = new Image();
    element.src = 'turned.jpg';
    await element.decode();
    return Promise.all([read(element), failure(element, { orientation: 'ignore' })]);
  });
  assertPixels({ ...image, data: Uint8Array.from(image.data) }, turned);
  assert.match(message, /^UnsupportedError: the image is an <img>, .* pass its address or a Blob/);
});

test('an address relative to the page is fetched, and what is no picture is refused', async () => {
  const messages = await page.evaluate(async () => {
    const { failure } = Reflect.get(globalThis, 'readTools');
    const empty = Object.assign(document.createElement('canvas'), { width: 0 });
    return Promise.all(['demo.js', 'absent.png', 'http://', {}, new Image(), empty].map(failure));
  });
  assert.match(messages[0], /^InputError: the image is "demo.js"; expected a picture/);
  assert.match(messages[1], /^NetworkError: .*absent.png could not be fetched: the server answered 404/);
  assert.match(messages[2], /^InputError: "http:\/\/" is not an address/);
  assert.match(messages[3], /^InputError: the image is \{\}/);
  assert.match(messages[4], /^InputError: the image is 0 x 0 pixels/);
  assert.match(messages[5], /^InputError: the image is 0 x 150 pixels/);
});

test('pixel_values are the same bits as in Node', async () => {
  const config = { image_processor_type: 'CLIPImageProcessor', size: 10, crop_size: 12, resample: 1 };
  const { pixels, width, height } = fixtures.files[0];
  const want = createImageProcessor(config).process(await startCore(), {
    data: bytesOf(pixels),
    width,
    height,
  });
  const got = await page.evaluate(
    async ([config, text, width, height]) => {
      const [{ createImageProcessor }, { Instance }, { compileBuild }] = await Promise.all(
        ['/bindings/vision/processor.js', '/bindings/core/instance.js', '/web/builds.js'].map(
          (path) => import(path),
        ),
      );
      const core = await Instance.create({ module: await compileBuild('base') });
      const data = Reflect.get(globalThis, 'readTools').bytesOf(text);
      return Array.from(createImageProcessor(config).process(core, { data, width, height }).data);
    },
    /** @type {const} */ ([config, pixels, width, height]),
  );
  assert.deepEqual(Float32Array.from(/** @type {number[]} */ (got)), want.data);
});
