/**
 * The files of one commit of a model on the hub: out of the cache where they are there and right, else fetched, checked, and kept
 * while they come (hub-fetch.js). Not here: which commit (hub.js), where files are kept (cache.js).
 */
import { AbortError, FormatError, IntegrityError, NetworkError } from '../bindings/errors.js';
import { hashed, otherBytes } from './hashes.js';
import { fetchFile } from './hub-fetch.js';

/**
 * @typedef {import('../bindings/loading/files.js').SourceFile} SourceFile
 * @typedef {import('./hub-listing.js').Known} Known
 * @typedef {import('./request.js').Exchange} Exchange
 *
 * @typedef {import('./hub-fetch.js').Hub} Hub
 * @typedef {import('./hub-fetch.js').Fetched} Fetched
 */

/** Files that are held whole until they are read, so that no connection waits for that. */
const TEXT = /\.(?:json|txt)$/;
const MOST_TEXT = 1 << 26;
/** @type {Known} */
const NOTHING = { size: null, digest: null, etag: null };

export class HubFiles {
  #hub;
  /** Each file is asked for once. @type {Map<string, Promise<SourceFile | string>>} */ #found = new Map();
  /** Begun to be read out of the cache, and not yet seen whole. @type {Map<string, () => AsyncIterable<Uint8Array>>} */ #unproven =
    new Map();
  /** Begun by an earlier load, and not yet seen whole. @type {Set<string>} */ #suspects = new Set();
  /** Lets go of what is held. @type {Set<() => void>} */ #waiting = new Set();

  /** @param {Hub} hub */
  constructor(hub) {
    this.#hub = hub;
  }

  /**
   * @param {string} path
   * @param {Exchange} [exchange] an answer that has come already
   * @returns {Promise<SourceFile | string>} or what says that there is no such file
   */
  find(path, exchange) {
    const known = this.#found.get(path);
    if (known) return known;
    const found = this.#find(path, exchange);
    found.catch(() => {}); // who asks for it hears of it
    this.#found.set(path, found);
    return found;
  }

  /** @param {string} path @param {Exchange} [exchange] @returns {Promise<SourceFile | string>} */
  async #find(path, exchange) {
    const { listing, store, commit, distrusted, offline } = this.#hub;
    const listed = listing?.files.get(path);
    if (listing?.isWhole && !listed) return 'the hub lists no such file';
    const digest = this.#hub.digests.get(path);
    if (digest && listed?.digest?.kind === 'sha256' && listed.digest.hex !== digest.hex)
      throw otherBytes(path, listed.digest, digest);
    const known = { ...NOTHING, ...listed, ...(digest && { digest }) };
    const stored =
      commit && !exchange && !distrusted.has(path) ? await store?.open(commit, path, known) : null;
    if (stored) {
      const kept = this.#keptFile(path, stored);
      if (!TEXT.test(path)) return kept;
      const bytes = await bytesOf(kept.stream()).catch((error) => this.#pass(error, path));
      if (bytes) return this.#textFile(bytes);
    }
    if (offline) return this.#absentOffline(path, offline);
    if (TEXT.test(path) && (known.size ?? 0) <= MOST_TEXT) {
      const fetched = await fetchFile(this.#hub, path, known, exchange);
      return typeof fetched === 'string' ? fetched : this.#textFile(await bytesOf(fetched.chunks()));
    }
    return this.#largeFile(path, known, listed !== undefined);
  }

  /** What is wrong in the cache is fetched again. @param {unknown} error @param {string} path @returns {Promise<null>} */
  async #pass(error, path) {
    if (error instanceof AbortError) throw error;
    this.#unproven.delete(path);
    await this.#forget(path);
    return null;
  }

  /** @param {string} path */
  async #forget(path) {
    const { store, commit } = this.#hub;
    if (commit) await store?.remove(commit, path);
  }

  /** @param {string} path @param {SourceFile & { digest: Known['digest'] }} stored @returns {SourceFile} */
  #keptFile(path, { size, stream, digest, cancel }) {
    const proven = () => hashed(sized(stream(), size, path), digest, path, size);
    const unproven = this.#unproven;
    return {
      size,
      cancel,
      async *stream() {
        unproven.set(path, proven);
        yield* proven();
        unproven.delete(path);
      },
    };
  }

  /** @param {Uint8Array | null} bytes @returns {SourceFile} */
  #textFile(bytes) {
    const size = bytes?.length ?? 0;
    this.#waiting.add(() => {
      bytes = null; // a worker's page keeps the source as long as the worker
    });
    return {
      size,
      stream: async function* () {
        if (bytes) yield bytes;
      },
    };
  }

  /** @param {string} path @param {Error} offline */
  async #absentOffline(path, offline) {
    const { store, commit, listing } = this.#hub;
    if (commit && !listing?.files.has(path) && (await store?.isAbsent?.(commit, path)))
      return 'it had no such file when it was fetched';
    throw new NetworkError(`${path} is not in the cache, and the hub is not to be had: ${offline.message}`, {
      path,
      cause: offline,
    });
  }

  /**
   * A file that streams; it is asked for when it is found, its bytes when they are read.
   * @param {string} path
   * @param {Known} known
   * @param {boolean} isListed
   * @returns {Promise<SourceFile | string>}
   */
  async #largeFile(path, known, isListed) {
    const asked = fetchFile(this.#hub, path, known);
    let first = /** @type {Promise<Fetched | string> | null} */ (asked);
    asked.catch(() => {});
    if (!isListed) {
      const found = await asked;
      if (typeof found === 'string') return found;
    }
    const next = () => {
      const fetched = first ?? fetchFile(this.#hub, path, known);
      first = null;
      return fetched;
    };
    const cancel = () => {
      first?.then((fetched) => (typeof fetched === 'object' ? fetched.close() : undefined)).catch(() => {});
    };
    this.#waiting.add(cancel);
    const suspects = this.#suspects;
    return {
      size: known.size,
      cancel,
      async *stream() {
        const fetched = await next();
        if (typeof fetched === 'string')
          throw new NetworkError(`${path} is there no more: ${fetched}`, { path });
        if (fetched.isResumed) suspects.add(path);
        yield* fetched.chunks();
        suspects.delete(path);
      },
    };
  }

  /** Lets go of what is held for a load that has ended. */
  close() {
    for (const letGo of this.#waiting) letGo();
  }

  /**
   * After a load that failed: whether what was kept here was at fault. What is wrong is removed.
   * @param {unknown} error
   * @returns {Promise<string[] | null>} files not to be taken out of the cache; null if all is right
   */
  async findBroken(error) {
    if (error instanceof NetworkError) return null;
    const isOfBytes = error instanceof FormatError || error instanceof IntegrityError;
    const broken = isOfBytes ? [...this.#suspects] : [];
    for (const [path, stream] of this.#unproven) {
      try {
        for await (const _ of stream());
      } catch {
        broken.push(path);
        await this.#forget(path);
      }
    }
    return broken.length ? broken : null;
  }
}

/** @param {AsyncIterable<Uint8Array>} chunks @param {number | null} size @param {string} path @returns {AsyncGenerator<Uint8Array>} */
async function* sized(chunks, size, path) {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    yield chunk;
  }
  if (size === null || length === size) return;
  const message = `${path} has ${length} bytes in the cache; expected ${size}`;
  throw new IntegrityError(message, { path, value: length });
}

/** @param {AsyncIterable<Uint8Array>} chunks @returns {Promise<Uint8Array>} no more than a little beyond what a text may have */
async function bytesOf(chunks) {
  const parts = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk.slice());
    length += chunk.length;
    if (length > MOST_TEXT) break;
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
