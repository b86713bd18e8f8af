/** Distances in a row that share a bucket, and their colours: blue before zero, orange behind it, the stronger the further. */
import { colourAt } from '../../../../parts/colours.js';

/**
 * @typedef {object} Run
 * @property {number} from a distance
 * @property {number} to the last, itself among them
 * @property {number} bucket
 * @property {number} order 0 around zero, 1, 2 … behind it, −1, −2 … before
 */

/** @param {ArrayLike<number | bigint>} buckets of the distances from `from` on @param {number} from @returns {Run[]} */
export function runsOf(buckets, from) {
  /** @type {Run[]} */
  const runs = [];
  for (let i = 0; i < buckets.length; i++) {
    const last = runs.at(-1);
    const bucket = Number(buckets[i]);
    if (last?.bucket === bucket) last.to = from + i;
    else runs.push({ from: from + i, to: from + i, bucket, order: 0 });
  }
  const zero = runs.findIndex(({ to }) => to >= 0);
  runs.forEach((run, i) => {
    run.order = i - (zero < 0 ? runs.length : zero);
  });
  return runs;
}

/** @param {readonly Run[]} runs @returns {string[]} by run */
export function coloursOf(runs) {
  const most = Math.max(1, ...runs.map(({ order }) => Math.abs(order)));
  return runs.map(({ order }) =>
    colourAt('diverging', 0.5 + Math.sign(order) * (0.08 + (0.4 * Math.abs(order)) / most)),
  );
}

/** @param {readonly Run[]} runs @param {number} distance */
export const runAt = (runs, distance) => runs.findIndex(({ from, to }) => from <= distance && distance <= to);

/** Who shares a bucket, in words. @param {readonly Run[]} runs @param {number} at a run */
export function sharedBy(runs, at) {
  const { from, to } = runs[at];
  const tell = (/** @type {number} */ distance) => String(distance).replace('-', '−');
  if (from === to) return 'its own';
  // Behind the ruler's ends it goes on.
  if (at === runs.length - 1) return `shared from ${tell(from)} on`;
  if (at === 0) return `shared up to ${tell(to)}`;
  return `shared by the ${to - from + 1} from ${tell(from)} to ${tell(to)}`;
}
