/** Compiling a WebAssembly module that lies at an address. Not here: which module it is to be (core.js, builds.js). */
import { InputError, NetworkError } from '../bindings/errors.js';
import { pageOf } from '../bindings/formats/stand_ins.js';
import { fs, isNode, url as urls } from './node.js';
import { answerOf, reasonOf } from './reasons.js';

/** @param {URL} url @param {boolean} isShared @returns {Promise<WebAssembly.Module>} */
export const compileAt = (url, isShared) =>
  isNode && url.protocol === 'file:' ? compileFile(url, isShared) : compileFrom(url, isShared);

/** The start of the import of the memory: its names, its kind, and that it has a maximum. */
const IMPORT = [3, ...new TextEncoder().encode('env'), 6, ...new TextEncoder().encode('memory'), 2, 1];
const SHARED = 2;

/**
 * Compiles a module, or the same on a memory that threads share: a bit of its import says so.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {boolean} isShared
 * @returns {Promise<WebAssembly.Module>}
 */
export function compileBytes(bytes, isShared) {
  if (!isShared) return WebAssembly.compile(bytes);
  const copy = bytes.slice();
  const at = copy.findIndex((_, i) => IMPORT.every((byte, j) => copy[i + j] === byte));
  if (at >= 0) copy[at + IMPORT.length - 1] |= SHARED;
  return WebAssembly.compile(copy);
}

/** @param {URL} file @param {boolean} isShared */
async function compileFile(file, isShared) {
  const path = urls().fileURLToPath(file);
  const bytes = await fs()
    .readFile(path)
    .catch((cause) => {
      // A bundler has moved this file, and left that one behind.
      const message = `the core is not where it should be, ${path}; copy web/wasm there, or pass the option "wasm"`;
      throw new InputError(message, { path, cause });
    });
  return compileBytes(bytes, isShared);
}

/** @param {URL} url @param {boolean} isShared */
async function compileFrom(url, isShared) {
  const response = await fetch(url).catch((cause) => {
    throw new NetworkError(`${url} could not be fetched: ${reasonOf(cause)}`, { path: url.href, cause });
  });
  const failed = (/** @type {string} */ reason) =>
    new NetworkError(
      `the core could not be fetched from ${url}: ${reason}; serve web/wasm there, or pass the option "wasm"`,
      { path: url.href },
    );
  if (!response.ok) throw failed(answerOf(response));
  if (!isShared && response.headers.get('content-type') === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (new Uint32Array(bytes.buffer.slice(0, 4))[0] !== 0x6d736100)
    throw failed(`the server answered with ${pageOf(bytes) ?? 'no WebAssembly module'}`);
  return compileBytes(bytes, isShared);
}
