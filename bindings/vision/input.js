// What a caller may pass as a picture becomes raw pixels. Files, addresses and the browser's own kinds of pictures are read
// by functions of the environment that the caller hands in; the checks are here, and come before any decoding.

import { classOf, isArrayOf, ownArray } from '../arrays.js';
import { FormatError, InputError, show, UnsupportedError } from '../errors.js';
import { fillAround } from './files/gif.js';
import { readHeader } from './header.js';
import { turnedSize } from './orientation.js';
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
 * @property {(location: string, most: number) => Promise<Uint8Array>} loadImage The bytes at an address.
 * @property {(image: import('./header.js').EncodedImage, name: string) => Promise<Pixels>} decodeImage The pixels, turned as
 *   `image.orientation` says.
 * @property {(surface: Surface) => Promise<Pixels>} readSurface The pixels of a browser's picture.
 *
 * @typedef {'apply' | 'ignore'} Orientation Whether pictures are turned as their metadata say.
 */

/**
 * Reads a picture: PNG or JPEG everywhere; WebP, GIF (its first frame) and AVIF in browsers and where sharp is installed; TIFF
 * and CMYK by sharp, BMP in browsers. As with transformers' load_image, files are turned as their EXIF says, and colour
 * profiles are not applied; an <img> gives what the browser shows, which applies them.
 * @param {ImageInput} input
 * @param {ImagePlatform} platform
 * @param {{ orientation?: Orientation }} [options]
 * @returns {Promise<CheckedPixels>}
 * @throws {InputError} If it is none of these, has no pixels, more than 64 megapixels, or more than 256 MiB as a file.
 * @throws {FormatError} If a file is not an image, is truncated, or cannot be decoded.
 * @throws {UnsupportedError} If it has a format for which nothing is installed; if it is an <img> and is not to be turned.
 * @throws {NetworkError} If an address does not answer.
 */
export async function readImage(input, platform, { orientation = 'apply' } = {}) {
  const decode = (/** @type {Uint8Array} */ bytes, /** @type {string} */ name) =>
    decodeFile(bytes, name, platform, orientation);
  if (typeof input === 'string' || classOf(input) === 'URL') {
    const location = String(input);
    return decode(await platform.loadImage(location, MOST_BYTES), location.slice(0, 80));
  }
  if (['Blob', 'File'].includes(classOf(input)) && 'arrayBuffer' in /** @type {object} */ (input)) {
    const blob = /** @type {Blob} */ (input);
    const name = 'name' in blob ? String(blob.name) : 'the image';
    checkLength(blob.size, name);
    return decode(new Uint8Array(await blob.arrayBuffer()), name);
  }
  if (isArrayOf(input, Uint8Array)) return decode(ownArray(/** @type {Uint8Array} */ (input)), 'the image');
  if (input !== null && typeof input === 'object') {
    if ('data' in input) return checkPixels(input);
    if (SURFACES.includes(classOf(input))) {
      const { naturalWidth, naturalHeight, width, height } = /** @type {any} */ (input);
      checkSize(naturalWidth ?? width, naturalHeight ?? height);
      if (naturalWidth !== undefined && orientation === 'ignore') {
        throw new UnsupportedError(
          'the image is an <img>, which browsers turn as its file says; to leave that pass its address or a Blob',
          { path: 'orientation', value: orientation },
        );
      }
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
 * @param {Orientation} orientation
 */
async function decodeFile(bytes, name, platform, orientation) {
  checkLength(bytes.length, name);
  const found = await readHeader(bytes, name);
  checkSize(found.width, found.height, name);
  const image = orientation === 'apply' ? found : { ...found, orientation: 1 };
  const pixels = checkPixels(await platform.decodeImage(image, name));
  const { width, height } = turnedSize(image);
  if (pixels.width === width && pixels.height === height)
    return image.frame ? fillAround(pixels, image.frame) : pixels;
  throw new FormatError(
    `${name} was decoded to ${pixels.width} x ${pixels.height} pixels; its header says ${width} x ${height}`,
    { path: name },
  );
}

/** @param {number} length @param {string} name */
function checkLength(length, name) {
  if (length <= MOST_BYTES) return;
  throw new InputError(`${name} has ${length} bytes; at most ${MOST_BYTES}`, { path: name, value: length });
}
