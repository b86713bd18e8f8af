/** A model's folder on a server. Not here: how a file is fetched (download.js). */
import { InputError, NetworkError } from '../bindings/errors.js';
import { pageOf, SHOWN_BY } from '../bindings/formats/stand_ins.js';
import { ByteReader } from '../bindings/formats/stream.js';
import { ask, Download } from './download.js';
import { fileAdvice, hubFolder } from './mistakes.js';
import { answerOf } from './reasons.js';
import { nameOf } from './request.js';
import { stopping } from './stopping.js';

/**
 * @typedef {import('../bindings/loading/files.js').Source} Source
 * @typedef {import('../bindings/loading/files.js').SourceFile} SourceFile
 * @typedef {import('./request.js').RequestOptions} RequestOptions
 */

/** How servers say that a file is not there; storage that may not be listed says "forbidden". */
const ABSENT = [403, 404, 410];

/**
 * @param {URL} url of a folder; its query goes with each file's address, since it may be a signature
 * @param {RequestOptions} given
 * @param {import('../bindings/loading/wanted.js').Wanted} wanted files to ask for as soon as one is
 * @returns {Source & { close: () => void }}
 * @throws {InputError} if files can have no addresses below it
 */
export function openUrl(url, given, wanted) {
  const folder = folderOf(url);
  /** @type {Map<string, string>} */
  const absent = new Map();
  const stop = stopping(given.signal);
  const options = { ...given, signal: stop.signal };
  /** @type {Map<string, ReturnType<typeof findAt>>} */
  const asked = new Map();
  const fetched = (/** @type {string} */ path) => {
    const known = asked.get(path);
    if (known) return known;
    const at = new URL(path.split('/').map(encodeURIComponent).join('/'), folder);
    at.search = folder.search;
    const found = findAt(at, options);
    asked.set(path, found);
    return found;
  };
  const ahead = (/** @type {string[]} */ paths) => {
    for (const path of paths) fetched(path).catch(() => {}); // told where the file is read
  };
  return {
    name: nameOf(folder),
    async find(path) {
      if (!asked.size) ahead(wanted(null));
      const found = await fetched(path);
      if (typeof found === 'object') return found;
      absent.set(path, found);
      return null;
    },
    ahead,
    whyNot: (path) => absent.get(path),
    advice: fileAdvice(folder),
    close() {
      stop.close();
      for (const found of asked.values())
        found.then((file) => typeof file === 'object' && file.cancel?.()).catch(() => {});
    },
  };
}

/** @param {URL} url */
function folderOf(url) {
  const folder = new URL(url);
  if (folder.username || folder.password) {
    const message =
      'source has a password in its address; expected a fetch that sends it, as the option "fetch"';
    throw new InputError(message, { path: 'source' });
  }
  const files = hubFolder(folder);
  if (files) {
    const [, id] = /^https:\/\/[^/]+\/(.+)\/resolve\/main$/.exec(files) ?? [];
    const better = id ? `, or the model's id, "${id}"` : '';
    const message = `source is a page of the hub, ${nameOf(folder)}; expected the address of its files, ${files}${better}`;
    throw new InputError(message, { path: 'source', value: url });
  }
  folder.hash = '';
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  try {
    new URL('file', folder);
  } catch (cause) {
    throw new InputError(`source begins with ${folder.protocol}; expected the address of a folder`, {
      path: 'source',
      value: url,
      cause,
    });
  }
  return folder;
}

/**
 * @param {URL} at
 * @param {RequestOptions} options
 * @returns {Promise<SourceFile | string>} or what says that there is no such file
 */
async function findAt(at, options) {
  const isExtension = at.protocol.endsWith('-extension:');
  const exchange = await ask(at, options, isExtension ? { tries: 1 } : {}).catch((error) => {
    // In an extension a file that is not there fails as if there were no network.
    if (!isExtension || !(error instanceof NetworkError)) throw error;
    return null;
  });
  if (!exchange) return 'there is no such file';
  const { response } = exchange;
  if (!response.ok) {
    exchange.close();
    if (ABSENT.includes(response.status)) return answerOf(response);
    throw exchange.failure(answerOf(response));
  }
  const download = new Download(at, options, { size: null, isProven: false }, { exchange });
  const reader = new ByteReader(download.chunks(), exchange.name);
  const start = await reader.peek(SHOWN_BY);
  if (start.length === 0) return `${answerOf(response)} and no bytes`;
  const page = pageOf(start);
  if (page) {
    download.close();
    return `the server answered with ${page}`;
  }
  let isUnread = true;
  return {
    size: null,
    async *stream() {
      if (!isUnread) return yield* await streamAgain(at, options);
      isUnread = false;
      yield* reader.remaining();
    },
    cancel: () => download.close(),
  };
}

/** @param {URL} at @param {RequestOptions} options @returns {Promise<AsyncIterable<Uint8Array>>} */
async function streamAgain(at, options) {
  const found = await findAt(at, options);
  if (typeof found === 'object') return found.stream();
  throw new NetworkError(`${nameOf(at)} is there no more: ${found}`, { path: nameOf(at) });
}
