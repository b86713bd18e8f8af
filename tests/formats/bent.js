/** A sound safetensors file, and the same cut short or with one bit flipped. What lies on purpose is in hostile.js. */

/** @typedef {{name: string, bytes: Uint8Array}} File */

/** What a header says of one tensor. Anything may be put in, for files that lie. */
export const entry = (/** @type {any} */ dtype, /** @type {any} */ shape, /** @type {any} */ offsets) => ({
  dtype,
  shape,
  data_offsets: offsets,
});

/** The header of a sound file, with every kind of thing that a header holds. */
export const SOUND_HEADER = JSON.stringify({
  __metadata__: { format: 'pt' },
  'w.a': entry('F32', [2, 3], [0, 24]),
  'w.b': entry('BF16', [3], [24, 30]),
  n: entry('I64', [], [30, 38]),
  e: entry('F16', [0], [38, 38]),
});
/** Bytes of data behind it. */
export const SOUND_DATA = 38;

/**
 * @param {string | object | Uint8Array} header Text, or what JSON.stringify makes text of.
 * @param {{data?: number, length?: bigint}} [options] How many bytes of data follow; the length that is announced.
 * @returns {Uint8Array}
 */
export function makeFile(header, { data = SOUND_DATA, length } = {}) {
  const plain = header instanceof Uint8Array;
  const text = plain
    ? header
    : new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  for (let i = 0; i < data; i++) bytes[8 + text.length + i] = i;
  return bytes;
}

/** A file that every reader must accept. */
export const soundFile = () => makeFile(SOUND_HEADER);

/** The sound file cut after every byte but the last. @returns {Generator<File>} */
export function* prefixes() {
  const bytes = soundFile();
  for (let length = 0; length < bytes.length; length++) {
    yield { name: `first ${length} bytes`, bytes: bytes.subarray(0, length) };
  }
}

/**
 * The sound file with one bit of its length or header flipped.
 * @returns {Generator<File & {bit: number}>} bit: counted from the beginning of the file.
 */
export function* flips() {
  const end = (8 + SOUND_HEADER.length) * 8;
  for (let bit = 0; bit < end; bit++) {
    const bytes = soundFile();
    bytes[bit >> 3] ^= 1 << (bit & 7);
    yield { name: `bit ${bit & 7} of byte ${bit >> 3} flipped`, bytes, bit };
  }
}
