/** What differs by environment, for browsers and workers: folders are addresses, not paths; the core's modules are fetched. */
import { InputError, NetworkError } from '../bindings/errors.js';
import { pageOf } from '../bindings/formats/stand_ins.js';
import { adviceFor, isHubId } from './mistakes.js';
import { answerOf, reasonOf } from './reasons.js';

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

/**
 * What a source's string or URL stands for.
 * @param {string | URL} source an id of the hub, or an address, which may be relative to the page
 * @param {import('./source.js').Openers} open
 * @returns {Promise<import('./source.js').Source>}
 * @throws {InputError} a path, a local file's address, or no address at all
 */
export async function openPlace(source, open) {
  if (isHubId(source)) return open.hub(source);
  const address = String(source);
  const url = address === '' ? null : resolve(address);
  // A scheme of one letter is a drive.
  if (url && url.protocol !== 'file:' && url.protocol.length > 2) {
    const opened = await open.url(url);
    return typeof source === 'string' ? { ...opened, advice: opened.advice || adviceFor(source) } : opened;
  }
  throw new InputError(
    `"${address}" is no address of a folder that a browser can read; expected a URL, File objects or a directory handle`,
    { path: address, value: source },
  );
}

/** @param {string} address @returns {URL | null} */
function resolve(address) {
  try {
    return new URL(address, globalThis.document?.baseURI ?? globalThis.location?.href);
  } catch {
    return null;
  }
}
