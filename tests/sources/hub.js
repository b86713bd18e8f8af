// A hub of the tests: its list of files, its redirections to storage on another origin, ranges, and what a test does otherwise.
import { createHash } from 'node:crypto';
import { modelFiles, serve } from './server.js';

export const ID = 'tests/bert-small';
export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** @typedef {import('./server.js').Answering} Answering */
/**
 * @typedef {Answering & { bytes: Buffer, file: string, at: 'hub' | 'storage' | 'list', well: () => void }} Asked bytes: the whole file.
 *   well: answers as a hub does
 * @typedef {(asked: Asked) => boolean} Otherwise true if it answers itself
 */

/** @param {Uint8Array} bytes */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
/** @param {Uint8Array} bytes */
export const gitName = (bytes) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** Large files lie in storage. @param {string} file */
const isLarge = (file) => file.endsWith('.safetensors');

/** @param {string} commit @param {Map<string, Uint8Array>} files */
export const listingOf = (commit, files) => ({
  sha: commit,
  siblings: [...files].map(([rfilename, bytes]) => ({
    ...{ rfilename, size: bytes.length, blobId: gitName(bytes) },
    ...(isLarge(rfilename) && { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 } }),
  })),
});

/**
 * Sends a file, or the part of it that is asked for, as storage does.
 * @param {Answering} answering
 * @param {Uint8Array} bytes
 * @param {string} [etag]
 */
export function sendRange({ request, response }, bytes, etag = `"${sha256(bytes).slice(0, 32)}"`) {
  const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const isSame = [undefined, etag].includes(/** @type {string | undefined} */ (request.headers['if-range']));
  response.setHeader('etag', etag).setHeader('access-control-allow-origin', '*');
  if (first === undefined || !isSame)
    return void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  const start = Number(first);
  if (start >= bytes.length)
    return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  const rest = bytes.subarray(start);
  const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
  response.writeHead(206, { 'content-range': range, 'content-length': rest.length }).end(rest);
}

/**
 * A hub with one model, until the test ends.
 * @param {{ after: (end: () => Promise<void>) => void }} context
 * @param {{ otherwise?: Otherwise, files?: Map<string, Uint8Array>, hasList?: boolean }} [changes]
 */
export async function serveHub(
  context,
  { otherwise = () => false, files = modelFiles(), hasList = true } = {},
) {
  /** @type {{ at: string, file: string, authorization: string | undefined, range: string | undefined, mark: string | undefined }[]} */
  const requests = [];
  const state = { commit: COMMIT, files, otherwise };
  /** @param {Answering} answering @param {Asked['at']} at @param {string} file @param {() => void} well */
  function answer(answering, at, file, well) {
    const { request, response } = answering;
    const { authorization, range, 'if-range': mark } = request.headers;
    requests.push({ at, file, authorization, range, mark: mark && String(mark) });
    response.setHeader('access-control-allow-origin', '*').setHeader('access-control-expose-headers', '*');
    response.setHeader('access-control-allow-headers', 'authorization, if-range');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const times = requests.filter((one) => one.at === at && one.file === file).length;
    if (
      !state.otherwise({
        ...answering,
        bytes: Buffer.from(state.files.get(file) ?? []),
        times,
        file,
        at,
        well,
      })
    )
      well();
  }
  const storage = await serve(context, (answering) => {
    const file = answering.path.replace('blobs/', '');
    answer(answering, 'storage', file, () => {
      const bytes = state.files.get(file);
      if (bytes) sendRange(answering, bytes);
      else answering.response.writeHead(404).end();
    });
  });
  const hub = await serve(context, (answering) => {
    const { path, response } = answering;
    const [, revision] = new RegExp(`^api/models/${ID}/revision/(.*)$`).exec(path) ?? [];
    const [, at, file = ''] = new RegExp(`^${ID}/resolve/([^/]*)/(.*)$`).exec(path) ?? [];
    answer(answering, revision ? 'list' : 'hub', revision ?? file, () => {
      const isKnown = [state.commit, 'main'].includes(revision ?? at);
      if (revision && isKnown && hasList)
        return void response.end(JSON.stringify(listingOf(state.commit, state.files)));
      const bytes = state.files.get(file);
      if (at) response.setHeader('x-repo-commit', state.commit);
      if (!isKnown || !bytes) return void response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end();
      if (!isLarge(file)) return sendRange(answering, bytes, `"${gitName(bytes)}"`);
      response.setHeader('x-linked-etag', `"${sha256(bytes)}"`).setHeader('x-linked-size', bytes.length);
      response.writeHead(302, { location: `${storage.url}blobs/${file}` }).end();
    });
  });
  return { endpoint: hub.url.slice(0, -1), requests, state, hub, storage };
}

/** What was asked for at a place. @param {{ at: string, file: string }[]} requests @param {string} at */
export const filesAt = (requests, at) => requests.filter((one) => one.at === at).map(({ file }) => file);
