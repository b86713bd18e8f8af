/**
 * NumPy's .npy: the bytes of one array, written as version 1.0 and read as 1, 2 or 3. Not .npz, not pickles.
 * Source: the NumPy manual, "NPY format". Bytes are little-endian, as every engine that runs WebAssembly is.
 */
import { isArrayOf, isShape, sizeOfShape } from '../arrays.js';
import { FormatError, InputError, show, UnsupportedError } from '../errors.js';

/**
 * The typed array of each dtype.
 * @typedef {{float32: Float32Array, float64: Float64Array, int32: Int32Array, uint32: Uint32Array,
 *   int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int64: BigInt64Array,
 *   bool: Uint8Array}} DataByDtype
 */
/** @typedef {keyof DataByDtype} Dtype */
/** @template {Dtype} D @typedef {DataByDtype[D]} DataOf */
/** @typedef {DataByDtype[Dtype]} TensorData */
/** @typedef {{new (length: number): TensorData, new (buffer: ArrayBuffer): TensorData,
 *   BYTES_PER_ELEMENT: number}} TensorDataConstructor */

/**
 * The dtypes of tensors, by NumPy's names: the array that holds one, and .npy's word for it.
 * @type {Readonly<Record<Dtype, {array: TensorDataConstructor, descr: string}>>}
 */
export const DTYPES = Object.freeze({
  float32: { array: Float32Array, descr: '<f4' },
  float64: { array: Float64Array, descr: '<f8' },
  int32: { array: Int32Array, descr: '<i4' },
  uint32: { array: Uint32Array, descr: '<u4' },
  int8: { array: Int8Array, descr: '|i1' },
  uint8: { array: Uint8Array, descr: '|u1' },
  int16: { array: Int16Array, descr: '<i2' },
  uint16: { array: Uint16Array, descr: '<u2' },
  int64: { array: BigInt64Array, descr: '<i8' },
  bool: { array: Uint8Array, descr: '|b1' },
});

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // \x93NUMPY
const ALIGNMENT = 64;
const GROWTH_DIGITS = 21; // NumPy leaves room to rewrite the first dimension in place
const MAX_HEADER = 10_000; // NumPy's own limit (max_header_size)

const SHAPE = /^\((?:|\d+, *|\d+(?:, *\d+)+,? *)\)$/;

/**
 * Writes an array as .npy version 1.0, in C order, byte for byte as numpy.save does.
 * @param {Dtype} dtype
 * @param {TensorData} data Row-major.
 * @param {readonly number[]} shape
 * @returns {Uint8Array}
 */
export function encodeNpy(dtype, data, shape) {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  let header = `{'descr': '${DTYPES[dtype].descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  if (shape.length > 0) header += ' '.repeat(GROWTH_DIGITS - String(shape[0]).length);
  const start = Math.ceil((MAGIC.length + 4 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  header = `${header.padEnd(start - MAGIC.length - 5)}\n`;

  const bytes = new Uint8Array(start + data.byteLength);
  bytes.set(MAGIC);
  bytes.set([1, 0, header.length & 0xff, header.length >> 8], MAGIC.length);
  bytes.set(new TextEncoder().encode(header), MAGIC.length + 4);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return bytes;
}

/**
 * Reads a .npy file of version 1, 2 or 3 that fills `bytes` exactly.
 * @param {Uint8Array} bytes
 * @param {string} [path] The file's name, for messages.
 * @returns {{dtype: Dtype, data: TensorData, shape: number[]}} The data is a copy.
 * @throws {InputError} If `bytes` is not a Uint8Array.
 * @throws {FormatError} If the file is malformed, truncated or longer than its header says.
 * @throws {UnsupportedError} If it holds Fortran order, big-endian numbers, objects or another dtype.
 */
export function decodeNpy(bytes, path = '.npy') {
  if (!isArrayOf(bytes, Uint8Array)) {
    throw new InputError(`the bytes of ${path} are ${show(bytes)}; expected a Uint8Array`, { value: bytes });
  }
  const { text, start } = readHeader(bytes, path);
  const { descr, order, shape } = parseHeader(text, path);
  const dtype = dtypeOf(descr, path);
  if (order !== 'False') {
    throw new UnsupportedError(`${path} is in Fortran order; save it with numpy.ascontiguousarray`, { path });
  }
  const { array } = DTYPES[dtype];
  const count = sizeOfShape(shape);
  const expected = count * array.BYTES_PER_ELEMENT;
  if (bytes.length - start !== expected) {
    throw new FormatError(
      `${path} has ${bytes.length - start} bytes of data; ${dtype} of shape ${show(shape)} has ${expected}`,
      { path, value: shape },
    );
  }
  const data = new array(count);
  new Uint8Array(data.buffer).set(bytes.subarray(start));
  return { dtype, data, shape };
}

/**
 * @param {Uint8Array} bytes
 * @param {string} path
 * @returns {{text: string, start: number}} The header, and where the data begins.
 */
function readHeader(bytes, path) {
  const fail = (/** @type {string} */ what) => new FormatError(`${path} ${what}`, { path });
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw fail('does not begin like a .npy file (\\x93NUMPY)');
  }
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) throw fail(`has .npy version ${major}.${minor}, not 1.0 to 3.0`);
  const size = major === 1 ? 2 : 4;
  if (bytes.length < 8 + size) throw fail('ends inside its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = size === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = 8 + size + length;
  if (length > MAX_HEADER) throw fail(`has a header of ${length} bytes; at most ${MAX_HEADER} are read`);
  if (start > bytes.length) throw fail(`has ${bytes.length} bytes where its header alone ends at ${start}`);
  const encoding = major === 3 ? 'utf-8' : 'latin1';
  return { text: new TextDecoder(encoding).decode(bytes.subarray(8 + size, start)), start };
}

/**
 * @param {string} text
 * @param {string} path
 * @returns {{descr: string, order: string, shape: number[]}}
 */
function parseHeader(text, path) {
  const fail = () =>
    new FormatError(`${path} has the header ${show(text)}, not a dict of descr, fortran_order and shape`, {
      path,
      value: text,
    });
  const body = text.trim();
  if (!body.startsWith('{') || !body.endsWith('}')) throw fail();
  const inner = body.slice(1, -1).trimEnd();
  /** @type {Map<string, string>} */
  const entries = new Map();
  // A Python dict of three entries in any order, with an optional last comma.
  const entry = /\s*'(\w+)'\s*:\s*('[^'\\]*'|True|False|\([\d, ]*\)|\[[^\]]*\])\s*(,|$)/y;
  while (entry.lastIndex < inner.length) {
    const found = entry.exec(inner);
    if (found === null || entries.has(found[1])) throw fail();
    entries.set(found[1], found[2]);
  }
  const descr = entries.get('descr');
  const order = entries.get('fortran_order');
  const tuple = entries.get('shape');
  if (entries.size !== 3 || descr === undefined || (order !== 'True' && order !== 'False')) throw fail();
  if (tuple === undefined || !SHAPE.test(tuple)) throw fail();
  const shape = (tuple.match(/\d+/g) ?? []).map(Number);
  if (!isShape(shape)) throw fail();
  return { descr, order, shape };
}

/**
 * @param {string} descr As the header has it, in its quotes.
 * @param {string} path
 * @returns {Dtype}
 */
function dtypeOf(descr, path) {
  const name = /** @type {Dtype[]} */ (Object.keys(DTYPES)).find((key) => `'${DTYPES[key].descr}'` === descr);
  if (name !== undefined) return name;
  throw new UnsupportedError(
    `${path} has dtype ${descr}; read are ${Object.keys(DTYPES).join(', ')}, little-endian`,
    { path, value: descr },
  );
}
