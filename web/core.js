/** Choosing a build of the core and compiling it. Not here: running it (bindings/core). */
import { classOf, isArrayOf } from '../bindings/arrays.js';
import { InputError, NetworkError, show, UnsupportedError } from '../bindings/errors.js';
import { refuseStandIn } from '../bindings/formats/stand_ins.js';
import { compileBuild } from './builds.js';
import { compileAt } from './compile.js';
import { hasFusedSimd, hasRelaxedSimd, hasSimd } from './features.js';
import { pairVectors } from './wide.js';

/** @typedef {import('../bindings/core/instance.js').Core} Core */

/**
 * Compiles the build asked for, or the best that the engine runs.
 * @param {{ simd?: 'auto' | 'base' | 'relaxed' | 'wide', wasm?: any }} options wasm: a module, its bytes or its address to use instead of
 *   the one found. Or one for each build, `{base, relaxed}`, of which simd takes one
 * @returns {Promise<Core>}
 */
export async function loadCore({ simd = 'auto', wasm }) {
  if (!hasSimd()) throw new UnsupportedError('this engine has no WebAssembly SIMD');
  const isWide = simd === 'wide';
  if (isWide) pairVectors();
  if ((simd === 'relaxed' || isWide) && !hasRelaxedSimd()) {
    throw new UnsupportedError('this engine has no relaxed SIMD; use simd: "auto" or "base"', {
      path: 'simd',
    });
  }
  const isOne = wasm !== undefined && !(classOf(wasm) === 'Object' && ('base' in wasm || 'relaxed' in wasm));
  if (isOne) return { module: await moduleOf(wasm), isWide };
  const build = simd === 'base' || (simd === 'auto' && !hasFusedSimd()) ? 'base' : 'relaxed';
  const given = wasm?.[build];
  return { module: await (given === undefined ? compiledOnce(build, isWide) : moduleOf(given)), isWide };
}

/** The builds compiled so far, for every load to share. @type {Map<string, Promise<WebAssembly.Module>>} */
const compiled = new Map();

/** @param {'base' | 'relaxed'} build @param {boolean} isWide */
function compiledOnce(build, isWide) {
  const key = isWide ? 'wide' : build;
  const known = compiled.get(key);
  if (known) return known;
  const made = compileBuild(build);
  compiled.set(key, made);
  made.catch(() => compiled.delete(key)); // the next load tries again
  return made;
}

/** The core's functions are looked for by one of them. */
const KNOWN = 'wf_encoder_plan';

/**
 * @param {unknown} wasm
 * @returns {Promise<WebAssembly.Module>}
 * @throws {InputError} what is no module of the core, nor its bytes, nor an address
 */
async function moduleOf(wasm) {
  const isModule = classOf(wasm) === 'WebAssembly.Module';
  const isAddress = typeof wasm === 'string' || classOf(wasm) === 'URL';
  const url = isAddress ? addressOf(/** @type {string | URL} */ (wasm)) : null;
  if (isArrayOf(wasm, Uint8Array)) refuseStandIn(/** @type {Uint8Array} */ (wasm), 'wasm');
  try {
    const module = /** @type {any} */ (
      isModule ? wasm : await (url ? compileAt(url) : WebAssembly.compile(/** @type {any} */ (wasm)))
    );
    if (WebAssembly.Module.exports(module).some(({ name }) => name === KNOWN)) return module;
  } catch (cause) {
    if (cause instanceof NetworkError || cause instanceof InputError) throw cause;
    const message = `option "wasm" must be a WebAssembly.Module, its bytes or its address, not ${show(wasm)}`;
    throw new InputError(message, { path: 'wasm', value: wasm, cause });
  }
  const message = `option "wasm" must be this library's module, which exports ${KNOWN}; it exports no such function`;
  throw new InputError(message, { path: 'wasm', value: wasm });
}

/** @param {string | URL} wasm in a page also a relative one; bundlers give such, and some of them paths @returns {URL} */
function addressOf(wasm) {
  try {
    return new URL(wasm, globalThis.document?.baseURI ?? globalThis.location?.href);
  } catch (cause) {
    const message = `option "wasm" is "${wasm}", which is no address; expected one such as new URL("core.wasm", import.meta.url)`;
    throw new InputError(message, { path: 'wasm', value: wasm, cause });
  }
}
