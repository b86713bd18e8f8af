/** A file of the hub on its way: asked for, checked, and kept in the cache while it comes. Not here: broken connections (download.js). */
import { FormatError, IntegrityError } from '../bindings/errors.js';
import { addressOf } from './cache.js';
import { ask, Download, refusal } from './download.js';
import { hashed } from './hashes.js';
import { readHeaders } from './hub-listing.js';
import { saidBy } from './reasons.js';

/**
 * @typedef {import('./hub-listing.js').Known} Known
 * @typedef {import('./hub-listing.js').Listing} Listing
 * @typedef {import('./cache.js').Writer} Writer
 * @typedef {import('./request.js').Exchange} Exchange
 *
 * @typedef {object} Hub
 * @property {import('./cache.js').Place} place
 * @property {string} at the commit, or the revision where the commit is not known
 * @property {string | null} commit
 * @property {Listing | null} listing
 * @property {import('./cache.js').Store | null} store
 * @property {import('./request.js').RequestOptions} options
 * @property {Map<string, import('./hashes.js').Digest>} digests that the caller promises
 * @property {Set<string>} distrusted files that are not taken out of the cache
 * @property {Error | null} offline why the hub is not asked
 * @property {(status: number) => string} advice
 */

/** What servers call a file that is not there. */
const ABSENT = [404, 410];

/**
 * @param {Hub} hub
 * @param {string} path
 * @param {Known} listed
 * @param {Exchange} [given] an answer that has come already
 * @returns {Promise<Fetched | string>} or what says that there is no such file
 */
export async function fetchFile(
  { place, at, store, commit, options, distrusted, advice },
  path,
  listed,
  given,
) {
  const url = new URL(addressOf(place, at, path));
  const writerFor = (/** @type {Known} */ known) =>
    (commit && known.etag && store?.writer(commit, path, known)) || null;
  let writer = await writerFor(listed);
  if (writer?.position && distrusted.has(path)) {
    await writer.abort(true);
    writer = await writerFor(listed);
  }
  const goesOn = Boolean(writer?.position) && !given;
  if (goesOn)
    return new Fetched(
      path,
      listed,
      writer,
      new Download(url, options, expected(listed), { position: writer?.position ?? 0 }),
    );
  try {
    const exchange = given ?? (await ask(url, options));
    const { status } = exchange.response;
    if (status !== 200) {
      if (!ABSENT.includes(status)) throw refusal(exchange, advice(status));
      exchange.close();
      await writer?.abort(true);
      if (commit) await store?.noteAbsent?.(commit, path);
      return saidBy(exchange.response);
    }
    const said = readHeaders(exchange.ownHeaders);
    const known = {
      size: listed.size ?? said.size,
      digest: listed.digest ?? said.digest,
      etag: listed.etag ?? said.etag,
    };
    writer ??= await writerFor(known);
    return new Fetched(path, known, writer, new Download(url, options, expected(known), { exchange }));
  } catch (error) {
    await writer?.abort(true);
    throw error;
  }
}

/** @param {Known} known */
const expected = ({ size, digest }) => ({ size, isProven: digest?.kind === 'sha256' });

export class Fetched {
  #path;
  #known;
  #writer;
  #download;

  /** @param {string} path @param {Known} known @param {Writer | null} writer @param {Download} download */
  constructor(path, known, writer, download) {
    this.#path = path;
    this.#known = known;
    this.#writer = writer;
    this.#download = download;
  }

  /** Whether an earlier load has begun it. */
  get isResumed() {
    return Boolean(this.#writer?.position);
  }

  /** All bytes of the file, those that were there before first. @returns {AsyncGenerator<Uint8Array>} */
  async *chunks() {
    const { size, digest } = this.#known;
    let isWhole = false;
    let isWrong = false;
    try {
      yield* hashed(this.#raw(), digest, this.#path, size);
      isWhole = true;
      await this.#writer?.end();
    } catch (error) {
      isWrong = error instanceof IntegrityError || error instanceof FormatError;
      throw error;
    } finally {
      this.#download.close();
      if (!isWhole) await this.#writer?.abort(isWrong);
    }
  }

  async *#raw() {
    const writer = this.#writer;
    if (writer?.position) yield* writer.stored();
    for await (const chunk of this.#download.chunks()) {
      await writer?.write(chunk);
      yield chunk;
    }
  }

  /** Lets go of a file that is not read. */
  async close() {
    this.#download.close();
    await this.#writer?.abort(false);
  }
}
