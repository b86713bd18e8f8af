/** What the hub lists of a model: its commit, and the sizes and digests of its files. One small request says it all. */
import { FormatError } from '../bindings/errors.js';
import { parseJson } from '../bindings/formats/json.js';

/**
 * @typedef {object} Known of a file before it comes
 * @property {number | null} size
 * @property {import('./hashes.js').Digest | null} digest
 * @property {string | null} etag the name of its bytes, under which the hub's own tools keep them
 *
 * @typedef {object} Listing
 * @property {string} commit
 * @property {Map<string, Known>} files by their paths
 * @property {boolean} isWhole whether what is not among them is not in the model
 */

/** Bytes of a listing; of the largest models, with thousands of files, it has some hundred KB. */
export const MOST_LISTING = 1 << 24;
const LIMITS = { length: MOST_LISTING, depth: 16, values: 2 ** 20 };
export const COMMIT = /^[\da-f]{40}$/;

/**
 * @param {string} text as the hub's API gives it
 * @returns {Listing | null} null if it is something else
 */
export function parseListing(text) {
  /** @type {any} */
  let found;
  try {
    found = parseJson(text, 'the listing', LIMITS);
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
  if (!COMMIT.test(found?.sha) || !Array.isArray(found.siblings)) return null;
  const files = new Map();
  for (const { rfilename, size, blobId, lfs } of found.siblings) {
    if (typeof rfilename !== 'string') return null;
    files.set(rfilename, knownOf(lfs?.size ?? size, lfs ? lfs.sha256 : blobId, !lfs));
  }
  return { commit: found.sha, files, isWhole: true };
}

/** @param {unknown} size @param {unknown} name @param {boolean} isGit @returns {Known} */
function knownOf(size, name, isGit) {
  const etag = etagOf(name);
  const isSha256 = !isGit && etag?.length === 64;
  const kind = isSha256 ? 'sha256' : isGit && etag?.length === 40 ? 'git' : null;
  return {
    size: Number.isSafeInteger(size) && Number(size) >= 0 ? Number(size) : null,
    digest: kind && etag ? { kind, hex: etag } : null,
    etag,
  };
}

/** A name of bytes, if it is one that can be a file's name, too. @param {unknown} text @returns {string | null} */
export function etagOf(text) {
  const [, etag = null] = /^(?:W\/)?"?([\da-f]{40}|[\da-f]{64})"?$/.exec(String(text)) ?? [];
  return etag;
}

/** A listing in the hub's own words, without what is not read. @param {Listing} listing */
export function textOf({ commit, files }) {
  const siblings = [...files].map(([rfilename, { size, digest, etag }]) =>
    digest?.kind === 'sha256'
      ? { rfilename, size, lfs: { sha256: digest.hex, size } }
      : { rfilename, size, blobId: etag },
  );
  return JSON.stringify({ sha: commit, siblings });
}

/**
 * What the headers of an answer say of a file; those of the endpoint itself, since the storage behind it counts otherwise.
 * @param {{ get: (name: string) => string | null }} headers
 * @returns {Known & { commit: string | null }}
 */
export function readHeaders(headers) {
  const size = headers.get('x-linked-size');
  const linked = etagOf(headers.get('x-linked-etag'));
  const etag = linked ?? etagOf(headers.get('etag'));
  const commit = headers.get('x-repo-commit');
  return {
    size: size !== null && /^\d{1,15}$/.test(size) ? Number(size) : null,
    digest: etag?.length === 64 ? { kind: 'sha256', hex: etag } : null,
    etag,
    commit: commit && COMMIT.test(commit) ? commit : null,
  };
}
