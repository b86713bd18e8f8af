// Values of a processor's configuration that are sizes or colours, in each form that they are written in.

import { ConfigError, show, UnsupportedError } from '../errors.js';
import { boolean, oneOf } from '../formats/config.js';
import { FILTERS } from './resize.js';

/**
 * @typedef {import('./sizes.js').ResizeRule} ResizeRule
 * @typedef {import('./sizes.js').Size} Size
 */

const MOST_SIDE = 16384;

/**
 * What a key turns on; transformers takes null for false, whatever the class has by default.
 * @param {import('../formats/config.js').Config} config
 * @param {string} key
 * @param {boolean} fallback
 */
export const flag = (config, key, fallback) => config[key] !== null && boolean(config, key, { fallback });

/** Filters by torchvision's names, which transformers takes too. @type {Record<string, number>} */
const NAMED = { ...FILTERS, nearest: -1, 'nearest-exact': FILTERS.nearest };

/**
 * @param {import('../formats/config.js').Config} config
 * @param {import('./processors.js').Arithmetic} arithmetic
 * @param {number} fallback
 * @returns {number} One of FILTERS.
 */
export function readFilter(config, arithmetic, fallback) {
  const { lanczos, box, hamming, ...common } = FILTERS;
  /** @type {number[]} */
  const known = Object.values(arithmetic === 'pillow' ? FILTERS : { lanczos, ...common });
  const names = Object.keys(NAMED).filter((name) => known.includes(NAMED[name]));
  /** @type {(number | string)[]} */
  const all = [...known, ...names];
  const resample = oneOf(config, 'resample', all, { fallback });
  const filter = typeof resample === 'string' ? NAMED[resample] : resample;
  if (arithmetic !== 'floats' || filter !== lanczos) return filter;
  throw new UnsupportedError(`config: resample is ${show(resample)}, which is not supported on numbers`, {
    path: 'resample',
    value: resample,
  });
}

/**
 * @param {string} key
 * @param {any} value A number, [height, width], {height, width}, {shortest_edge, longest_edge} or {max_height, max_width}.
 * @param {boolean} square What a number is: the sides of a square, or the shortest edge.
 * @returns {ResizeRule}
 */
export function readSize(key, value, square) {
  const isSide = (/** @type {any} */ side) => Number.isInteger(side) && side >= 1 && side <= MOST_SIDE;
  if (isSide(value)) return square ? { exact: { height: value, width: value } } : { shortest: value };
  const { height, width, shortest_edge: shortest, longest_edge: longest, ...rest } = sizeKeys(value);
  const { max_height: most, max_width: mostAcross } = rest;
  const isMost = Object.keys(sizeKeys(value)).length === 2 && isSide(most) && isSide(mostAcross);
  if (isMost) return { most: { height: most, width: mostAcross } };
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
export function badSize(
  key,
  value,
  expected = 'height and width, max_height and max_width, or shortest_edge',
) {
  const found = value && typeof value === 'object' ? JSON.stringify(value).slice(0, 100) : show(value);
  return new ConfigError(`config: ${key} is ${found}; expected ${expected} from 1 to ${MOST_SIDE}`, {
    path: key,
    value,
  });
}

/**
 * @param {string} key
 * @param {any} value A number, or one for each of three colours; a list of one is that of a model of grey pictures.
 * @param {boolean} zero Whether it may be 0.
 * @returns {number[]} three, or one
 */
export function readColours(key, value, zero) {
  const colours = typeof value === 'number' ? [value, value, value] : value;
  const isColour = (/** @type {any} */ x) =>
    Number.isFinite(x) && Math.abs(x) <= 1e6 && (zero || Math.abs(x) >= 1e-6);
  if (Array.isArray(colours) && [1, 3].includes(colours.length) && colours.every(isColour)) return colours;
  throw new ConfigError(
    `config: ${key} is ${show(value)}; expected three numbers, or one for grey pictures${zero ? '' : ', none of them 0'}`,
    {
      path: key,
      value,
    },
  );
}
