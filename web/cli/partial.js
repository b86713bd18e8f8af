/** A file that gets its name when it is whole: until then it has one that nobody can foresee, and goes when the program ends. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Signals that end a program unless it listens to them: the user's, the system's, the closed terminal's. */
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * @param {string} path that the file will have; one that is there stays until then
 * @returns {Promise<{ file: import('node:fs/promises').FileHandle, keep: () => Promise<void>, discard: () => Promise<void> }>}
 */
export async function openPartial(path) {
  // Through a link to what it names, as a shell would write.
  const target = await realpath(path).catch(() => path);
  const before = await stat(target).catch(() => null);
  const partial = join(dirname(target), `.wasmformer-${randomUUID()}.partial`);
  const release = removeAtEnd(partial);
  const file = await open(partial, 'wx', before ? 0o600 : 0o666).catch((error) => {
    release();
    throw error;
  });
  const discard = async () => {
    await file.close();
    await rm(partial, { force: true });
    release();
  };
  const keep = async () => {
    if (before) await file.chmod(before.mode & 0o777); // who could read the old file can read the new one
    await file.close();
    await rename(partial, target);
    release();
  };
  return { file, discard, keep };
}

/**
 * Removes a file if the program ends before.
 * @param {string} path
 * @returns {() => void} lets it be
 */
function removeAtEnd(path) {
  const remove = () => rmSync(path, { force: true });
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    remove();
    release();
    process.kill(process.pid, signal); // and it ends as it would have without us
  };
  const release = () => {
    process.off('exit', remove);
    for (const signal of SIGNALS) process.off(signal, stop);
  };
  process.on('exit', remove);
  for (const signal of SIGNALS) process.on(signal, stop);
  return release;
}
