/** What the hub's models need of a browser: the Cache API, and digests of streams, which Web Crypto does not have. */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** @typedef {import('./cache.js').Place} Place */
/** @typedef {import('./cache.js').Store} Store */
/** @typedef {import('./cache.js').AnyCache} AnyCache */

const NAME = 'wasmformer';

/** Browsers follow redirections by themselves, and leave the token out where they lead elsewhere. @type {undefined} */
export const REDIRECT = undefined;

/** @returns {{ endpoint?: string, token?: string, isOffline?: boolean }} */
export const hubSettings = () => ({});

/** @param {'sha256' | 'sha1'} name */
export function hashOf(name) {
  const hash = (name === 'sha1' ? sha1 : sha256).create();
  return {
    update: (/** @type {Uint8Array} */ bytes) => void hash.update(bytes),
    hex: () => Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

const MODEL = /^.*?\/(?:api\/models\/)?([^/]+\/[^/]+)\/(?:resolve|revision)\//;

/** @param {string} url @returns {string | undefined} the id of the model that it belongs to */
const idOf = (url) => MODEL.exec(new URL(url).pathname)?.[1];

export const ownCache = {
  /** Only pages of https: have caches, and not in every mode. @param {Place} _place @returns {Promise<Store | AnyCache | null>} */
  open: async (_place) => globalThis.caches?.open(NAME) ?? null,

  /** @returns {Promise<{ id: string, size: number }[]>} */
  async list() {
    if (!globalThis.caches) return [];
    const opened = await caches.open(NAME);
    /** @type {Map<string, number>} */
    const sizes = new Map();
    for (const { url } of await opened.keys()) {
      const id = idOf(url);
      const size = Number((await opened.match(url))?.headers.get('x-linked-size') ?? 0);
      if (id) sizes.set(id, (sizes.get(id) ?? 0) + size);
    }
    return [...sizes].map(([id, size]) => ({ id, size }));
  },

  /** @param {string} id @returns {Promise<boolean>} */
  async delete(id) {
    if (!globalThis.caches) return false;
    const opened = await caches.open(NAME);
    const urls = (await opened.keys()).map(({ url }) => url).filter((url) => idOf(url) === id);
    for (const url of urls) await opened.delete(url);
    return urls.length > 0;
  },
};
