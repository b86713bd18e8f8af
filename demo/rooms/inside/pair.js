/**
 * Two sentences of the same words, read by both networks with all that they make on the way. Not here: what is drawn of it.
 */
import { Tensor } from '../../../bindings/tensor.js';
import { idsOf, softmax } from '../order/reading.js';
import { swapped } from '../order/sentences.js';

/**
 * @typedef {import('../../../bindings/tasks/encoder.js').Encoder} Encoder
 * @typedef {import('../../../bindings/run/public.js').Trace} Trace
 *
 * @typedef {object} Reading of one sentence by one network; T tokens: its words between a start and an end
 * @property {string[]} words [T]
 * @property {boolean[]} known [T] whether the network has a row for the word
 * @property {Trace} trace
 * @property {number[][]} scores [T][6] in the order of ROLES
 * @property {number[][]} shares [T][6] their softmax
 *
 * @typedef {object} Pair
 * @property {string[]} words of the first sentence
 * @property {number[]} order the second sentence: order[k] is the place in the first of its word k
 * @property {boolean} isTurned whether the two differ
 * @property {number[]} twin [T] where each token of the first sentence stands in the second
 * @property {{ a: Reading, b: Reading }} told
 * @property {{ a: Reading, b: Reading }} blind
 */

/**
 * @param {Encoder} encoder
 * @param {readonly string[]} words
 * @param {readonly number[]} ids theirs, between a start's and an end's
 * @param {number} unknown the id of what has no row
 * @returns {Promise<Reading>}
 */
async function read(encoder, words, ids, unknown) {
  const input_ids = new Tensor('int32', Int32Array.from(ids), [1, ids.length]);
  const { trace, logits } = await encoder.forward({ input_ids }, { trace: true });
  const scores = /** @type {number[][]} */ (/** @type {any} */ (logits).tolist()[0]);
  return {
    words: ['start', ...words, 'end'],
    known: ids.map((id) => id !== unknown),
    trace: /** @type {Trace} */ (trace),
    scores,
    shares: scores.map(softmax),
  };
}

/** Of each network that was asked: the id of what it has no row for. @type {WeakMap<Encoder, Promise<number>>} */
const unknowns = new WeakMap();

/** @param {Encoder} encoder */
function unknownOf(encoder) {
  const known = unknowns.get(encoder) ?? idsOf(encoder, ['[UNK]']).then((ids) => ids[1]);
  unknowns.set(encoder, known);
  return known;
}

/**
 * The words' places when the two noun phrases have traded theirs; null without two.
 * @param {readonly string[]} words
 * @param {readonly number[][]} shares of the words' roles
 * @returns {number[] | null}
 */
export function turnedOrder(words, shares) {
  const found = swapped(
    words.map((text, id) => ({ id, text })),
    shares,
  );
  return found ? found.words.map(({ id }) => id) : null;
}

/**
 * @param {{ told: Encoder, blind: Encoder }} encoders
 * @param {readonly string[]} words
 * @param {readonly number[]} [order] of the second sentence; by default the first turned round
 * @returns {Promise<Pair>}
 */
export async function readPair(encoders, words, order) {
  const { told, blind } = encoders;
  // Both networks have the same words.
  const [ids, unknown] = await Promise.all([idsOf(told, words), unknownOf(told)]);
  const blindFirst = read(blind, words, ids, unknown);
  const first = await read(told, words, ids, unknown);
  const turned = order ?? turnedOrder(words, first.shares.slice(1, -1)) ?? words.map((_, i) => i);
  const others = turned.map((i) => words[i]);
  const otherIds = [ids[0], ...turned.map((i) => ids[i + 1]), ids[words.length + 1]];
  const [second, blindA, blindB] = await Promise.all([
    read(told, others, otherIds, unknown),
    blindFirst,
    read(blind, others, otherIds, unknown),
  ]);
  const twin = words.map((_, i) => turned.indexOf(i) + 1);
  return {
    words: [...words],
    order: [...turned],
    isTurned: turned.some((from, to) => from !== to),
    twin: [0, ...twin, words.length + 1],
    told: { a: first, b: second },
    blind: { a: blindA, b: blindB },
  };
}

/**
 * The numbers of every token after each step but the last: the word, its place, then attention and feed-forward of each layer.
 * @param {Reading} reading
 * @returns {Tensor[]} [T, D] each
 */
export function statesOf({ trace: { embeddings, layers } }) {
  const states = [embeddings.word, embeddings.output];
  for (const layer of layers) states.push(layer.attention_norm, layer.output);
  return /** @type {Tensor[]} */ (states);
}

/** A row of a matrix. @param {Pick<Tensor, 'data' | 'shape'>} matrix @param {number} row */
export function rowOf({ data, shape }, row) {
  const width = shape[shape.length - 1];
  return Array.from({ length: width }, (_, k) => Number(data[row * width + k]));
}

/** How far two vectors are apart: ‖a − b‖. @param {readonly number[]} a @param {readonly number[]} b */
export const apartOf = (a, b) => Math.hypot(...a.map((x, k) => x - b[k]));
