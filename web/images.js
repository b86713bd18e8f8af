/** Fetching an encoded picture, the same in every environment. Not here: files on disk, and decoding. */
import { InputError } from '../bindings/errors.js';
import { answerOf } from './reasons.js';
import { get } from './request.js';

/**
 * @param {URL} url
 * @param {number} most bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {NetworkError} if it cannot be fetched; {InputError} if there are more bytes
 */
export async function fetchImage(url, most) {
  const exchange = await get(url, {});
  const { name, response } = exchange;
  if (!response.ok) {
    exchange.close();
    throw exchange.failure(answerOf(response));
  }
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const chunks = [];
  let length = 0;
  for await (const chunk of exchange.chunks()) {
    length += chunk.length;
    if (length > most)
      throw new InputError(`${name} has more than ${most} bytes`, { path: name, value: length });
    chunks.push(chunk.slice()); // the next one comes into the same memory
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
