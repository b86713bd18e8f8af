/**
 * Checking the options of the encodings: each function lists a rule for every option; an error names the option, the
 * value found and the rule. Not here: what the options mean.
 */
import { InputError, show } from '../errors.js';
import { Tensor } from '../tensor.js';

/**
 * @template T
 * @typedef {object} Rule
 * @property {(value: unknown, name: string) => T} read the checked value
 * @property {T} [initial] the default; without it the option is required
 */
/**
 * @template R
 * @typedef {{ [K in keyof R]: R[K] extends Rule<infer T> ? T : never }} Values
 */
/**
 * @typedef {{ dtype: string, shape: readonly number[], data: ArrayLike<number> | import('../formats/npy.js').TensorData }} TensorLike
 * @typedef {TensorLike | ArrayLike<number> | readonly (number | readonly any[])[]} Numbers a Tensor, a typed array, or
 *   nested arrays of numbers
 * @typedef {Float32Array | TensorLike} Out where the result goes instead of a new array
 */

/**
 * @param {string} name of the option
 * @param {unknown} value
 * @param {string} rule what it must be
 * @returns {InputError}
 */
export function wrong(name, value, rule) {
  return new InputError(`${name} must be ${rule}, not ${show(value)}`, { path: name, value });
}

/** How many letters must change to turn one word into the other. @param {string} a @param {string} b */
function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

/**
 * Reads a function's options by its rules. With `presets`, the option `preset` names a set of values that take the
 * place of the defaults; options that are given win over it.
 * @template {Record<string, Rule<any>>} R
 * @param {unknown} options
 * @param {R} rules
 * @param {Record<string, Partial<Record<keyof R, unknown>>>} [presets]
 * @returns {Values<R>}
 * @throws {InputError} for an unknown option or preset, a missing one, and a value against its rule
 */
export function readOptions(options, rules, presets) {
  if (
    options === null ||
    typeof options !== 'object' ||
    Array.isArray(options) ||
    ArrayBuffer.isView(options)
  ) {
    throw wrong('options', options, 'an object');
  }
  const given = /** @type {Record<string, unknown>} */ (options);
  const known = presets ? [...Object.keys(rules), 'preset'] : Object.keys(rules);
  for (const [name, value] of Object.entries(given)) {
    if (known.includes(name)) continue;
    const near = known.find((other) => editDistance(name.toLowerCase(), other.toLowerCase()) <= 2);
    const hint = near ? `did you mean ${near}?` : `known: ${known.join(', ')}`;
    throw new InputError(`unknown option ${show(name)}; ${hint}`, { path: name, value });
  }
  const preset =
    presets && given.preset !== undefined ? oneOf(...Object.keys(presets)).read(given.preset, 'preset') : '';
  const base = presets?.[preset] ?? {};
  /** @type {Record<string, unknown>} */
  const values = {};
  for (const [name, rule] of Object.entries(rules)) {
    const value = given[name] ?? base[name];
    if (value !== undefined && value !== null) values[name] = rule.read(value, name);
    else if ('initial' in rule) values[name] = rule.initial;
    else throw new InputError(`${name} is missing`, { path: name, value });
  }
  return /** @type {Values<R>} */ (values);
}

/**
 * @template T, D
 * @param {Rule<T>} rule
 * @param {D} initial the default
 * @returns {Rule<T | D>}
 */
export const optional = (rule, initial) => ({ ...rule, initial });

/** @param {number} least @param {number} [most] @returns {Rule<number>} a whole number */
export const integer = (least, most = 2 ** 30) => ({
  read: (value, name) => {
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    throw wrong(
      name,
      value,
      most === 2 ** 30 ? `an integer of at least ${least}` : `an integer from ${least} to ${most}`,
    );
  },
});

/** @returns {Rule<number>} a size of at least 1 */
export const size = () => integer(1);

/** @returns {Rule<number>} a finite number */
export const number = () => ({
  read: (value, name) => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw wrong(name, value, 'a finite number');
  },
});

/** @returns {Rule<number>} a finite number above 0 */
export const positive = () => ({
  read: (value, name) => {
    if (typeof value === 'number' && value > 0 && value < Infinity) return value;
    throw wrong(name, value, 'a number above 0');
  },
});

/** @returns {Rule<boolean>} */
export const flag = () => ({
  read: (value, name) => {
    if (typeof value === 'boolean') return value;
    throw wrong(name, value, 'true or false');
  },
});

/**
 * @template {string} T
 * @param {...T} names
 * @returns {Rule<T>}
 */
export const oneOf = (...names) => ({
  read: (value, name) => {
    const found = names.find((one) => one === value);
    if (found !== undefined) return found;
    throw wrong(
      name,
      value,
      names.length === 1 ? show(names[0]) : `one of ${names.map((n) => show(n)).join(', ')}`,
    );
  },
});

/**
 * @template T
 * @param {Rule<T>} rule of each entry
 * @param {number} [count] how many; any number of at least 1 without it
 * @returns {Rule<T[]>}
 */
export const list = (rule, count) => ({
  read: (value, name) => {
    const entries = Array.isArray(value)
      ? value
      : ArrayBuffer.isView(value)
        ? Array.from(/** @type {any} */ (value))
        : null;
    if (!entries || entries.length === 0 || (count && entries.length !== count)) {
      throw wrong(name, value, count ? `an array of ${count} entries` : 'an array');
    }
    return entries.map((entry, i) => rule.read(entry, `${name}[${i}]`));
  },
});

/** @returns {Rule<[number, number]>} [height, width]; a single number is a square */
export const size2d = () => ({
  read: (value, name) => {
    if (typeof value === 'number') value = [value, value];
    return /** @type {[number, number]} */ (list(size(), 2).read(value, name));
  },
});

/**
 * What was read of an array of numbers.
 * @template A
 * @typedef {{ data: A, shape: readonly number[] }} Numeric
 */

/** The shape of nested arrays, and their numbers in order. @param {readonly any[]} value @param {string} name */
function flatten(value, name) {
  const shape = [];
  for (let level = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat = value.flat(shape.length - 1);
  if (flat.length !== shape.reduce((product, n) => product * n, 1))
    throw wrong(name, value, 'nested arrays of equal lengths');
  return { flat, shape };
}

/**
 * @template {Float32Array | Float64Array | Int32Array} A
 * @param {unknown} value
 * @param {string} name
 * @param {{ new (length: number): A, from(values: ArrayLike<number>): A }} Kind
 * @param {readonly string[]} dtypes of tensors and typed arrays that are taken
 * @param {(number | null)[] | number[]} shape the sizes it must have, null for any; [] for any shape
 * @returns {Numeric<A>}
 */
function readNumbers(value, name, Kind, dtypes, shape) {
  const like = /** @type {Partial<TensorLike>} */ (value ?? {});
  /** @type {{ data: ArrayLike<number>, shape: readonly number[] }} */
  let found;
  if (Array.isArray(like.shape) && like.data !== undefined) {
    const { dtype, data } = /** @type {TensorLike} */ (value);
    if (!dtypes.includes(dtype)) throw wrong(name, dtype, `a tensor of ${dtypes.join(' or ')}`);
    found = { data: /** @type {ArrayLike<number>} */ (data), shape: like.shape };
  } else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const dtype = value.constructor.name.replace('Array', '').toLowerCase();
    if (!dtypes.includes(dtype)) throw wrong(name, value, `an array of ${dtypes.join(' or ')}`);
    found = { data: /** @type {any} */ (value), shape: [/** @type {any} */ (value).length] };
  } else if (Array.isArray(value)) {
    const { flat, shape: nested } = flatten(value, name);
    const i = flat.findIndex((entry) => typeof entry !== 'number' || !Number.isFinite(entry));
    if (i >= 0) throw wrong(`${name}[${i}]`, flat[i], 'a finite number');
    found = { data: flat, shape: nested };
  } else {
    throw wrong(name, value, 'a Tensor or an array of numbers');
  }
  const fits =
    shape.length === 0 ||
    (shape.length === found.shape.length && shape.every((n, i) => n === null || n === found.shape[i]));
  if (!fits || found.data.length === 0) {
    const wanted = shape.length ? `of shape [${shape.map((n) => n ?? 'any').join(', ')}]` : 'not empty';
    throw new InputError(`${name} must be ${wanted}, not of shape ${show([...found.shape])}`, {
      path: name,
      value,
    });
  }
  return { data: found.data instanceof Kind ? found.data : Kind.from(found.data), shape: found.shape };
}

const FLOATS = ['float32', 'float64', 'int32', 'uint32', 'int16', 'uint16', 'int8', 'uint8'];
const INTEGERS = ['int32', 'uint32', 'int16', 'uint16', 'int8', 'uint8', 'bool'];

/**
 * Values of a float32 tensor, such as weights; they are not looked at.
 * @param {...(number | null)} shape sizes it must have, null for any; none for any shape
 * @returns {Rule<Numeric<Float32Array>>}
 */
export const floats = (...shape) => ({
  read: (value, name) => readNumbers(value, name, Float32Array, ['float32', 'float64'], shape),
});

/**
 * Finite coordinates, kept in double.
 * @param {...(number | null)} shape
 * @returns {Rule<Numeric<Float64Array>>}
 */
export const coordinates = (...shape) => ({
  read: (value, name) => {
    const read = readNumbers(value, name, Float64Array, FLOATS, shape);
    const i = read.data.findIndex((entry) => !Number.isFinite(entry));
    if (i >= 0) throw wrong(`${name}[${i}]`, read.data[i], 'a finite number');
    return read;
  },
});

/**
 * Whole numbers such as ids and masks.
 * @param {...(number | null)} shape
 * @returns {Rule<Numeric<Int32Array>>}
 */
export const integers = (...shape) => ({
  read: (value, name) => {
    if (value instanceof BigInt64Array) value = Array.from(value, Number);
    if (/** @type {any} */ (value)?.data instanceof BigInt64Array) {
      const { data, shape: sizes } = /** @type {any} */ (value);
      value = { dtype: 'int32', data: Int32Array.from(data, Number), shape: sizes };
    }
    const read = readNumbers(value, name, Float64Array, [...INTEGERS, 'float64'], shape);
    const i = read.data.findIndex((entry) => !Number.isInteger(entry) || Math.abs(entry) > 0x7fffffff);
    if (i >= 0) throw wrong(`${name}[${i}]`, read.data[i], 'an integer of 32 bits');
    return { data: Int32Array.from(read.data), shape: read.shape };
  },
});

/** @returns {Rule<Out | null>} where a result goes; its size is checked by `result` */
export const output = () => ({
  initial: null,
  read: (value, name) => {
    const like = /** @type {TensorLike} */ (value);
    if (value instanceof Float32Array || like?.data instanceof Float32Array)
      return /** @type {Out} */ (value);
    throw wrong(name, value, 'a Float32Array or a float32 Tensor');
  },
});

/**
 * The tensor that a function fills: a new one, or one over the caller's `out`.
 * @param {Out | null} out
 * @param {readonly number[]} shape
 * @param {string} [name] of the option
 * @returns {Tensor & { data: Float32Array }}
 */
export function result(out, shape, name = 'out') {
  const count = shape.reduce((product, n) => product * n, 1);
  if (count > 2 ** 30)
    throw new InputError(`a result of shape ${show([...shape])} is too large: at most 2^30 elements`, {
      value: shape,
    });
  const data =
    out === null
      ? new Float32Array(count)
      : out instanceof Float32Array
        ? out
        : /** @type {Float32Array} */ (out.data);
  if (data.length !== count) {
    throw new InputError(
      `${name} must have ${count} elements, the shape ${show([...shape])}, not ${data.length}`,
      { path: name, value: out },
    );
  }
  return /** @type {Tensor & { data: Float32Array }} */ (new Tensor('float32', data, shape));
}
