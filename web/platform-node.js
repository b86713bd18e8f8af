/** Where models are, for Node, Deno and Bun: folders, ids of the hub, and addresses. */
import { InputError } from '../bindings/errors.js';
import { openFile } from './files-node.js';
import { adviceFor, isHubId } from './mistakes.js';
import { fs, path as paths, url as urls } from './node.js';
import { statOf } from './paths-node.js';

/**
 * What a source's string or URL stands for.
 * @param {string | URL} source a folder's path, an id of the hub where there is no such folder, or an address
 * @param {import('./source.js').Openers} open
 * @returns {Promise<import('./source.js').Source>}
 * @throws {InputError} if there is no such folder, or the address is malformed
 */
export async function openPlace(source, open) {
  // A folder's name may have a colon in it, too.
  if (typeof source === 'string' && !/^(?:[a-z][a-z\d+.-]+:\/\/|file:)/i.test(source)) {
    const isThere = await fs()
      .stat(source)
      .catch(() => null);
    if (!isThere && isHubId(source)) return open.hub(source, `; there is no folder "${source}" here either`);
    return open.folder(await openFolder(source));
  }
  let folder;
  try {
    const url = new URL(source);
    if (url.protocol !== 'file:') return open.url(url);
    folder = urls().fileURLToPath(url);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const advice = /^https?:/i.test(String(source)) ? '; expected https://host/folder' : '';
    const message = `"${source}" is no address of a folder: ${/** @type {Error} */ (cause).message}${advice}`;
    throw new InputError(message, { path: 'source', value: source, cause });
  }
  return open.folder(await openFolder(folder));
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
