/** What differs by environment, for browsers and workers: there are no folder paths; the core's modules are fetched. */
import { InputError, NetworkError } from '../bindings/errors.js';

export { decodeImage, loadImage, readSurface } from './images-browser.js';

// Whole literals: bundlers find assets by this pattern only.
const BUILDS = {
  base: new URL('./wasm/wasmformer-base.wasm', import.meta.url),
  relaxed: new URL('./wasm/wasmformer-relaxed.wasm', import.meta.url),
};

/**
 * @param {'base' | 'relaxed'} build
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compileBuild(build) {
  const url = BUILDS[build];
  const response = await fetch(url).catch((cause) => {
    throw new NetworkError(`${url} could not be fetched: ${cause.message}`, { path: url.href, cause });
  });
  if (!response.ok) throw new NetworkError(`${url} answered ${response.status}`, { path: url.href });
  if (response.headers.get('content-type') === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  const bytes = await response.arrayBuffer();
  if (new Uint32Array(bytes.slice(0, 4))[0] !== 0x6d736100) {
    throw new NetworkError(`${url} is not a WebAssembly module; the server may answer with a page`, {
      path: url.href,
    });
  }
  return WebAssembly.compile(bytes);
}

/**
 * @param {string} folder
 * @returns {Promise<never>}
 */
export async function openFolder(folder) {
  throw new InputError(
    `"${folder}" is a folder path; in a browser pass a URL, File objects or a directory handle`,
    {
      path: folder,
      value: folder,
    },
  );
}
