/**
 * Finding what an encoder is loaded from. A source answers for one model: it finds files by their names in the model's
 * folder. Not here: what the files mean, folders on disk (platform-node.js), folders on servers (source-url.js).
 */
import { bytesOf, classOf } from '../bindings/arrays.js';
import { FormatError, InputError, show } from '../bindings/errors.js';
import { wantedByModel } from '../bindings/loading/wanted.js';
import { digestsOf, promised } from './hashes.js';
import { hubOf, openHub } from './hub.js';
import { openPlace } from './platform.js';
import { openUrl } from './source-url.js';

/**
 * @typedef {import('../bindings/loading/files.js').Source & Partial<Pick<import('./hub.js').HubSource, 'close' | 'findBroken'>>} Source
 * @typedef {import('../bindings/loading/files.js').SourceFile} SourceFile
 *
 * @typedef {object} Openers
 * @property {(id: string, more?: string) => Promise<Source>} hub more: what else it may have been meant as
 * @property {(url: URL) => Promise<Source>} url
 * @property {(folder: Source) => Promise<Source>} folder
 */

/**
 * @param {any} source an id of the hub, a folder path (Node), a URL of a folder, in a page also a relative one, File objects, a
 *   directory handle, or a Map of names to bytes or Blobs
 * @param {import('./request.js').RequestOptions & import('./hub.js').HubOptions} options
 * @returns {Promise<Source>}
 */
export async function openSource(source, options) {
  if (typeof source === 'string' || classOf(source) === 'URL') {
    const { fetch, signal, timeout, integrity, wanted = wantedByModel } = options;
    const { headers } = hubOf(options);
    return openPlace(source, {
      hub: (id, more) => openHub(id, options, more),
      url: (url) => promised(openUrl(url, { fetch, signal, timeout, headers }, wanted), digestsOf(integrity)),
      folder: (folder) => promised(folder, digestsOf(integrity)),
    });
  }
  return promised(await openFiles(source), digestsOf(options.integrity));
}

/** @param {any} source @returns {Promise<Source>} */
async function openFiles(source) {
  if (classOf(source) === 'Map') return openMap(source);
  const files = toFiles(source);
  if (files) return openMap(new Map(files.map((file) => [relativePath(file), file])));
  if (typeof source?.getFileHandle === 'function') return openDirectory(source);
  throw new InputError(
    `source is ${show(source)}; expected a folder, a URL, File objects, a directory handle, a Map or {config, tensors}${adviceFor(source)}`,
    { path: 'source', value: source },
  );
}

/** What to do with what is near a source. @param {any} source */
function adviceFor(source) {
  if (isBlob(source)) return '; a File is one of those: pass all of the folder in an array';
  if (source?.length === 0) return '; there is no file in it';
  if (classOf(source) === 'HTMLInputElement') return '; pass its files';
  if (source?.kind === 'file') return '; a handle of a file is one of those: pass that of the folder';
  if (bytesOf(source)) return '; bytes are of one file: pass a Map of all, by their names';
  if (classOf(source) === 'Response') return '; pass its address';
  if (classOf(source) !== 'Object' || typeof source.then === 'function') return '';
  if ('config' in source || 'tensors' in source) {
    const wrong = ['config', 'tensors'].find((key) => !source[key] || typeof source[key] !== 'object');
    return `; ${wrong} is ${show(source[/** @type {string} */ (wrong)])}`;
  }
  return Object.keys(source).some((name) => name.includes('.'))
    ? '; files by their names are a Map: new Map(Object.entries(source))'
    : '';
}

/** @param {unknown} source @returns {File[] | null} of a FileList or an array of File objects */
function toFiles(source) {
  if (!Array.isArray(source) && classOf(source) !== 'FileList') return null;
  const files = Array.from(/** @type {ArrayLike<File>} */ (source));
  return files.length && files.every((file) => isBlob(file) && 'name' in file) ? files : null;
}

/** @param {unknown} value @returns {value is Blob} */
const isBlob = (value) => ['Blob', 'File'].includes(classOf(value));

/** A chosen folder's own name leads every path in it. @param {File} file */
const relativePath = (file) => file.webkitRelativePath?.split('/').slice(1).join('/') || file.name;

/** @param {Map<string, unknown>} map @returns {Source} */
function openMap(map) {
  return {
    name: 'the files given',
    find: async (file) => {
      const found = map.get(file);
      if (found === undefined) return null;
      if (isBlob(found)) return blobFile(found, file);
      const bytes = bytesOf(found);
      if (bytes) return { size: bytes.length, stream: () => inTurn([bytes]) };
      const advice = typeof found === 'string' ? ', as new TextEncoder().encode(text) gives' : '';
      const message = `"${file}" is ${show(found)}; expected bytes or a Blob${advice}`;
      throw new InputError(message, { path: file, value: found });
    },
    list: async () => [...map.keys()],
  };
}

/** @param {FileSystemDirectoryHandle} root @returns {Source} */
function openDirectory(root) {
  return {
    name: root.name || 'the folder given',
    find: async (path) => {
      const names = path.split('/');
      const last = /** @type {string} */ (names.pop());
      try {
        let folder = root;
        for (const name of names) folder = await folder.getDirectoryHandle(name);
        return blobFile(await (await folder.getFileHandle(last)).getFile(), path);
      } catch (cause) {
        const { name, message } = /** @type {Error} */ (cause);
        // TypeMismatchError: a folder has that name.
        if (name === 'NotFoundError' || name === 'TypeMismatchError') return null;
        throw new InputError(`${path} in ${root.name} cannot be read: ${message}`, { path, cause });
      }
    },
    list: async () => {
      const names = [];
      for await (const name of root.keys()) names.push(name);
      return names;
    },
  };
}

/** @param {Blob} blob @param {string} path for errors @returns {SourceFile} */
const blobFile = (blob, path) => ({ size: blob.size, stream: () => readBlob(blob, path) });

/** Streams are not async iterables in every browser. @param {Blob} blob @param {string} path */
async function* readBlob(blob, path) {
  const reader = blob.stream().getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } catch (cause) {
    // A file chosen on a page has been changed or removed since.
    const reason = /** @type {Error} */ (cause).message;
    throw new FormatError(`${path} cannot be read: ${reason}`, { path, cause });
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** @param {Uint8Array[]} chunks */
async function* inTurn(chunks) {
  yield* chunks;
}
