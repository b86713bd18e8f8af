/** The encodings that the page offers, each with options that make a telling picture. Not here: what options mean. */

/**
 * @typedef {object} Example
 * @property {Record<string, string>} options as text, as in the form
 * @property {{ row: string, column: string }} [names] of the axes; row and column by default
 * @property {string} [lines] columns that are drawn as lines
 * @property {import('../../web/plot/colors.js').RampName} [ramp]
 */

const POSITION = { row: 'position', column: 'column' };
const PATCH = { row: 'patch', column: 'column' };
const PAIR = { row: 'query', column: 'key' };

/** @type {Record<string, Record<string, Example>>} */
export const EXAMPLES = {
  'Sines and cosines': {
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
  },
  'Learned tables': {
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
  },
  Rotary: {
    rope: { options: { length: '64', dim: '32' }, names: POSITION, lines: '0-3' },
    rope2d: { options: { height: '10', width: '10', dim: '32' }, names: PATCH, lines: '0-3' },
    ropeSections: {
      options: { height: '8', width: '8', dim: '32', sections: '4, 6, 6' },
      names: PATCH,
      lines: '4, 10',
    },
    ropeFrequencies: { options: { dim: '64', base: '10000' } },
  },
  Windows: {
    windowIndex: { options: { window: '5' }, names: PAIR, lines: '0, 12' },
    windowBias: {
      options: { window: '5', table: 'random 81 x 3' },
      names: PAIR,
      lines: '12',
      ramp: 'diverging',
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
      ramp: 'diverging',
    },
    beitIndex: { options: { window: '5' }, names: PAIR, lines: '0, 12' },
    levitBias: { options: { grid: '6', table: 'random 3 x 36' }, names: PAIR, lines: '0', ramp: 'diverging' },
  },
  Sequences: {
    t5Buckets: { options: { from: '-160', to: '160' } },
    t5Bias: {
      options: { queries: '32', keys: '32', table: 'random 32 x 2' },
      names: PAIR,
      lines: '0, 16',
      ramp: 'diverging',
    },
    debertaBuckets: { options: { from: '-160', to: '160', bucketSize: '64', maxPosition: '128' } },
    alibi: { options: { length: '32', heads: '4' }, names: PAIR, lines: '0, 16' },
    alibiSlopes: { options: { heads: '12' } },
    sandwich: { options: { length: '32', heads: '4', dim: '64' }, names: PAIR, lines: '0, 16' },
  },
  Masks: {
    paddingMask: {
      options: { lengths: '3, 2, 5', length: '6' },
      names: { row: 'sequence', column: 'key' },
      lines: '2',
    },
    slidingWindowMask: { options: { length: '24', window: '4' }, names: PAIR, lines: '8' },
    segmentMask: { options: { lengths: '4, 7, 5' }, names: PAIR, lines: '5' },
  },
};
