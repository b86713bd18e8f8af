/**
 * What the absolute and rotary encodings read of their options beyond single values: presets, positions, two results at
 * once. Not here: the rules of single options (operands.js).
 */
import { InputError, show } from '../errors.js';
import { Operands } from './operands.js';

/**
 * @import { Tensor } from '../tensor.js'
 * @import { Options } from './operands.js'
 */

/** The core counts angles to 2^50; positions are held to less, so that frequencies above 1 have room. */
export const LARGEST_POSITION = 2 ** 40;

/**
 * Puts the values of `options.preset` under the options that the caller gave, which win.
 * @param {string} name of the function, for messages
 * @param {Options} options
 * @param {Record<string, Options>} presets
 * @returns {Options}
 * @throws {InputError} an unknown preset
 */
export function withPreset(name, options, presets) {
  if (options === null || typeof options !== 'object' || options.preset === undefined) return options;
  const { preset, ...given } = options;
  if (typeof preset !== 'string' || !Object.hasOwn(presets, preset)) {
    const known = Object.keys(presets)
      .map((one) => `'${one}'`)
      .join(', ');
    throw new InputError(`${name}: option "preset" must be one of ${known}, not ${show(preset)}`, {
      path: 'preset',
      value: preset,
    });
  }
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...presets[preset], ...Object.fromEntries(chosen) };
}

/** The sizes and the numbers of nested arrays, a typed array or a tensor. @param {any} value */
function unfold(value) {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const data = /** @type {ArrayLike<number>} */ (/** @type {unknown} */ (value));
    return { shape: [data.length], data };
  }
  if (Array.isArray(value)) {
    const shape = [];
    for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
    return { shape, data: value.flat(shape.length - 1) };
  }
  const isTensor = Array.isArray(value?.shape) && ArrayBuffer.isView(value.data);
  return isTensor ? { shape: [...value.shape], data: value.data } : null;
}

/**
 * Reads coordinates: a number each, kept in double.
 * @param {Operands} operands
 * @param {Options} options
 * @param {string} key
 * @param {{ min?: number, max?: number }} [rule]
 * @returns {{ data: Float64Array<ArrayBuffer>, shape: number[] }}
 * @throws {InputError} anything but nested arrays, a typed array or a tensor of finite numbers within the rule
 */
export function numbers(operands, options, key, { min = -LARGEST_POSITION, max = LARGEST_POSITION } = {}) {
  const found = unfold(options[key]);
  if (!found) operands.refuse(key, 'a Tensor or an array of numbers');
  const { shape, data } = found;
  const count = shape.reduce((product, size) => product * size, 1);
  if (count !== data.length || count === 0) {
    operands.refuse(key, `of at least one number and of one shape, not ${show(shape)} with ${data.length}`);
  }
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const entry = typeof data[i] === 'bigint' ? Number(data[i]) : data[i];
    if (!(typeof entry === 'number' && entry >= min && entry <= max)) {
      operands.refuse(key, `finite numbers from ${min} to ${max}`, data[i]);
    }
    values[i] = entry;
  }
  return { data: values, shape };
}

/**
 * As `numbers`, of whole numbers alone.
 * @param {Operands} operands
 * @param {Options} options
 * @param {string} key
 * @param {{ min?: number, max?: number }} [rule]
 */
export function wholeNumbers(operands, options, key, { min = -(2 ** 31), max = 2 ** 31 - 1 } = {}) {
  const { data, shape } = numbers(operands, options, key, { min, max });
  const fraction = data.find((entry) => !Number.isInteger(entry));
  if (fraction !== undefined) operands.refuse(key, 'whole numbers', fraction);
  return { data: Int32Array.from(data), shape };
}

/**
 * A list of numbers, each above 0.
 * @param {Operands} operands
 * @param {Options} options
 * @param {string} key
 * @param {number} count how many it must have
 * @returns {Float64Array<ArrayBuffer>}
 */
export function factors(operands, options, key, count) {
  const { data } = numbers(operands, options, key);
  if (data.length !== count) operands.refuse(key, `${count} numbers`);
  const low = data.find((entry) => entry <= 0);
  if (low !== undefined) operands.refuse(key, 'numbers above 0', low);
  return data;
}

/**
 * Refuses each of the options that is given though another one excludes it.
 * @param {Operands} operands
 * @param {readonly string[]} keys
 * @param {string} why as in "left out with positions"
 */
export function exclude(operands, keys, why) {
  for (const key of keys) if (operands.has(key)) operands.refuse(key, why);
}

/**
 * Refuses sizes whose result would not fit the core, before anything is made for it.
 * @param {Operands} operands
 * @param {string} key one of the sizes
 * @param {readonly number[]} shape of the result
 */
export function limitSize(operands, key, shape) {
  const count = shape.reduce((product, size) => product * size, 1);
  if (count > 2 ** 30)
    operands.refuse(key, `such that the result, ${show([...shape])}, has at most 2^30 elements`);
}

/**
 * One of several results, into the entry of `options.out` by its name if that is given.
 * @param {string} name of the function
 * @param {any} out the caller's `out`, an object of results
 * @param {string} key
 * @param {readonly number[]} shape
 * @param {(room: Float32Array) => void} fill
 * @returns {Tensor<'float32'>}
 */
export function partResult(name, out, key, shape, fill) {
  if (
    out !== undefined &&
    (out === null || typeof out !== 'object' || ArrayBuffer.isView(out) || 'data' in out)
  ) {
    throw new InputError(
      `${name}: option "out" must be an object with an entry for each result, not ${show(out)}`,
      {
        path: 'out',
        value: out,
      },
    );
  }
  return new Operands(`${name}, ${key}`, { out: out?.[key] }, []).result(shape, 'float32', fill);
}
