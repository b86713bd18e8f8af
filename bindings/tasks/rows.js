/** Logits of single tokens: encodings are run, and a head reads their rows, all of them or those that are asked for. */
import { InputError, UnsupportedError } from '../errors.js';
import { fromEncodings, runBlocks } from '../run/sequences.js';
import { checkTexts } from '../text/texts.js';
import { noTokenizer } from './asked.js';

/**
 * @import { Encoding } from '../text/public.js'
 * @import { Tokenizer } from '../text/tokenizer.js'
 * @import { Output } from './pieces.js'
 * @import { Parts } from './parts.js'
 */

/**
 * What a call of a task on texts needs: the tokenizer, and the head that gives a row of logits for a token.
 * @param {Parts} parts
 * @param {string} task by the name of transformers' pipeline
 * @returns {{ tokenizer: Tokenizer, output: Output, width: number }}
 * @throws {UnsupportedError} a model without such a head, or without a tokenizer
 */
export function headOf({ model, tokenizer, config }, task) {
  const { tasks, outputs } = model.blueprint;
  const output = outputs.find(({ poolings, heads }) => poolings.length === 0 && heads.length > 0);
  if (!tasks.includes(task) || !output) {
    const kind = config.model_type ?? 'model';
    throw new UnsupportedError(`this ${kind} has no head for ${task}; its tasks: ${tasks.join(', ')}`);
  }
  if (!tokenizer) throw noTokenizer();
  return { tokenizer, output, width: model.outputWidth(output) };
}

/**
 * @param {unknown} input a text, or an array of texts
 * @param {string} [name]
 * @returns {string[]}
 */
export const textsOf = (input, name) =>
  checkTexts(input, { name, pairAdvice: 'a pair of texts is for classify' }).map(({ text }) => text);

/**
 * Refuses a text that is longer than the model reads.
 * @param {Encoding} encoding
 * @param {number} limit tokens
 * @param {string} name of the text
 * @param {string} advice what to do
 */
export function refuseLong({ ids }, limit, name, advice) {
  if (ids.length <= limit) return;
  throw new InputError(`${name} has ${ids.length} tokens; this model reads ${limit}${advice}`, {
    path: name,
    value: ids.length,
  });
}

/**
 * Rows of logits of encodings.
 * @param {Parts} parts
 * @param {Encoding[]} encodings
 * @param {Output} output
 * @param {import('../run/pace.js').Breath} breathe
 * @param {(encoding: Encoding) => number[]} [wanted] the places of the tokens that are asked for; all by default
 * @returns {Promise<Float32Array[]>} [tokens, width] of each
 */
export async function rowsOf({ model, tokenizer }, encodings, output, breathe, wanted) {
  const reader = /** @type {Tokenizer} */ (tokenizer);
  const inputs = encodings.map((encoding) => reader.inputOf(encoding));
  const width = model.outputWidth(output);
  /** @type {Float32Array[]} */
  const results = [];
  const sequences = fromEncodings(inputs, model.blueprint.padding);
  for await (const { first, block } of runBlocks(model, sequences, breathe)) {
    const lengths = Array.from(block.lengths);
    const places = lengths.map(
      (length, i) => wanted?.(encodings[first + i]) ?? Array.from({ length }, (_, t) => t),
    );
    const count = places.reduce((sum, { length }) => sum + length, 0);
    const logits = new Float32Array(count * width);
    model.output(logits, output, wanted ? picked(model, lengths, places) : null);
    let at = 0;
    for (const { length } of places) {
      results.push(logits.subarray(at * width, (at + length) * width));
      at += length;
    }
  }
  return results;
}

/**
 * Some of a block's rows: what a head over a large vocabulary need not read, it does not.
 * @param {Parts['model']} model
 * @param {number[]} lengths of its sequences
 * @param {number[][]} places in each
 */
function picked(model, lengths, places) {
  const size = model.width;
  const rows = model.hidden(size * lengths.reduce((sum, length) => sum + length, 0));
  const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
  const wanted = places.flatMap((some, i) => some.map((place) => starts[i] + place));
  const out = new Float32Array(wanted.length * size);
  for (const [i, row] of wanted.entries()) out.set(rows.subarray(row * size, (row + 1) * size), i * size);
  return out;
}

/** Probabilities of logits, in double precision. @param {ArrayLike<number>} logits */
export function softmax(logits) {
  let top = -Infinity;
  for (let i = 0; i < logits.length; i++) top = Math.max(top, logits[i]);
  const out = Float64Array.from(logits, (value) => Math.exp(value - top));
  const sum = out.reduce((a, b) => a + b, 0);
  return out.map((value) => value / sum);
}

/** What makes scores of a text's logits. @type {Record<'sigmoid' | 'softmax' | 'none', (logits: number[]) => number[]>} */
export const functionsToApply = {
  sigmoid: (logits) => logits.map((x) => 1 / (1 + Math.exp(-x))),
  softmax: (logits) => [...softmax(logits)],
  none: (logits) => logits,
};

/** The place of the largest value, the first of equal ones. @param {ArrayLike<number>} values */
export function largest(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
