/** Where models are, for browsers and their workers: folders are addresses, not paths. */
import { InputError } from '../bindings/errors.js';
import { adviceFor, isHubId } from './mistakes.js';

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
