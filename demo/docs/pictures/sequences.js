/** Pictures of relative positions in sequences, of biases by distance and of masks. */
import { hill, noise, table } from './inputs.js';

const PAIRS = { rows: 'query', columns: 'key' };

const IDENTITY = table([16, 16], (row, column) => (row === column ? 1 : 0));

/** @param {number} from @param {number} to */
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const list = (/** @type {{ data: ArrayLike<number> }} */ { data }) => Array.from(data);

/** @type {Record<string, (pe: import('./index.js').Encodings) => import('./index.js').Picture>} */
export const sequences = {
  t5Buckets: () => ({
    options: { from: -160, to: 160 },
    forms: [{ distances: [0, 1] }, { from: 0, to: 1, buckets: 16 }],
    plot: {
      x: range(-160, 160),
      xName: 'key minus query',
      series: {
        'both directions': { from: -160, to: 160 },
        'one direction': { from: -160, to: 160, bidirectional: false },
      },
      values: list,
    },
    about:
      'Buckets over distances from -160 to 160: both directions climb in ever wider steps from zero, to bucket 15 on the left and 31 on the right; one direction climbs to 31 on the left and is 0 on the right.',
  }),
  t5Bias: () => ({
    ...PAIRS,
    options: {
      table: table([32, 2], (bucket, head) => Math.cos((bucket % 16) / (2 + 2 * head))),
      length: 40,
    },
    forms: [{ table: noise(4, 1), queries: 2, keys: 3 }],
    about: 'Two heads of 40 tokens: constant along diagonals, in bands that grow wider with the distance.',
  }),
  gatedBias: (pe) => ({
    ...PAIRS,
    options: {
      hidden: noise(1, 24, 16),
      bias: pe.t5Bias({ table: table([32, 2], (bucket) => hill((bucket % 16) / 3)), length: 24 }),
      gateWeight: noise(8, 8),
      gateBias: noise(8),
      gateConstant: table([2], (head) => 1 + head),
    },
    about:
      'Two heads of 24 tokens: a bias for near tokens, in each row weaker or stronger as its token decides.',
  }),
  debertaBuckets: () => ({
    options: { from: -600, to: 600 },
    forms: [{ distances: [0, 1] }, { from: 0, to: 1, bucketSize: 64 }],
    plot: {
      x: range(-600, 600),
      xName: 'query minus key',
      series: {
        '256 buckets': { from: -600, to: 600 },
        '64 buckets': { from: -600, to: 600, bucketSize: 64 },
      },
      values: list,
    },
    about:
      'Buckets over distances from -600 to 600: straight through zero up to half of the size, then ever flatter on both sides.',
  }),
  disentangled: () => ({
    ...PAIRS,
    options: {
      hidden: table([1, 24, 16], (_, token, column) => (column % 8 === 1 + Math.floor(token / 8) ? 1 : 0)),
      relativeEmbeddings: table([32, 16], (r, column) => Math.cos(((r - 16) * (1 + (column % 8))) / 8)),
      heads: 2,
      positionBuckets: 16,
      maxRelativePositions: 32,
      queryWeight: IDENTITY,
      keyWeight: IDENTITY,
    },
    forms: [
      {
        hidden: noise(1, 3, 4),
        relativeEmbeddings: noise(8, 4),
        heads: 2,
        positionBuckets: 4,
        shareKey: false,
        output: 'context',
        ...Object.fromEntries(
          ['query', 'key', 'value', 'positionKey', 'positionQuery'].map((name) => [
            `${name}Weight`,
            noise(4, 4),
          ]),
        ),
      },
    ],
    about:
      'Two heads of 24 tokens of three kinds: each kind has a wave of its own over the distance, as a query along its row and as a key along its column.',
  }),
  shaw: () => ({
    ...PAIRS,
    options: {
      query: noise(1, 1, 24, 8),
      table: table([17, 8], (r, column) => Math.cos(((r - 8) * (1 + column)) / 8)),
    },
    forms: [
      {
        query: noise(1, 1, 2, 4),
        table: noise(3, 4),
        key: noise(1, 1, 2, 4),
        value: noise(1, 1, 2, 4),
        output: 'context',
      },
    ],
    about: 'The 24 queries of one head against 24 keys: beyond a distance of 8 every row keeps one value.',
  }),
  transformerXL: (pe) => ({
    ...PAIRS,
    options: {
      query: table([24, 1, 1, 8], (token) => 1 + token / 24),
      table: table([48, 1, 8], (row, _, column) =>
        Number(pe.sincos1d({ positions: [24 - row], dim: 8, base: 100 }).data[column]),
      ),
    },
    forms: [
      {
        query: noise(2, 1, 1, 4),
        table: noise(4, 4),
        positionWeight: noise(4, 4),
        positionBias: noise(1, 4),
      },
    ],
    about:
      'The 24 queries of one head against 24 keys: waves along the diagonals, by distance, stronger in lower rows.',
  }),
  relativeSincos: () => ({
    rows: '32 - distance',
    columns: 'column',
    options: { from: 32, to: -32, dim: 32 },
    forms: [
      { from: 1, to: 0, dim: 4 },
      { preset: 'xlnet', queries: 2, keys: 2, dim: 4 },
      { preset: 'conformer', length: 2, dim: 4 },
    ],
    about:
      'Distances from 32 to -32 down: sines in the left half of the columns, odd around zero, cosines in the right half, even.',
  }),
  cope: () => ({
    ...PAIRS,
    options: {
      query: table([1, 1, 24, 8], (_, __, ___, column) => 1 - column / 8),
      logits: table([1, 1, 24, 24], (_, __, i, j) =>
        j > i ? Number.NEGATIVE_INFINITY : j % 6 === 0 ? 4 : -4,
      ),
      table: table([8, 5], (column, position) => Math.cos((position * (1 + column)) / 3)),
    },
    about:
      'The 24 queries of one head against 24 keys, of which every sixth opens the gate: values change in steps, from gate to gate.',
  }),
  alibiSlopes: () => ({
    options: { heads: 8 },
    plot: {
      x: range(0, 15),
      xName: 'head',
      series: { '8 heads': { heads: 8 }, '12 heads': { heads: 12 }, '16 heads': { heads: 16 } },
      values: (/** @type {any} */ { data }) => Array.from(data, (slope) => Math.log2(Number(slope))),
    },
    about:
      'The binary logarithm of the slopes: straight lines down to -8 for 8 and 16 heads; for 12 heads the line of 8, then four heads between.',
  }),
  alibi: () => ({
    ...PAIRS,
    options: { heads: 4, length: 24 },
    forms: [
      { heads: 1, form: 'bloom', mask: table([1, 4], (_, token) => (token < 3 ? 1 : 0)) },
      { length: 2, slopes: noise(2) },
    ],
    about: 'Four heads of 24 tokens: zero on the diagonal, falling with the distance, less in each head.',
  }),
  kerple: () => ({
    ...PAIRS,
    options: { length: 32, r1: table([2], () => 1), r2: table([2], (head) => 0.2 + 2 * head) },
    about:
      'Two heads of 32 tokens: zero on the diagonal, falling with the logarithm of the distance, in the second head sooner.',
  }),
  fire: () => ({
    ...PAIRS,
    options: {
      length: 32,
      hiddenWeight: noise(16, 1),
      hiddenBias: noise(16),
      outputWeight: noise(2, 16),
      c: 1,
      threshold: 8,
    },
    about:
      'Two heads of 32 tokens, from a small network with random weights: by distance, and in later rows on a longer scale.',
  }),
  sandwich: () => ({
    ...PAIRS,
    options: { length: 48, heads: 2, dim: 64 },
    about:
      'Two heads of 48 tokens: largest on the diagonal, falling in waves with the distance, half as much in the second head.',
  }),
  paddingMask: () => ({
    rows: 'sequence',
    columns: 'token',
    options: { lengths: [3, 8, 5, 12, 1], as: 'allowed' },
    forms: [{ lengths: [1, 2] }],
    about: 'Five sequences of up to twelve tokens: 1 for tokens, 0 for padding behind them.',
  }),
  slidingWindowMask: () => ({
    ...PAIRS,
    options: { length: 24, window: 4, as: 'allowed' },
    forms: [
      { length: 4, left: 1, right: 0 },
      { length: 4, window: 1 },
    ],
    about: '24 tokens against each other: 1 in a band of four on each side of the diagonal, else 0.',
  }),
  segmentMask: () => ({
    ...PAIRS,
    options: { lengths: [5, 9, 3, 7], as: 'allowed' },
    forms: [{ boundaries: [0, 1, 3] }, { segments: [0, 0, 1] }, { lengths: [1, 2] }],
    about: 'Four segments of 5, 9, 3 and 7 tokens: 1 in four squares along the diagonal, else 0.',
  }),
};
