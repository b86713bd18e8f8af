// What a caller may pass as a picture becomes raw pixels. Files, addresses and the browser's own kinds of pictures are read
// by functions of the environment that the caller hands in; the checks are here, and come before any decoding.

import { isArrayOf, ownArray } from '../arrays.js';
import { FormatError, InputError, show } from '../errors.js';
import { readHeader } from './header.js';
import { checkPixels, checkSize } from './pixels.js';

/** The most bytes of an encoded picture. */
const MOST_BYTES = 2 ** 28;

/** The browser's pictures, by the names of their classes. */
const SURFACES = ['ImageBitmap', 'HTMLCanvasElement', 'OffscreenCanvas', 'HTMLImageElement'];

/**
 * @typedef {import('./pixels.js').CheckedPixels} CheckedPixels
 * @typedef {import('./pixels.js').Pixels} Pixels
 * @typedef {ImageBitmap | HTMLCanvasElement | OffscreenCanvas | HTMLImageElement} Surface
 * @typedef {string | URL | Blob | Uint8Array | Pixels | Surface} ImageInput An address (in Node also a path), a file, a
 *   file's bytes, raw pixels (ImageData is such), or one of the browser's pictures.
 *
 * @typedef {object} ImagePlatform What the environment does; #platform exports it.
 * @property {(location: string | URL, most: number) => Promise<Uint8Array>} loadImage The bytes at an address.
 * @property {(image: import('./header.js').EncodedImage, name: string) => Promise<Pixels>} decodeImage
 * @property {(surface: Surface) => Promise<Pixels>} readSurface The pixels of a browser's picture.
 */

/**
 * Reads a picture: PNG or JPEG everywhere, WebP and GIF (its first frame) in browsers and where sharp is installed. As
 * with Pillow's Image.open(…).convert('RGB'), colour profiles and the orientation in EXIF are not applied; an <img> gives
 * what the browser shows, which applies them.
 * @param {ImageInput} input
 * @param {ImagePlatform} platform
 * @returns {Promise<CheckedPixels>}
 * @throws {InputError} If it is none of these, has no pixels, more than 64 megapixels, or more than 256 MiB as a file.
 * @throws {FormatError} If a file is not an image, is truncated, or cannot be decoded.
 * @throws {UnsupportedError} If it has a format for which nothing is installed, or is a CMYK JPEG.
 * @throws {NetworkError} If an address does not answer.
 */
export async function readImage(input, platform) {
  if (typeof input === 'string' || input instanceof URL)
    return decode(await platform.loadImage(input, MOST_BYTES), String(input).slice(0, 80), platform);
  if (typeof Blob === 'function' && input instanceof Blob) {
    const name = 'name' in input ? String(input.name) : 'the image';
    checkLength(input.size, name);
    return decode(new Uint8Array(await input.arrayBuffer()), name, platform);
  }
  if (isArrayOf(input, Uint8Array))
    return decode(ownArray(/** @type {Uint8Array} */ (input)), 'the image', platform);
  if (input !== null && typeof input === 'object') {
    if ('data' in input) return checkPixels(input);
    if (SURFACES.includes(Object.prototype.toString.call(input).slice(8, -1))) {
      const { naturalWidth, naturalHeight, width, height } = /** @type {any} */ (input);
      checkSize(naturalWidth ?? width, naturalHeight ?? height);
      return checkPixels(await platform.readSurface(/** @type {any} */ (input)));
    }
  }
  throw new InputError(
    `the image is ${show(input)}; expected an address, a Blob, a file's bytes, {data, width, height}, ImageData, ImageBitmap, a canvas or an <img>`,
    { path: 'image', value: input },
  );
}

/**
 * @param {Uint8Array} bytes
 * @param {string} name
 * @param {ImagePlatform} platform
 */
async function decode(bytes, name, platform) {
  checkLength(bytes.length, name);
  const image = readHeader(bytes, name);
  checkSize(image.width, image.height, name);
  const pixels = checkPixels(await platform.decodeImage(image, name));
  if (pixels.width === image.width && pixels.height === image.height) return pixels;
  throw new FormatError(
    `${name} was decoded to ${pixels.width} x ${pixels.height} pixels; its header says ${image.width} x ${image.height}`,
    { path: name },
  );
}

/** @param {number} length @param {string} name */
function checkLength(length, name) {
  if (length <= MOST_BYTES) return;
  throw new InputError(`${name} has ${length} bytes; at most ${MOST_BYTES}`, { path: name, value: length });
}
