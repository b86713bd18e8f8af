/** Words for masks: they carry no meaning here, only places. */

/** Texts of a batch; who makes one longer reads on in the others. */
export const TEXTS = [
  'the dog slept',
  'the small dog chased the cat before lunch',
  'a bird sang near us',
  'yesterday the old teacher followed the angry cat behind the big castle',
  'yes',
].map((text) => text.split(' '));

/** One long sentence. */
export const SENTENCE = 'the small dog that the angry cat chased slept behind the old castle'.split(' ');

/** Several short texts in a row. */
export const PACKED = 'it rained today the small dog slept outside good morning see you before lunch'.split(
  ' ',
);

/** @param {readonly string[]} words @param {number} count as many, from the first again where they end */
export const wordsOf = (words, count) => Array.from({ length: count }, (_, i) => words[i % words.length]);

/** A text of the batch, continued by the next ones. @param {number} text @param {number} count */
export function textOf(text, count) {
  const order = TEXTS.map((_, i) => TEXTS[(text + i) % TEXTS.length]);
  return wordsOf(order.flat(), count);
}

/** @param {import('../../../../../bindings/tensor.js').Tensor} mask @param {Record<string, any>} options @returns {(at: number) => boolean} */
export const allowedBy =
  ({ data }, { as }) =>
  (at) =>
    Number(data[at]) === (as === 'allowed' ? 1 : 0);
