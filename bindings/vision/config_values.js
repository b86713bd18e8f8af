// Values of a processor's configuration that are sizes or colours, in each form that they are written in.

import { ConfigError, show } from '../errors.js';

/**
 * @typedef {import('./sizes.js').ResizeRule} ResizeRule
 * @typedef {import('./sizes.js').Size} Size
 */

const MOST_SIDE = 16384;

/**
 * @param {string} key
 * @param {any} value A number, [height, width], {height, width} or {shortest_edge, longest_edge}.
 * @param {boolean} square What a number is: the sides of a square, or the shortest edge.
 * @returns {ResizeRule}
 */
export function readSize(key, value, square) {
  const isSide = (/** @type {any} */ side) => Number.isInteger(side) && side >= 1 && side <= MOST_SIDE;
  if (isSide(value)) return square ? { exact: { height: value, width: value } } : { shortest: value };
  const { height, width, shortest_edge: shortest, longest_edge: longest, ...rest } = sizeKeys(value);
  if (Object.keys(rest).length === 0) {
    const isExact = shortest === undefined && longest === undefined;
    if (isExact && isSide(height) && isSide(width)) return { exact: { height, width } };
    const isShortest = height === undefined && width === undefined && isSide(shortest);
    if (isShortest && longest === undefined) return { shortest };
    if (isShortest && isSide(longest)) return { shortest, longest };
  }
  throw badSize(key, value);
}

/** @param {string} key @param {any} value A number, [height, width] or {height, width}. @returns {Size} */
export function readBothSides(key, value) {
  const size = readSize(key, value, true);
  if ('exact' in size) return size.exact;
  throw badSize(key, value, 'height and width');
}

/** @param {any} value @returns {Record<string, any>} Its keys that are not null; another value is a key of its own. */
function sizeKeys(value) {
  if (Array.isArray(value) && value.length === 2) return { height: value[0], width: value[1] };
  if (value === null || typeof value !== 'object') return { value };
  return Object.fromEntries(Object.entries(value).filter(([, side]) => side !== null));
}

/** @param {string} key @param {any} value @param {string} [expected] */
export function badSize(key, value, expected = 'height and width, or shortest_edge') {
  const found = value && typeof value === 'object' ? JSON.stringify(value).slice(0, 100) : show(value);
  return new ConfigError(`config: ${key} is ${found}; expected ${expected} from 1 to ${MOST_SIDE}`, {
    path: key,
    value,
  });
}

/**
 * @param {string} key
 * @param {any} value A number, or one for each of three colours.
 * @param {boolean} zero Whether it may be 0.
 * @returns {number[]}
 */
export function readColours(key, value, zero) {
  const colours = typeof value === 'number' ? [value, value, value] : value;
  const isColour = (/** @type {any} */ x) =>
    Number.isFinite(x) && Math.abs(x) <= 1e6 && (zero || Math.abs(x) >= 1e-6);
  if (Array.isArray(colours) && colours.length === 3 && colours.every(isColour)) return colours;
  throw new ConfigError(
    `config: ${key} is ${show(value)}; expected three numbers${zero ? '' : ', none of them 0'}`,
    {
      path: key,
      value,
    },
  );
}
