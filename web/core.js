/** Choosing a build of the core and compiling it. Not here: running it (bindings/core). */
import { compileBuild } from '#platform';
import { UnsupportedError } from '../bindings/errors.js';
import { hasRelaxedSimd, hasSimd } from './features.js';

/** @typedef {import('../bindings/core/instance.js').Core} Core */

/**
 * Compiles the build asked for, or the best that the engine runs.
 * @param {{ simd?: 'auto' | 'base' | 'relaxed', wasm?: WebAssembly.Module | BufferSource }} options wasm: a module or its
 *   bytes to use instead of the one found; simd then says which build it is
 * @returns {Promise<Core>}
 */
export async function loadCore({ simd = 'auto', wasm }) {
  if (!hasSimd()) throw new UnsupportedError('this engine has no WebAssembly SIMD');
  if (simd === 'relaxed' && !hasRelaxedSimd()) {
    throw new UnsupportedError('this engine has no relaxed SIMD; use simd: "auto" or "base"', {
      path: 'simd',
    });
  }
  if (wasm) {
    const module = wasm instanceof WebAssembly.Module ? wasm : await WebAssembly.compile(wasm);
    return { module, build: simd === 'relaxed' ? 'relaxed' : 'base' };
  }
  const build = simd === 'auto' ? (hasRelaxedSimd() ? 'relaxed' : 'base') : simd;
  return { module: await compileBuild(build), build };
}
