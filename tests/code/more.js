/** Calls that take options, or shapes of arrays, which those of the pictures and of the reference data do not. */
import { noise } from '../../demo/docs/pictures/inputs.js';

/** A table of the orders of applyRope. @param {any} pe @param {object} more */
const rotated = (pe, more) => ({ ...pe.rope({ length: 3, dim: 4 }), ...more });

/** Square weights of projections. @param {readonly string[]} names */
const weights = (names) => Object.fromEntries(names.map((name) => [`${name}Weight`, noise(4, 4)]));

const PROJECTIONS = ['query', 'key', 'value'];
const POOL = {
  ...{ heads: 2, ...weights([...PROJECTIONS, 'output']) },
  ...{ queryBias: noise(4), keyBias: noise(4), valueBias: noise(4), outputBias: noise(4) },
};
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

/** @type {Record<string, (pe: any) => Record<string, any>[]>} */
export const MORE = {
  sincos1d: () => [
    { length: 9, dim: 7, odd: 'split', layout: 'halves', order: 'cos-sin' },
    { length: 9, dim: 7, odd: 'zero', order: 'cos-sin', offset: 2, scale: 0.5, padding: 3 },
    {
      positions: [
        [0.5, -2, 7],
        [3, 3, 40000],
      ],
      dim: 6,
      padding: 3,
      offset: -1,
      scale: 2,
    },
    { length: 3, dim: 2, divisor: 'n-1', guard: false },
  ],
  sincos2d: () => [{ height: 2, width: 3, dim: 4, divisor: 'n-1', guard: false, prefix: 2 }],
  sincos3d: () => [
    { frames: 2, height: 2, width: 3, dim: 10, split: 'equal', axes: 'txy', prefix: 1 },
    { frames: 2, height: 2, width: 3, dim: 16, split: 'quarter', spatialScale: 1.5, temporalScale: 0.7 },
  ],
  relativeSincos: () => [
    { preset: 'xlnet', queries: 4, keys: 6, dim: 4, clamp: 2 },
    { preset: 'xlnet', queries: 3, keys: 5, dim: 4, causal: true },
  ],
  sineGrid: () => [
    {
      mask: [
        [
          [1, 1, 0],
          [1, 0, 0],
        ],
        [
          [0, 1, 1],
          [1, 1, 1],
        ],
      ],
      features: 4,
      normalize: false,
      offset: 0.5,
    },
    {
      mask: [
        [1, 1, 0],
        [0, 0, 0],
      ],
      features: 2,
      channelsFirst: false,
      axes: 'xy',
      scale: 3,
      epsilon: 0.1,
    },
  ],
  fourier: () => [
    {
      positions: [
        [
          [0, 1, 2],
          [0.5, 0.2, 1],
        ],
      ],
      bands: 3,
      maxResolution: [8, 16, 4],
      layout: 'per-axis',
    },
    { sizes: [3, 5], bands: 2, grid: 'centered', normalize: 'max', offset: 0.2, reference: [4, 7] },
    { sizes: [3, 1], bands: 1, grid: 'pixel', reference: [4, 7], sineOnly: true, concatPositions: false },
    { sizes: [3, 2, 4], bands: 2, grid: 'index', offset: 1, reference: [4, 7, 2], normalize: 'min' },
  ],
  nerf: () => [{ x: noise(2, 3, 2), octaves: 3, spacing: 'linear', includeInput: false }],
  rowColumn: () => [
    {
      row: noise(1, 3, 4),
      column: noise(1, 5, 6),
      combine: 'concat',
      order: 'column-row',
      x: noise(2, 15, 10),
    },
    {
      row: noise(3, 4),
      column: noise(5, 4),
      height: 4,
      width: 7,
      resize: 'linear',
      keepAspect: true,
      channelsFirst: true,
    },
    {
      row: noise(3, 4),
      column: noise(5, 2),
      rowIds: [2, 0, 1],
      columnIds: [4, 0, 0],
      combine: 'concat',
      x: noise(3, 6),
    },
  ],
  learnedTable: () => [{ table: noise(1, 6, 4), x: noise(2, 3, 4), offset: 2 }],
  resizeTable: () => [
    { table: noise(1, 5, 4), to: [3, 2], prefix: 1, preset: 'timm' },
    { table: noise(7, 2), to: 4, prefix: 2, mode: 'linear', antialias: true },
    { table: noise(5, 2), to: 8, mode: 'cubic' },
    { table: noise(1, 3, 4, 2), to: [2, 5], scaleOffset: 1.5 },
    { table: noise(3, 4, 2), to: [2, 5], scaleOffset: -0.25, antialias: true, mode: 'bilinear' },
    { table: noise(3, 4, 2), to: [3, 4], scaleOffset: 0.5 },
    { table: noise(3, 4, 2), to: [1, 6], alignCorners: true, antialias: true },
    {
      table: noise(3, 4, 2),
      sizes: [
        [2, 3],
        [3, 4],
        [1, 1],
      ],
      maxLength: 14,
      fill: 'zero',
      scaleOffset: 0.1,
    },
    {
      table: noise(12, 2),
      from: [3, 4],
      sizes: [
        [2, 3],
        [5, 4],
      ],
      preset: 'siglip2',
    },
  ],
  resizeBias: () => [
    { table: noise(15, 2), from: [2, 3], to: [3, 3] },
    { table: noise(12, 2), from: [1, 5], to: [3, 9], extra: 3 },
    { table: noise(52, 2), from: 4, to: 3, extra: 3, mode: 'bicubic', antialias: true },
  ],
  attentionPoolTable: () => [
    { x: noise(2, 4, 2, 3), table: noise(1, 7, 4), ...POOL },
    { x: noise(2, 4, 3, 4), table: noise(5, 4), preset: 'timm', ...POOL },
    { x: noise(1, 4, 3, 4), table: noise(7, 4), from: [2, 3], resize: true, scaleOffset: 0.1 },
    {
      x: noise(1, 4, 3, 4),
      table: noise(7, 4),
      from: [2, 3],
      resize: true,
      alignCorners: true,
      mode: 'bilinear',
    },
  ],
  convolutionalPosition: () => [
    { x: noise(2, 5, 4), weight: noise(4, 2, 3), bias: noise(4), residual: true },
    { x: noise(5, 4), direction: noise(4, 2, 4), length: noise(4, 1, 1), bias: noise(4) },
    { x: noise(2, 5, 4), direction: noise(4, 4, 4), length: noise(1, 1, 4) },
  ],
  conditionalPosition: () => [
    { x: noise(2, 8, 3), height: 2, width: 3, weight: noise(3, 1, 3, 3), bias: noise(3), prefix: 2 },
    { x: noise(12, 3), height: 3, width: 4, weight: noise(3, 5, 5), stride: 2 },
  ],
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
  positionIds: () => [
    { inputIds: [1, 5, 1, 4], padding: 1 },
    { length: 4, offset: 2 },
  ],
  rope: () => [
    { length: 4, offset: 3, dim: 8, layout: 'interleaved', base: 500 },
    {
      positions: [
        [0, 1.5],
        [7, -2],
      ],
      dim: 4,
      repeat: false,
    },
    ...SCALINGS.map((scaling) => ({ length: 20, dim: 8, scaling })),
    { length: 5, dim: 8, base: 1, scaling: { type: 'yarn', factor: 3, originalLength: 16 } },
  ],
  ropeSections: () => [
    { positions: noise(4, 2, 3), dim: 12, sections: [1, 2, 1, 1, 1], mode: 'chunked', layout: 'interleaved' },
    { height: 3, width: 2, dim: 16, sections: [1, 2, 3], mode: 'strided', repeat: false },
    ...SCALINGS.map((scaling) => ({ height: 20, width: 2, dim: 8, sections: [2, 1, 1], scaling })),
  ],
  ropeFrequencies: () => SCALINGS.map((scaling) => ({ dim: 8, scaling })),
  rope2d: () => [
    { height: 4, width: 6, dim: 8, merge: 2, frames: 2, last: 1, reference: [3, 5], offset: 0.5 },
    { height: 4, width: 1, dim: 8, grid: 'pixel', reference: [3, 5], bands: 'octaves', maxResolution: 10 },
    { height: 2, width: 3, dim: 8, grid: 'centered', normalize: 'min', offset: 0.1, periodRange: [1, 50] },
    { height: 2, width: 3, dim: 6, frequencies: noise(2, 2, 3, 3), axes: 'xy', repeat: false },
    { height: 2, width: 3, dim: 12, periods: [1, 2, 7], layout: 'interleaved' },
  ],
  applyRope: (pe) => [
    rotated(pe, { x: noise(4, 6), prefix: 1 }),
    rotated(pe, { x: noise(2, 3, 4), layout: 'interleaved', order: 'tbhd' }),
    rotated(pe, { x: noise(2, 3, 2, 6), order: 'bthd' }),
    rotated(pe, { x: noise(4, 2, 2, 6), order: 'tbhd', prefix: 1 }),
    { x: noise(2, 2, 3, 8), cos: noise(2, 3, 4), sin: noise(2, 3, 4), tables: 'heads' },
    { x: noise(2, 3, 3, 8), cos: noise(2, 3, 4), sin: noise(2, 3, 4), repeat: false, layout: 'interleaved' },
    { x: noise(2, 3, 3, 8), cos: noise(2, 3, 3, 4), sin: noise(2, 3, 3, 4), repeat: false },
    { x: noise(2, 3, 8), cos: noise(2, 1, 3, 4), sin: noise(2, 1, 3, 4) },
    { x: noise(3, 8), cos: noise(1, 3, 4), sin: noise(1, 3, 4) },
    { x: noise(3, 8), cos: noise(1, 1, 3, 4), sin: noise(1, 1, 3, 4) },
  ],
};

const SCALINGS = [
  { type: 'linear', factor: 3 },
  { type: 'dynamic', factor: 2, originalLength: 8 },
  { type: 'dynamic', factor: 2, originalLength: 8, length: 5 },
  { type: 'yarn', factor: 4, originalLength: 16, fast: 4, slow: 0.5, truncate: false },
  { type: 'yarn', factor: 0.5, originalLength: 16 },
  { type: 'yarn', factor: 3, originalLength: 16, fast: 1 },
  { type: 'yarn', factor: 4, originalLength: 1 },
  { type: 'yarn', factor: 4, originalLength: 16, attentionFactor: 1.3 },
  { type: 'yarn', factor: 4, originalLength: 16, attentionScale: 0.7, attentionScaleAll: 1.2 },
  { type: 'llama3', factor: 8, originalLength: 16, lowFactor: 0.5, highFactor: 4 },
  {
    type: 'longrope',
    maxLength: 32,
    originalLength: 16,
    shortFactors: [1, 1, 2, 2],
    longFactors: [1, 2, 3, 4],
  },
  {
    type: 'longrope',
    factor: 2,
    originalLength: 16,
    length: 40,
    shortFactors: [1, 1, 2, 2],
    longFactors: [1, 2, 3, 4],
  },
  { type: 'proportional', factor: 2, fraction: 0.75 },
];

/** Without signs. @param {import('../../bindings/tensor.js').Tensor} tensor */
function abs(tensor) {
  for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = Math.abs(Number(tensor.data[i]));
  return tensor;
}
