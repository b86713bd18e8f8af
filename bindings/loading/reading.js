/** What all that reads a model's folder takes: how its files are asked for, and what stops it. */
import { AbortError } from '../errors.js';
import { any, callback, integer, signal, text } from '../options/table.js';
import { TIMEOUT } from './files.js';

export const READING = {
  signal: signal('stops loading', { optional: true }),
  fetch: callback("instead of the environment's own", { optional: true }),
  timeout: integer('milliseconds that a server may send nothing', {
    min: 1,
    max: 2 ** 31 - 1,
    or: [Infinity],
    default: TIMEOUT,
  }),
  progress: callback('told how many bytes are loaded', { optional: true }),
  revision: text('of a model of the hub: a branch, a tag or a commit', { optional: true }),
  token: text('for the hub alone', { optional: true }),
  endpoint: text('the address of the hub, or of a mirror of it', { optional: true }),
  cache: any('where files of the hub are kept', { optional: true }),
  integrity: any('SHA-256 digests by the names of files', { optional: true }),
};

/** What of the options a source takes. @param {import('./public.js').ReadingOptions} options */
export const readingOf = ({ signal: stop, fetch, timeout, revision, token, endpoint, cache, integrity }) => ({
  ...{ signal: stop, fetch, timeout, revision, token, endpoint, cache, integrity },
});

/** @param {AbortSignal | undefined} stop */
export function refuseAborted(stop) {
  if (stop?.aborted) throw new AbortError('loading was aborted', { cause: stop.reason });
}
