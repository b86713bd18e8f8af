/** Pictures of relative positions in windows and grids. */
import { hill, noise, reshape, table } from './inputs.js';

const PAIRS = { rows: 'query', columns: 'key' };

/** Row r of a table for a window of `size`, as its offset in y and x. @param {number} size @param {number} r */
const offsetOf = (size, r) => [Math.floor(r / (2 * size - 1)) - size + 1, (r % (2 * size - 1)) - size + 1];

/** A table in which near offsets count, each head's hill a little elsewhere. @param {number} size @param {number} extra rows */
const near = (size, extra = 0) =>
  table([(2 * size - 1) ** 2 + extra, 2], (r, head) => {
    const [dy, dx] = offsetOf(size, r);
    return r < (2 * size - 1) ** 2 ? hill(dy - head, dx + head) : 0.5;
  });

/** @type {Record<string, (pe: import('./index.js').Encodings) => import('./index.js').Picture>} */
export const grids = {
  windowIndex: () => ({
    ...PAIRS,
    options: { window: 4 },
    about:
      'The 16 positions of a 4 x 4 window against each other: the same index along the diagonals of each block, for equal offsets.',
  }),
  windowBias: () => ({
    ...PAIRS,
    options: { window: 4, table: near(4) },
    about:
      'Two heads of a 4 x 4 window whose tables favour near positions, the second those down and to the left.',
  }),
  shiftedWindowMask: () => ({
    ...PAIRS,
    options: { height: 8, width: 8, window: 4, shift: 2 },
    about:
      'Four windows of a map of 8 x 8 rolled by 2: the first is free, the others attend only within two or four parts.',
  }),
  logCoordinates: () => ({
    rows: 'dy + 7',
    columns: 'dx + 7',
    options: { window: 8 },
    show: (/** @type {any} */ coordinates) => coordinates.slice(null, null, 0),
    about:
      'The vertical coordinate of all offsets of an 8 x 8 window, from -1.06 to 1.06: steep near zero, flat far away.',
  }),
  continuousBias: () => ({
    ...PAIRS,
    options: {
      window: 4,
      hiddenWeight: noise(32, 2),
      hiddenBias: noise(32),
      outputWeight: noise(2, 32),
    },
    about:
      'Two heads of a 4 x 4 window, from a small network with random weights: equal values for equal offsets.',
  }),
  resizeBias: () => ({
    rows: 'dy + 7',
    columns: 'dx + 7',
    options: { table: near(4).slice(null, [0, 1]), from: 4, to: 8 },
    forms: [{ table: near(2), from: 2, to: 3, mode: 'bicubic' }],
    show: (/** @type {any} */ resized) => reshape(resized, 15, 15),
    about:
      'A hill around offset zero, made for a 4 x 4 window, in the table of an 8 x 8 window: near offsets keep their values.',
  }),
  beitIndex: () => ({
    ...PAIRS,
    options: { window: 3 },
    about:
      'The class token and the nine positions of a 3 x 3 grid against each other: the first row and column have indices of their own.',
  }),
  beitBias: () => ({
    ...PAIRS,
    options: { window: 4, table: near(4, 3) },
    about:
      'Two heads of a class token and a 4 x 4 grid: a frame of one value for the class token, near positions favoured within.',
  }),
  decomposedBias: () => ({
    ...PAIRS,
    options: {
      query: table([1, 36, 4], () => 0.25),
      heightTable: table([11, 4], (r) => hill(r - 5)),
      widthTable: table([11, 4], (r) => hill(2 * (r - 5))),
      queryGrid: 6,
    },
    forms: [{ output: 'axis', table: noise(3, 4), queries: 2, keys: 2 }],
    about:
      'The 36 cells of a 6 x 6 grid against each other, near rows and columns favoured: blocks by the vertical offset, stripes within them by the horizontal one.',
  }),
  botnetBias: () => ({
    ...PAIRS,
    options: {
      query: table([1, 36, 4], () => 0.25),
      heightTable: table([11, 4], (r) => hill(r - 5)),
      widthTable: table([11, 4], (r) => hill(r - 7)),
      grid: 6,
    },
    about:
      'The 36 cells of a 6 x 6 grid against each other, keys two columns to the right of the query favoured: stripes above the diagonal.',
  }),
  levitBias: () => ({
    ...PAIRS,
    options: { grid: 5, table: table([2, 25], (head, r) => hill(Math.floor(r / 5) / (1 + head), r % 5)) },
    about: 'Two heads of a 5 x 5 grid: the same value for an offset and its mirror images.',
  }),
  gpsa: () => ({
    ...PAIRS,
    options: {
      grid: 5,
      weight: table([2, 3], (head, term) => (term === 2 ? -1 : head === term ? 2 : 0)),
      bias: noise(2),
    },
    forms: [{ grid: 2, weight: noise(1, 3), bias: noise(1), scores: noise(1, 1, 4, 4), gate: noise(1) }],
    about:
      'Two heads of a 5 x 5 grid that attend by position alone: one to the cell on the right, one to the cell below.',
  }),
};
