/**
 * The weights of a loaded model by the names that its file has for them, read back from where the core keeps them: there is no other
 * copy. Not here: how they get in (loading/weights.js).
 */
import { allocate, sizeOfShape } from '../arrays.js';
import { check } from '../check.js';
import { DTYPE } from '../core/abi.js';
import { PUT } from '../core/layouts.js';
import { encode } from '../core/structs.js';
import { InputError, show, UnsupportedError } from '../errors.js';
import { didYouMean } from '../options/nearest.js';
import { any } from '../options/table.js';
import { Tensor } from '../tensor.js';

/**
 * @import { WeightInfo } from './public.js'
 * @typedef {import('./model.js').Model} Model
 * @typedef {import('../architectures/bind.js').Put} Put
 * @typedef {{ put: Put, dtype: string, shape: number[] }} Weight where a tensor of a file went, and what it is there
 */

/** Values that are read at a time. */
const PIECE = 1 << 18;

/** Bytes of one value in a file. @type {Record<string, number>} */
export const VALUE_SIZE = { F64: 8, F32: 4, F16: 2, BF16: 2, I8: 1 };

/** @type {Record<string, WeightInfo['dtype']>} */
const NAMES = { F64: 'float64', F32: 'float32', F16: 'float16', BF16: 'bfloat16', I8: 'int8' };

/**
 * Where values of a tensor go in a slot: on from its first value, row by row where the slot has more columns, or where a row
 * goes to others than its own.
 * @param {Put} put
 * @param {number} before values of the tensor that were put
 * @param {number} count
 * @returns {Generator<{ at: number, first: number, count: number }>} at: how many of these values come before
 */
export function* runsOf({ first, columns, to }, before, count) {
  const [own, whole] = columns ?? [Infinity, 0];
  for (let at = 0; at < count; ) {
    const row = Math.floor((before + at) / own);
    const column = before + at - (row && row * own);
    const run = Math.min(own - column, count - at);
    for (const one of to?.(row) ?? [row]) yield { at, first: first + one * whole + column, count: run };
    at += run;
  }
}

/**
 * The weights of files by name; those of a module of sentence-transformers by its folder and the name there.
 * @param {{ weights: import('../formats/tensors.js').Weights, bound: Map<string, Put> }[]} files
 * @returns {Map<string, Weight>} in the files' order, those alone that the model reads
 */
export function listWeights(files) {
  /** @type {Map<string, Weight>} */
  const all = new Map();
  for (const { weights, bound } of files) {
    const folder = weights.path.slice(0, weights.path.lastIndexOf('/') + 1);
    for (const [name, { dtype, shape }] of weights.tensors) {
      const put = bound.get(name);
      if (put) all.set(folder + name, { put, dtype, shape });
    }
  }
  return all;
}

/** @param {ReadonlyMap<string, Weight>} weights @returns {WeightInfo[]} */
export const describeWeights = (weights) =>
  [...weights].map(([name, { dtype, shape }]) => ({ name, shape: [...shape], dtype: NAMES[dtype] }));

const OPTIONS = { rows: any('[from, to): which rows, the first axis; all by default', { optional: true }) };

/**
 * @param {ReadonlyMap<string, Weight>} weights
 * @param {(Model | null)[]} towers the model's, by number
 * @param {string} name
 * @param {{ rows?: readonly [from: number, to: number] }} [options]
 * @returns {Tensor<'float32'>}
 */
export function readWeight(weights, towers, name, options = {}) {
  const given = check('weight', options, OPTIONS).rows;
  const weight = weights.get(name);
  if (!weight) {
    const message = `the model reads no weight ${show(name)}${didYouMean(name, weights.keys())}; weights() lists them`;
    throw new InputError(message, { path: 'name', value: name });
  }
  const { put, dtype, shape } = weight;
  const [from, to] = given === undefined ? [0, shape[0] ?? 1] : rowsOf(given, shape);
  const row = sizeOfShape(shape.slice(1));
  const [first, count] = [from * row, (to - from) * row];
  const model = /** @type {Model} */ (towers[put.tower ?? 0]);
  const values = put.own
    ? floatsOf(put.own, dtype).slice(first, first + count)
    : valuesOf(model, put, name, first, count);
  return new Tensor('float32', values, shape.length ? [to - from, ...shape.slice(1)] : []);
}

/** @param {any} rows @param {number[]} shape @returns {[from: number, to: number]} */
function rowsOf(rows, shape) {
  const [from, to] = Array.isArray(rows) ? rows : [];
  const inside = Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= shape[0];
  if (inside && rows.length === 2) return [from, to];
  const expected = shape.length
    ? `[from, to] within the ${shape[0]} rows that there are, to itself left out`
    : 'none, since the weight is a single number';
  throw new InputError(`rows is ${show(rows)}; expected ${expected}`, { path: 'rows', value: rows });
}

/**
 * Values of a weight as the core gives them back.
 * @param {Model} model
 * @param {Put} put
 * @param {string} name for messages
 * @param {number} first
 * @param {number} count
 */
function valuesOf(model, put, name, first, count) {
  const values = allocate(Float32Array, count);
  for (let done = 0; done < count; done += PIECE) {
    const piece = Math.min(PIECE, count - done);
    for (const { at, ...run } of runsOf(put, first + done, piece)) {
      const out = values.subarray(done + at, done + at + run.count);
      try {
        const words = encode(PUT, { ...put, ...run, dtype: DTYPE.F32 });
        model.invoke('wf_encoder_get', [{ out }, model.address, words], { kept: run.count });
      } catch (cause) {
        if (!(cause instanceof UnsupportedError)) throw cause;
        const message = `${name} is kept as its weight norm makes it; the file's own values are not in memory`;
        throw new UnsupportedError(message, { path: 'name', value: name, cause });
      }
    }
  }
  return values;
}

/** A file's bytes as numbers. @param {Uint8Array<ArrayBuffer>} bytes @param {string} dtype */
export function floatsOf(bytes, dtype) {
  const copy = bytes.slice().buffer;
  if (dtype === 'F32') return new Float32Array(copy);
  if (dtype === 'F64') return Float32Array.from(new Float64Array(copy));
  const halves = new Uint16Array(copy);
  if (dtype === 'F16') return Float32Array.from(halves, fromHalf);
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/** The number that 16 bits of IEEE half precision are. @param {number} half */
function fromHalf(half) {
  const [exponent, rest] = [(half >> 10) & 31, half & 1023];
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 31) return rest ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? (1024 + rest) * 2 ** (exponent - 25) : rest * 2 ** -24);
}
