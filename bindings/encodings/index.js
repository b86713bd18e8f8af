/**
 * Every position encoding and attention bias over one instance of the core. Needs nothing of the encoders. Not here: what
 * the functions do; each stands in a file of this folder.
 */

import { DisposedError } from '../errors.js';
import { attentionPoolTable } from './attention_pool.js';
import { beitBias, beitIndex } from './beit.js';
import { debertaBuckets, t5Bias, t5Buckets } from './buckets.js';
import { cope, gatedBias } from './content.js';
import { continuousBias, logCoordinates } from './continuous.js';
import { conditionalPosition, convolutionalPosition } from './convolution.js';
import { disentangled } from './disentangled.js';
import { alibi, alibiSlopes, fire, kerple, sandwich } from './distance.js';
import { fourier, nerf, randomFourier } from './fourier.js';
import { gpsa } from './gpsa.js';
import { botnetBias, decomposedBias, levitBias } from './grid.js';
import { learnedTable, positionIds } from './learned.js';
import { paddingMask, segmentMask, slidingWindowMask } from './masks.js';
import { shaw, transformerXL } from './relative.js';
import { relativeSincos } from './relative_sincos.js';
import { resizeTable } from './resample.js';
import { resizeBias } from './resize_bias.js';
import { rope, ropeSections } from './rope.js';
import { rope2d } from './rope_grid.js';
import { ropeFrequencies } from './rope_scaling.js';
import { applyRope } from './rotate.js';
import { rowColumn } from './row_column.js';
import { sincos1d, timestep } from './sincos.js';
import { sincos2d, sincos3d } from './sincos_grid.js';
import { sineGrid } from './sine_grid.js';
import { shiftedWindowMask, windowBias, windowIndex } from './window.js';

/* The functions by what they are about; each takes the core and its options. */
const absolute = { sincos1d, sincos2d, sincos3d, timestep, sineGrid, fourier, nerf, randomFourier };
const learned = { positionIds, learnedTable, rowColumn, resizeTable, attentionPoolTable };
const convolutional = { convolutionalPosition, conditionalPosition };
const rotary = { rope, rope2d, ropeSections, ropeFrequencies, applyRope };
const windows = { windowIndex, windowBias, shiftedWindowMask, logCoordinates, continuousBias };
const tables = { resizeBias, beitIndex, beitBias };
const grids = { decomposedBias, levitBias, botnetBias, gpsa };
const buckets = { t5Buckets, t5Bias, debertaBuckets, gatedBias };
const sequences = { disentangled, shaw, transformerXL, relativeSincos };
const distances = { alibiSlopes, alibi, kerple, fire, sandwich, cope };
const masks = { paddingMask, slidingWindowMask, segmentMask };
const functions = {
  ...absolute,
  ...learned,
  ...convolutional,
  ...rotary,
  ...windows,
  ...tables,
  ...grids,
  ...buckets,
  ...sequences,
  ...distances,
  ...masks,
};

/** @import { Instance } from '../core/instance.js' */

/**
 * @typedef {typeof functions} Functions
 * @typedef {{ [Name in keyof Functions]: (options: Parameters<Functions[Name]>[1]) => ReturnType<Functions[Name]> }} Methods
 */
/**
 * @typedef {Methods & { dispose(): void, [Symbol.dispose](): void }} Encodings all functions, of their options alone;
 *   dispose lets the instance go, after which they throw a DisposedError
 */

/**
 * @param {Instance} instance of the core, which the functions have for themselves
 * @returns {Encodings}
 */
export function createEncodings(instance) {
  /** @type {Instance | null} */
  let core = instance;
  const methods = Object.entries(functions).map(([name, run]) => [
    name,
    (/** @type {any} */ given) => {
      if (core === null) throw new DisposedError(`${name}: these encodings were disposed of`);
      return run(core, given);
    },
  ]);
  const dispose = () => {
    core = null;
  };
  return {
    ...Object.fromEntries(methods),
    dispose,
    ...(Symbol.dispose && { [Symbol.dispose]: dispose }),
  };
}
