/**
 * Models of the Hugging Face hub by their ids, or of a mirror of it: which commit a revision is, which files it has, and where they
 * are asked for. Not here: how a file comes (hub-files.js), where it is kept (cache.js).
 */

import { InputError, NetworkError, show } from '../bindings/errors.js';
import { wantedByModel } from '../bindings/loading/wanted.js';
import { addressOf, listingAddress, openStore } from './cache.js';
import { hubSettings, REDIRECT } from './cache-place.js';
import { ask } from './download.js';
import { digestsOf, unknown } from './hashes.js';
import { HubFiles } from './hub-files.js';
import { COMMIT, MOST_LISTING, parseListing, readHeaders } from './hub-listing.js';
import { BrokenConnection } from './request.js';
import { stopping } from './stopping.js';

/**
 * @typedef {import('../bindings/loading/files.js').Source} Source
 * @typedef {import('./request.js').RequestOptions} RequestOptions
 * @typedef {import('./hub-listing.js').Listing} Listing
 * @typedef {Source & { close: () => void, findBroken: (error: unknown) => Promise<string[] | null> }} HubSource
 *
 * @typedef {object} HubOptions
 * @property {string} [revision] a branch, a tag or a commit
 * @property {string} [token]
 * @property {string} [endpoint]
 * @property {unknown} [cache]
 * @property {unknown} [integrity]
 * @property {import('../bindings/loading/wanted.js').Wanted} [wanted] files to fetch ahead
 * @property {string[]} [distrusted] files that are not taken out of the cache
 */

const ENDPOINT = 'https://huggingface.co';
const REVISION = /^[\w.-]+(?:\/[\w.-]+)*$/;
/** Milliseconds that the hub is waited for where its answer can be done without. */
const PATIENCE = 10_000;

/**
 * Where the hub is, and the headers for it: a token goes to its own origin alone, that of the environment only to the hub that the
 * environment names.
 * @param {HubOptions} options
 * @returns {{ endpoint: string, headers?: RequestOptions['headers'], isOffline: boolean }}
 * @throws {InputError}
 */
export function hubOf({ endpoint, token }) {
  const settings = hubSettings();
  const usual = originOf(settings.endpoint ?? ENDPOINT, 'HF_ENDPOINT');
  const chosen = endpoint === undefined ? usual : originOf(endpoint, 'option "endpoint"');
  const sent = token ?? (chosen.href === usual.href ? settings.token : undefined);
  if (sent !== undefined && !/^[\x21-\x7e]+$/.test(sent))
    throw new InputError('option "token" has characters that no token has', { path: 'token' });
  const headers = (/** @type {URL} */ url) =>
    url.origin === chosen.origin
      ? { authorization: `Bearer ${sent}` }
      : /** @type {Record<string, string>} */ ({});
  const isOffline = settings.isOffline === true;
  return { endpoint: chosen.href.replace(/\/+$/, ''), ...(sent !== undefined && { headers }), isOffline };
}

/** @param {string} address @param {string} name */
function originOf(address, name) {
  try {
    const url = new URL(address);
    if (/^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash)
      return url;
  } catch {}
  throw new InputError(`${name} is ${show(address)}; expected an address such as ${ENDPOINT}`, {
    path: 'endpoint',
    value: address,
  });
}

/**
 * @param {string} id
 * @param {RequestOptions & HubOptions} given
 * @param {string} [more] what to say where there is no such model
 * @returns {Promise<HubSource>} nothing is asked for before its first file is
 * @throws {InputError}
 */
export async function openHub(id, given, more = '') {
  const { revision = 'main', wanted = wantedByModel, distrusted = [], signal, fetch, timeout } = given;
  if (!REVISION.test(revision) || revision.split('/').includes('..')) {
    const message = `option "revision" is ${show(revision)}; expected a branch, a tag or a commit`;
    throw new InputError(message, { path: 'revision', value: revision });
  }
  const { endpoint, headers, isOffline } = hubOf(given);
  const digests = digestsOf(given.integrity);
  const place = { endpoint, id };
  const store = await openStore(given.cache, place);
  const stop = stopping(signal);
  const options = { ...{ fetch, timeout, headers, redirect: REDIRECT }, signal: stop.signal };
  const advice = (/** @type {number} */ status) => adviceFor(status, place, headers !== undefined);
  const name = `${id} of ${endpoint}`;

  const begin = async () => {
    const found = await commitOf({ place, revision, store, options, isOffline });
    const { listing, exchange } = found;
    for (const path of listing?.isWhole ? digests.keys() : [])
      if (!listing?.files.has(path)) throw unknown(path, name);
    const commit = listing?.commit ?? found.commit;
    const at = commit ?? revision;
    const hub = { place, at, commit, listing, store, options, digests, offline: found.offline, advice };
    const files = new HubFiles({ ...hub, distrusted: new Set(distrusted) });
    if (exchange) await files.find('config.json', exchange).catch(() => {});
    const names = listing && new Set(listing.files.keys());
    // Files that nobody lists are not asked for ahead where the hub is not to be had.
    const ahead = names || !found.offline ? wanted(names) : [];
    for (const path of ahead) files.find(path);
    return { files, listing, ahead };
  };
  /** @type {ReturnType<typeof begin> | undefined} */
  let begun;
  const start = () => {
    begun ??= begin();
    return begun;
  };
  /** @type {Map<string, string>} */
  const absent = new Map();
  const source = {
    name,
    /** @type {Source['find']} */
    async find(path) {
      const found = await (await start()).files.find(path);
      if (typeof found === 'object') return found;
      absent.set(path, found);
      return null;
    },
    /** @type {Source['whyNot']} */
    whyNot: (path) => absent.get(path),
    advice: `; is the id right? It is the name that the model's page has, ${endpoint}/${id}${more}`,
    async sizes() {
      const { listing, ahead } = await start();
      if (!listing) return undefined;
      return new Map(ahead.flatMap((path) => known(path, listing.files.get(path)?.size)));
    },
    list: async () => [...((await start()).listing?.files.keys() ?? [])],
    close() {
      stop.close();
      begun?.then(({ files }) => files.close()).catch(() => {});
    },
    async findBroken(/** @type {unknown} */ error) {
      const files = (await begun?.catch(() => null))?.files;
      return (await files?.findBroken(error)) ?? null;
    },
  };
  return /** @type {HubSource} */ (source);
}

/**
 * @typedef {object} Commit
 * @property {Listing | null} listing
 * @property {string | null} commit where there is no listing
 * @property {import('./request.js').Exchange} [exchange] the answer to config.json, which said it
 * @property {Error | null} offline
 */

/**
 * Which commit a revision is. One that is kept here whole needs no hub; a branch is asked for, and is what it was where the hub is
 * not to be had.
 * @param {{ place: import('./cache.js').Place, revision: string, store: import('./cache.js').Store | null, options: RequestOptions, isOffline: boolean }} given
 * @returns {Promise<Commit>}
 */
async function commitOf({ place, revision, store, options, isOffline }) {
  const isFixed = COMMIT.test(revision);
  const kept = (await store?.listing(revision).catch(() => null)) ?? null;
  if (kept?.isWhole && isFixed) return { listing: kept, commit: null, offline: null };
  if (isOffline) {
    const offline = new NetworkError('HF_HUB_OFFLINE is set', { path: 'HF_HUB_OFFLINE' });
    if (kept) return { listing: kept, commit: null, offline };
    throw new NetworkError(`${place.id} is not in the cache, and ${offline.message}`, { path: place.id });
  }
  try {
    const patience = kept
      ? { ...options, timeout: Math.min(options.timeout ?? PATIENCE, PATIENCE) }
      : options;
    const asked = await ask(new URL(listingAddress(place, revision)), patience, kept ? { tries: 1 } : {});
    const listing = asked.response.ok ? parseListing(await textOf(asked.chunks())) : null;
    asked.close();
    if (listing) await store?.keep(revision, listing);
    if (listing || kept) return { listing: listing ?? kept, commit: null, offline: null };
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    if (kept) return { listing: kept, commit: null, offline: error };
    if (error instanceof BrokenConnection) throw error;
  }
  // A mirror that has files alone: the answer to one of them may say the commit.
  const exchange = await ask(new URL(addressOf(place, revision, 'config.json')), options);
  const commit = readHeaders(exchange.ownHeaders).commit ?? (isFixed ? revision : null);
  if (commit) await store?.keep(revision, { commit, files: new Map(), isWhole: false });
  return { listing: null, commit, exchange, offline: null };
}

/** An entry of a Map, or none. @param {string} path @param {number | null | undefined} size @returns {[string, number][]} */
const known = (path, size) => (typeof size === 'number' ? [[path, size]] : []);

/** @param {AsyncIterable<Uint8Array>} chunks */
async function textOf(chunks) {
  const decoder = new TextDecoder();
  let [text, length] = ['', 0];
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > MOST_LISTING) return '';
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** @param {number} status @param {import('./cache.js').Place} place @param {boolean} hasToken */
function adviceFor(status, { endpoint, id }, hasToken) {
  if (status !== 401 && status !== 403) return '';
  const page = `${endpoint}/${id}`;
  return hasToken
    ? `; the token does not open it: is it one for this model, and are the model's terms accepted at ${page}?`
    : `; it may be gated or private: accept its terms at ${page} and give your token as the option "token"; or the id is not right`;
}
