/**
 * Every position encoding and attention bias, in a small instance of the core of its own. Needs nothing of the encoders.
 * Not here: what the functions do; each stands in a file of bindings/encodings.
 */
import { loadCore } from '../web/load.js';
import { attentionPoolTable } from './encodings/attention_pool.js';
import { beitBias, beitIndex } from './encodings/beit.js';
import { debertaBuckets, t5Bias, t5Buckets } from './encodings/buckets.js';
import { cope, gatedBias } from './encodings/content.js';
import { continuousBias, logCoordinates } from './encodings/continuous.js';
import { conditionalPosition, convolutionalPosition } from './encodings/convolution.js';
import { disentangled } from './encodings/disentangled.js';
import { alibi, alibiSlopes, fire, kerple, sandwich } from './encodings/distance.js';
import { fourier, nerf, randomFourier } from './encodings/fourier.js';
import { gpsa } from './encodings/gpsa.js';
import { botnetBias, decomposedBias, levitBias } from './encodings/grid.js';
import { learnedTable, positionIds } from './encodings/learned.js';
import { paddingMask, segmentMask, slidingWindowMask } from './encodings/masks.js';
import { shaw, transformerXL } from './encodings/relative.js';
import { relativeSincos } from './encodings/relative_sincos.js';
import { resizeTable } from './encodings/resample.js';
import { resizeBias } from './encodings/resize_bias.js';
import { rope, ropeSections } from './encodings/rope.js';
import { rope2d } from './encodings/rope_grid.js';
import { ropeFrequencies } from './encodings/rope_scaling.js';
import { applyRope } from './encodings/rotate.js';
import { rowColumn } from './encodings/row_column.js';
import { sincos1d, timestep } from './encodings/sincos.js';
import { sincos2d, sincos3d } from './encodings/sincos_grid.js';
import { sineGrid } from './encodings/sine_grid.js';
import { shiftedWindowMask, windowBias, windowIndex } from './encodings/window.js';
import { DisposedError } from './errors.js';
import { Instance } from './instance.js';
import { checkOptions } from './options.js';

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

/**
 * @typedef {typeof functions} Functions
 * @typedef {{ [Name in keyof Functions]: (options: Parameters<Functions[Name]>[1]) => ReturnType<Functions[Name]> }} Methods
 */
/**
 * @typedef {Methods & { dispose(): void, [Symbol.dispose](): void }} Encodings all functions, of their options alone;
 *   dispose lets the instance go, after which they throw a DisposedError
 */

/**
 * Loads the core for position encodings; the functions of the result are synchronous, and each returns a Tensor or fills
 * the one given as `out`.
 * @param {object} [options]
 * @param {'auto' | 'base' | 'relaxed'} [options.simd] which build of the core; 'auto' by default, the fastest that runs
 * @param {WebAssembly.Module | BufferSource} [options.wasm] a module or its bytes instead of the one found
 * @returns {Promise<Encodings>}
 * @throws {InputError} an unknown option
 * @throws {UnsupportedError} an engine without WebAssembly SIMD
 * @example
 * const pe = await encodings();
 * pe.sincos2d({ height: 14, width: 14, dim: 384, preset: 'mae' }).shape; // [196, 384]
 * pe.dispose();
 */
export async function encodings(options = {}) {
  const { simd, wasm } = checkOptions(options, ['simd', 'wasm']);
  /** @type {Instance | null} */
  let core = await Instance.create(await loadCore({ simd, wasm }));
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
