/** What differs by environment, for Node, Deno and Bun: folders, and the core's modules beside this file. */
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FormatError, InputError } from '../bindings/errors.js';

export { decodeImage, loadImage, readSurface } from './images-node.js';

/** Bytes read from a file at a time. */
const CHUNK = 1 << 20;

/**
 * @param {'base' | 'relaxed'} build
 * @returns {Promise<WebAssembly.Module>}
 */
export async function compileBuild(build) {
  const path = fileURLToPath(new URL(`./wasm/wasmformer-${build}.wasm`, import.meta.url));
  return WebAssembly.compile(await readFile(path));
}

/**
 * A folder on disk.
 * @param {string} folder
 * @returns {Promise<import('./source.js').Source>}
 * @throws {InputError} if there is no such folder
 */
export async function openFolder(folder) {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) {
    throw new InputError(
      `there is no folder "${folder}"; expected one with config.json and model.safetensors`,
      {
        path: folder,
        value: folder,
      },
    );
  }
  return { name: folder, find: (file) => openFile(join(folder, file)) };
}

/**
 * @param {string} path
 * @returns {Promise<import('./source.js').SourceFile | null>}
 */
async function openFile(path) {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  return { size: found.size, stream: () => readChunks(path, found.size) };
}

/**
 * The file's bytes through two reused buffers: one is read while the other is in use.
 * @param {string} path
 * @param {number} size
 */
async function* readChunks(path, size) {
  const file = await open(path);
  const length = Math.min(CHUNK, Math.max(1, size));
  let [current, other] = [new Uint8Array(length), new Uint8Array(length)];
  let pending = size ? file.read(current, 0, length, 0) : null;
  try {
    for (let position = 0; pending; ) {
      const { bytesRead } = await pending;
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
