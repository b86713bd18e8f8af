/**
 * What a network says of a sentence: a role for each word, how sure it is, and which words each word looks at. Not here: the
 * picture of it, and which sentence.
 */
/**
 * @typedef {import('../../../bindings/tasks/encoder.js').Encoder} Encoder
 * @typedef {import('../../../bindings/tensor.js').Tensor} Tensor
 * @typedef {'none' | 'who' | 'did' | 'whom' | 'where' | 'when'} Role
 *
 * @typedef {object} Reading
 * @property {number[][]} shares [T][6] probability of each role of ROLES for each word
 * @property {Look[]} looks the last layer's attention from word to word, of the head where it is largest
 *
 * @typedef {[from: number, to: number, weight: number]} Look from: the asking word
 */

/** In the order of the models' classes. @type {readonly Role[]} */
export const ROLES = ['none', 'who', 'did', 'whom', 'where', 'when'];

/** Attention under this is not drawn. */
const LEAST = 0.15;
/** From this probability on an answer is sure. */
const SURE = 0.9;
/** Roles are named until together they have this probability. */
const MOST = 0.8;

/**
 * @param {Encoder} encoder with a head for the roles
 * @param {readonly string[]} words
 * @returns {Promise<Reading>}
 */
export async function read(encoder, words) {
  // With an encoder the library is here; the first screen does without.
  const { Tensor } = await import('../../../bindings/tensor.js');
  const ids = await idsOf(encoder, words);
  const input_ids = new Tensor('int32', Int32Array.from(ids), [1, ids.length]);
  const { logits, attentions } = await encoder.forward({ input_ids }, { attentions: true });
  const count = words.length;
  const rows = /** @type {number[][]} */ (/** @type {any} */ (logits).tolist()[0]);
  const last = /** @type {Tensor} */ (attentions?.at(-1));
  const heads = last.shape[1];
  const size = ids.length;
  /** @type {Look[]} */
  const looks = [];
  for (let from = 0; from < count; from++) {
    for (let to = 0; to < count; to++) {
      if (from === to) continue;
      let weight = 0;
      for (let head = 0; head < heads; head++)
        weight = Math.max(weight, Number(last.data[(head * size + from + 1) * size + to + 1]));
      if (weight >= LEAST) looks.push([from, to, weight]);
    }
  }
  return { shares: rows.slice(1, 1 + count).map(softmax), looks };
}

/** @param {readonly number[]} scores */
export function softmax(scores) {
  const top = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - top));
  const sum = parts.reduce((a, b) => a + b);
  return parts.map((part) => part / sum);
}

/**
 * A token a word: what the tokenizer has no single token for is unknown.
 * @param {Encoder} encoder
 * @param {readonly string[]} words
 */
export async function idsOf(encoder, words) {
  const { input_ids, attention_mask } = await encoder.tokenize([...words, '[UNK]']);
  const width = input_ids.shape[1];
  const row = (/** @type {number} */ i) =>
    Array.from(input_ids.data.subarray(i * width, (i + 1) * width), Number);
  const sizeOf = (/** @type {number} */ i) =>
    Array.from(attention_mask.data.subarray(i * width, (i + 1) * width), Number).reduce((a, b) => a + b);
  const [start, unknown, end] = row(words.length);
  return [start, ...words.map((_, i) => (sizeOf(i) === 3 ? row(i)[1] : unknown)), end];
}

/** The likeliest role of a word. @param {number[]} shares */
export const answerOf = (shares) => ROLES[shares.indexOf(Math.max(...shares))];

/** @param {Reading} reading */
export const sureOf = ({ shares }) => shares.filter((one) => Math.max(...one) > SURE).length;

/**
 * The roles that a word may have, the likeliest first: as many as it takes to be fairly sure that it is one of them.
 * @param {number[]} shares
 * @returns {Role[]}
 */
export function candidatesOf(shares) {
  const order = shares.map((_, i) => i).sort((a, b) => shares[b] - shares[a]);
  let sum = 0;
  let count = 0;
  while (sum < MOST) sum += shares[order[count++]];
  return order.slice(0, count).map((i) => ROLES[i]);
}

/** In words: "who", "who or whom?", "?". @param {number[]} shares */
export function toldIn(shares) {
  const roles = candidatesOf(shares);
  if (roles.length === 1) return roles[0] === 'none' ? '–' : roles[0];
  return roles.length === 2 && !roles.includes('none') ? `${roles[0]} or ${roles[1]}?` : '?';
}
