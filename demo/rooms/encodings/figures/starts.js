/** What the pages of some figures start with: enough heads to compare. Their numbers are this page's own where a model would have learned them. */
import { hill, noise, table } from '../../../docs/pictures/inputs.js';
import { FITS } from './heads/tables.js';

const HEADS = 8;

/** Weights that only ever take off, head by head less. @param {import('../../../../bindings/tensor.js').Tensor} weights */
const falling = ({ data, shape }) =>
  table(shape, (head, unit) => -Math.abs(Number(data[head * shape[1] + unit])) / (1 + head / 2));

/** @param {string} name @param {Record<string, any>} options sizes */
function fitted(name, options) {
  FITS[name](options);
  return options;
}

/** @type {Record<string, Record<string, any>>} */
export const STARTS = {
  sincos2d: { height: 14, width: 14, dim: 384, base: 10000, preset: 'mae' },
  rope: { length: 64, dim: 16, base: 100 },
  rope2d: { height: 10, width: 10, dim: 32, base: 100 },
  ropeSections: { height: 10, width: 10, dim: 32, sections: [4, 6, 6], base: 10 },
  ropeFrequencies: { dim: 64, base: 10000 },
  alibi: { heads: HEADS, length: 40 },
  kerple: { length: 40, r1: table([HEADS], () => 1), r2: table([HEADS], (head) => 8 / 3 ** head) },
  fire: { length: 40, outputWeight: falling(noise(HEADS, 16)) },
  t5Bias: {
    length: 96,
    // Each head likes a distance of its own, every other one rather ahead.
    table: table(
      [32, 4],
      (bucket, head) => 4 * hill((bucket % 16) - 5 * head) - 2 + (bucket < 16 === head % 2 < 1 ? 0.5 : -0.5),
    ),
  },
  disentangled: {
    // The second head hears slower waves.
    relativeEmbeddings: table([32, 16], (row, column) =>
      Math.cos(((row - 16) * (1 + (column % 8))) / (column < 8 ? 8 : 16)),
    ),
  },
  paddingMask: { length: 12 },
  slidingWindowMask: { length: 13, window: 2 },
  segmentMask: { lengths: [3, 5, 2, 4] },
  windowBias: fitted('windowBias', { window: 7 }),
  windowIndex: { window: 5 },
  levitBias: fitted('levitBias', { grid: 7 }),
  decomposedBias: fitted('decomposedBias', { queryGrid: 8 }),
  botnetBias: fitted('botnetBias', { grid: 8 }),
  gpsa: {
    grid: 7,
    // The nine taps of a convolution: heads look at (x, y) from -1 to 1, nearer ones more.
    weight: table([9, 3], (head, term) => [2 * ((head % 3) - 1), 2 * (Math.floor(head / 3) - 1), -1][term]),
    bias: table([9], () => 0),
  },
  beitIndex: { window: 4 },
  resizeBias: fitted('resizeBias', { from: 4, to: 8 }),
  logCoordinates: { window: 8, trainedWindow: 8 },
  continuousBias: {
    window: 7,
    hiddenWeight: noise(24, 2),
    hiddenBias: noise(24),
    outputWeight: noise(4, 24),
  },
  sandwich: { length: 40, heads: HEADS },
};
