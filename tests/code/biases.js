/** Calls of biases and masks that take options which those of the pictures and of the reference data do not. */
import { noise } from '../../demo/docs/pictures/inputs.js';

/** Square weights of projections. @param {readonly string[]} names */
const weights = (names) => Object.fromEntries(names.map((name) => [`${name}Weight`, noise(4, 4)]));

const DEBERTA = {
  ...{ hidden: noise(2, 5, 4), relativeEmbeddings: noise(8, 4), heads: 2, positionBuckets: 4 },
  ...weights(['query', 'key', 'value', 'positionKey', 'positionQuery']),
  ...{
    queryBias: noise(4),
    keyBias: noise(4),
    valueBias: noise(4),
    positionKeyBias: noise(4),
    positionQueryBias: noise(4),
  },
};
const MLP = {
  hiddenWeight: noise(5, 2),
  hiddenBias: noise(5),
  outputWeight: noise(2, 5),
  outputBias: noise(2),
};

/** Without signs. @param {import('../../bindings/tensor.js').Tensor} tensor */
function abs(tensor) {
  for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = Math.abs(Number(tensor.data[i]));
  return tensor;
}

/** @type {Record<string, (pe: any) => Record<string, any>[]>} */
export const BIASES = {
  windowBias: () => [
    { window: [2, 3], table: noise(18, 2), classToken: true },
    { window: [2, 3], table: noise(2, 3, 5), tableLayout: 'heads-first', sign: 'key-query' },
    { window: [2, 3], table: noise(2, 18), tableLayout: 'heads-first', classToken: true, sign: 'key-query' },
  ],
  shiftedWindowMask: () => [
    { height: 5, width: 9, window: [2, 3], shift: [0, 2], fill: Number.NEGATIVE_INFINITY },
    { height: 4, width: 9, window: 4, clamp: 'shared' },
    { height: 3, width: 9, window: 4, clamp: 'none' },
    { height: 3, width: 9, window: 4, clamp: 'axis' },
  ],
  beitBias: () => [
    { window: [3, 4], trainedWindow: [2, 3], table: noise(18, 2) },
    {
      window: [3, 4],
      trainedWindow: [2, 3],
      table: noise(18, 2),
      mode: 'geometric',
      tableOrder: 'width-height',
    },
    {
      window: [3, 2],
      trainedWindow: [2, 3],
      table: noise(18, 2),
      mode: 'bicubic',
      tableOrder: 'width-height',
    },
  ],
  logCoordinates: () => [
    { window: [1, 4], oneToken: 'divide' },
    { window: [1, 4], oneToken: 'transformers' },
    { window: [3, 4], trainedWindow: [5, 2], mode: 'cr' },
    { window: [3, 4], trainedWindow: [5, 2] },
  ],
  continuousBias: () => [
    { window: [2, 3], ...MLP, mode: 'cr' },
    { window: [2, 3], ...MLP, trainedWindow: 6, gain: 4 },
  ],
  decomposedBias: () => {
    const tables = { heightTable: noise(5, 4), widthTable: noise(7, 4) };
    return [
      { query: noise(2, 1, 7, 4), ...tables, queryGrid: [2, 3], keyGrid: [3, 2], prefix: 1 },
      { query: noise(24, 4), ...tables, queryGrid: [6, 4], keyGrid: [3, 2] },
      { output: 'axis', table: noise(5, 4), queries: 4, keys: 6 },
      { output: 'axis', table: noise(5, 4), queries: 7, keys: 3 },
      { output: 'axis', table: noise(5, 4), queries: 33, keys: 30 },
    ];
  },
  botnetBias: () => [
    { query: noise(2, 2, 6, 4), heightTable: noise(3, 4), widthTable: noise(5, 4), grid: [2, 3] },
  ],
  levitBias: () => [{ grid: [4, 5], table: noise(2, 20), stride: 2, queryGrid: [2, 2] }],
  gpsa: () => [
    { grid: [2, 3], weight: noise(2, 3), bias: noise(2), scores: noise(2, 2, 6, 6), gate: noise(2) },
  ],
  t5Buckets: () => [
    { from: -1000, to: 1000, preset: 'wavlm' },
    { from: -300, to: 300, buckets: 33, maxDistance: 100 },
    { from: -40, to: 10, bidirectional: false, buckets: 3, maxDistance: 9 },
  ],
  t5Bias: () => [
    { table: noise(8, 2), queries: 3, keys: 9, offset: 4, bidirectional: false, maxDistance: 7 },
  ],
  debertaBuckets: () => [
    { from: -1030, to: 1030, bucketSize: 128, maxPosition: 513 },
    { from: -9, to: 9, bucketSize: 3, maxPosition: 8 },
    { from: -40, to: 40, bucketSize: 8, maxPosition: 7 },
  ],
  disentangled: () => [
    DEBERTA,
    { ...DEBERTA, terms: ['c2p'], shareKey: false, output: 'probabilities' },
    { ...DEBERTA, terms: ['p2c'], shareKey: false, output: 'context' },
    { ...DEBERTA, terms: [], output: 'probabilities' },
    { ...DEBERTA, positionBuckets: 0, maxRelativePositions: 3 },
  ],
  shaw: () => {
    const rest = { table: noise(6, 4), left: 4, right: 1, key: noise(2, 2, 5, 4), value: noise(2, 2, 5, 4) };
    return [
      { query: noise(2, 2, 3, 4), ...rest, valueTable: noise(6, 4), output: 'context', scale: 0.3 },
      { query: noise(2, 2, 3, 4), table: noise(6, 4), length: 7 },
    ];
  },
  transformerXL: () => [
    { query: noise(2, 2, 3, 4), table: noise(5, 2, 4), preset: 'conformer', positionBias: noise(2, 4) },
    { query: noise(2, 3, 2, 4), table: noise(5, 2, 2, 4), layout: 'BTHD', keys: 6, scale: 0.2 },
    { query: noise(3, 2, 2, 4), table: noise(5, 6), positionWeight: noise(8, 6), keys: 4, zeroRow: 0 },
  ],
  alibiSlopes: () => [{ heads: 11, biasMax: 16 }],
  alibi: () => [
    {
      heads: 6,
      form: 'bloom',
      mask: [
        [1, 1, 0, 0],
        [0, 1, 1, 1],
      ],
    },
    { heads: 6, form: 'mpt', length: 5, biasMax: 4 },
  ],
  fire: () => [
    {
      length: 6,
      hiddenWeight: noise(5, 1),
      outputWeight: noise(2, 5),
      outputBias: noise(2),
      c: -0.3,
      threshold: -2.5,
      epsilon: 0.1,
    },
  ],
  kerple: () => [{ length: 6, r1: abs(noise(2)), r2: abs(noise(2)), form: 'power' }],
  slidingWindowMask: () => [
    { length: 5, left: Number.POSITIVE_INFINITY, right: 0, fill: Number.NEGATIVE_INFINITY },
    { length: 5, window: Number.POSITIVE_INFINITY },
  ],
  segmentMask: () => [{ segments: [0, 1, 1, -1, -1, 0] }, { boundaries: [0, 2, 2, 5], as: 'allowed' }],
  paddingMask: () => [{ lengths: [0, 2], length: 4, fill: -3 }],
};
