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
 * @returns {Promise<import('./load.js').Source>}
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
 * @returns {Promise<import('./load.js').SourceFile | null>}
 */
async function openFile(path) {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  return { size: found.size, stream: () => readChunks(path, found.size) };
}

/**
 * The file's bytes through one reused buffer.
 * @param {string} path
 * @param {number} size
 */
async function* readChunks(path, size) {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(Math.min(CHUNK, Math.max(1, size)));
    for (let position = 0; position < size; ) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw new FormatError(`${path} became shorter while it was read`, { path });
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
