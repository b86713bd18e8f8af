/** Options for each encoding that make a telling picture. Not here: what options mean, and the groups (docs/topics.js). */

/**
 * @typedef {object} Example
 * @property {Record<string, string>} options as text, as in the form
 * @property {{ row: string, column: string }} [names] of the axes; row and column by default
 * @property {string} [lines] columns that are drawn as lines
 */

const POSITION = { row: 'position', column: 'column' };
const PATCH = { row: 'patch', column: 'column' };
const PAIR = { row: 'query', column: 'key' };

/** @type {Record<string, Example>} */
export const EXAMPLES = {
  sincos1d: { options: { length: '60', dim: '32', preset: 'vaswani' }, names: POSITION, lines: '6-9' },
  sincos2d: {
    options: { height: '14', width: '14', dim: '64', preset: 'simple-vit' },
    names: PATCH,
    lines: '0, 4, 32, 36',
  },
  sincos3d: {
    options: { frames: '4', height: '6', width: '6', dim: '48' },
    names: PATCH,
    lines: '0, 24, 36',
  },
  timestep: {
    options: {
      timesteps: '0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 999',
      dim: '64',
      preset: 'stable-diffusion',
    },
    names: { row: 'entry', column: 'column' },
    lines: '0, 8, 32',
  },
  sineGrid: {
    options: { height: '16', width: '24', features: '8' },
    names: { row: 'y', column: 'x' },
    lines: '0, 8',
  },
  fourier: { options: { sizes: '12, 12', bands: '8' }, names: PATCH, lines: '0-3' },
  relativeSincos: {
    options: { dim: '32', from: '24', to: '-24' },
    names: { row: 'entry', column: 'column' },
    lines: '0-3',
  },
  rowColumn: { options: { row: 'random 8 x 32', column: 'random 8 x 32' }, names: PATCH, lines: '0, 1' },
  resizeTable: {
    options: { table: 'random 49 x 32', to: '12', preset: 'timm' },
    names: PATCH,
    lines: '0, 1',
  },
  positionIds: {
    options: { inputIds: '[[0,31414,232,2,1,1],[0,9,8,7,6,2]]', preset: 'roberta' },
    names: { row: 'text', column: 'token' },
    lines: '0-5',
  },
  rope: { options: { length: '64', dim: '32' }, names: POSITION, lines: '0-3' },
  rope2d: { options: { height: '10', width: '10', dim: '32' }, names: PATCH, lines: '0-3' },
  ropeSections: {
    options: { height: '8', width: '8', dim: '32', sections: '4, 6, 6' },
    names: PATCH,
    lines: '4, 10',
  },
  ropeFrequencies: { options: { dim: '64', base: '10000' } },
  windowIndex: { options: { window: '5' }, names: PAIR, lines: '0, 12' },
  windowBias: {
    options: { window: '5', table: 'random 81 x 3' },
    names: PAIR,
    lines: '12',
  },
  shiftedWindowMask: {
    options: { height: '8', width: '8', window: '4', shift: '2' },
    names: PAIR,
    lines: '0',
  },
  resizeBias: {
    options: { table: 'random 49 x 3', from: '4', to: '7' },
    names: { row: 'offset', column: 'head' },
    lines: '0-2',
  },
  beitIndex: { options: { window: '5' }, names: PAIR, lines: '0, 12' },
  levitBias: { options: { grid: '6', table: 'random 3 x 36' }, names: PAIR, lines: '0' },
  t5Buckets: { options: { from: '-160', to: '160' } },
  t5Bias: {
    options: { queries: '32', keys: '32', table: 'random 32 x 2' },
    names: PAIR,
    lines: '0, 16',
  },
  debertaBuckets: { options: { from: '-160', to: '160', bucketSize: '64', maxPosition: '128' } },
  alibi: { options: { length: '32', heads: '4' }, names: PAIR, lines: '0, 16' },
  alibiSlopes: { options: { heads: '12' } },
  sandwich: { options: { length: '32', heads: '4', dim: '64' }, names: PAIR, lines: '0, 16' },
  paddingMask: {
    options: { lengths: '3, 2, 5', length: '6' },
    names: { row: 'sequence', column: 'key' },
    lines: '2',
  },
  slidingWindowMask: { options: { length: '24', window: '4' }, names: PAIR, lines: '8' },
  segmentMask: { options: { lengths: '4, 7, 5' }, names: PAIR, lines: '5' },
  nerf: {
    options: { x: '[[-1],[-0.75],[-0.5],[-0.25],[0],[0.25],[0.5],[0.75],[1]]', octaves: '6' },
    names: { row: 'point', column: 'column' },
    lines: '0-2',
  },
  randomFourier: {
    options: { height: '16', width: '16', matrix: 'random 2 x 6', channelsFirst: 'true' },
    names: { row: 'y', column: 'x' },
    lines: '0, 8',
  },
  learnedTable: {
    options: { table: 'random 64 x 32', length: '40', offset: '2' },
    names: POSITION,
    lines: '0, 1',
  },
  attentionPoolTable: {
    options: { x: 'random 1 x 16 x 6 x 6', table: 'random 37 x 16' },
    names: PATCH,
    lines: '0, 1',
  },
  convolutionalPosition: {
    options: { x: 'random 40 x 16', weight: 'random 16 x 1 x 9' },
    names: POSITION,
    lines: '0, 1',
  },
  conditionalPosition: {
    options: { x: 'random 64 x 16', height: '8', width: '8', weight: 'random 16 x 1 x 3 x 3' },
    names: PATCH,
    lines: '0, 1',
  },
  applyRope: {
    options: { x: 'random 24 x 16', cos: 'random 24 x 16', sin: 'random 24 x 16' },
    names: POSITION,
    lines: '0, 8',
  },
  beitBias: { options: { window: '5', table: 'random 84 x 3' }, names: PAIR, lines: '0, 12' },
  logCoordinates: { options: { window: '6' }, names: { row: 'dx', column: 'axis' }, lines: '0, 1' },
  continuousBias: {
    options: { window: '5', hiddenWeight: 'random 32 x 2', outputWeight: 'random 3 x 32' },
    names: PAIR,
    lines: '12',
  },
  decomposedBias: {
    options: {
      query: 'random 2 x 25 x 8',
      heightTable: 'random 9 x 8',
      widthTable: 'random 9 x 8',
      queryGrid: '5',
    },
    names: PAIR,
    lines: '12',
  },
  botnetBias: {
    options: {
      query: 'random 2 x 25 x 8',
      heightTable: 'random 9 x 8',
      widthTable: 'random 9 x 8',
      grid: '5',
    },
    names: PAIR,
    lines: '12',
  },
  gpsa: { options: { grid: '5', weight: 'random 2 x 3', bias: 'random 2' }, names: PAIR, lines: '12' },
  gatedBias: {
    options: {
      hidden: 'random 1 x 16 x 8',
      bias: 'random 2 x 16 x 16',
      gateWeight: 'random 8 x 4',
      gateBias: 'random 8',
      gateConstant: 'random 2',
    },
    names: PAIR,
    lines: '0, 8',
  },
  disentangled: {
    options: {
      hidden: 'random 1 x 16 x 16',
      relativeEmbeddings: 'random 64 x 16',
      heads: '2',
      maxRelativePositions: '32',
      positionBuckets: '16',
      queryWeight: 'random 16 x 16',
      keyWeight: 'random 16 x 16',
    },
    names: PAIR,
    lines: '0, 8',
  },
  shaw: {
    options: { query: 'random 1 x 2 x 16 x 8', table: 'random 17 x 8', left: '8', right: '8' },
    names: PAIR,
    lines: '0, 8',
  },
  transformerXL: {
    options: {
      query: 'random 12 x 1 x 2 x 8',
      table: 'random 24 x 2 x 8',
      positionBias: 'random 2 x 8',
      keys: '12',
    },
    names: PAIR,
    lines: '0, 6',
  },
  kerple: { options: { length: '32', r1: '[1, 0.5]', r2: '[1, 0.1]' }, names: PAIR, lines: '0, 16' },
  fire: {
    options: { length: '32', hiddenWeight: 'random 32 x 1', outputWeight: 'random 2 x 32' },
    names: PAIR,
    lines: '0, 16',
  },
  cope: {
    options: { query: 'random 1 x 2 x 16 x 8', logits: 'random 1 x 2 x 16 x 16', table: 'random 8 x 8' },
    names: PAIR,
    lines: '0, 8',
  },
};
