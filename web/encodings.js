/** The entry `wasmformer/encodings`: position encodings in a small instance of the core of their own. */
import { check } from '../bindings/check.js';
import { Instance } from '../bindings/core/instance.js';
import { createEncodings } from '../bindings/encodings/index.js';
import { any, choice } from '../bindings/options/table.js';
import { loadCore } from './core.js';

/** @typedef {import('../bindings/encodings/index.js').Encodings} Encodings */

const OPTIONS = {
  simd: choice(['auto', 'base', 'relaxed', 'wide'], 'which build of the core', { default: 'auto' }),
  wasm: any('a module or its bytes instead of the one found', { optional: 'none' }),
};

/**
 * Loads the core for position encodings; the functions of the result are synchronous, and each returns a Tensor or fills
 * the one given as `out`.
 * @param {import('../bindings/public.js').CoreOptions} [options]
 * @returns {Promise<Encodings>}
 * @throws {InputError} an unknown option
 * @throws {UnsupportedError} an engine without WebAssembly SIMD
 * @example
 * const pe = await encodings();
 * pe.sincos2d({ height: 14, width: 14, dim: 384, preset: 'mae' }).shape; // [196, 384]
 * pe.dispose();
 */
export async function encodings(options = {}) {
  const { simd, wasm } = check('encodings', options, OPTIONS);
  return createEncodings(await Instance.create(await loadCore({ simd, wasm })));
}
