/**
 * Pictures in Node: files from disk, decoded by sharp if the user has installed it, else by @jsquash/jpeg (mozjpeg in
 * WebAssembly) and fast-png. All are optional; their pixels are the same.
 */
import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { FormatError, InputError, UnsupportedError } from '../bindings/errors.js';
import { fetchImage } from './images.js';

/** @typedef {{ data: Uint8Array | Uint8ClampedArray, width: number, height: number, channels: number }} Pixels */
/** @typedef {{ format: string, width: number, height: number, bytes: Uint8Array }} EncodedImage */

/**
 * @param {string | URL} location a path or an address
 * @param {number} most bytes
 * @returns {Promise<Uint8Array>}
 * @throws {InputError} if there is no such file, or it has more bytes; {NetworkError} if an address does not answer
 */
export async function loadImage(location, most) {
  // A scheme has two letters or more: one is a drive.
  const isAddress = location instanceof URL || /^[a-z][a-z0-9+.-]+:/i.test(location);
  const url = isAddress ? new URL(location) : null;
  if (url && url.protocol !== 'file:') return fetchImage(url, most);
  const path = url ? fileURLToPath(url) : /** @type {string} */ (location);
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new InputError(`there is no file "${path}"`, { path, value: location });
  if (found.size > most)
    throw new InputError(`${path} has ${found.size} bytes; at most ${most}`, { path, value: found.size });
  return readFile(path);
}

/**
 * @param {EncodedImage} image
 * @param {string} name for messages
 * @returns {Promise<Pixels>}
 * @throws {UnsupportedError} if no decoder for it is installed; {FormatError} if it cannot be decoded
 */
export async function decodeImage(image, name) {
  return decodeBy((await sharpDecoder()) ?? (await decoderOf(image.format)), image, name);
}

/**
 * @param {Decoder | null} decode
 * @param {EncodedImage} image
 * @param {string} name for messages
 * @returns {Promise<Pixels>}
 */
export async function decodeBy(decode, image, name) {
  if (!decode) {
    const small = { png: 'fast-png', jpeg: '@jsquash/jpeg' }[image.format];
    throw new UnsupportedError(
      `decoding ${image.format} in Node needs a package: npm install sharp${small ? `, or without native code ${small}` : ''}`,
      { path: name, value: image.format },
    );
  }
  try {
    return await decode(image);
  } catch (cause) {
    if (cause instanceof UnsupportedError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`${name} could not be decoded as ${image.format}: ${reason}`, {
      path: name,
      cause,
    });
  }
}

/** @returns {Promise<never>} */
export async function readSurface() {
  throw new UnsupportedError('bitmaps and canvases are read in browsers; pass {data, width, height}', {
    path: 'image',
  });
}

/** @typedef {(image: EncodedImage) => Promise<Pixels>} Decoder */

/** A package that is not there, or does not run on this machine; bundlers know an import so caught as optional. */
const absent = () => null;

/** @returns {Promise<Decoder | null>} null where sharp is not installed */
export async function sharpDecoder() {
  const sharp = (await import('sharp').catch(absent))?.default;
  if (!sharp) return null;
  return async ({ bytes, width, height }) => {
    const pipeline = sharp(bytes, { ignoreIcc: true, failOn: 'error', limitInputPixels: width * height })
      .toColourspace('srgb')
      .removeAlpha();
    const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: info.channels };
  };
}

/**
 * @param {string} format
 * @returns {Promise<Decoder | null>} one without native code; null where none is installed
 */
export async function decoderOf(format) {
  if (format === 'jpeg') return jpegDecoder();
  return format === 'png' ? pngDecoder() : null;
}

/** @returns {Promise<Decoder | null>} */
async function jpegDecoder() {
  const library = await import('@jsquash/jpeg/decode.js').catch(absent);
  if (!library) return null;
  const path = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
  const module = await WebAssembly.compile(await readFile(path));
  return async ({ bytes }) => {
    // A new instance each: one that has met a broken file stays broken, and memory that has grown stays large. Nothing is
    // awaited in between, since the library keeps the last one. Its declaration of init lacks the first argument.
    const { init } = /** @type {{ init: (...options: object[]) => Promise<void> }} */ (library);
    void init(module, { print: () => {}, printErr: () => {} });
    const { data, width, height } = await library.default(exactBuffer(bytes));
    return { data, width, height, channels: 4 };
  };
}

/** @param {Uint8Array} bytes @returns {ArrayBuffer} */
const exactBuffer = (bytes) => /** @type {ArrayBuffer} */ (bytes.slice().buffer);

/** @returns {Promise<Decoder | null>} */
async function pngDecoder() {
  const library = await import('fast-png').catch(absent);
  if (!library) return null;
  return async ({ bytes }) => {
    const header = readIhdr(bytes);
    checkInflated(bytes, header);
    const { width, height, channels, data, palette } = library.decode(bytes, { checkCrc: true });
    if (header.type !== INDEXED && header.depth >= 8) return { ...to8Bits(data, channels), width, height };
    const colours = header.type === INDEXED ? palette : greys(header.depth);
    const image = { width, height, channels, data, palette: colours, depth: header.depth };
    const expanded = library.convertIndexedToRgb(/** @type {any} */ (image));
    return { data: expanded, width, height, channels: colours?.[0].length ?? 0 };
  };
}

const INDEXED = 3;
/** Samples a pixel has, by the PNG's colour type. */
const SAMPLES = [1, 0, 3, 1, 2, 0, 4];
/** Adam7: the first column and row of each pass, and the steps to the next. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** @param {Uint8Array} bytes of a PNG whose first chunk is IHDR */
function readIhdr(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const depth = view.getUint8(24);
  const type = view.getUint8(25);
  const bits = depth * (SAMPLES[type] ?? 0);
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth,
    type,
    bits,
    interlaced: view.getUint8(28) === 1,
  };
}

/**
 * Inflates the data once with a limit, since fast-png has none: it takes whatever a small file swells to, and fills in
 * what is missing.
 * @param {Uint8Array} bytes of a PNG with the chunks IHDR, PLTE, IDAT and IEND
 * @param {ReturnType<typeof readIhdr>} header
 */
function checkInflated(bytes, { width, height, depth, bits, interlaced }) {
  if (interlaced && depth < 8)
    throw new UnsupportedError(`interlaced PNGs of ${depth} bits need the package sharp`, { value: depth });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts = [];
  for (let at = 8, length = 0; at < bytes.length; at += 12 + length) {
    length = view.getUint32(at);
    if (view.getUint32(at + 4) === 0x49444154) parts.push(bytes.subarray(at + 8, at + 8 + length)); // IDAT
  }
  let expected = 0;
  for (const [x, y, stepX, stepY] of interlaced ? PASSES : [[0, 0, 1, 1]]) {
    const columns = Math.ceil((width - x) / stepX);
    const rows = Math.ceil((height - y) / stepY);
    if (columns > 0 && rows > 0) expected += rows * (1 + Math.ceil((columns * bits) / 8));
  }
  const found = inflateSync(Buffer.concat(parts), { maxOutputLength: expected + 1 });
  if (found.length !== expected) throw new Error(`it holds ${found.length} bytes of pixels, not ${expected}`);
}

/**
 * Of 16 bits the upper 8, as Pillow takes them; of grey with alpha the grey.
 * @param {Uint8Array | Uint8ClampedArray | Uint16Array} data
 * @param {number} channels
 * @returns {{ data: Uint8Array | Uint8ClampedArray, channels: number }}
 */
function to8Bits(data, channels) {
  const kept = channels === 2 ? 1 : channels;
  if (kept === channels && !(data instanceof Uint16Array)) return { data, channels };
  const shift = data instanceof Uint16Array ? 8 : 0;
  const out = new Uint8Array((data.length / channels) * kept);
  for (let i = 0; i < out.length; i++) out[i] = data[kept === channels ? i : i * 2] >> shift;
  return { data: out, channels: kept };
}

/** The levels of grey of a depth, as a palette of one channel. @param {number} depth */
const greys = (depth) =>
  Array.from({ length: 1 << depth }, (_, level) => [Math.round((level * 255) / ((1 << depth) - 1))]);
