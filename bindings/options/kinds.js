/**
 * What an option can be: for each kind the words of its rule, and how a value of it is read. Not here: the options of a
 * function (table.js), defaults, and options that depend on others (check.js).
 */
import { floatsOf, isListOf, numbersOf, tensorOf } from '../arrays.js';

/**
 * @typedef {object} Bounds
 * @property {number} [min]
 * @property {number} [max]
 * @property {number} [above] an open lower bound
 * @property {number} [multiple] what an integer must be a multiple of
 * @property {number} [count] numbers that a list must have
 * @property {boolean} [infinite] infinities are numbers too
 * @property {boolean} [nested] a list may be nested
 * @property {boolean} [single] one entry may stand for a list
 * @property {readonly string[]} [choices]
 *
 * @typedef {import('../arrays.js').Refuse} Refuse the rule and the value at fault; the option's own by default
 *
 * @typedef {object} Kind
 * @property {(bounds: any) => string} rule what a value must be: "an integer from 1 to 8"
 * @property {(value: any, bounds: any, refuse: Refuse) => any} read a value of the kind, refused if it is none
 */

const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

/** @param {string} what @param {Bounds} bounds */
function range(what, { min, max, above }) {
  if (above !== undefined) return `${what} above ${above}${max === undefined ? '' : `, at most ${max}`}`;
  if (min !== undefined && max !== undefined)
    return min === max ? String(min) : `${what} from ${min} to ${max}`;
  if (min !== undefined) return `${what} of at least ${min}`;
  return max === undefined ? what : `${what} of at most ${max}`;
}

/** @param {unknown} value @param {Bounds} bounds @returns {value is number} */
function isWithin(value, { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, above }) {
  return (
    typeof value === 'number' && value >= min && value <= max && !(above !== undefined && value <= above)
  );
}

/** @param {unknown} value as it is written in code */
export const literal = (value) => (typeof value === 'string' ? `'${value}'` : String(value));

/** @param {readonly string[]} [choices] */
const quoted = (choices = []) => choices.map(literal).join(', ');

/** Two sizes, or one that stands for both. @param {any} value @param {Bounds} bounds @returns {[number, number] | null} */
function pairOf(value, bounds) {
  const both = Number.isInteger(value) ? [value, value] : value;
  const fits = (/** @type {unknown} */ size) => Number.isInteger(size) && isWithin(size, bounds);
  return Array.isArray(both) && both.length === 2 && both.every(fits) ? [both[0], both[1]] : null;
}

/**
 * Numbers and their shape.
 * @param {any} value
 * @param {Bounds} bounds
 * @param {Refuse} refuse
 * @param {(entry: unknown) => boolean} fits
 * @returns {{ data: Float64Array<ArrayBuffer>, shape: number[] }}
 */
function listOf(value, { count, nested }, refuse, fits) {
  const { data, shape } = numbersOf(value, refuse);
  if (!nested && Array.isArray(value) && shape.length > 1) refuse();
  if (data.length === 0) refuse('of at least one number', shape);
  if (count !== undefined && data.length !== count) refuse(`${count} numbers`);
  const bad = data.findIndex((/** @type {number} */ entry) => !fits(entry));
  if (bad >= 0) refuse(undefined, data[bad]);
  return { data: Float64Array.from(data), shape };
}

/** @satisfies {Record<string, Kind>} */
export const KINDS = {
  integer: {
    rule({ multiple = 1, ...bounds }) {
      return range(
        multiple === 1 ? 'an integer' : multiple === 2 ? 'an even integer' : `a multiple of ${multiple}`,
        bounds,
      );
    },
    read(value, bounds, refuse) {
      const { multiple = 1 } = bounds;
      if (!Number.isInteger(value) || !isWithin(value, bounds)) refuse();
      if (value % multiple !== 0) refuse(multiple === 2 ? 'even' : `a multiple of ${multiple}`);
      return value;
    },
  },
  number: {
    rule: (bounds) => range(bounds.infinite ? 'a number' : 'a finite number', bounds),
    read: (value, bounds, refuse) =>
      isWithin(value, bounds) && (bounds.infinite || Number.isFinite(value)) ? value : refuse(),
  },
  flag: {
    rule: () => 'true or false',
    read: (value, _, refuse) => (typeof value === 'boolean' ? value : refuse()),
  },
  choice: {
    rule: ({ choices }) => `one of ${quoted(choices)}`,
    read: (value, { choices }, refuse) => (choices.includes(value) ? value : refuse()),
  },
  choices: {
    rule: ({ choices, single }) =>
      `${single ? 'one, or ' : ''}a list, of ${quoted(choices)}, each at most once`,
    read(value, { choices, single }, refuse) {
      const list = single && typeof value === 'string' ? [value] : value;
      const fits = isListOf(list, (one) => choices.includes(one));
      return fits && new Set(list).size === list.length ? list : refuse();
    },
  },
  pair: {
    rule: (bounds) => range('an integer or two, [height, width],', bounds),
    read: (value, bounds, refuse) => pairOf(value, bounds) ?? refuse(),
  },
  pairs: {
    rule: (bounds) => range('an array of sizes, each an integer or two, [height, width],', bounds),
    read(value, bounds, refuse) {
      const pairs = /** @type {[number, number][]} */ ([]);
      const read = (/** @type {unknown} */ one) => pairs.push(pairOf(one, bounds) ?? refuse(undefined, one));
      return isListOf(value, read) && pairs.length ? pairs : refuse();
    },
  },
  integers: {
    rule: (bounds) => range('a list of integers', { ...INT32, ...bounds }),
    read(value, given, refuse) {
      const bounds = { ...INT32, ...given };
      const fits = (/** @type {unknown} */ entry) => Number.isInteger(entry) && isWithin(entry, bounds);
      const { data, shape } = listOf(value, bounds, refuse, fits);
      return { data: Int32Array.from(data), shape };
    },
  },
  numbers: {
    rule({ count = '', single, ...bounds }) {
      const list = `a Tensor or an array of ${count}${count && ' '}finite numbers`;
      return range(single ? `a finite number, or ${list},` : list, bounds);
    },
    read(value, bounds, refuse) {
      const list =
        bounds.single && typeof value === 'number' ? new Array(bounds.count ?? 1).fill(value) : value;
      const fits = (/** @type {unknown} */ entry) => isWithin(entry, bounds) && Number.isFinite(entry);
      return listOf(list, { nested: true, ...bounds }, refuse, fits);
    },
  },
  floats: {
    rule: () => 'a Tensor of float32 or float64',
    read(value, _, refuse) {
      const { data, shape } = tensorOf(value, refuse);
      if (!(data instanceof Float32Array || data instanceof Float64Array)) refuse();
      return { data: floatsOf(data), shape };
    },
  },
  text: {
    rule: () => 'a string',
    read: (value, _, refuse) => (typeof value === 'string' ? value : refuse()),
  },
  texts: {
    rule: ({ single }) => `${single ? 'a string or ' : ''}a list of strings`,
    read(value, { single }, refuse) {
      const list = single && typeof value === 'string' ? [value] : value;
      return isListOf(list, (one) => typeof one === 'string') ? list : refuse();
    },
  },
  callback: {
    rule: () => 'a function',
    read: (value, _, refuse) => (typeof value === 'function' ? value : refuse()),
  },
  signal: {
    rule: () => 'an AbortSignal',
    read: (value, _, refuse) =>
      typeof value?.aborted === 'boolean' && 'addEventListener' in value ? value : refuse(),
  },
  object: {
    rule: () => 'an object',
    read: (value, _, refuse) => (isObject(value) ? value : refuse()),
  },
  any: { rule: () => 'any value', read: (value) => value },
};

/** What an option must be, in words. @param {import('./table.js').Rule} rule with bounds as numbers or as they stand */
export const ruleOf = ({ kind, or = [], ...bounds }) =>
  [KINDS[kind].rule(bounds), ...or.map(literal)].join(' or ');

/** @param {unknown} value @returns {value is Record<string, any>} */
export const isObject = (value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value);
