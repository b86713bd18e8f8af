/**
 * The arguments of the biases and masks: reads each option by its rule and makes room for the result. An option that is
 * missing, of another type, out of range or unknown is an InputError naming the option, the value and the rule; a tensor
 * of another shape is a ShapeError. Not here: what the options mean.
 */
import { InputError, OutOfMemoryError, ShapeError, show } from '../errors.js';
import { Tensor } from '../tensor.js';
import { describe, match } from './shapes.js';

/** @import { Shape } from './shapes.js' */

/** Elements that one array of the core may have. */
const MOST_ELEMENTS = 2 ** 30;
/** The largest size of one axis. */
const LARGEST_SIZE = 2 ** 20;

/**
 * @typedef {{ dtype: string, data: ArrayLike<number | bigint>, shape: readonly number[] }} TensorLike a Tensor, or
 *   anything of its form
 * @typedef {Record<string, any>} Options
 */

export class Operands {
  /** @type {string} */ #name;
  /** @type {Options} */ #options;

  /**
   * @param {string} name of the function, for messages
   * @param {Options} options as the caller gave them
   * @param {readonly string[]} known the options that the function reads; `out` is always one
   * @throws {InputError} options that are no object, or hold a key that is not known
   */
  constructor(name, options, known) {
    this.#name = name;
    if (options === null || typeof options !== 'object' || Array.isArray(options)) {
      throw new InputError(`${name}: options must be an object, not ${show(options)}`, { value: options });
    }
    for (const key of Object.keys(options)) {
      if (key !== 'out' && !known.includes(key)) {
        const path = key;
        throw new InputError(`${name}: unknown option "${key}"; known are ${[...known, 'out'].join(', ')}`, {
          path,
        });
      }
    }
    this.#options = options;
  }

  /**
   * @param {string} key
   * @param {string} rule what was expected
   * @param {unknown} [value]
   * @returns {never}
   */
  refuse(key, rule, value = this.#options[key]) {
    throw new InputError(`${this.#name}: option "${key}" must be ${rule}, not ${show(value)}`, {
      path: key,
      value,
    });
  }

  /** @param {string} key @param {unknown} [fallback] for an option that is left out */
  #read(key, fallback) {
    const value = this.#options[key];
    return value === undefined ? fallback : value;
  }

  /** @param {string} key @returns {boolean} whether the caller gave the option */
  has(key) {
    return this.#options[key] !== undefined;
  }

  /**
   * @param {string} key
   * @param {{ min?: number, max?: number, fallback?: number }} [rule]
   * @returns {number}
   */
  integer(key, { min = 1, max = LARGEST_SIZE, fallback } = {}) {
    const value = this.#read(key, fallback);
    if (!Number.isInteger(value) || value < min || value > max)
      this.refuse(key, `an integer from ${min} to ${max}`);
    return value;
  }

  /**
   * @param {string} key
   * @param {{ above?: number, fallback?: number, infinite?: boolean }} [rule] above: an open lower bound
   * @returns {number}
   */
  number(key, { above = Number.NEGATIVE_INFINITY, fallback, infinite = false } = {}) {
    const value = this.#read(key, fallback);
    const kind = infinite ? 'a number' : 'a finite number';
    const rule = above === Number.NEGATIVE_INFINITY ? kind : `${kind} above ${above}`;
    const fits = typeof value === 'number' && !Number.isNaN(value) && (infinite || Number.isFinite(value));
    if (!fits || (above !== Number.NEGATIVE_INFINITY && value <= above)) this.refuse(key, rule);
    return value;
  }

  /** @param {string} key @param {boolean} fallback @returns {boolean} */
  flag(key, fallback) {
    const value = this.#read(key, fallback);
    if (typeof value !== 'boolean') this.refuse(key, 'true or false');
    return value;
  }

  /**
   * @template {string} T
   * @param {string} key
   * @param {readonly T[]} choices
   * @param {T} [fallback]
   * @returns {T}
   */
  choice(key, choices, fallback) {
    const value = this.#read(key, fallback);
    if (!choices.includes(value))
      this.refuse(key, `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`);
    return value;
  }

  /**
   * Two sizes, [height, width]; one number stands for both.
   * @param {string} key
   * @param {{ min?: number, max?: number, fallback?: readonly number[] }} [rule]
   * @returns {[number, number]}
   */
  pair(key, { min = 1, max = 32768, fallback } = {}) {
    const value = this.#read(key, fallback);
    const both = Number.isInteger(value) ? [value, value] : value;
    const fits = (/** @type {unknown} */ n) => Number.isInteger(n) && Number(n) >= min && Number(n) <= max;
    if (!Array.isArray(both) || both.length !== 2 || !both.every(fits)) {
      this.refuse(key, `an integer or two, [height, width], from ${min} to ${max}`);
    }
    return [both[0], both[1]];
  }

  /**
   * A list of integers as int32: an array, a typed array or a tensor of any shape.
   * @param {string} key
   * @param {{ min?: number, max?: number }} [rule]
   * @returns {Int32Array}
   */
  integers(key, { min = -(2 ** 31), max = 2 ** 31 - 1 } = {}) {
    const value = this.#options[key];
    const list = ArrayBuffer.isView(value) || Array.isArray(value) ? value : value?.data;
    if (!(ArrayBuffer.isView(list) || Array.isArray(list)) || list instanceof DataView) {
      this.refuse(key, 'a list of integers');
    }
    const numbers = Array.from(/** @type {ArrayLike<unknown>} */ (list), (n) =>
      typeof n === 'number' || typeof n === 'bigint' ? Number(n) : Number.NaN,
    );
    const wrong = numbers.find((n) => !Number.isInteger(n) || n < min || n > max);
    if (wrong !== undefined) this.refuse(key, `a list of integers from ${min} to ${max}`, wrong);
    if (numbers.length === 0) this.refuse(key, 'a list of at least one integer');
    return Int32Array.from(numbers);
  }

  /**
   * A tensor of floating point as float32.
   * @param {string} key
   * @param {readonly Shape[]} shapes that it may have
   * @param {Record<string, number>} [letters] sizes known already; read ones are added
   * @returns {Float32Array}
   */
  floats(key, shapes, letters = {}) {
    const value = this.#options[key];
    const { data, shape } = /** @type {TensorLike} */ (value ?? {});
    const isFloat = data instanceof Float32Array || data instanceof Float64Array;
    if (!isFloat || !Array.isArray(shape) || shape.reduce((n, size) => n * size, 1) !== data.length) {
      this.refuse(key, 'a Tensor of float32 or float64');
    }
    const sizes = shapes.map((form) => match(form, shape, letters)).find((found) => found !== null);
    if (!sizes) {
      const expected = shapes
        .map((form) => `[${form.map((s) => describe(s, letters)).join(', ')}]`)
        .join(' or ');
      throw new ShapeError(
        `${this.#name}: option "${key}" has shape [${shape.join(', ')}]; expected ${expected}`,
        {
          path: key,
          value: shape,
        },
      );
    }
    Object.assign(letters, sizes);
    return data instanceof Float32Array ? data : Float32Array.from(data);
  }

  /**
   * As `floats`, but null when the caller left the option out.
   * @param {string} key
   * @param {readonly Shape[]} shapes
   * @param {Record<string, number>} [letters]
   */
  optionalFloats(key, shapes, letters) {
    return this.has(key) ? this.floats(key, shapes, letters) : null;
  }

  /**
   * Makes room for the result, the caller's `out` or new memory, and lets a function fill it.
   * @template {'float32' | 'int32'} T
   * @param {readonly number[]} shape
   * @param {T} dtype
   * @param {(out: T extends 'float32' ? Float32Array : Int32Array) => void} fill
   * @returns {Tensor<T>}
   */
  result(shape, dtype, fill) {
    const count = shape.reduce((product, size) => product * size, 1);
    /** @type {new (count: number) => Float32Array | Int32Array} */
    const type = dtype === 'float32' ? Float32Array : Int32Array;
    const { out } = this.#options;
    const given = ArrayBuffer.isView(out) ? out : out?.data;
    if (out !== undefined && !(given instanceof type && given.length === count)) {
      const path = 'out';
      const form = `a ${type.name} or a Tensor of ${dtype}, of ${count} elements for the shape [${shape.join(', ')}]`;
      throw new InputError(`${this.#name}: option "out" must be ${form}, not ${show(given ?? out)}`, {
        path,
        value: out,
      });
    }
    const room = /** @type {any} */ (given ?? allocate(type, count));
    fill(room);
    return new Tensor(dtype, room, shape);
  }
}

/**
 * Memory for what lies between two calls of the core.
 * @template {Float32Array | Int32Array} A
 * @param {new (count: number) => A} type
 * @param {number} count
 * @returns {A}
 */
export function allocate(type, count) {
  if (count > MOST_ELEMENTS) throw new InputError(`${count} elements are more than the core can hold, 2^30`);
  try {
    return new type(count);
  } catch (cause) {
    throw new OutOfMemoryError(`${count * 4} bytes could not be had`, { value: count, cause });
  }
}
