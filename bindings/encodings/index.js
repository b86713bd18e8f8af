/**
 * The position encodings: every absolute, rotary, relative and convolutional encoding and attention bias over one instance of the
 * core. Needs nothing of the encoders. Not here: what the functions do; each stands in a file of this folder.
 */
import { DisposedError } from '../errors.js';
import { buckets } from './buckets.js';
import { callEncoding } from './call.js';
import { distances } from './distance.js';
import { fouriers } from './fourier.js';
import { grids } from './grid.js';
import { learned } from './learned.js';
import { masks } from './masks.js';
import { networks } from './networks.js';
import { relatives } from './relative.js';
import { resampled } from './resample.js';
import { ropes } from './rope.js';
import { gridRopes } from './rope_grid.js';
import { frequencies } from './rope_scaling.js';
import { lines } from './sincos.js';
import { cells } from './sincos_grid.js';
import { windows } from './window.js';

/** All encodings by name: tables with a function that fills the result. */
export const ENCODINGS = {
  ...lines,
  ...cells,
  ...fouriers,
  ...learned,
  ...networks,
  ...resampled,
  ...ropes,
  ...gridRopes,
  ...frequencies,
  ...windows,
  ...grids,
  ...buckets,
  ...relatives,
  ...distances,
  ...masks,
};

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Given } from '../options/table.js'
 * @import { Tensor } from '../tensor.js'
 * @import { Result } from './encoding.js'
 */

/** @typedef {typeof ENCODINGS} All */

/**
 * @template R a result, or what is returned beside one
 * @typedef {R extends { dtype: 'number' } ? number : R extends { dtype: infer D }
 *   ? Tensor<D & ('float32' | 'int32')> | (R extends { nullable: unknown } ? null : never)
 *   : never} One
 */

/**
 * What an encoding gives, by its description.
 * @template E
 * @typedef {E extends { result: { dtype: string } } ? One<E['result']>
 *   : E extends { result: infer R } ? { [K in keyof R]: One<R[K]> } & (E extends { also: infer A } ? { [K in keyof A]: One<A[K]> } : {})
 *   : never} ResultOf
 */

/**
 * @typedef {{ [Name in keyof All]: (options: Given<All[Name]['options']> & { out?: any }) => ResultOf<All[Name]> }} Methods
 * @typedef {Methods & { dispose(): void, [Symbol.dispose](): void }} Encodings all functions, of their options alone; dispose lets
 *   the instance go, after which they throw a DisposedError
 */

/** @param {Instance} instance of the core, which the functions have for themselves @returns {Encodings} */
export function createEncodings(instance) {
  /** @type {Instance | null} */
  let core = instance;
  const methods = Object.entries(ENCODINGS).map(([name, encoding]) => [
    name,
    (/** @type {any} */ options) => {
      if (core === null) throw new DisposedError(`${name}: these encodings were disposed of`);
      return callEncoding(core, name, encoding, options);
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
