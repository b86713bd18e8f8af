/** One head of a layer, as the held word sees it in both sentences; and the words of its keys in the address. */
import { rowOf } from '../pair.js';
import { headRow, mostDifferent } from './view.js';

/**
 * @import { Tensor } from '../../../../bindings/tensor.js'
 * @import { View } from './view.js'
 */

/** A token in the address: its word, with its place where the word stood before. @param {readonly string[]} words @param {number} token */
export const keyOf = (words, token) =>
  words.indexOf(words[token]) === token ? words[token] : `${words[token]}.${token}`;
/** @param {readonly string[]} words @param {string} key */
export const tokenOf = (words, key) => words.findIndex((_, i) => keyOf(words, i) === key);

/** What a head makes of the held word in both sentences, by places. @param {View} view @param {number} layer @param {number} head */
export function headOf({ pair, token, twin }, layer, head) {
  const of = (/** @type {import('../pair.js').Reading} */ { trace }, /** @type {number} */ at) => {
    const { query, key, value, scores, attention, context } = trace.layers[layer];
    const tokens = key.shape[1];
    const size = key.shape[2];
    const all = (/** @type {Tensor} */ tensor) =>
      Array.from({ length: tokens }, (_, j) => headRow(tensor, head, j));
    return {
      query: headRow(query, head, at),
      keys: all(key),
      values: all(value),
      scores: headRow(scores, head, at),
      shares: headRow(attention, head, at),
      takes: rowOf(context, at).slice(head * size, (head + 1) * size),
    };
  };
  return {
    a: of(pair.told.a, token),
    b: of(pair.told.b, twin),
    blind: { a: of(pair.blind.a, token), b: of(pair.blind.b, twin) },
  };
}

/** The number of a key whose product with the question changes the most. @param {{ query: number[], keys: number[][] }} a @param {{ query: number[], keys: number[][] }} b @param {number} row */
export const bestNumber = (a, b, row) =>
  mostDifferent(
    a.query.map((q, i) => q * a.keys[row][i]),
    b.query.map((q, i) => q * b.keys[row][i]),
  );
