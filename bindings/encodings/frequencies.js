/**
 * What sines and cosines are of: frequencies, evenly spaced or not, of one axis or several, and where the cells of a grid lie in
 * the ways that rotary and Fourier encodings measure it. Not here: sines and cosines (generate.js), scaling (rope_scaling.js).
 */
import { number, numbers } from '../options/table.js';
import { made } from './call.js';
import { choose } from './encoding.js';

/** @import { Instance } from '../core/instance.js' */

/** The options that say how cells are measured. */
// biome-ignore format: a table, a line an entry
export const MEASURE = {
  grid: choose(['index', 'pixel', 'centered'], 'the index; from -1 to 1, ends included; the middle, from -1 to 1'),
  offset: number("added to the index ('index', 'centered')",
    { default: 0, must: [["0 with grid 'pixel'", (offset, { grid }) => offset === 0 || grid !== 'pixel']] }),
  reference: numbers('[height, width] of the trained grid, to which this one is scaled',
    { count: 'axes', above: 0, max: 2 ** 20, optional: 'none' }),
  normalize: choose(['separate', 'min', 'max'], "n of 'centered': 'separate', that of each axis; the lesser; the larger"),
};

/**
 * The coordinates along each axis.
 * @param {readonly number[]} sizes
 * @param {{ grid: string, offset: number, reference: Float64Array | null, normalize: string }} measure
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

/** base^(-i / divisor) for `count` pairs. @param {Instance} core @param {number} count @param {number} base @param {number} divisor */
export const frequenciesOf = (core, count, base, divisor) =>
  made(core, 'wf_frequencies', new Float64Array(count), count, base, divisor);

/** `count` numbers from `first` to `last`, evenly spaced. @param {number} first @param {number} last @param {number} count */
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

/**
 * `count` frequencies of an axis.
 * @param {Instance} core
 * @param {'geometric' | 'periods' | 'octaves' | 'linear'} spacing
 * @param {number} count
 * @param {number} base
 * @param {number} [resolution] of spacings that have one
 */
export function bandsOf(core, spacing, count, base, resolution = 1) {
  if (spacing === 'geometric') return frequenciesOf(core, count, base, count);
  if (spacing === 'periods') return frequenciesOf(core, count, base, count).map((w) => 2 * Math.PI * w);
  const turns =
    spacing === 'octaves' ? geometric(core, 1, resolution / 2, count) : evenly(1, resolution / 2, count);
  return turns.map((w) => Math.PI * w);
}

/**
 * The frequencies of pairs that each turn with one axis.
 * @param {number} axes
 * @param {number} pairs
 * @param {(pair: number) => number} axisOf
 * @param {(pair: number) => number} frequencyOf
 * @returns {Float64Array} [axes, pairs]
 */
export function spread(axes, pairs, axisOf, frequencyOf) {
  const out = new Float64Array(axes * pairs);
  for (let k = 0; k < pairs; k++) out[axisOf(k) * pairs + k] = frequencyOf(k);
  return out;
}
