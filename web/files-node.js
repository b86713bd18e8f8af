/** Files on disk, read and written front to back. */
import { FormatError, InputError } from '../bindings/errors.js';
import { fs } from './node.js';

/** Bytes read from a file at a time. */
const CHUNK = 1 << 20;

/**
 * @param {string} path
 * @returns {Promise<import('./source.js').SourceFile | null>}
 */
export async function openFile(path) {
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
export async function* readChunks(path, size) {
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

/**
 * A file to which bytes are added through two buffers: one is written while the other is filled.
 * @param {string} path
 * @param {number | null} size that it will have, where it is known
 */
export async function openAppending(path, size) {
  const file = await fs().open(path, 'a+');
  const length = Math.min(CHUNK, Math.max(1, size ?? CHUNK));
  let [current, other] = [new Uint8Array(length), new Uint8Array(length)];
  let filled = 0;
  /** @type {Promise<unknown>} */
  let pending = Promise.resolve();

  async function flush() {
    await pending;
    const full = current.subarray(0, filled);
    pending = file.appendFile(full);
    pending.catch(() => {}); // it is told at the next step
    [current, other] = [other, current];
    filled = 0;
  }

  return {
    /** Bytes that are there, or on their way. */
    position: (await file.stat()).size,
    /** @param {Uint8Array} chunk */
    async write(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + length - filled);
        current.set(piece, filled);
        filled += piece.length;
        at += piece.length;
        if (filled === length) await flush();
      }
      this.position += chunk.length;
    },
    /** Writes what is left. */
    async close() {
      try {
        if (filled) await flush();
        await pending;
      } finally {
        await file.close();
      }
    },
  };
}
