/** Compiling a WebAssembly module that lies at an address. Not here: which module it is to be (core.js, builds.js). */
import { InputError, NetworkError } from '../bindings/errors.js';
import { pageOf } from '../bindings/formats/stand_ins.js';
import { fs, isNode, url as urls } from './node.js';
import { answerOf, reasonOf } from './reasons.js';

/** @param {URL} url @returns {Promise<WebAssembly.Module>} */
export const compileAt = (url) => (isNode && url.protocol === 'file:' ? compileFile(url) : compileFrom(url));

/** @param {URL} file */
async function compileFile(file) {
  const path = urls().fileURLToPath(file);
  const bytes = await fs()
    .readFile(path)
    .catch((cause) => {
      // A bundler has moved this file, and left that one behind.
      const message = `the core is not where it should be, ${path}; copy web/wasm there, or pass the option "wasm"`;
      throw new InputError(message, { path, cause });
    });
  return WebAssembly.compile(bytes);
}

/** @param {URL} url */
async function compileFrom(url) {
  const response = await fetch(url).catch((cause) => {
    throw new NetworkError(`${url} could not be fetched: ${reasonOf(cause)}`, { path: url.href, cause });
  });
  const failed = (/** @type {string} */ reason) =>
    new NetworkError(
      `the core could not be fetched from ${url}: ${reason}; serve web/wasm there, or pass the option "wasm"`,
      { path: url.href },
    );
  if (!response.ok) throw failed(answerOf(response));
  if (response.headers.get('content-type') === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  const bytes = await response.arrayBuffer();
  if (new Uint32Array(bytes.slice(0, 4))[0] !== 0x6d736100) {
    throw failed(`the server answered with ${pageOf(new Uint8Array(bytes)) ?? 'no WebAssembly module'}`);
  }
  return WebAssembly.compile(bytes);
}
