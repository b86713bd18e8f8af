/** Pictures of rotary encodings. */
import { table } from './inputs.js';

/** A scaling of each type, for pairs of `dim` 4. */
const SCALINGS = [
  { type: 'linear', factor: 2 },
  { type: 'dynamic', factor: 2, originalLength: 8 },
  { type: 'yarn', factor: 2, originalLength: 8 },
  { type: 'yarn', maxLength: 16, originalLength: 8 },
  { type: 'yarn', factor: 2, originalLength: 8, attentionScale: 1, attentionScaleAll: 1 },
  { type: 'llama3', factor: 2, originalLength: 8, lowFactor: 1, highFactor: 4 },
  { type: 'llama3', factor: 2, originalLength: 8, lowFactor: 2, highFactor: 4 },
  { type: 'longrope', factor: 2, originalLength: 8, shortFactors: [1, 1], longFactors: [1, 2] },
  { type: 'proportional', fraction: 0.5 },
];

/** @param {import('./index.js').Options} options with `dim` 4 */
const scaled = (options) => SCALINGS.map((scaling) => ({ ...options, scaling }));

const ANGLES = { rows: 'position', columns: 'channel' };

/** @type {Record<string, (pe: import('./index.js').Encodings) => import('./index.js').Picture>} */
export const rotary = {
  rope: () => ({
    ...ANGLES,
    options: { length: 64, dim: 32 },
    forms: [{ positions: [0, 1], dim: 4, frequencies: [1, 0.1] }, ...scaled({ length: 2, dim: 4 })],
    show: (/** @type {any} */ { cos }) => cos,
    about: 'The cosines of 64 positions down: the first channels turn fast, the last of each half hardly.',
  }),
  rope2d: () => ({
    rows: 'patch',
    columns: 'channel',
    options: { height: 8, width: 8, dim: 32, base: 100 },
    forms: [
      { height: 2, width: 2, dim: 4, grid: 'centered' },
      { height: 2, width: 2, dim: 4, bands: 'linear' },
      { height: 2, width: 2, dim: 8, periodRange: [1, 2] },
      { height: 2, width: 2, dim: 8, periods: [1, 2] },
      { height: 2, width: 2, dim: 8, frequencies: table([2, 4], () => 1) },
    ],
    show: (/** @type {any} */ { cos }) => cos,
    about:
      'The cosines of 8 x 8 patches, row by row, down: some channels change from row to row of the picture, the others repeat along each row.',
  }),
  ropeSections: () => ({
    rows: 'token',
    columns: 'channel',
    options: { height: 6, width: 8, dim: 32, sections: [4, 6, 6], base: 10 },
    forms: [
      { positions: [[0], [1]], dim: 4, sections: [1, 1] },
      ...scaled({ height: 2, width: 2, dim: 4, sections: [1, 1, 0] }),
    ],
    show: (/** @type {any} */ { cos }) => cos,
    about:
      'The cosines of the 6 x 8 tokens of one picture down: the channels of time are constant, the next follow the row, the last the column.',
  }),
  ropeFrequencies: () => ({
    options: { dim: 32 },
    forms: scaled({ dim: 4 }),
    plot: {
      x: Array.from({ length: 16 }, (_, i) => i),
      xName: 'pair',
      series: {
        'not scaled': { dim: 32 },
        'linear, 8': { dim: 32, scaling: { type: 'linear', factor: 8 } },
        'yarn, 8': { dim: 32, scaling: { type: 'yarn', factor: 8, originalLength: 2048 } },
        'proportional, half': { dim: 32, scaling: { type: 'proportional', fraction: 0.5 } },
      },
      values: (/** @type {any} */ { frequencies }) =>
        frequencies.data.map((/** @type {number} */ f) => Math.log10(f)),
    },
    about:
      'The decimal logarithm of the frequencies of 16 pairs: a falling line; scaled linearly by 8 it lies lower by 0.9 everywhere, with YaRN only at its slow end; proportional, the later half does not turn.',
  }),
  applyRope: (pe) => ({
    ...ANGLES,
    options: { x: table([64, 32], (_, channel) => 1 - channel / 32), ...pe.rope({ length: 64, dim: 32 }) },
    about:
      'One vector at 64 positions down, turned by the angles of each: fast channels swing, slow ones keep its values.',
  }),
};
