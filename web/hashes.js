/** Whether bytes are those promised: digests, as the hub and the option `integrity` say them, and streams held against them. */

import { InputError, IntegrityError, show } from '../bindings/errors.js';
import { hashOf } from './cache-place.js';

/**
 * @typedef {object} Digest
 * @property {'sha256' | 'git'} kind git: SHA-1 behind a line that says the length, by which git names small files
 * @property {string} hex
 *
 * @typedef {import('../bindings/loading/files.js').Source} Source
 */

/**
 * @param {unknown} value of an option or a header: 64 hexadecimal digits, or as pages say it, sha256-…
 * @returns {Digest | null}
 */
export function digestOf(value) {
  if (typeof value !== 'string') return null;
  if (/^[\da-f]{64}$/i.test(value)) return { kind: 'sha256', hex: value.toLowerCase() };
  const [, base64] = /^sha256-([A-Za-z\d+/]{43}=)$/.exec(value) ?? [];
  if (!base64) return null;
  const bytes = Array.from(atob(base64), (letter) => letter.charCodeAt(0).toString(16).padStart(2, '0'));
  return { kind: 'sha256', hex: bytes.join('') };
}

/**
 * @param {unknown} integrity
 * @returns {Map<string, Digest>} by the names of files
 * @throws {InputError}
 */
export function digestsOf(integrity) {
  if (integrity === undefined) return new Map();
  if (typeof integrity !== 'object' || integrity === null)
    throw refused('', show(integrity), 'an object of digests by the names of files', integrity);
  return new Map(
    Object.entries(integrity).map(([file, value]) => {
      const digest = digestOf(value);
      if (digest) return [file, digest];
      throw refused(`["${file}"]`, show(value), "64 hexadecimal digits or 'sha256-…'", value);
    }),
  );
}

/** @param {string} at @param {string} found @param {string} expected @param {unknown} value */
const refused = (at, found, expected, value) =>
  new InputError(`option "integrity"${at} is ${found}; expected ${expected}`, { path: 'integrity', value });

/**
 * @param {Digest} digest
 * @param {number | null} size in bytes, which git's kind must know
 * @returns {{ add: (bytes: Uint8Array) => void, isRight: () => string | null }} isRight: null, or the digest found instead
 */
function checker({ kind, hex }, size) {
  const hash = hashOf(kind === 'git' ? 'sha1' : 'sha256');
  if (kind === 'git') hash.update(new TextEncoder().encode(`blob ${size}\0`));
  return {
    add: (bytes) => hash.update(bytes),
    isRight: () => {
      const found = hash.hex();
      return found === hex ? null : found;
    },
  };
}

/** @param {string} name @param {Digest} found @param {Digest} expected */
export function otherBytes(name, found, expected) {
  const what = found.kind === 'git' ? 'git name' : 'SHA-256';
  const message = `${name} has other bytes than were promised: its ${what} is ${found.hex}; expected ${expected.hex}`;
  return new IntegrityError(message, { path: name, value: found.hex });
}

/**
 * A stream that ends in an error if its bytes were not those promised.
 * @param {AsyncIterable<Uint8Array>} chunks
 * @param {Digest | null} digest
 * @param {string} name
 * @param {number | null} size
 * @returns {AsyncIterable<Uint8Array>}
 */
export function hashed(chunks, digest, name, size) {
  if (!digest || (digest.kind === 'git' && size === null)) return chunks;
  return (async function* () {
    const check = checker(digest, size);
    for await (const chunk of chunks) {
      check.add(chunk);
      yield chunk;
    }
    const found = check.isRight();
    if (found !== null) throw otherBytes(name, { ...digest, hex: found }, digest);
  })();
}

/**
 * A source whose files are held against the caller's digests. The hub's files are, too, by the hub itself (hub-files.js).
 * @param {Source} source
 * @param {Map<string, Digest>} digests
 * @returns {Promise<Source>}
 * @throws {InputError} a promise about a file that there is not, where that can be known: nobody would keep it
 */
export async function promised(source, digests) {
  if (!digests.size) return source;
  for (const path of source.list ? digests.keys() : []) {
    const file = await source.find(path);
    if (!file) throw unknown(path, source.name);
    file.cancel?.();
  }
  return {
    ...source,
    find: async (path) => {
      const file = await source.find(path);
      const digest = digests.get(path) ?? null;
      return file && { ...file, stream: () => hashed(file.stream(), digest, path, file.size) };
    },
  };
}

/** @param {string} path @param {string} name of the source */
export const unknown = (path, name) =>
  new InputError(`option "integrity" names ${show(path)}, which is no file of ${name}`, {
    path: 'integrity',
    value: path,
  });
