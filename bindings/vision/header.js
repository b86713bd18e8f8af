// What the head of an encoded picture says: PNG, JPEG, WebP and GIF, read before anything is decoded. PNG and JPEG also lose
// what would make decoders differ: colour profiles, orientation, single transparent colours. Not a decoder.

import { FormatError, show, UnsupportedError } from '../errors.js';
import { concatenate } from '../formats/bytes.js';

/**
 * @typedef {object} EncodedImage
 * @property {'png' | 'jpeg' | 'webp' | 'gif'} format
 * @property {number} width
 * @property {number} height
 * @property {boolean} alpha Whether pixels have an alpha channel.
 * @property {Uint8Array} bytes What to decode.
 */

const SIGNATURES = [
  { bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], at: 0, read: readPng },
  { bytes: [0xff, 0xd8, 0xff], at: 0, read: readJpeg },
  { bytes: [0x57, 0x45, 0x42, 0x50], at: 8, read: readWebp }, // WEBP, behind RIFF and a length
  { bytes: [0x47, 0x49, 0x46, 0x38], at: 0, read: readGif }, // GIF8
];

/**
 * @param {Uint8Array} bytes A whole file.
 * @param {string} name What it is called in messages.
 * @returns {EncodedImage} Of any size: the caller checks it.
 * @throws {FormatError} If it is not one of these formats, or ends too early.
 * @throws {UnsupportedError} If it is a CMYK JPEG, whose colours decoders make differently.
 */
export function readHeader(bytes, name) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = SIGNATURES.find((signature) =>
    signature.bytes.every((byte, i) => bytes[signature.at + i] === byte),
  );
  if (!found) {
    const start = bytes.length === 0 ? 'it is empty' : `it begins with ${show(textAt(bytes, 0, 12))}`;
    throw new FormatError(`${name} is not a PNG, JPEG, WebP or GIF image: ${start}`, { path: name });
  }
  try {
    return found.read(bytes, view, name);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw endsEarly(name, cause);
  }
}

/** @param {Uint8Array} bytes @param {number} at @param {number} length */
const textAt = (bytes, at, length) => String.fromCharCode(...bytes.subarray(at, at + length));

/** @param {string} name @param {unknown} [cause] */
const endsEarly = (name, cause) =>
  new FormatError(`${name} is truncated: the image's data ends early`, { path: name, cause });

/** @typedef {(bytes: Uint8Array, view: DataView, name: string) => EncodedImage} Reader */

/** Of its chunks only those stay that say what the pixels' values are. @type {Reader} */
function readPng(bytes, view, name) {
  const kept = [bytes.subarray(0, 8)];
  let type = '';
  for (let at = 8; type !== 'IEND'; ) {
    const end = at + 12 + view.getUint32(at);
    type = textAt(bytes, at + 4, 4);
    if (end > bytes.length) throw endsEarly(name);
    if ((at === 8) !== (type === 'IHDR')) {
      throw new FormatError(`${name} is a PNG whose chunk ${show(type)} is out of place`, { path: name });
    }
    if (['IHDR', 'PLTE', 'IDAT', 'IEND'].includes(type)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return {
    format: 'png',
    width: view.getUint32(16),
    height: view.getUint32(20),
    alpha: [4, 6].includes(view.getUint8(25)),
    bytes: concatenate(kept),
  };
}

/** EXIF (APP1) and colour profiles (APP2) are left out. @type {Reader} */
function readJpeg(bytes, view, name) {
  const kept = [bytes.subarray(0, 2)];
  let size = null;
  for (let at = 2; ; ) {
    const start = at;
    while (view.getUint8(at) === 0xff) at++;
    const marker = at > start ? view.getUint8(at) : 0;
    const length = view.getUint16(at + 1);
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9) || length < 2) {
      throw new FormatError(`${name} is a JPEG without a segment at byte ${start}`, { path: name });
    }
    if (marker === 0xda) {
      if (!hasEnd(bytes, at)) throw endsEarly(name);
      kept.push(bytes.subarray(start));
      break;
    }
    if (isFrame(marker)) size = readFrame(view, at + 4, name);
    if (marker !== 0xe1 && marker !== 0xe2) kept.push(bytes.subarray(start, at + 1 + length));
    at += 1 + length;
  }
  if (!size) throw new FormatError(`${name} is a JPEG whose data begins before its size`, { path: name });
  return { format: 'jpeg', ...size, alpha: false, bytes: concatenate(kept) };
}

/** A start of frame; among its numbers are three other markers. @param {number} marker */
const isFrame = (marker) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** @param {DataView} view @param {number} at Behind the marker, the length and the precision. @param {string} name */
function readFrame(view, at, name) {
  const components = view.getUint8(at + 4);
  if (components !== 1 && components !== 3) {
    throw new UnsupportedError(
      `${name} is a JPEG of ${components} components; expected grey or YCbCr (no CMYK)`,
      {
        path: name,
        value: components,
      },
    );
  }
  return { height: view.getUint16(at), width: view.getUint16(at + 2) };
}

/** Whether an end of image follows; in compressed data its bytes do not occur. @param {Uint8Array} bytes @param {number} from */
function hasEnd(bytes, from) {
  for (let at = bytes.lastIndexOf(0xd9); at > from; at = bytes.lastIndexOf(0xd9, at - 1)) {
    if (bytes[at - 1] === 0xff) return true;
  }
  return false;
}

/** @type {Reader} */
function readWebp(bytes, view, name) {
  if (view.getUint32(4, true) + 8 > bytes.length) throw endsEarly(name);
  const kind = textAt(bytes, 12, 4);
  if (kind === 'VP8X') {
    const side = (/** @type {number} */ at) => view.getUint16(at, true) + view.getUint8(at + 2) * 65536 + 1;
    return webp(bytes, side(24), side(27), (view.getUint8(20) & 16) !== 0);
  }
  if (kind === 'VP8 ')
    return webp(bytes, view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff, false);
  if (kind === 'VP8L') {
    const word = view.getUint32(21, true);
    return webp(bytes, (word & 0x3fff) + 1, ((word >>> 14) & 0x3fff) + 1, (word >>> 28) % 2 === 1);
  }
  throw new FormatError(`${name} is a WebP whose first chunk is ${show(kind)}`, { path: name });
}

/** @param {Uint8Array} bytes @param {number} width @param {number} height @param {boolean} alpha @returns {EncodedImage} */
const webp = (bytes, width, height, alpha) => ({ format: 'webp', width, height, alpha, bytes });

/** @type {Reader} */
function readGif(bytes, view) {
  return {
    format: 'gif',
    width: view.getUint16(6, true),
    height: view.getUint16(8, true),
    alpha: true,
    bytes,
  };
}
