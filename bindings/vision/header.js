// What the head of an encoded picture says: its format, size and orientation, read before anything is decoded. What would make
// decoders differ, such as colour profiles, is left out of what they get. Not a decoder; the formats are in files/.

import { FormatError, show } from '../errors.js';
import { pageOf } from '../formats/stand_ins.js';
import { readAvif } from './files/avif.js';
import { readBmp } from './files/bmp.js';
import { readGif } from './files/gif.js';
import { readJpeg } from './files/jpeg.js';
import { endsEarly, textAt } from './files/parts.js';
import { readPng } from './files/png.js';
import { readTiff } from './files/tiff.js';
import { readWebp } from './files/webp.js';

/**
 * @typedef {object} EncodedImage
 * @property {'png' | 'jpeg' | 'webp' | 'gif' | 'bmp' | 'tiff' | 'avif'} format
 * @property {number} width As it is stored, before it is turned.
 * @property {number} height
 * @property {number} orientation How it is turned, as EXIF numbers it, from 1 (as it is) to 8.
 * @property {boolean} alpha Whether pixels may have an alpha channel.
 * @property {boolean} [cmyk]
 * @property {import('./files/gif.js').Frame} [frame] Of a GIF.
 * @property {Uint8Array[]} parts What to decode, one after another.
 *
 * @typedef {(bytes: Uint8Array, view: DataView, name: string) => EncodedImage | Promise<EncodedImage>} Reader
 */

/** @type {{ text: string, at?: number, read: Reader }[]} */
const SIGNATURES = [
  { text: '\x89PNG\r\n\x1a\n', read: readPng },
  { text: '\xff\xd8\xff', read: readJpeg },
  { text: 'WEBP', at: 8, read: readWebp }, // behind RIFF and a length
  { text: 'GIF8', read: readGif },
  { text: 'BM', read: readBmp },
  { text: 'II*\0', read: readTiff },
  { text: 'MM\0*', read: readTiff },
  { text: 'II+\0', read: readTiff },
  { text: 'MM\0+', read: readTiff },
  { text: 'ftyp', at: 4, read: readAvif }, // behind a length
];

/**
 * @param {Uint8Array} bytes A whole file.
 * @param {string} name What it is called in messages.
 * @returns {Promise<EncodedImage>} Of any size: the caller checks it.
 * @throws {FormatError} If it is not one of these formats, or ends too early.
 * @throws {UnsupportedError} If it is of a kind that decoders do not agree on.
 */
export async function readHeader(bytes, name) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = SIGNATURES.find(({ text, at = 0 }) => textAt(bytes, at, text.length) === text);
  if (!found) {
    const page = pageOf(bytes);
    const isDrawing = /^\s*(?:<\?xml.*)?<svg\b/s.test(textAt(bytes, 0, 512));
    const start =
      (bytes.length === 0 && 'it is empty') ||
      (isDrawing && 'it is a drawing, SVG; draw it on a canvas, or convert it') ||
      (page && `it is ${page}, as servers send in place of a file`) ||
      `it begins with ${show(textAt(bytes, 0, 12))}`;
    throw new FormatError(`${name} is not a PNG, JPEG, WebP, GIF, BMP, TIFF or AVIF image: ${start}`, {
      path: name,
    });
  }
  try {
    return await found.read(bytes, view, name);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw endsEarly(name, cause);
  }
}
