/**
 * safetensors: where each tensor lies in a file, proven before anything is read or allocated. It fetches and
 * converts nothing, and knows no model. Source: the format's README in huggingface/safetensors. Stricter than
 * the Python reader: no space before the header, no key repeated, whole numbers alone, and the limits below.
 */
import { FormatError, show } from '../errors.js';
import { LIMITS } from './config.js';
import { isObject, parseJsonObject } from './json.js';
import { otherFormat } from './stand_ins.js';

/** @typedef {keyof typeof DTYPE_BITS} SafetensorsDtype */
/**
 * One tensor of a file.
 * @typedef {object} TensorEntry
 * @property {SafetensorsDtype} dtype As the file names it; which ones a weight may have is decided elsewhere.
 * @property {number[]} shape
 * @property {number} start The place of its first byte in the file.
 * @property {number} end The place after its last byte.
 */
/**
 * @typedef {object} SafetensorsHeader
 * @property {Map<string, TensorEntry>} tensors By name, in the order of their bytes.
 * @property {Record<string, string>} metadata The file's own notes; without a prototype.
 * @property {number} dataStart The place after the header, where the tensors begin.
 * @property {number} end The place after the last tensor: the length that the file must have.
 */

/** The longest header that is read, in bytes. */
export const MAX_HEADER_BYTES = 16 * 2 ** 20;

/** The width of a number of each dtype of the format, in bits. */
const DTYPE_BITS = Object.freeze({
  ...{ BOOL: 8, U8: 8, I8: 8, U16: 16, I16: 16, U32: 32, I32: 32, U64: 64, I64: 64 },
  ...{ F16: 16, BF16: 16, F32: 32, F64: 64, C64: 64 },
  ...{ F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8, F6_E2M3: 6, F6_E3M2: 6, F4: 4 },
});

// A tensor of rank 8 has 14 commas and colons, and the file may have `tensors` of them.
const HEADER_LIMITS = { length: MAX_HEADER_BYTES, depth: 8, values: 2 ** 20, uniqueKeys: true };
const FILE_NAME = /^[A-Za-z0-9][\w.-]{0,127}$/;
const LENGTH_BYTES = 8;

/**
 * Reads the length of the header, the first step for a reader of streams.
 * @param {Uint8Array} bytes The first 8 bytes of the file, or more.
 * @param {number | null} fileLength Of the whole file, in bytes; null where only its end will show it.
 * @param {string} path The file's name, for messages.
 * @returns {number} The length in bytes; the header lies from byte 8 on.
 * @throws {FormatError} If there are not 8 bytes, or the header cannot be that long.
 */
export function headerLength(bytes, fileLength, path) {
  if (bytes.length < LENGTH_BYTES) {
    const empty = bytes.length ? '' : ' is empty: it';
    throw new FormatError(`${path}${empty} has ${bytes.length} bytes; expected 10 or more`, { path });
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  const most = Math.max(Math.min(MAX_HEADER_BYTES, (fileLength ?? Infinity) - LENGTH_BYTES), 2);
  if (length < 2n || length > most) {
    const other = otherFormat(bytes);
    const cut = length <= MAX_HEADER_BYTES && length > most ? CUT_OFF : '';
    const announced = `announces a header of ${length} bytes; expected 2 to ${most}${cut}`;
    const message = `${path} ${other ? `is ${other}, not safetensors` : announced}`;
    throw new FormatError(message, { path, value: length });
  }
  return Number(length);
}

const CUT_OFF = '; it may be a download that was cut off: fetch it again';

/**
 * Reads the header and proves that its tensors fill the file: each as long as its shape and dtype say, one
 * after the other, without hole, overlap or rest.
 * @param {Uint8Array} bytes The header alone: bytes 8 to 8 + headerLength(…) of the file.
 * @param {number | null} fileLength Of the whole file, in bytes. Null where only its end will show it: then the
 *   reader of the stream must hold it against the header's `end`.
 * @param {string} path The file's name, for messages.
 * @returns {SafetensorsHeader}
 * @throws {FormatError} If anything is malformed, out of range or contradicts the file's length.
 */
export function parseHeader(bytes, fileLength, path) {
  const text = headerText(bytes, path);
  const keys = LIMITS.tensors + Number(text.includes('"__metadata__"'));
  const entries = parseJsonObject(text, path, { ...HEADER_LIMITS, sizesOnly: true, keys });
  const dataStart = LENGTH_BYTES + bytes.length;
  const metadata = readMetadata(entries.__metadata__ ?? {}, path);
  delete entries.__metadata__;
  const found = Object.keys(entries).map((name) => readEntry(name, entries[name], dataStart, path));
  if (found.length > LIMITS.tensors) {
    const message = `${path} has ${found.length} tensors; expected at most ${LIMITS.tensors}`;
    throw new FormatError(message, { path });
  }
  found.sort(([, a], [, b]) => a.start - b.start || a.end - b.end);

  let end = dataStart;
  for (const [name, entry] of found) {
    if (entry.start !== end) {
      const fault = entry.start < end ? 'overlaps the tensor before it' : 'leaves a hole before it';
      const message = `tensor ${show(name)} of ${path} ${fault}: byte ${entry.start}, expected ${end}`;
      throw new FormatError(message, { path, value: name });
    }
    end = entry.end;
  }
  if (fileLength !== null && end !== fileLength) {
    const advice = fileLength < end ? CUT_OFF : '';
    const message = `${path} has ${fileLength} bytes where its header describes ${end}${advice}`;
    throw new FormatError(message, { path });
  }
  return { tensors: new Map(found), metadata, dataStart, end };
}

/**
 * @param {Uint8Array} bytes
 * @param {string} path
 * @returns {string}
 */
function headerText(bytes, path) {
  if (bytes[0] !== 0x7b) {
    throw new FormatError(`the header of ${path} begins with byte ${bytes[0]}, not {`, { path });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(`the header of ${path} is not UTF-8`, { path, cause });
  }
}

/**
 * @param {unknown} metadata
 * @param {string} path
 * @returns {Record<string, string>}
 */
function readMetadata(metadata, path) {
  const isText = (/** @type {unknown} */ value) => typeof value === 'string' && isWellFormed(value);
  const pairs = isObject(metadata) ? Object.entries(metadata) : null;
  if (pairs === null || !pairs.every(([key, value]) => isText(key) && isText(value))) {
    throw new FormatError(`__metadata__ of ${path} is ${show(metadata)}; expected an object of strings`, {
      path,
      value: metadata,
    });
  }
  return Object.assign(Object.create(null), metadata);
}

/**
 * @param {string} name
 * @param {unknown} value What the header says of it.
 * @param {number} dataStart
 * @param {string} path
 * @returns {[string, TensorEntry]}
 */
function readEntry(name, value, dataStart, path) {
  const fail = (/** @type {string} */ what, /** @type {unknown} */ found) => {
    const message = `tensor ${show(name)} of ${path} has ${show(found)}; expected ${what}`;
    return new FormatError(message, { path, value: found });
  };
  if (!isWellFormed(name)) throw fail('a name in Unicode', name);
  if (!isObject(value)) throw fail('dtype, shape and data_offsets', value);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(DTYPE_BITS, dtype)) {
    throw fail(`a dtype of ${Object.keys(DTYPE_BITS).join(', ')}`, dtype);
  }
  if (!isSizes(shape) || shape.length > LIMITS.rank) {
    throw fail(`a shape of at most ${LIMITS.rank} sizes below 2^53`, shape);
  }
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw fail('data_offsets [begin, end]', offsets);
  }
  const bits = bitsOf(shape, DTYPE_BITS[/** @type {SafetensorsDtype} */ (dtype)]);
  if (bits % 8 !== 0) throw fail('a shape that comes to whole bytes, below 2^50', shape);
  const [start, end] = offsets.map((offset) => offset + dataStart);
  if (!Number.isSafeInteger(end)) throw fail('data_offsets below 2^53', offsets);
  if (end - start !== bits / 8) throw fail(`data_offsets that span ${bits / 8} bytes`, offsets);
  return [name, { dtype: /** @type {SafetensorsDtype} */ (dtype), shape, start, end }];
}

/**
 * @param {number[]} shape
 * @param {number} width Of one number, in bits.
 * @returns {number} NaN if the product is not exact.
 */
function bitsOf(shape, width) {
  return shape.reduce((bits, size) => (Number.isSafeInteger(bits * size) ? bits * size : NaN), width);
}

/**
 * @param {unknown} value
 * @returns {value is number[]}
 */
function isSizes(value) {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

/**
 * Whether text is free of lone surrogates, which no UTF-8 can hold.
 * @param {string} text
 */
function isWellFormed(text) {
  return !/\p{Surrogate}/u.test(text);
}

/**
 * Reads a whole file that lies in memory.
 * @param {Uint8Array} bytes
 * @param {string} path The file's name, for messages.
 * @returns {Map<string, {dtype: SafetensorsDtype, shape: number[], data: Uint8Array}>} The data are views.
 * @throws {FormatError} As parseHeader.
 */
export function readTensors(bytes, path) {
  const length = headerLength(bytes, bytes.length, path);
  const header = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  const { tensors } = parseHeader(header, bytes.length, path);
  const entries = Array.from(tensors, ([name, { dtype, shape, start, end }]) => {
    return /** @type {const} */ ([name, { dtype, shape, data: bytes.subarray(start, end) }]);
  });
  return new Map(entries);
}

/**
 * Reads model.safetensors.index.json, which says in which file each tensor of a sharded model lies.
 * @param {string} text
 * @param {string} path The file's name, for messages.
 * @returns {{weightMap: Map<string, string>, files: string[]}} File names by tensor, and each file once.
 * @throws {FormatError} If it is malformed, or names anything but a .safetensors file of the same folder.
 */
export function parseIndex(text, path) {
  const { weight_map: found } = parseJsonObject(text, path, HEADER_LIMITS);
  if (!isObject(found)) {
    throw new FormatError(`${path}: weight_map is ${show(found)}; expected names of files`, { path });
  }
  const entries = Object.entries(found);
  if (entries.length > LIMITS.tensors) {
    throw new FormatError(`${path} names ${entries.length} tensors; expected at most ${LIMITS.tensors}`, {
      path,
    });
  }
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const [name, file] of entries) {
    if (typeof file !== 'string' || !FILE_NAME.test(file) || !file.endsWith('.safetensors')) {
      throw new FormatError(
        `${path} puts ${show(name)} into ${show(file)}; expected a name like a.safetensors`,
        { path, value: file },
      );
    }
    files.set(name, file);
  }
  return { weightMap: files, files: [...new Set(files.values())].sort() };
}
