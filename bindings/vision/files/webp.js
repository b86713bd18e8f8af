// WebP: its size and orientation; EXIF, XMP and colour profiles are left out, since not all decoders heed them.

import { FormatError, show } from '../../errors.js';
import { orientationOf } from './exif.js';
import { endsEarly, Kept, textAt } from './parts.js';

/** Flags of the chunk VP8X. */
const ALPHA = 0x10;
/** A colour profile, EXIF, XMP. */
const METADATA = 0x20 | 0x08 | 0x04;
const METADATA_CHUNKS = ['ICCP', 'EXIF', 'XMP '];

/** @type {import('../header.js').Reader} */
export function readWebp(bytes, view, name) {
  if (view.getUint32(4, true) + 8 > bytes.length) throw endsEarly(name);
  const kind = textAt(bytes, 12, 4);
  if (kind === 'VP8X') return readExtended(bytes, view, name);
  const plain = { format: /** @type {const} */ ('webp'), orientation: 1, parts: [bytes] };
  if (kind === 'VP8 ') {
    const side = (/** @type {number} */ at) => view.getUint16(at, true) & 0x3fff;
    return { ...plain, width: side(26), height: side(28), alpha: false };
  }
  if (kind === 'VP8L') {
    const word = view.getUint32(21, true);
    const [width, height] = [(word & 0x3fff) + 1, ((word >>> 14) & 0x3fff) + 1];
    return { ...plain, width, height, alpha: (word >>> 28) % 2 === 1 };
  }
  throw new FormatError(`${name} is a WebP whose first chunk is ${show(kind)}`, { path: name });
}

/** @type {import('../header.js').Reader} */
function readExtended(bytes, view, name) {
  const side = (/** @type {number} */ at) => view.getUint16(at, true) + view.getUint8(at + 2) * 65536 + 1;
  const flags = view.getUint8(20);
  const head = bytes.slice(0, 30);
  head[20] = flags & ~METADATA;
  const kept = new Kept(bytes, name);
  const { parts } = kept;
  parts.push(head);
  /** @type {Record<string, Uint8Array>} */
  const found = {};
  const last = view.getUint32(4, true) + 8;
  for (let at = 30; at + 8 <= last; ) {
    const type = textAt(bytes, at, 4);
    const length = view.getUint32(at + 4, true);
    const end = at + 8 + length + (length % 2);
    if (at + 8 + length > last) throw endsEarly(name);
    if (METADATA_CHUNKS.includes(type)) found[type] ??= bytes.subarray(at + 8, at + 8 + length);
    else kept.add(at, Math.min(end, last));
    at = end;
  }
  const size = parts.reduce((sum, part) => sum + part.length, 0) - 8;
  new DataView(head.buffer).setUint32(4, size, true);
  return {
    format: 'webp',
    width: side(24),
    height: side(27),
    orientation: orientationOf({ exif: found.EXIF, xmp: found['XMP '] }),
    alpha: (flags & ALPHA) !== 0,
    parts,
  };
}
