/** What the room shows, and its short form in the address. */

import { GRID, PATCHES } from './patches.js';
import { HEADS, LAYERS } from './reading.js';
import { ORDER } from './six.js';
import { strokesOf, textOf } from './strokes.js';

/**
 * @typedef {object} State
 * @property {readonly import('./strokes.js').Stroke[]} strokes
 * @property {number | null} digit which test digit lies under them
 * @property {number} seed of the order of the patches
 * @property {number} layer 0: the rollout through all
 * @property {number} head 0: the mean of all
 * @property {number | null} patch
 */

/** @param {readonly import('./strokes.js').Stroke[]} strokes @returns {State} */
export const startOf = (strokes) => ({ strokes, digit: null, seed: ORDER, layer: 0, head: 0, patch: null });

/** @param {URLSearchParams} params @param {State} start @param {number} digits how many there are @returns {State} */
export function stateOf(params, start, digits) {
  const whole = (/** @type {string} */ name, /** @type {number} */ low, /** @type {number} */ high) => {
    const value = Number(params.get(name) ?? Number.NaN);
    return Number.isInteger(value) && value >= low && value <= high ? value : null;
  };
  const [row, column] = (params.get('patch') ?? '').split(',').map(Number);
  const patch = GRID * row + column;
  const digit = whole('n', 0, digits - 1);
  const drawn = params.get('d');
  return {
    strokes: drawn === null ? (digit === null ? start.strokes : []) : strokesOf(drawn),
    digit,
    seed: whole('order', 1, 1e6) ?? start.seed,
    layer: whole('layer', 0, LAYERS) ?? 0,
    head: whole('head', 0, HEADS) ?? 0,
    patch: column < GRID && Number.isInteger(patch) && patch >= 0 && patch < PATCHES ? patch : null,
  };
}

/** What differs from the start. @param {State} state @param {State} start */
export function paramsOf({ strokes, digit, seed, layer, head, patch }, start) {
  const usual = digit === null ? start.strokes : [];
  const text = textOf(strokes);
  return {
    d: text === textOf(usual) ? undefined : text,
    n: digit,
    order: seed === start.seed ? undefined : seed,
    layer: layer || undefined,
    head: head || undefined,
    patch: patch === null ? undefined : `${Math.floor(patch / GRID)},${patch % GRID}`,
  };
}
