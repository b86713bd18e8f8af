/**
 * What of the hub has come before: a store of one model over anything with `match`, `put` and `delete`, as browsers' caches are. A
 * cache that fails is as good as none: no load fails for it. Not here: the environment's own cache (cache-node.js,
 * cache-browser.js), whether its bytes are right (hub-files.js).
 */

import { InputError, show } from '../bindings/errors.js';
import { ownCache } from './cache-place.js';
import { parseListing, textOf } from './hub-listing.js';

/**
 * @typedef {import('./hub-listing.js').Listing} Listing
 * @typedef {import('./hub-listing.js').Known} Known
 * @typedef {import('../bindings/loading/files.js').SourceFile} SourceFile
 *
 * @typedef {{ endpoint: string, id: string }} Place of a model
 *
 * @typedef {object} Writer takes the bytes of a file as they come
 * @property {number} position bytes that are there already
 * @property {() => AsyncIterable<Uint8Array>} stored these bytes
 * @property {(chunk: Uint8Array) => Promise<void>} write
 * @property {() => Promise<void>} end all have come, and are right
 * @property {(isWrong: boolean) => Promise<void>} abort no more will come
 *
 * @typedef {object} Store
 * @property {(revision: string) => Promise<Listing | null>} listing what is known without the hub
 * @property {(revision: string, listing: Listing) => Promise<void>} keep
 * @property {(commit: string, path: string, known: Known) => Promise<(SourceFile & { digest: Known['digest'] }) | null>} open
 * @property {(commit: string, path: string) => Promise<boolean>} [isAbsent] whether the model is known not to have it
 * @property {(commit: string, path: string) => Promise<void>} [noteAbsent]
 * @property {(commit: string, path: string, known: Known) => Promise<Writer | null>} writer
 * @property {(commit: string, path: string) => Promise<void>} remove
 *
 * @typedef {{ match: (url: string) => Promise<any>, put: (url: string, response: any) => Promise<any>, delete: (url: string) => Promise<any> }} AnyCache
 */

/** Bytes that wait for a cache to take them. */
const WAITING = 1 << 20;

/**
 * @param {unknown} cache the option: 'default', false or a cache
 * @param {Place} place
 * @returns {Promise<Store | null>}
 * @throws {InputError}
 */
export async function openStore(cache, place) {
  if (cache === false) return null;
  if (cache === undefined || cache === 'default') return openOwn(place).catch(() => null);
  const given = /** @type {any} */ (cache);
  const missing = ['match', 'put', 'delete'].find((name) => typeof given?.[name] !== 'function');
  if (!missing) return storeOver(given, place);
  throw new InputError(
    `option "cache" must be 'default', false or an object with match, put and delete, not ${show(cache)}`,
    { path: 'cache', value: cache },
  );
}

/** The environment's own. @param {Place} place @returns {Promise<Store | null>} */
async function openOwn(place) {
  const own = await ownCache.open(place);
  return own && 'match' in own ? storeOver(own, place) : own;
}

/** @param {Place} place @param {string} commit @param {string} path */
export const addressOf = ({ endpoint, id }, commit, path) =>
  `${endpoint}/${id}/resolve/${[commit, ...path.split('/')].map(encodeURIComponent).join('/')}`;

/** @param {Place} place @param {string} revision */
export const listingAddress = ({ endpoint, id }, revision) =>
  `${endpoint}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;

/** @param {AnyCache} cache @param {Place} place @returns {Store} */
function storeOver(cache, place) {
  const match = async (/** @type {string} */ url) => {
    const found = await cache.match(url);
    return found?.ok ? found : null;
  };
  /** @type {Store['listing']} */
  const listing = async (revision) => {
    const text = await quietly(async () => (await match(listingAddress(place, revision)))?.text());
    return text ? parseListing(text) : null;
  };
  const remove = (/** @type {string} */ commit, /** @type {string} */ path) =>
    quietly(() => cache.delete(addressOf(place, commit, path)));
  return {
    listing,
    remove,
    async keep(revision, { commit, ...list }) {
      if (!list.files.size) return;
      const former = await listing(revision);
      if (former?.commit === commit) return;
      for (const name of [revision, commit]) {
        const response = new Response(textOf({ commit, ...list }), {
          headers: { 'content-type': 'application/json' },
        });
        await quietly(() => cache.put(listingAddress(place, name), response));
      }
      // A branch that has moved on would double what is kept.
      if (!former) return;
      for (const path of former.files.keys()) await remove(former.commit, path);
      await quietly(() => cache.delete(listingAddress(place, former.commit)));
    },
    async open(commit, path, { size, digest }) {
      const url = addressOf(place, commit, path);
      const found = await quietly(() => match(url));
      if (!found) return null;
      /** @type {any} */
      let first = found;
      return {
        size,
        digest,
        async *stream() {
          const response = first ?? (await match(url));
          first = null;
          yield* chunksOf(response);
        },
        cancel: () => first?.body?.cancel().catch(() => {}),
      };
    },
    writer: async (commit, path, { size }) => responseWriter(cache, addressOf(place, commit, path), size),
  };
}

/** @param {any} response */
async function* chunksOf(response) {
  const reader = response?.body?.getReader();
  if (!reader) return;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** A cache's answer, or nothing where it fails. @template T @param {() => T | Promise<T>} ask @returns {Promise<T | undefined>} */
async function quietly(ask) {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

/**
 * A file is put while it comes: at no time is it in memory as a whole, unless the cache wants it so.
 * @param {AnyCache} cache
 * @param {string} url
 * @param {number | null} size
 * @returns {Writer}
 */
function responseWriter(cache, url, size) {
  /** @type {ReadableStreamDefaultController<Uint8Array>} */
  let controller = /** @type {any} */ (undefined);
  let isOver = false;
  let go = () => {};
  const stop = () => {
    isOver = true;
    go();
  };
  const body = new ReadableStream(
    {
      start(given) {
        controller = given;
      },
      pull: () => go(),
      cancel: stop,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: WAITING }),
  );
  const headers = {
    'content-type': 'application/octet-stream',
    ...(size !== null && { 'x-linked-size': `${size}` }),
  };
  // A cache that has no room for it says so at any time.
  const put = quietly(() => cache.put(url, new Response(body, { headers }))).then(stop);
  return {
    position: 0,
    stored: async function* () {},
    async write(chunk) {
      if (isOver) return;
      controller.enqueue(chunk.slice());
      if (Number(controller.desiredSize) > 0) return;
      await new Promise((resolve) => {
        go = () => resolve(undefined);
      });
    },
    async end() {
      if (!isOver) controller.close();
      await put;
    },
    async abort() {
      if (!isOver) controller.error(new Error('the file did not come whole'));
      await put;
    },
  };
}

/** The hub's models that are kept here: in a browser those of this page's origin, in Node those of Hugging Face's own cache. */
export const cache = {
  /** @returns {Promise<{ id: string, size: number }[]>} each model with its bytes */
  list: () => ownCache.list(),
  /**
   * @param {string} id
   * @returns {Promise<boolean>} false if there is nothing of it
   */
  delete: (id) => {
    if (typeof id === 'string' && /^[A-Za-z\d][\w.-]{0,95}(?:\/[A-Za-z\d][\w.-]{0,95})?$/.test(id))
      return ownCache.delete(id);
    const message = `cache.delete: ${show(id)} is no id of a model; expected owner/name`;
    return Promise.reject(new InputError(message, { path: 'id', value: id }));
  },
};
