/** Where models are, for Node, Deno and Bun: folders, and addresses. */
import { FormatError, InputError } from '../bindings/errors.js';
import { adviceFor } from './mistakes.js';
import { fs, path as paths, url as urls } from './node.js';
import { statOf } from './paths-node.js';

/** Bytes read from a file at a time. */
const CHUNK = 1 << 20;

/**
 * What a source's string or URL stands for.
 * @param {string | URL} source a folder's path, or an address
 * @param {(url: URL) => import('./source.js').Source} openUrl
 * @returns {Promise<import('./source.js').Source>}
 * @throws {InputError} if there is no such folder, or the address is malformed
 */
export async function openPlace(source, openUrl) {
  // A folder's name may have a colon in it, too.
  if (typeof source === 'string' && !/^(?:[a-z][a-z\d+.-]+:\/\/|file:)/i.test(source))
    return openFolder(source);
  let folder;
  try {
    const url = new URL(source);
    if (url.protocol !== 'file:') return openUrl(url);
    folder = urls().fileURLToPath(url);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const advice = /^https?:/i.test(String(source)) ? '; expected https://host/folder' : '';
    const message = `"${source}" is no address of a folder: ${/** @type {Error} */ (cause).message}${advice}`;
    throw new InputError(message, { path: 'source', value: source, cause });
  }
  return openFolder(folder);
}

/**
 * A folder on disk.
 * @param {string} folder
 * @returns {Promise<import('./source.js').Source>}
 * @throws {InputError} if there is no such folder
 */
async function openFolder(folder) {
  await statOf(
    folder,
    'folder',
    adviceFor(folder) || '; expected one with config.json and model.safetensors',
  );
  return {
    name: folder,
    find: (file) => openFile(paths().join(folder, file)),
    list: () => fs().readdir(folder),
  };
}

/**
 * @param {string} path
 * @returns {Promise<import('./source.js').SourceFile | null>}
 */
async function openFile(path) {
  const found = await fs()
    .stat(path)
    .catch((cause) => {
      if (['ENOENT', 'ENOTDIR'].includes(cause.code)) return null;
      throw unreadable(path, cause);
    });
  if (!found?.isFile()) return null;
  return { size: found.size, stream: () => readChunks(path, found.size) };
}

/** @param {string} path @param {Error} cause */
const unreadable = (path, cause) =>
  new InputError(`${path} cannot be read: ${cause.message}`, { path, cause });

/**
 * The file's bytes through two reused buffers: one is read while the other is in use.
 * @param {string} path
 * @param {number} size
 */
async function* readChunks(path, size) {
  const file = await fs()
    .open(path)
    .catch((cause) => {
      throw unreadable(path, cause);
    });
  const length = Math.min(CHUNK, Math.max(1, size));
  let [current, other] = [new Uint8Array(length), new Uint8Array(length)];
  let pending = size ? file.read(current, 0, length, 0) : null;
  try {
    for (let position = 0; pending; ) {
      const { bytesRead } = await pending.catch((cause) => {
        throw unreadable(path, cause);
      });
      pending = null;
      if (bytesRead === 0) throw new FormatError(`${path} became shorter while it was read`, { path });
      position += bytesRead;
      if (position < size) pending = file.read(other, 0, length, position);
      yield current.subarray(0, bytesRead);
      [current, other] = [other, current];
    }
  } finally {
    await pending?.catch(() => {});
    await file.close();
  }
}
