/**
 * Where the cells of a grid lie, in the ways that rotary and Fourier encodings measure it, and the frequencies that go
 * with them. Not here: sines and cosines.
 */
import { frequenciesOf } from './generate.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Operands } from './operands.js'
 */

/**
 * How cells are measured.
 * @typedef {object} Measure
 * @property {'index' | 'pixel' | 'centered'} grid the index; from -1 to 1, ends included; the cell's middle, from -1 to 1
 * @property {number} offset added to the index ('index', 'centered')
 * @property {readonly number[] | null} reference sizes that the grid is scaled to
 * @property {'separate' | 'min' | 'max'} normalize what 'centered' divides by: each axis' size, the least, the largest
 */

/**
 * @param {Operands} operands
 * @param {any} options
 * @param {number} axes
 * @param {'index' | 'pixel' | 'centered'} [fallback]
 * @returns {Measure}
 */
export function readMeasure(operands, options, axes, fallback = 'index') {
  const grid = operands.choice('grid', /** @type {const} */ (['index', 'pixel', 'centered']), fallback);
  const offset = operands.number('offset', { fallback: 0 });
  if (grid === 'pixel' && offset !== 0) operands.refuse('offset', "0 with grid 'pixel'");
  const normalize = operands.choice(
    'normalize',
    /** @type {const} */ (['separate', 'min', 'max']),
    'separate',
  );
  const { reference = null } = options;
  const positive = (/** @type {unknown} */ n) => typeof n === 'number' && n > 0 && n < 2 ** 20;
  if (
    reference !== null &&
    !(Array.isArray(reference) && reference.length === axes && reference.every(positive))
  ) {
    operands.refuse('reference', `${axes} sizes`);
  }
  return { grid, offset, reference, normalize };
}

/**
 * The coordinates along each axis.
 * @param {readonly number[]} sizes
 * @param {Measure} measure
 * @returns {number[][]}
 */
export function axisCoordinates(sizes, { grid, offset, reference, normalize }) {
  const common = normalize === 'max' ? Math.max(...sizes) : Math.min(...sizes);
  return sizes.map((size, axis) =>
    Array.from({ length: size }, (_, i) => {
      let at = i + offset;
      if (grid === 'pixel') at = size === 1 ? -1 : (2 * i) / (size - 1) - 1;
      if (grid === 'centered') at = (i + 0.5 + offset) / (normalize === 'separate' ? size : common);
      if (reference) at = (at / size) * reference[axis];
      return grid === 'centered' ? 2 * at - 1 : at;
    }),
  );
}

/**
 * All cells of a grid, row-major, with their coordinates.
 * @param {readonly (readonly number[])[]} lines coordinates along each axis
 * @returns {Float64Array<ArrayBuffer>} [cells, axes]
 */
export function gridCoordinates(lines) {
  const count = lines.reduce((product, line) => product * line.length, 1);
  const out = new Float64Array(count * lines.length);
  let repeat = count;
  lines.forEach((line, axis) => {
    repeat /= line.length;
    for (let i = 0; i < count; i++) out[i * lines.length + axis] = line[Math.floor(i / repeat) % line.length];
  });
  return out;
}

/**
 * `count` numbers from `first` to `last`, evenly spaced.
 * @param {number} first
 * @param {number} last
 * @param {number} count
 */
export const evenly = (first, last, count) =>
  Float64Array.from({ length: count }, (_, i) =>
    count === 1 ? first : first + (i * (last - first)) / (count - 1),
  );

/**
 * `count` numbers from `first` to `last`, each the one before times the same ratio.
 * @param {Instance} core
 * @param {number} first
 * @param {number} last
 * @param {number} count
 */
export const geometric = (core, first, last, count) =>
  frequenciesOf(core, count, last / first, count === 1 ? 1 : 1 - count).map((ratio) => first * ratio);
