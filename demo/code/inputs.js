/**
 * Arrays among the options as code: a short list as it stands, even steps and single values by a rule, all others in a .npy file
 * that lies beside the program. Not here: the programs.
 */
import { sizeOfShape } from '../../bindings/arrays.js';
import { read } from '../../bindings/check.js';
import { ENCODINGS } from '../../bindings/encodings/index.js';
import { Tensor } from '../../bindings/tensor.js';

/**
 * @typedef {object} Input
 * @property {string} key of the option
 * @property {'floats' | 'integers' | 'numbers'} kind
 * @property {number[]} shape
 * @property {ArrayLike<number>} data
 * @property {any} list nested numbers, if they are few
 * @property {{ first: number, step: number } | null} range if the numbers rise or fall evenly
 * @property {number | null} single if all are the same
 */

/** Numbers of a list that is written down, and its letters. */
const FEW = 24;
const SHORT = 72;

/**
 * An encoding's options with all that is left out, and the arrays among them.
 * @param {string} name
 * @param {Record<string, any>} options
 * @returns {{ o: Record<string, any>, inputs: Input[], results: { key: string, shape: number[] | null }[], also: string[] }}
 * @throws {InputError} options that the encoding refuses
 */
export function readOptions(name, options) {
  /** @type {any} */
  const encoding = ENCODINGS[/** @type {keyof typeof ENCODINGS} */ (name)];
  const { values, sizes, shapes } = read(name, options, encoding.known);
  const inputs = Object.entries(encoding.options).flatMap(([key, { kind }]) => {
    const isArray = ['floats', 'integers', 'numbers'].includes(/** @type {any} */ (kind));
    const data = values[key];
    return isArray && data && options[key] !== undefined ? [inputOf(key, kind, shapes[key], data)] : [];
  });
  const sizeOf = (/** @type {string} */ letter) => sizes[letter];
  const results = encoding.results.map((/** @type {any} */ { key, sizes: axes, shapeOf }) => ({
    key,
    shape: shapeOf ? shapeOf(values, sizes, shapes) : axes.map((/** @type {any} */ size) => size(sizeOf)),
  }));
  const also = Object.keys(encoding.also ?? {});
  return { o: { ...values, size: sizes, shape: shapes }, inputs, results, also };
}

/** @param {string} key @param {any} kind @param {number[]} shape @param {ArrayLike<number>} data @returns {Input} */
function inputOf(key, kind, shape, data) {
  const told = data instanceof Float32Array ? shortest : Number;
  const list = data.length <= FEW ? nest(Array.from(data, told), shape) : null;
  const isShort = list !== null && JSON.stringify(list).length <= SHORT;
  return {
    ...{ key, kind, shape, data, list: isShort ? list : null },
    range: isShort ? null : rangeOf(data),
    single: !isShort && isEven(data, 0) ? told(data[0]) : null,
  };
}

/** A float32 with no more digits than tell it from others. @param {number} value */
export function shortest(value) {
  let digits = 1;
  while (digits < 9 && Math.fround(Number(value.toPrecision(digits))) !== value) digits++;
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}

/** @param {number[]} flat @param {number[]} shape @returns {any} */
function nest(flat, shape) {
  if (shape.length < 2) return flat;
  const size = sizeOfShape(shape.slice(1));
  return Array.from({ length: shape[0] }, (_, i) =>
    nest(flat.slice(i * size, (i + 1) * size), shape.slice(1)),
  );
}

/** @param {ArrayLike<number>} data */
function rangeOf(data) {
  const [first, step] = [data[0], data[1] - data[0]];
  return data.length > 2 && step !== 0 && isEven(data, step) ? { first, step } : null;
}

/** @param {ArrayLike<number>} data @param {number} step */
const isEven = (data, step) => Array.prototype.every.call(data, (value, i) => value === data[0] + i * step);

/** Whether an input is in a file. @param {Input} input */
export const isFile = ({ list, range, single }) => list === null && range === null && single === null;

/** @param {Input} input @returns {Tensor} what its file holds */
export function tensorOf({ kind, data, shape }) {
  const dtype = { floats: 'float32', integers: 'int32', numbers: 'float64' }[kind];
  return new Tensor(/** @type {any} */ (dtype), /** @type {any} */ (data), shape);
}
