/**
 * Tensor: an n-dimensional array in row-major (C) order, with NumPy's names for dtypes. It holds and reshapes
 * nothing behind the caller's back and computes nothing: sums and products belong to the core.
 */
import { isArrayOf, isDetached, isShape, MAX_RANK, ownArray, sizeOfShape } from './arrays.js';
import { InputError, ShapeError, show } from './errors.js';
import { DTYPES, decodeNpy, encodeNpy } from './formats/npy.js';
import { jsonOf, textOf } from './formats/shown.js';

/** @import {DataOf, Dtype, TensorData} from './formats/npy.js' */
/** @import { ElementOf, Nested } from './public.js' */
/** @typedef {number | [number, number] | null} SliceRange An index, [start, end), or all of an axis. */

/**
 * An array of `dtype` and `shape` whose elements lie in `data`, the last axis running fastest.
 * @template {Dtype} [D=Dtype]
 */
export class Tensor {
  /** @readonly @type {D} */
  dtype;
  /** @readonly @type {DataOf<D>} */
  data;
  /** One size an axis; frozen. @readonly @type {readonly number[]} */
  shape;

  /**
   * Takes the data as it is, without a copy; of an array of another realm, its memory.
   * @param {D} dtype float32, float64, int32, uint32, int8, uint8, int16, uint16, int64 or bool.
   * @param {DataOf<D>} data The array of that dtype; int64: BigInt64Array; bool: Uint8Array of 0, 1.
   * @param {readonly number[]} shape One size an axis; [] is a single number.
   * @throws {InputError} If the dtype is unknown, or the data is not its typed array.
   * @throws {ShapeError} If the shape is not a list of sizes, or their product is not the data's length.
   */
  constructor(dtype, data, shape) {
    if (typeof dtype !== 'string' || !Object.hasOwn(DTYPES, dtype)) {
      throw new InputError(`dtype is ${show(dtype)}; expected ${Object.keys(DTYPES).join(', ')}`, {
        path: 'dtype',
        value: dtype,
      });
    }
    const { array } = DTYPES[dtype];
    if (!isArrayOf(data, array)) {
      throw new InputError(`data is ${show(data)}; expected a ${array.name} for ${dtype}`, {
        path: 'data',
        value: data,
      });
    }
    const own = ownArray(data);
    checkShape(shape, own);
    this.dtype = dtype;
    this.data = own;
    this.shape = [...shape];
    Object.freeze(this.shape);
  }

  /**
   * The elements as nested arrays, as NumPy's tolist gives them.
   * @template {Nested<ElementOf<D>>} [L=Nested<ElementOf<D>>]
   * @returns {L} as deep as the rank, so that rank 2 is `number[][]`: numbers; booleans for bool, BigInts for int64; not an array
   *   for a tensor of rank 0
   */
  tolist() {
    const { data, shape } = whole(this);
    const element =
      this.dtype === 'bool'
        ? (/** @type {number} */ i) => data[i] !== 0
        : (/** @type {number} */ i) => data[i];
    /** @type {(axis: number, start: number, size: number) => any} */
    const nest = (axis, start, size) => {
      if (axis === shape.length) return element(start);
      const step = size / shape[axis];
      return Array.from({ length: shape[axis] }, (_, i) => nest(axis + 1, start + i * step, step));
    };
    return nest(0, 0, data.length);
  }

  /**
   * The rows, in order: a Tensor for each, a copy; of rank 1 the elements.
   * @returns {Generator<any, void, void>}
   * @throws {ShapeError} If the rank is 0.
   */
  *[Symbol.iterator]() {
    if (this.shape.length === 0) {
      throw new ShapeError('a tensor of rank 0 has no rows; data[0] is its number', { value: this.shape });
    }
    if (this.shape.length === 1) yield* /** @type {any} */ (this.tolist());
    else for (let row = 0; row < this.shape[0]; row++) yield this.slice(row);
  }

  /**
   * For JSON.stringify: the elements as nested arrays. What JSON does not know becomes what it has: NaN and infinities null, and
   * BigInts numbers where those hold them, else text.
   * @returns {Nested<number | boolean | string>}
   */
  toJSON() {
    return jsonOf(this.tolist());
  }

  /** What the tensor is, with the first and last of its values: `Tensor float32 [2, 3] [[0.1, 0.2, 0.3], [1, 2, 3]]`. */
  toString() {
    return `Tensor ${this.dtype} [${this.shape.join(', ')}] ${textOf(this)}`;
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')]() {
    return this.toString();
  }

  /**
   * A copy of a part, as NumPy's basic indexing gives it: `t.slice(0, null, [1, -1])` is `t[0, :, 1:-1]`.
   * @param {...SliceRange} ranges For each axis from the first: an index, which drops the axis; [start, end),
   *   cut to the axis; or null for all of it. Negative numbers count from the end. Missing ones are null.
   * @returns {Tensor<D>}
   * @throws {ShapeError} If there are more ranges than axes, or an index lies outside its axis.
   * @throws {InputError} If a range is none of the above.
   */
  slice(...ranges) {
    const { data, shape } = whole(this);
    if (ranges.length > shape.length) {
      throw new ShapeError(`${ranges.length} ranges for a tensor of shape ${show(shape)}`, { value: ranges });
    }
    const spans = shape.map((size, axis) => spanOf(ranges[axis] ?? null, size, axis));
    const kept = spans.filter((span) => !span.drop).map((span) => span.count);
    const count = spans.reduce((product, span) => product * span.count, 1);
    const out = /** @type {DataOf<D>} */ (new DTYPES[this.dtype].array(count));
    if (count > 0) copyPart(data, shape, spans, out);
    return new Tensor(this.dtype, out, kept);
  }

  /**
   * The tensor as a .npy file of version 1.0: little-endian, C order, as numpy.save writes it.
   * @returns {Uint8Array}
   */
  toNpy() {
    const { data, shape } = whole(this);
    return encodeNpy(this.dtype, data, shape);
  }

  /**
   * Reads a .npy file of version 1, 2 or 3.
   * @param {Uint8Array} bytes The whole file, which is copied.
   * @returns {Tensor}
   * @throws {InputError} If `bytes` is not a Uint8Array.
   * @throws {FormatError} If the file is malformed, truncated or longer than its header says.
   * @throws {UnsupportedError} If it holds Fortran order, big-endian numbers, objects or another dtype.
   */
  static fromNpy(bytes) {
    const { dtype, data, shape } = decodeNpy(bytes);
    return new Tensor(dtype, data, shape);
  }
}

/**
 * A tensor, whose memory may have been given away since it was made.
 * @template {Tensor} T
 * @param {T} tensor
 * @returns {T}
 */
function whole(tensor) {
  checkShape(tensor.shape, tensor.data);
  return tensor;
}

/**
 * @param {unknown} shape
 * @param {TensorData} data
 */
function checkShape(shape, data) {
  const fail = (/** @type {string} */ what) => new ShapeError(what, { path: 'shape', value: shape });
  if (!isShape(shape)) {
    throw fail(`shape is ${show(shape)}; expected an array of at most ${MAX_RANK} sizes`);
  }
  const [count, { length }] = [sizeOfShape(shape), data];
  if (isDetached(data)) throw fail(`the memory of the data was given away; shape is ${show(shape)}`);
  if (count !== length) throw fail(`shape ${show(shape)} has ${count} elements, the data ${length}`);
}

/**
 * @param {SliceRange} range
 * @param {number} size Of the axis.
 * @param {number} axis
 * @returns {{start: number, count: number, drop: boolean}}
 */
function spanOf(range, size, axis) {
  if (range === null) return { start: 0, count: size, drop: false };
  if (Number.isSafeInteger(range)) {
    const index = Number(range) < 0 ? Number(range) + size : Number(range);
    if (index >= 0 && index < size) return { start: index, count: 1, drop: true };
    throw new ShapeError(`index ${show(range)} is outside axis ${axis}, which has ${size}`, { value: range });
  }
  if (Array.isArray(range) && range.length === 2 && Array.from(range).every(Number.isSafeInteger)) {
    const [start, end] = range.map((edge) => Math.min(Math.max(edge < 0 ? edge + size : edge, 0), size));
    return { start, count: Math.max(end - start, 0), drop: false };
  }
  throw new InputError(`range ${axis} is ${show(range)}; expected an integer, [start, end] or null`, {
    value: range,
  });
}

/**
 * Copies the spans of `data` to `out`, one run of the last axis at a time.
 * @param {TensorData} data
 * @param {readonly number[]} shape
 * @param {{start: number, count: number}[]} spans
 * @param {TensorData} out
 */
function copyPart(data, shape, spans, out) {
  let written = 0;
  /** @type {(axis: number, at: number) => void} */
  const copy = (axis, at) => {
    const { start, count } = spans[axis] ?? { start: 0, count: 1 };
    const first = at * (shape[axis] ?? 1) + start;
    if (axis >= shape.length - 1) {
      out.set(/** @type {any} */ (data.subarray(first, first + count)), written);
      written += count;
    } else {
      for (let i = 0; i < count; i++) copy(axis + 1, first + i);
    }
  };
  copy(0, 0);
}
