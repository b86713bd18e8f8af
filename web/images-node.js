/**
 * Pictures in Node: files from disk, decoded by sharp if the user has installed it, else JPEG by @jsquash/jpeg (mozjpeg in
 * WebAssembly) and PNG by what Node has. Both packages are optional; the pixels are the same.
 */
import { FormatError, InputError, UnsupportedError } from '../bindings/errors.js';
import { concatenate } from '../bindings/formats/bytes.js';
import { cmykToRgb } from '../bindings/vision/cmyk.js';
import { turn } from '../bindings/vision/orientation.js';
import { fetchImage } from './images.js';
import { decodePng } from './images-png.js';
import { fs, module as modules, url as urls } from './node.js';
import { statOf } from './paths-node.js';

/** @typedef {{ data: Uint8Array | Uint8ClampedArray, width: number, height: number, channels: number }} Pixels */
/** @typedef {import('../bindings/vision/header.js').EncodedImage} EncodedImage */

/**
 * @param {string} location a path or an address
 * @param {number} most bytes
 * @returns {Promise<Uint8Array>}
 * @throws {InputError} if there is no such file, or it has more bytes; {NetworkError} if an address does not answer
 */
export async function loadImage(location, most) {
  // A scheme has two letters or more: one is a drive.
  const isAddress = /^[a-z][a-z0-9+.-]+:/i.test(location);
  const url = isAddress ? new URL(location) : null;
  if (url && url.protocol !== 'file:') return fetchImage(url, most);
  const path = url ? urls().fileURLToPath(url) : location;
  const found = await statOf(path, 'file');
  if (found.size > most)
    throw new InputError(`${path} has ${found.size} bytes; at most ${most}`, { path, value: found.size });
  return fs().readFile(path);
}

/**
 * @param {EncodedImage} image
 * @param {string} name for messages
 * @returns {Promise<Pixels>} turned as its orientation says
 * @throws {UnsupportedError} if no decoder for it is installed; {FormatError} if it cannot be decoded
 */
export async function decodeImage(image, name) {
  return decodeBy((await sharpDecoder(image.format)) ?? (await decoderOf(image)), image, name);
}

/** What helps where nothing decodes a format. @type {Record<string, string>} */
const REMEDIES = {
  jpeg: 'a package: npm install sharp, or without native code @jsquash/jpeg',
  bmp: 'a browser: convert the picture to a PNG, or pass {data, width, height}',
};

/**
 * @param {Decoder | null} decode
 * @param {EncodedImage} image
 * @param {string} name for messages
 * @returns {Promise<Pixels>}
 */
export async function decodeBy(decode, image, name) {
  if (!decode) {
    const { format, cmyk } = image;
    const remedy = (!cmyk && REMEDIES[format]) || 'a package: npm install sharp';
    throw new UnsupportedError(`decoding ${cmyk ? 'CMYK in ' : ''}${format} in Node needs ${remedy}`, {
      path: name,
      value: format,
    });
  }
  try {
    return await decode(image);
  } catch (cause) {
    if (cause instanceof UnsupportedError) throw cause;
    // mozjpeg throws an object of its own that says nothing.
    const reason = cause instanceof Error ? cause.message : 'it is broken';
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

/** @typedef {(image: EncodedImage) => Promise<Pixels>} Decoder gives pixels that are turned */

/**
 * A package that the user may have installed. Its name is no literal, and bundlers are told so: they would fail where it is not.
 * @param {string} name
 * @returns {Promise<any>} null where it is not there, or does not run on this machine
 */
const optional = (name) =>
  import(/* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ name).catch(() => null);

/** One array, without a copy if there is one part. @param {Uint8Array[]} parts */
const joined = (parts) => (parts.length === 1 ? parts[0] : concatenate(parts));

/**
 * @param {string} format
 * @returns {Promise<Decoder | null>} null where sharp is not installed, or this build of it lacks the format
 */
export async function sharpDecoder(format) {
  const sharp = (await optional('sharp'))?.default;
  const formats = /** @type {Record<string, any>} */ (sharp?.format ?? {});
  if (!sharp || !formats[format === 'avif' ? 'heif' : format]?.input.buffer) return null;
  return async ({ parts, width, height, cmyk, orientation }) => {
    const file = sharp(joined(parts), {
      ignoreIcc: true,
      failOn: 'error',
      limitInputPixels: width * height,
    });
    // Inks as they are: sharp's way to RGB goes through a colour profile.
    const pipeline = cmyk
      ? file.pipelineColourspace('cmyk').toColourspace('cmyk')
      : file.toColourspace('srgb').removeAlpha();
    const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
    const pixels = { data, width: info.width, height: info.height, channels: info.channels };
    return turn(cmyk ? { ...pixels, data: cmykToRgb(data), channels: 3 } : pixels, orientation);
  };
}

/**
 * @param {{ format: string, cmyk?: boolean }} image
 * @returns {Promise<Decoder | null>} one without native code; null where none is installed
 */
export async function decoderOf({ format, cmyk }) {
  if (format === 'jpeg' && !cmyk) return jpegDecoder();
  return format === 'png' ? decodePng : null;
}

/** @returns {Promise<Decoder | null>} */
async function jpegDecoder() {
  const library = await optional('@jsquash/jpeg/decode.js');
  if (!library) return null;
  const path = modules()
    .createRequire(import.meta.url)
    .resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
  const module = await WebAssembly.compile(await fs().readFile(path));
  return async ({ parts, orientation }) => {
    // A new instance each: one that has met a broken file stays broken, and memory that has grown stays large. Nothing is
    // awaited in between, since the library keeps the last one. Its declaration of init lacks the first argument.
    const { init } = /** @type {{ init: (...options: object[]) => Promise<void> }} */ (library);
    void init(module, { print: () => {}, printErr: () => {} });
    const { data, width, height } = await library.default(concatenate(parts).buffer);
    return turn({ data, width, height, channels: 4 }, orientation);
  };
}
