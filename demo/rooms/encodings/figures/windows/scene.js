/** Shifted windows as the library's mask has them: which patch stands in which window, and who are strangers there. */

import { clamped } from '../../../../../bindings/encodings/window.js';
import { readOptions } from '../../../../code/inputs.js';

/**
 * @typedef {object} Scene
 * @property {[number, number]} map rows and columns, without padding
 * @property {[number, number]} padded
 * @property {[number, number]} window
 * @property {[number, number]} shift
 * @property {number} windows in all
 * @property {number} places in a window
 * @property {(row: number, column: number) => Place} placeOf a patch in its shifted window
 * @property {(window: number, place: number) => { row: number, column: number }} patchAt
 * @property {(window: number, i: number, j: number) => boolean} sees
 * @property {Int32Array[]} parts by window: the part of each place, from 0
 * @property {number[]} counts by window: its parts
 *
 * @typedef {{ window: number, place: number }} Place
 */

/**
 * @param {Record<string, any>} options
 * @param {import('../../../../../bindings/tensor.js').Tensor} mask
 * @returns {Scene}
 */
export function sceneOf(options, mask) {
  const { o } = readOptions('shiftedWindowMask', options);
  const { padded, window, shift } = clamped(/** @type {any} */ (o));
  const [windows, places] = mask.shape;
  const across = padded[1] / window[1];
  const sees = (/** @type {number} */ n, /** @type {number} */ i, /** @type {number} */ j) =>
    Number(mask.data[(n * places + i) * places + j]) === 0;
  const counts = Array.from({ length: windows }, () => 0);
  const parts = counts.map((_, n) => {
    /** The first of each part. @type {number[]} */
    const firsts = [];
    return Int32Array.from({ length: places }, (_, i) => {
      const known = firsts.findIndex((first) => sees(n, i, first));
      if (known >= 0) return known;
      counts[n] = firsts.push(i);
      return counts[n] - 1;
    });
  });
  return {
    map: [o.height, o.width],
    padded: /** @type {[number, number]} */ (padded),
    window: /** @type {[number, number]} */ (window),
    shift: /** @type {[number, number]} */ (shift),
    ...{ windows, places, sees, parts, counts },
    placeOf(row, column) {
      const [y, x] = [row, column].map((at, axis) => (at - shift[axis] + padded[axis]) % padded[axis]);
      return {
        window: Math.floor(y / window[0]) * across + Math.floor(x / window[1]),
        place: (y % window[0]) * window[1] + (x % window[1]),
      };
    },
    patchAt(n, place) {
      const y = Math.floor(n / across) * window[0] + Math.floor(place / window[1]);
      const x = (n % across) * window[1] + (place % window[1]);
      return { row: (y + shift[0]) % padded[0], column: (x + shift[1]) % padded[1] };
    },
  };
}

/** The window of a patch before the shift. @param {Scene} scene @param {number} row @param {number} column */
export const cutOf = ({ window, padded }, row, column) =>
  Math.floor(row / window[0]) * (padded[1] / window[1]) + Math.floor(column / window[1]);
