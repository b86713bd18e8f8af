// Reading pictures in Node: files, addresses and bytes against the pixels that Pillow decodes, with sharp and without, and
// what is no picture. Broken files are in hostile.test.js.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readImage } from '../../bindings/vision/input.js';
import { sharpDecoder } from '../../web/images-node.js';
import * as platform from '../../web/platform.js';
import { rejects } from '../encoder/fixtures.js';
import { bytesOf, fileOf, fixtures, picture, rgbOf, withoutSharp } from './fixtures.js';

const folder = mkdtempSync(join(tmpdir(), 'wasmformer-images-'));
after(() => rmSync(folder, { recursive: true }));

/** @type {import('node:http').Server} */
let server;
let address = '';
before(async () => {
  server = createServer((request, response) => {
    const file = fixtures.files.find(({ name }) => `/${name}` === decodeURIComponent(request.url ?? ''));
    if (!file) response.statusCode = request.url === '/page' ? 200 : 404;
    response.end(file ? bytesOf(file.file) : '<!doctype html>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  address = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
});
after(() => server.close());

test('sharp is there, so that the tests of both ways to decode mean something', async () => {
  assert.ok(await sharpDecoder('png'));
});

for (const { name, file, width, height, pixels } of fixtures.files) {
  test(`the pixels are Pillow's: ${name}`, async () => {
    const ways = /\.(png|jpg)$/.test(name) ? [platform, withoutSharp] : [platform];
    for (const way of ways) {
      const image = await readImage(bytesOf(file), way);
      assert.deepEqual([image.width, image.height], [width, height]);
      assert.deepEqual(rgbOf(image), bytesOf(pixels));
    }
  });
}

test('a path, addresses, a Blob, a Buffer and raw pixels are the same picture', async () => {
  const bytes = fileOf('rgb.png');
  const path = join(folder, 'a b.png');
  writeFileSync(path, bytes);
  const want = await readImage(bytes, platform);
  const inputs = [
    path,
    pathToFileURL(path),
    pathToFileURL(path).href,
    `${address}/rgb.png`,
    new URL('/rgb.png', address),
    `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`,
    new Blob([bytes]),
    new File([bytes], 'a.png'),
    Buffer.from(bytes),
    { ...want },
    { data: new Uint8ClampedArray(want.data), width: want.width, height: want.height, colorSpace: 'srgb' },
  ];
  // Of another realm: these are so by all that can be asked of them.
  const href = pathToFileURL(path).href;
  const theirs = { arrayBuffer: async () => bytes.slice().buffer, size: bytes.length };
  inputs.push(
    /** @type {any} */ ({ href, toString: () => href, [Symbol.toStringTag]: 'URL' }),
    /** @type {any} */ ({ ...theirs, [Symbol.toStringTag]: 'Blob' }),
    /** @type {any} */ ({ ...theirs, name: 'a.png', [Symbol.toStringTag]: 'File' }),
  );
  for (const input of inputs) assert.deepEqual(rgbOf(await readImage(input, platform)), rgbOf(want));
});

test('what is not a picture gets an InputError or a FormatError that says so', async () => {
  const page = join(folder, 'page.png');
  writeFileSync(page, '<!doctype html>');
  /** @type {[any, string, RegExp][]} */
  const cases = [
    [undefined, 'InputError', /the image is undefined; expected an address/],
    [7, 'InputError', /the image is 7/],
    [{}, 'InputError', /the image is \{\}; expected/],
    [new Float32Array(8), 'InputError', /the image is Float32Array/],
    [new ArrayBuffer(8), 'FormatError', /the image is not a PNG/],
    [{ data: new Float32Array(3), width: 1, height: 1 }, 'InputError', /data is Float32Array/],
    [new Uint8Array(0), 'FormatError', /not a PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF image: it is empty/],
    [page, 'FormatError', /page.png is not a PNG, .*: it is an HTML page/],
    [new File([], 'none.jpg'), 'FormatError', /none.jpg is not a PNG.* it is empty/],
    [join(folder, 'absent.png'), 'InputError', /there is no file ".*absent.png"/],
    [folder, 'InputError', /expected a picture.*given by \{path\}/],
    [{ path: folder }, 'InputError', /there is no file|is a folder/],
    [`${address}/absent`, 'NetworkError', /absent could not be fetched: the server answered 404/],
    [`${address}/page`, 'FormatError', /page (is not a PNG|.*HTML page)/],
    ['http://127.0.0.1:1/a.png', 'NetworkError', /could not be fetched/],
    [new URL('ftp://127.0.0.1/a.png'), 'NetworkError', /could not be fetched/],
  ];
  for (const [input, name, message] of cases) await rejects(readImage(input, platform), name, message);
});

test('where nothing is installed PNG is decoded, and an UnsupportedError says what to install for others', async () => {
  for (const room of ['web', 'bindings'])
    cpSync(new URL(`../../${room}`, import.meta.url), join(folder, room), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  const bare = await import(pathToFileURL(join(folder, 'web/images-node.js')).href);
  for (const { name, file, pixels } of fixtures.files.filter(({ name }) => name.endsWith('.png')))
    assert.deepEqual(rgbOf(await readImage(bytesOf(file), bare)), bytesOf(pixels), name);
  for (const [format, packages] of [
    ['jpeg', 'npm install sharp, or without native code @jsquash/jpeg'],
    ['gif', 'npm install sharp'],
  ]) {
    const error = await bare.decodeImage({ format }, 'a file').catch((/** @type {any} */ thrown) => thrown);
    assert.equal(error.name, 'UnsupportedError');
    assert.equal(error.message, `decoding ${format} in Node needs a package: ${packages}`);
  }
});

test('pixels pass through without a copy', async () => {
  const image = picture(3, 2);
  assert.equal((await readImage(image, platform)).data.buffer, image.data.buffer);
});
