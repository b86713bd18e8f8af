/** Pictures of the encodings that give each place a vector: computed, learned, convolutional. */
import { hill, noise, reshape, table } from './inputs.js';

const COLUMNS = { rows: 'position', columns: 'column' };
const CELLS = { rows: 'cell', columns: 'column' };

/** @type {Record<string, (pe: import('./index.js').Encodings) => import('./index.js').Picture>} */
export const absolute = {
  sincos1d: () => ({
    ...COLUMNS,
    options: { length: 64, dim: 48 },
    forms: [{ positions: [0, 1], dim: 4 }],
    about:
      '64 positions down, 48 columns across: fast waves in the first columns, ever slower ones to the right.',
  }),
  sincos2d: () => ({
    ...CELLS,
    options: { height: 8, width: 8, dim: 32, base: 100 },
    about:
      'The cells of an 8 x 8 grid, row by row, down: the left half of the columns repeats with x in every row of the grid, the right half changes with y from row to row.',
  }),
  sincos3d: () => ({
    ...CELLS,
    options: { frames: 4, height: 4, width: 4, dim: 48, base: 100 },
    about:
      'The cells of four frames of 4 x 4 down: the columns of time are constant within a frame, those of y and x repeat from frame to frame.',
  }),
  timestep: () => ({
    rows: 'step / 16',
    columns: 'column',
    options: { timesteps: Array.from({ length: 64 }, (_, i) => 16 * i), dim: 64 },
    about: 'Every 16th of 1000 steps down: sines in the left half of the columns, cosines in the right half.',
  }),
  sineGrid: () => ({
    rows: 'y',
    columns: 'x',
    options: { height: 10, width: 14, features: 4, base: 20 },
    forms: [{ mask: table([2, 2], () => 1), features: 4 }],
    about:
      'Eight channels over a map of 10 x 14 cells: four change from row to row, four from column to column.',
  }),
  fourier: () => ({
    ...COLUMNS,
    options: { sizes: [64], bands: 12, maxResolution: 64 },
    forms: [
      { positions: [[0, 1]], bands: 2 },
      { sizes: [4, 4], bands: 2, grid: 'centered' },
      { sizes: [4, 4], bands: 2, spacing: 'geometric' },
    ],
    about:
      '64 cells of a line down: the coordinate itself in the first column, then twelve sines of rising frequency, then twelve cosines.',
  }),
  nerf: () => ({
    rows: 'point',
    columns: 'column',
    options: { x: Array.from({ length: 64 }, (_, i) => [i / 32 - 1]), octaves: 6 },
    about:
      '64 points from -1 to 1 down: the point itself, then sine and cosine at six frequencies, each twice the last.',
  }),
  randomFourier: () => ({
    rows: 'y',
    columns: 'x',
    options: { height: 12, width: 12, matrix: noise(2, 6), channelsFirst: true },
    forms: [
      { coordinates: [[0, 1]], matrix: noise(2, 6) },
      { height: 2, width: 2, matrix: noise(2, 6) },
    ],
    about: 'Twelve channels over a grid of 12 x 12 cells: plane waves in random directions.',
  }),
  positionIds: () => ({
    rows: 'sequence',
    columns: 'token',
    options: {
      inputIds: [10, 7, 4, 9].map((tokens) => Array.from({ length: 10 }, (_, i) => (i < tokens ? 5 : 1))),
      padding: 1,
    },
    forms: [{ length: 4 }],
    about:
      'Four sequences of up to ten tokens: positions rise from 2 along each, padding at the end has position 1.',
  }),
  learnedTable: (pe) => ({
    ...COLUMNS,
    options: { table: pe.sincos1d({ length: 40, dim: 32, base: 100 }), length: 24, offset: 8 },
    forms: [{ table: noise(4, 4), x: noise(2, 4) }],
    about: '24 consecutive rows of a table of 40, from row 8 on.',
  }),
  rowColumn: (pe) => ({
    ...CELLS,
    options: { row: pe.sincos1d({ length: 8, dim: 32, base: 100 }), column: noise(8, 32) },
    forms: [
      { row: noise(2, 4), column: noise(2, 4), rowIds: [0, 1], columnIds: [1, 0] },
      { row: noise(2, 4), column: noise(2, 4), x: noise(4, 4) },
    ],
    about:
      'The cells of an 8 x 8 grid, row by row, down: smooth vectors of the rows plus noisy vectors of the columns.',
  }),
  resizeTable: () => ({
    rows: 'y',
    columns: 'x',
    options: { table: noise(6, 6, 1), to: [18, 24] },
    forms: [
      { table: noise(5, 4), from: [2, 2], to: [3, 3], prefix: 1 },
      { table: noise(2, 2, 1), sizes: [[2, 3]] },
    ],
    show: (/** @type {any} */ resized) => reshape(resized, 18, 24),
    about: 'One channel of a table of 6 x 6 cells of noise, resampled to 18 x 24: the same hills, smooth.',
  }),
  attentionPoolTable: () => ({
    rows: 'token',
    columns: 'channel',
    options: {
      x: table([1, 8, 4, 4], (_, channel, y, x) => hill(y - channel / 2, x - channel / 2)),
      table: table([17, 8], (token) => (token === 0 ? 0 : 0.1 * (token % 2))),
    },
    forms: [
      {
        x: noise(1, 4, 2, 2),
        table: noise(5, 4),
        heads: 2,
        queryWeight: noise(4, 4),
        keyWeight: noise(4, 4),
        valueWeight: noise(4, 4),
        outputWeight: noise(4, 4),
      },
    ],
    show: (/** @type {any} */ { tokens }) => reshape(tokens, 17, 8),
    about:
      'A map of 4 x 4 cells as 17 tokens down: token 0 is the mean of the others, and each has its row of the table added.',
  }),
  convolutionalPosition: () => ({
    rows: 'token',
    columns: 'channel',
    options: {
      x: table([48, 6], (token, channel) => (token === 4 + 8 * channel ? 1 : 0)),
      weight: table([6, 1, 16], (channel, _, tap) => Math.cos(tap - 8) * hill((tap - 8) / (1 + channel / 3))),
    },
    forms: [{ x: noise(4, 4), direction: noise(4, 2, 3), length: noise(1, 1, 3) }],
    show: (/** @type {any} */ { output }) => output,
    about:
      'One token of each of six channels is 1, all others 0: the convolution spreads it over the tokens around it.',
  }),
  conditionalPosition: () => ({
    rows: 'y',
    columns: 'x',
    options: {
      x: table([144, 1], () => 1),
      height: 12,
      width: 12,
      weight: table([1, 5, 5], (_, y, x) => hill(y - 2, x - 2)),
      residual: false,
    },
    show: (/** @type {any} */ output) => reshape(output, 12, 12),
    about:
      'A map of 12 x 12 cells that are all 1, after the convolution: edges and corners have lower values, and so a position.',
  }),
};
