/**
 * Finding what an encoder is loaded from. A source answers for one model: it finds files by their names in the model's
 * folder. Not here: what the files mean.
 */
import { openFolder } from '#platform';
import { FormatError, InputError, NetworkError } from '../bindings/errors.js';

/**
 * @typedef {import('../bindings/loading/files.js').Source} Source
 * @typedef {import('../bindings/loading/files.js').SourceFile} SourceFile
 */

/**
 * @param {unknown} source a folder path (Node), a URL of a folder, File objects, a directory handle, or a Map of names to
 *   bytes or Blobs
 * @param {{ fetch?: typeof fetch, signal?: AbortSignal }} options
 * @returns {Promise<Source>}
 */
export async function openSource(source, options) {
  if (source instanceof URL || (typeof source === 'string' && /^(https?|file):\/\//.test(source))) {
    const url = new URL(source);
    return url.protocol === 'file:' ? openFolder(decodeURIComponent(url.pathname)) : openUrl(url, options);
  }
  if (typeof source === 'string') return openFolder(source);
  if (source instanceof Map) return openMap(source);
  const files = toFiles(source);
  if (files) return openMap(new Map(files.map((file) => [relativePath(file), file])));
  if (source && typeof (/** @type {any} */ (source).getFileHandle) === 'function') {
    return openDirectory(/** @type {FileSystemDirectoryHandle} */ (source));
  }
  throw new InputError(
    `source is ${source === null ? 'null' : typeof source}; expected a folder, a URL, File objects, a directory handle, a Map or {config, tensors}`,
    { path: 'source', value: source },
  );
}

/** @param {unknown} source @returns {File[] | null} of a FileList or an array of File objects */
function toFiles(source) {
  const list = Array.isArray(source) || (typeof FileList === 'function' && source instanceof FileList);
  if (!list) return null;
  const files = Array.from(/** @type {ArrayLike<File>} */ (source));
  return files.length && files.every((file) => file instanceof Blob && 'name' in file) ? files : null;
}

/** A chosen folder's own name leads every path in it. @param {File} file */
const relativePath = (file) => file.webkitRelativePath?.split('/').slice(1).join('/') || file.name;

/** @param {Map<string, Uint8Array | Blob>} map @returns {Source} */
function openMap(map) {
  return {
    name: 'the files given',
    find: async (file) => {
      const found = map.get(file);
      if (found === undefined) return null;
      if (found instanceof Blob) return { size: found.size, stream: () => iterate(found.stream()) };
      if (!(found instanceof Uint8Array)) {
        throw new InputError(`"${file}" is ${typeof found}; expected a Uint8Array or a Blob`, { path: file });
      }
      return {
        size: found.length,
        stream: async function* () {
          yield found;
        },
      };
    },
  };
}

/** @param {FileSystemDirectoryHandle} root @returns {Source} */
function openDirectory(root) {
  return {
    name: root.name,
    find: async (path) => {
      const names = path.split('/');
      const last = /** @type {string} */ (names.pop());
      try {
        let folder = root;
        for (const name of names) folder = await folder.getDirectoryHandle(name);
        const file = await (await folder.getFileHandle(last)).getFile();
        return { size: file.size, stream: () => iterate(file.stream()) };
      } catch (error) {
        if (/** @type {Error} */ (error).name === 'NotFoundError') return null;
        throw error;
      }
    },
  };
}

/** @param {URL} url of a folder @param {{ fetch?: typeof fetch, signal?: AbortSignal }} options @returns {Source} */
function openUrl(url, { fetch: fetchFile = fetch, signal }) {
  const folder = url.href.endsWith('/') ? url : new URL(`${url.href}/`);
  return {
    name: folder.href,
    find: async (path) => {
      const at = new URL(path, folder);
      const response = await fetchFile(at, { signal }).catch((cause) => {
        if (signal?.aborted) throw cause;
        throw new NetworkError(`${at} could not be fetched: ${cause.message}`, { path: at.href, cause });
      });
      if (response.status === 404) return null;
      if (!response.ok) {
        throw new NetworkError(`${at} answered ${response.status} ${response.statusText}`, { path: at.href });
      }
      return responseFile(response, at);
    },
  };
}

/** @param {Response} response @param {URL} at @returns {Promise<SourceFile>} */
async function responseFile(response, at) {
  const length = response.headers.get('content-length');
  const encoded = response.headers.get('content-encoding');
  if (length && !encoded && response.body) {
    const body = response.body;
    return { size: Number(length), stream: () => iterate(body) };
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length === 0) throw new FormatError(`${at} is empty`, { path: at.href });
  return {
    size: bytes.length,
    stream: async function* () {
      yield bytes;
    },
  };
}

/** Streams are not async iterables in every browser. @param {ReadableStream<Uint8Array>} stream */
async function* iterate(stream) {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
