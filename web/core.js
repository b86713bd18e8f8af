/** Choosing a build of the core and compiling it. Not here: running it (bindings/core). */
import { compileBuild } from '#platform';
import { classOf, isArrayOf } from '../bindings/arrays.js';
import { InputError, show, UnsupportedError } from '../bindings/errors.js';
import { refuseStandIn } from '../bindings/formats/stand_ins.js';
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
  if (wasm !== undefined) {
    return { module: await moduleOf(wasm), build: simd === 'relaxed' ? 'relaxed' : 'base' };
  }
  const build = simd === 'auto' ? (hasRelaxedSimd() ? 'relaxed' : 'base') : simd;
  return { module: await compiledOnce(build), build };
}

/** The builds compiled so far, for every load to share. @type {Map<string, Promise<WebAssembly.Module>>} */
const compiled = new Map();

/** @param {'base' | 'relaxed'} build */
function compiledOnce(build) {
  const known = compiled.get(build);
  if (known) return known;
  const made = compileBuild(build);
  compiled.set(build, made);
  made.catch(() => compiled.delete(build)); // the next load tries again
  return made;
}

/** The core's functions are looked for by one of them. */
const KNOWN = 'wf_encoder_plan';

/**
 * @param {unknown} wasm
 * @returns {Promise<WebAssembly.Module>}
 * @throws {InputError} what is no module of the core, nor its bytes
 */
async function moduleOf(wasm) {
  const isModule = classOf(wasm) === 'WebAssembly.Module';
  if (isArrayOf(wasm, Uint8Array)) refuseStandIn(/** @type {Uint8Array} */ (wasm), 'wasm');
  try {
    const module = /** @type {any} */ (
      isModule ? wasm : await WebAssembly.compile(/** @type {any} */ (wasm))
    );
    if (WebAssembly.Module.exports(module).some(({ name }) => name === KNOWN)) return module;
  } catch (cause) {
    const message = `option "wasm" must be a WebAssembly.Module or its bytes, not ${show(wasm)}`;
    throw new InputError(message, { path: 'wasm', value: wasm, cause });
  }
  const message = `option "wasm" must be this library's module, which exports ${KNOWN}; it exports no such function`;
  throw new InputError(message, { path: 'wasm', value: wasm });
}
