/** Calls of vectors and rotations that take options which those of the pictures and of the reference data do not. */
import { noise } from '../../demo/docs/pictures/inputs.js';

/** A table of the orders of applyRope. @param {any} pe @param {object} more */
const rotated = (pe, more) => ({ ...pe.rope({ length: 3, dim: 4 }), ...more });

/** Square weights of projections. @param {readonly string[]} names */
const weights = (names) => Object.fromEntries(names.map((name) => [`${name}Weight`, noise(4, 4)]));

const POOL = {
  ...{ heads: 2, ...weights(['query', 'key', 'value', 'output']) },
  ...{ queryBias: noise(4), keyBias: noise(4), valueBias: noise(4), outputBias: noise(4) },
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

/** @type {Record<string, (pe: any) => Record<string, any>[]>} */
export const VECTORS = {
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
    { table: noise(3, 4, 2), to: [3, 5], scaleOffset: 0.5, antialias: true },
    { table: noise(3, 4, 2), to: [5, 1], preset: 'timm' },
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
