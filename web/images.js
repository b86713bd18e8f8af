/** Fetching an encoded picture, the same in every environment. Not here: files on disk, and decoding. */
import { InputError, NetworkError } from '../bindings/errors.js';

/**
 * @param {URL} url
 * @param {number} most bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {NetworkError} if it cannot be fetched; {InputError} if there are more bytes
 */
export async function fetchImage(url, most) {
  const path = url.href.slice(0, 80);
  const failed = (/** @type {any} */ cause) =>
    new NetworkError(`${path} could not be fetched: ${cause.message}`, { path, cause });
  const response = await fetch(url).catch((cause) => {
    throw failed(cause);
  });
  if (!response.ok) throw new NetworkError(`${path} answered ${response.status}`, { path });
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  let length = 0;
  const reader = response.body?.getReader();
  try {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
      length += read.value.length;
      if (length > most) throw new InputError(`${path} has more than ${most} bytes`, { path, value: length });
      chunks.push(read.value);
    }
  } catch (cause) {
    throw cause instanceof InputError ? cause : failed(cause);
  } finally {
    await reader?.cancel().catch(() => {});
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
