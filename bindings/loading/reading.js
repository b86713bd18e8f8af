/** What all that reads a model's folder takes: how its files are asked for, and what stops it. */
import { AbortError } from '../errors.js';
import { callback, integer, signal } from '../options/table.js';
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
};

/** @param {AbortSignal | undefined} stop */
export function refuseAborted(stop) {
  if (stop?.aborted) throw new AbortError('loading was aborted', { cause: stop.reason });
}
