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
 * @typedef {import('../public.js').Pixels} Pixels
 * @import { Orientation, Picture, Surface } from '../public.js'
 *
 * @typedef {object} ImagePlatform What the environment does; #platform exports it.
 * @property {(location: string, most: number) => Promise<Uint8Array>} loadImage The bytes at an address.
 * @property {(image: import('./header.js').EncodedImage, name: string) => Promise<Pixels>} decodeImage The pixels, turned as
 *   `image.orientation` says.
 * @property {(surface: Surface) => Promise<Pixels>} readSurface The pixels of a browser's picture.
 */

/**
 * Reads a picture: PNG or JPEG everywhere; WebP, GIF (its first frame) and AVIF in browsers and where sharp is installed; TIFF
 * and CMYK by sharp, BMP in browsers. As with transformers' load_image, files are turned as their EXIF says, and colour
 * profiles are not applied; an <img> gives what the browser shows, which applies them.
 * @param {Picture} input
 * @param {ImagePlatform} platform
 * @param {{ orientation?: Orientation, name?: string }} [options] name: what it is called in messages
 * @returns {Promise<CheckedPixels>}
 * @throws {InputError} If it is none of these, has no pixels, more than 64 megapixels, or more than 256 MiB as a file.
 * @throws {FormatError} If a file is not an image, is truncated, or cannot be decoded.
 * @throws {UnsupportedError} If it has a format for which nothing is installed; if it is an <img> and is not to be turned.
 * @throws {NetworkError} If an address does not answer.
 */
export async function readImage(input, platform, { orientation = 'apply', name = 'the image' } = {}) {
  const decode = (/** @type {Uint8Array} */ bytes, known = name) =>
    decodeFile(bytes, known, platform, orientation);
  checkImage(input, name);
  const location = locationOf(input);
  if (location !== null) return decode(await platform.loadImage(location, MOST_BYTES), shortOf(location));
  const given = /** @type {any} */ (input);
  if (isBlob(given)) {
    const known = 'name' in given ? String(given.name) : name;
    checkLength(given.size, known);
    return decode(new Uint8Array(await given.arrayBuffer()), known);
  }
  if (isArrayOf(given, Uint8Array)) return decode(ownArray(given));
  if (classOf(given) === 'ArrayBuffer') return decode(new Uint8Array(given));
  if ('data' in given) return checkPixels(given, name);
  const { naturalWidth, naturalHeight, width, height } = given;
  checkSize(naturalWidth ?? width, naturalHeight ?? height, name);
  if (naturalWidth !== undefined && orientation === 'ignore') {
    throw new UnsupportedError(
      `${name} is an <img>, which browsers turn as its file says; to leave that pass its address or a Blob`,
      { path: 'orientation', value: orientation },
    );
  }
  return checkPixels(await platform.readSurface(given));
}

const EXPECTED =
  "an address (a URL, {path}, or a string that ends in .png, .jpg, …), a Blob, a file's bytes, {data, width, height}, ImageData, ImageBitmap, a canvas or an <img>";

const NO_TEXT =
  'a picture, as this model reads no texts; a file is given by {path}, a URL, or a string that ends in .png, .jpg, …';

/**
 * Refuses what is no picture, before anything is read.
 * @param {unknown} input
 * @param {string} name What it is called in messages.
 * @throws {InputError} Above all a text, which is never taken for an address by surprise.
 */
export function checkImage(input, name) {
  const given = /** @type {any} */ (input);
  const isFile = isBlob(given) || isArrayOf(given, Uint8Array) || classOf(given) === 'ArrayBuffer';
  if (isFile || locationOf(given) !== null || SURFACES.includes(classOf(given))) return;
  if (typeof given === 'object' && given !== null && 'data' in given) return void checkPixels(given, name);
  const expected = typeof given === 'string' ? NO_TEXT : EXPECTED;
  throw new InputError(`${name} is ${show(given)}; expected ${expected}`, { path: 'image', value: given });
}

/** @param {unknown} value */
const isBlob = (value) =>
  ['Blob', 'File'].includes(classOf(value)) && 'arrayBuffer' in /** @type {object} */ (value);

const ADDRESS = /^(?:(?:https?|blob|file):[^\s]+$|data:image\/)/i;
const FILE_NAME = /^[^\n\r]*[^\n\r/\\]\.(?:png|jpe?g|jfif|webp|gif|bmp|tiff?|avif)(?:[?#]\S*)?$/i;
/** The longest path that a system takes. */
const LONGEST_PATH = 4096;

/** Whether a text ends as names of pictures do. @param {string} text */
export const isPictureName = (text) => text.length <= LONGEST_PATH && FILE_NAME.test(text);

/** Where a picture's file is, if that is what a value says. @param {any} value @returns {string | null} */
function locationOf(value) {
  if (classOf(value) === 'URL') return String(value);
  if (typeof value === 'string') {
    return isPictureName(value) || ADDRESS.test(value) ? value : null;
  }
  const path = classOf(value) === 'Object' ? value.path : undefined;
  return (typeof path === 'string' && path !== '') || classOf(path) === 'URL' ? String(path) : null;
}

/** A location for messages: what follows a question mark may be secret. @param {string} location */
const shortOf = (location) =>
  (/^https?:/i.test(location) ? location.replace(/[?#].*/s, '') : location).slice(0, 80);

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
