// JPEG: its size and orientation; EXIF and colour profiles are left out. Of CMYK all decoders are told the same.

import { FormatError, UnsupportedError } from '../../errors.js';
import { concatenate } from '../../formats/bytes.js';
import { orientationOf } from './exif.js';
import { checkPieces, endsEarly, Kept, textAt } from './parts.js';

const MARKER = Object.freeze({ SCAN: 0xda, APP1: 0xe1, APP2: 0xe2, APP14: 0xee });
const EXIF = 'Exif\0\0';
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
/** Says that four components are CMYK, inverted: what Pillow takes for granted, and other decoders only if it is there. */
const ADOBE = [0xff, MARKER.APP14, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0];

/** @type {import('../header.js').Reader} */
export function readJpeg(bytes, view, name) {
  const kept = new Kept(bytes, name);
  kept.add(0, 2);
  /** @type {Uint8Array[]} */
  const exif = [];
  /** @type {Uint8Array | undefined} */
  let xmp;
  let size = null;
  let isAdobe = false;
  for (let at = 2; ; ) {
    const start = at;
    while (view.getUint8(at) === 0xff) at++;
    const marker = at > start ? view.getUint8(at) : 0;
    const length = view.getUint16(at + 1);
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9) || length < 2) {
      throw new FormatError(`${name} is a JPEG without a segment at byte ${start}`, { path: name });
    }
    if (marker === MARKER.SCAN) {
      if (!hasEnd(bytes, at)) throw endsEarly(name);
      if (size?.cmyk && !isAdobe) kept.parts.push(Uint8Array.from(ADOBE));
      kept.add(start);
      break;
    }
    const end = at + 1 + length;
    const begins = (/** @type {string} */ text) => textAt(bytes, at + 3, text.length) === text;
    if (isFrame(marker)) size = readFrame(view, at + 4, name);
    if (marker === MARKER.APP14 && begins('Adobe')) isAdobe = true;
    if (marker === MARKER.APP1 && begins(EXIF))
      exif.push(bytes.subarray(at + 3 + (exif.length ? EXIF.length : 0), end));
    checkPieces('segments of EXIF', exif.length, name);
    if (marker === MARKER.APP1 && begins(XMP)) xmp = bytes.subarray(at + 3 + XMP.length, end);
    if (marker !== MARKER.APP1 && marker !== MARKER.APP2) kept.add(start, end);
    at = end;
  }
  if (!size) throw new FormatError(`${name} is a JPEG whose data begins before its size`, { path: name });
  const orientation = orientationOf({ exif: exif.length ? concatenate(exif) : undefined, xmp });
  return { format: 'jpeg', ...size, orientation, alpha: false, parts: kept.parts };
}

/** A start of frame; among its numbers are three other markers. @param {number} marker */
const isFrame = (marker) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** @param {DataView} view @param {number} at Behind the marker, the length and the precision. @param {string} name */
function readFrame(view, at, name) {
  const components = view.getUint8(at + 4);
  if (![1, 3, 4].includes(components)) {
    throw new UnsupportedError(
      `${name} is a JPEG of ${components} components; expected 1 (grey), 3 (YCbCr or RGB) or 4 (CMYK)`,
      { path: name, value: components },
    );
  }
  return { height: view.getUint16(at), width: view.getUint16(at + 2), cmyk: components === 4 };
}

/** Whether an end of image follows; in compressed data its bytes do not occur. @param {Uint8Array} bytes @param {number} from */
function hasEnd(bytes, from) {
  for (let at = bytes.lastIndexOf(0xd9); at > from; at = bytes.lastIndexOf(0xd9, at - 1)) {
    if (bytes[at - 1] === 0xff) return true;
  }
  return false;
}
