/** What every opened row is given, and what it gives back. */
import { ROLES } from '../../order/reading.js';
import { rowOf } from '../pair.js';
import { twinsOf } from '../roles.js';

/**
 * @import { Pair } from '../pair.js'
 * @import { State } from '../steps.js'
 * @import { Page } from '../../../main.js'
 *
 * @typedef {object} View
 * @property {Pair} pair
 * @property {State} state
 * @property {string} word the held one
 * @property {number} token where it stands in the first sentence, the start being 0
 * @property {number} twin where it stands in the second
 * @property {import('../roles.js').Twins} twins
 * @property {(path: string[], also?: { isStep?: boolean }) => void} go isStep: into the history
 * @property {(name: string, rows: [number, number]) => Promise<import('../../../../bindings/tensor.js').Tensor>} weight of the told network
 * @property {(text: string) => void} say
 *
 * @typedef {object} Opening what an opened row shows
 * @property {[string, string[] | null][]} crumbs behind the first: words and where they lead
 * @property {(string | Node)[]} title
 * @property {(string | Node)[]} caption
 * @property {Node[]} body
 * @property {string} [blind] of the network that is not told
 * @property {(event: KeyboardEvent) => boolean} [key] whether it took the key
 * @property {HTMLElement} [focus]
 * @property {Parameters<typeof import('../../../parts/save.js').saveMenu>[0]} save
 */

/** @param {Pair} pair @param {State} state @param {Pick<View, 'go' | 'weight' | 'say'>} acts @returns {View} */
export function viewOf(pair, state, acts) {
  const token = state.held + 1;
  const twin = pair.twin[token];
  return {
    ...acts,
    pair,
    state,
    token,
    twin,
    word: pair.words[state.held],
    twins: twinsOf(pair.told.a.shares[token], pair.told.b.shares[twin]),
  };
}

/** A held word's row in both sentences. @param {View} view @param {(reading: import('../pair.js').Reading) => any} of */
export const both = ({ pair, token, twin }, of) => ({
  a: rowOf(of(pair.told.a), token),
  b: rowOf(of(pair.told.b), twin),
});

/** What both say of a number. @param {View} view @param {number[]} a @param {number[]} b @param {(x: number) => string} shown */
export const pairText =
  ({ twins }, a, b, shown) =>
  (/** @type {number} */ k) =>
    `number ${k + 1}: ${shown(a[k])} ${twins.aName}, ${shown(b[k])} ${twins.bName}`;

/** Where the two differ most. @param {readonly number[]} a @param {readonly number[]} b */
export function mostDifferent(a, b) {
  let best = 0;
  for (let k = 1; k < a.length; k++) if (Math.abs(a[k] - b[k]) > Math.abs(a[best] - b[best])) best = k;
  return best;
}

/** The parts of a matrix by heads: a plane's row. @param {import('../../../../bindings/tensor.js').Tensor} tensor [H, T, d] @param {number} head @param {number} row */
export const headRow = (tensor, head, row) => rowOf(tensor, head * tensor.shape[1] + row);

export { ROLES };
