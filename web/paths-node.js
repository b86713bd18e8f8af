/** Paths in Node at which something else is than was expected, or nothing: errors that say so. */
import { InputError } from '../bindings/errors.js';
import { fs, os, path as paths, process } from './node.js';

/**
 * @param {string} path
 * @param {'folder' | 'file'} wanted
 * @returns {Promise<import('node:fs').Stats>}
 * @throws {InputError} if it is not there, not to be read, or the other of the two
 */
export async function statOf(path, wanted, advice = '') {
  const refuse = (/** @type {string} */ message, /** @type {unknown} */ cause) =>
    new InputError(message, { path, value: path, cause });
  const found = await fs()
    .stat(path)
    .catch(async (cause) => {
      if (cause.code === 'EACCES' || cause.code === 'EPERM')
        throw refuse(`"${path}" cannot be read: permission denied`, cause);
      if (
        (
          await fs()
            .lstat(path)
            .catch(() => null)
        )?.isSymbolicLink()
      )
        throw refuse(`"${path}" is a link to "${await fs().readlink(path)}", where nothing is`, cause);
      throw refuse(`there is no ${wanted} "${path}"${adviceFor(path) || advice}`, cause);
    });
  if (wanted === 'folder' ? found.isDirectory() : found.isFile()) return found;
  throw refuse(
    found.isDirectory()
      ? `there is no file "${path}": it is a folder`
      : `there is no folder "${path}": it is a file; expected the folder that it is in, "${paths().dirname(path)}"`,
    undefined,
  );
}

/** @param {string} path that does not exist */
function adviceFor(path) {
  if (path !== path.trim()) return ': its name begins or ends with a space or a line break';
  if (/^~(?:[\\/]|$)/.test(path))
    return `: only shells replace ~ by the home folder, "${os().homedir()}"; write the whole path`;
  if (/^(["']).*\1$/s.test(path)) return ': its name stands in quotation marks';
  if (/^%\w+%|^\$(?:\w+|\{\w+\})/.test(path)) return ': only shells replace variables; write the whole path';
  return path === '' || paths().isAbsolute(path) || !/^\.{1,2}[\\/]/.test(path)
    ? ''
    : ` in "${process.cwd()}"`;
}
