/** DeBERTa's two-way offsets: a fan over a ruler of buckets, the tokens coloured by what they say. */
import { Tensor } from '../../../../../bindings/tensor.js';
import { segments } from '../../../../parts/controls.js';
import { coloursOf, runAt, runsOf, sharedBy } from '../ruler/runs.js';
import { STARTS } from '../starts.js';
import { fanOf } from './figure.js';

export const OPTIONS = STARTS.disentangled;

const KINDS = ['who', 'whom', 'when', 'where'].map(
  (role) => `color-mix(in srgb, var(--${role}) 50%, var(--page))`,
);
/** @type {Record<string, string[] | undefined>} */
const TERMS = { both: undefined, c2p: ['c2p'], p2c: ['p2c'] };

/** Tokens that say the same have the same number. @param {Tensor} hidden [1, T, W] */
function kindsOf({ data, shape: [, length, width] }) {
  /** @type {string[]} */
  const known = [];
  return Array.from({ length }, (_, token) => {
    const row = data.slice(token * width, (token + 1) * width).join();
    const at = known.indexOf(row);
    return at < 0 ? known.push(row) - 1 : at;
  });
}

export const create = fanOf(
  'Tokens of one colour say the same. What the query says asks how far the key is, and what the key says asks how far the query is: the score gets both.',
  (core, options, { data, shape }) => {
    const [, heads, length] = shape;
    const { positionBuckets = 256, maxRelativePositions = 512, hidden } = options;
    const from = 1 - length;
    const buckets =
      positionBuckets > 0
        ? core.debertaBuckets({
            from,
            to: -from,
            bucketSize: positionBuckets,
            maxPosition: maxRelativePositions,
          }).data
        : Int32Array.from({ length: 2 * length - 1 }, (_, i) => from + i);
    const runs = runsOf(/** @type {any} */ (buckets), from);
    const kinds = kindsOf(hidden);
    return {
      table: new Tensor('float32', /** @type {Float32Array} */ (data), [heads, length, length]),
      ...{ keys: length, hasPlanes: true },
      rulerOf(query) {
        const colours = coloursOf(runs);
        return Array.from({ length }, (_, key) => colours[runAt(runs, query - key)]);
      },
      kindsOf: () => kinds.map((kind) => KINDS[kind % KINDS.length]),
      add(query, key) {
        const at = runAt(runs, query - key);
        return `bucket ${String(runs[at].bucket).replace('-', '−')}, ${sharedBy(runs, at)}`;
      },
    };
  },
  ({ change }) =>
    segments({
      name: 'Terms',
      choices: [
        ['both', 'both ways'],
        ['c2p', 'query asks'],
        ['p2c', 'key asks'],
      ],
      value: 'both',
      change: (term) => change({ terms: TERMS[term] }),
    }),
);
