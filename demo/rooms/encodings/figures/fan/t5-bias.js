/** T5's bias: a fan over a ruler of buckets. */

import { NUMBERS as WORDS } from '../numbers.js';
import { coloursOf, runAt, runsOf, sharedBy } from '../ruler/runs.js';
import { STARTS } from '../starts.js';
import { fanOf } from './figure.js';

export const OPTIONS = STARTS.t5Bias;
export const NUMBERS = WORDS.t5Bias;

export const create = fanOf(
  "Under the tokens lies the ruler, coloured by bucket: where keys share one, a head's curve is flat. The numbers are this page's, not learned.",
  (core, options, table) => {
    const [, queries, keys] = table.shape;
    const { maxDistance, bidirectional, preset } = options;
    const from = 1 - queries - (options.offset ?? 0);
    const given = { maxDistance, bidirectional, preset, buckets: options.table.shape[0] };
    const { data } = core.t5Buckets({ from, to: keys - 1, ...given });
    const runs = runsOf(/** @type {any} */ (data), from);
    const distanceOf = (/** @type {number} */ query, /** @type {number} */ key) =>
      key - query - (options.offset ?? 0);
    return {
      ...{ table, keys, hasPlanes: true },
      rulerOf(query) {
        const colours = coloursOf(runs);
        return Array.from({ length: keys }, (_, key) => colours[runAt(runs, distanceOf(query, key))]);
      },
      add(query, key) {
        const at = runAt(runs, distanceOf(query, key));
        return at < 0 ? '' : `bucket ${runs[at].bucket}, ${sharedBy(runs, at)}`;
      },
    };
  },
);
