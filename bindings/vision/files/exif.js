// The orientation of a picture as its metadata say it, by Pillow's rules: EXIF, which is a TIFF without pixels, and where that
// is silent XMP. Not here: turning pixels (../orientation.js).

/**
 * @typedef {object} Entry
 * @property {number} type As TIFF numbers them.
 * @property {number} count
 * @property {number} at Where its values begin.
 *
 * @typedef {object} Directory The first directory of a TIFF, little or big, of either byte order.
 * @property {DataView} view
 * @property {boolean} little
 * @property {Map<number, Entry>} entries By tag.
 * @property {boolean} whole Whether it does not end early.
 */

export const TAG = Object.freeze({ ORIENTATION: 274, XMP: 700 });

/** Bytes of a value by type. */
const WIDTHS = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8];
const MOST_VALUES = 65536;

/** @param {number} type */
export const widthOf = (type) => WIDTHS[type] ?? 0;

/** The most bytes of XMP that are searched. */
const MOST_XMP = 2 ** 24;

/**
 * @param {Uint8Array} bytes
 * @returns {Directory | null} Null if it is no TIFF. Entries of no known type, without values or with values beyond the file
 *   are left out, and of those with the same tag the first one counts, as with Pillow.
 * @throws {RangeError} If not even the header is whole.
 */
export function readDirectory(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const order = view.getUint16(0);
  const little = order === 0x4949;
  const version = view.getUint16(2, little);
  if ((!little && order !== 0x4d4d) || (version !== 42 && version !== 43)) return null;
  const big = version === 43;
  const word = (/** @type {number} */ at) =>
    big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
  const start = word(big ? 8 : 4);
  const count = big ? word(start) : view.getUint16(start, little);
  const [first, length, inline] = big ? [start + 8, 20, 8] : [start + 2, 12, 4];
  const entries = new Map();
  for (
    let i = 0, at = first;
    i < Math.min(count, MOST_VALUES) && at + length <= bytes.length;
    i++, at += length
  ) {
    const tag = view.getUint16(at, little);
    const type = view.getUint16(at + 2, little);
    const values = word(at + 4);
    const size = values * widthOf(type);
    const place = size <= inline ? at + length - inline : word(at + length - inline);
    if (size > 0 && place + size <= bytes.length && !entries.has(tag))
      entries.set(tag, { type, count: values, at: place });
  }
  return { view, little, entries, whole: first + count * length <= bytes.length };
}

/**
 * The whole numbers of an entry.
 * @param {Directory} directory
 * @param {number} tag
 * @returns {number[]} None if there is no such entry, it is of another type, or has more than 65536.
 */
export function integersOf({ view, little, entries }, tag) {
  const { type = 0, count = 0, at = 0 } = entries.get(tag) ?? {};
  const read = {
    1: (/** @type {number} */ place) => view.getUint8(place),
    3: (/** @type {number} */ place) => view.getUint16(place, little),
    4: (/** @type {number} */ place) => view.getUint32(place, little),
    6: (/** @type {number} */ place) => view.getInt8(place),
    8: (/** @type {number} */ place) => view.getInt16(place, little),
    9: (/** @type {number} */ place) => view.getInt32(place, little),
    16: (/** @type {number} */ place) => Number(view.getBigUint64(place, little)),
  }[type];
  if (!read || count > MOST_VALUES) return [];
  return Array.from({ length: count }, (_, i) => read(at + i * widthOf(type)));
}

/** @param {Directory} directory @param {number} tag @returns {Uint8Array | undefined} */
export function bytesOf({ view, entries }, tag) {
  const entry = entries.get(tag);
  return entry && new Uint8Array(view.buffer).subarray(view.byteOffset + entry.at).subarray(0, entry.count);
}

/**
 * @param {{ exif?: Uint8Array, directory?: Directory | null, xmp?: Uint8Array }} metadata `directory`: that of the EXIF, if
 *   it has been read.
 * @returns {number} From 1, as it is, to 8; 1 where nothing is said, or nothing that means something.
 */
export function orientationOf({ exif, directory = exif && directoryOf(exif), xmp }) {
  const value = (directory && orientationIn(directory)) ?? (xmp && orientationInXmp(xmp)) ?? 1;
  return Number.isInteger(value) && value >= 1 && value <= 8 ? value : 1;
}

/** Of EXIF that is broken nothing is taken. @param {Uint8Array} exif */
function directoryOf(exif) {
  let start = 0;
  while (String.fromCharCode(...exif.subarray(start, start + 6)) === 'Exif\0\0') start += 6;
  try {
    return readDirectory(exif.subarray(start));
  } catch {
    return null;
  }
}

/** @param {Directory} directory @returns {number | undefined} 0 for an entry that is no number */
const orientationIn = (directory) =>
  directory.entries.has(TAG.ORIENTATION) ? (integersOf(directory, TAG.ORIENTATION)[0] ?? 0) : undefined;

/** @param {Uint8Array} xmp @returns {number | undefined} */
function orientationInXmp(xmp) {
  const text = new TextDecoder('latin1').decode(xmp.subarray(0, MOST_XMP));
  const found = /tiff:Orientation(?:="|>)([0-9])/.exec(text);
  return found ? Number(found[1]) : undefined;
}
