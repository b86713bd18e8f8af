/** Choosing a build of the core and compiling it. Not here: running it (bindings/core). */
import { bytesOf, classOf, isArrayOf } from '../bindings/arrays.js';
import { InputError, NetworkError, show, UnsupportedError } from '../bindings/errors.js';
import { refuseStandIn } from '../bindings/formats/stand_ins.js';
import { compileBuild } from './builds.js';
import { compileAt, compileBytes } from './compile.js';
import { hasFusedSimd, hasRelaxedSimd, hasSimd } from './features.js';
import { coreCount, whyAlone } from './start-thread.js';
import { pairVectors } from './wide.js';

/** @typedef {import('../bindings/core/instance.js').Core} Core */

/**
 * Compiles the build asked for, or the best that the engine runs.
 * @param {{ simd?: 'auto' | 'base' | 'relaxed' | 'wide', wasm?: any, threads?: number | 'auto' }} options wasm: a module, its bytes or
 *   its address to use instead of the one found. Or one for each build, `{base, relaxed}`, of which simd takes one
 * @returns {Promise<Core>}
 */
export async function loadCore({ simd = 'auto', wasm, threads: wanted = 1 }) {
  if (!hasSimd()) throw new UnsupportedError('this engine has no WebAssembly SIMD');
  const isWide = simd === 'wide';
  if (isWide) pairVectors();
  if ((simd === 'relaxed' || isWide) && !hasRelaxedSimd()) {
    throw new UnsupportedError('this engine has no relaxed SIMD; use simd: "auto" or "base"', {
      path: 'simd',
    });
  }
  const isOne = wasm !== undefined && !(classOf(wasm) === 'Object' && ('base' in wasm || 'relaxed' in wasm));
  const build = simd === 'base' || (simd === 'auto' && !hasFusedSimd()) ? 'base' : 'relaxed';
  const given = isOne ? wasm : wasm?.[build];
  const { threads, why } = threadsFor(wanted, given);
  const isShared = threads > 1;
  const module = given === undefined ? compiledOnce(build, isWide, isShared) : moduleOf(given, isShared);
  return { module: await module, isWide, threads, why };
}

/** What `auto` takes at most: more find too little to do in one forward. */
const MOST_THREADS = 8;

/**
 * @param {number | 'auto'} wanted
 * @param {unknown} wasm the module that was given
 * @returns {{ threads: number, why: string | null }}
 */
function threadsFor(wanted, wasm) {
  const threads = wanted === 'auto' ? Math.min(coreCount(), MOST_THREADS) : wanted;
  if (threads === 1) return { threads, why: null };
  const isModule = classOf(wasm) === 'WebAssembly.Module';
  const why = isModule ? 'option "wasm" is a compiled module, not its address or bytes' : whyAlone();
  return why ? { threads: 1, why } : { threads, why };
}

/** The builds compiled so far, for every load to share. @type {Map<string, Promise<WebAssembly.Module>>} */
const compiled = new Map();

/** @param {'base' | 'relaxed'} build @param {boolean} isWide @param {boolean} isShared */
function compiledOnce(build, isWide, isShared) {
  const key = `${isWide ? 'wide' : build} ${isShared}`;
  const known = compiled.get(key);
  if (known) return known;
  const made = compileBuild(build, isShared);
  compiled.set(key, made);
  made.catch(() => compiled.delete(key)); // the next load tries again
  return made;
}

/** The core's functions are looked for by one of them. */
const KNOWN = 'wf_encoder_plan';

/**
 * @param {unknown} wasm
 * @param {boolean} isShared
 * @returns {Promise<WebAssembly.Module>}
 * @throws {InputError} what is no module of the core, nor its bytes, nor an address
 */
async function moduleOf(wasm, isShared) {
  const isModule = classOf(wasm) === 'WebAssembly.Module';
  const isAddress = typeof wasm === 'string' || classOf(wasm) === 'URL';
  const url = isAddress ? addressOf(/** @type {string | URL} */ (wasm)) : null;
  if (isArrayOf(wasm, Uint8Array)) refuseStandIn(/** @type {Uint8Array} */ (wasm), 'wasm');
  try {
    const module = /** @type {any} */ (
      isModule
        ? wasm
        : await (url
            ? compileAt(url, isShared)
            : compileBytes(/** @type {any} */ (bytesOf(wasm) ?? wasm), isShared))
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
