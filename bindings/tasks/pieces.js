/**
 * What a task is asked about, texts or pictures in any number, or a forward's inputs, as sequences: piece by piece, so that
 * a long list fills the memory neither with ids nor with pixels.
 */
import { isListOf } from '../arrays.js';
import { STEM } from '../core/abi.js';
import { InputError, UnsupportedError } from '../errors.js';
import { isObject } from '../formats/json.js';
import { readInputs } from '../run/inputs.js';
import { fromEncodings, runBlocks } from '../run/sequences.js';
import { checkTexts, encodeText, splitText } from '../text/tokenize.js';
import { picturesOf } from './pictures.js';

/**
 * @typedef {import('./encoder.js').Parts} Parts
 * @typedef {import('../run/sequences.js').Sequences} Sequences
 * @typedef {Parameters<import('../run/model.js').Model['output']>[1]} Output
 *
 * @typedef {object} Reading how texts are read
 * @property {string} [prompt] put before every text
 * @property {'cut' | 'error' | 'chunk'} [onTruncate]
 * @property {'apply' | 'ignore'} [orientation] of pictures
 * @property {number} limit tokens of a text
 *
 * @typedef {object} Piece
 * @property {number} first the number of its first input
 * @property {number} count inputs
 * @property {Sequences} sequences
 * @property {number[]} owners the input that each sequence is of, counted from the piece's first
 * @property {number[]} truncated the inputs that were cut, counted from the call's first
 */

/** Texts, and pictures, that are prepared at a time. */
const TEXTS_AT_A_TIME = 512;
const PICTURES_AT_A_TIME = 16;

/**
 * How many inputs there are, before anything is made for them.
 * @param {any} input
 * @throws {InputError} an array with a hole
 */
export function countOf(input) {
  isListOf(input, (one, i) => {
    if (one !== undefined) return true;
    throw new InputError(`inputs[${i}] is undefined; expected a text or a picture`, { path: `inputs[${i}]` });
  });
  return Array.isArray(input) ? input.length : 1;
}

/**
 * @param {Parts} parts
 * @param {any} input a text or a picture, an array of them, or inputs as for `forward`
 * @param {Reading} reading
 * @param {import('../run/pace.js').Breath} breathe
 * @returns {AsyncGenerator<Piece>}
 */
export async function* piecesOf(parts, input, reading, breathe) {
  const { stem } = parts.model.description;
  const sees = stem === STEM.PATCHES;
  const isInputs = isObject(input);
  if (sees ? input?.pixel_values !== undefined : stem !== STEM.TOKENS || isInputs) {
    const { batch, sequences, owners } = readInputs(parts.model, input);
    yield { first: 0, count: batch, sequences, owners, truncated: [] };
    return;
  }
  countOf(input);
  const all = sees ? [input].flat(1) : checkTexts(input);
  const step = sees ? PICTURES_AT_A_TIME : TEXTS_AT_A_TIME;
  for (let first = 0; first < all.length; first += step) {
    const some = all.slice(first, first + step);
    yield sees
      ? await picturePiece(parts, some, { ...reading, first }, breathe)
      : await textPiece(parts, some, { ...reading, first, isList: Array.isArray(input) }, breathe);
  }
}

/**
 * @param {Parts} parts
 * @param {any[]} pictures
 * @param {Reading & { first: number }} reading
 * @param {import('../run/pace.js').Breath} breathe
 * @returns {Promise<Piece>}
 */
async function picturePiece(parts, pictures, reading, breathe) {
  const { first } = reading;
  const { data, shape } = await picturesOf(parts, pictures, reading, breathe);
  const { sequences, owners } = readInputs(parts.model, { pixel_values: { data, shape } });
  return { first, count: pictures.length, sequences, owners, truncated: [] };
}

/**
 * @param {Parts} parts
 * @param {string[]} texts
 * @param {Reading & { first: number, isList: boolean }} reading
 * @param {import('../run/pace.js').Breath} breathe
 * @returns {Promise<Piece>}
 */
async function textPiece(
  { tokenizer, model },
  texts,
  { prompt = '', onTruncate, limit, first, isList },
  breathe,
) {
  if (!tokenizer)
    throw new UnsupportedError('this model has no tokenizer.json or vocab.txt; pass input_ids instead');
  const encodings = [];
  const owners = [];
  const truncated = [];
  for (const [i, text] of texts.entries()) {
    await breathe();
    if (onTruncate === 'chunk') {
      const chunks = splitText(tokenizer, prompt + text, limit);
      encodings.push(...chunks);
      owners.push(...chunks.map(() => i));
      continue;
    }
    const path = isList ? `texts[${first + i}]` : undefined;
    const encoding = encodeText(tokenizer, prompt + text, { maxLength: limit, onTruncate, path });
    encodings.push(encoding);
    owners.push(i);
    if (encoding.truncated) truncated.push(first + i);
  }
  return {
    first,
    count: texts.length,
    sequences: fromEncodings(encodings, model.blueprint.padding),
    owners,
    truncated,
  };
}

/**
 * Runs a piece and gives the vectors of outputs, one a sequence.
 * @param {Parts} parts
 * @param {Piece} piece
 * @param {Output[]} outputs with pooling
 * @param {import('../run/pace.js').Breath} breathe
 * @param {(inputs: number) => void} [progress] told how many inputs of the call are done
 * @returns {Promise<Float32Array[]>} for each output [sequences, width]
 */
export async function vectorsOf({ model }, piece, outputs, breathe, progress) {
  const { sequences, owners, first, count } = piece;
  const total = sequences.lengths.length;
  const widths = outputs.map((output) => model.outputWidth(output));
  const results = widths.map((width) => new Float32Array(total * width));
  for await (const { first: start, block } of runBlocks(model, sequences, breathe)) {
    const end = start + block.lengths.length;
    for (const [i, output] of outputs.entries())
      model.output(results[i].subarray(start * widths[i], end * widths[i]), output);
    progress?.(first + (end === total ? count : owners[end]));
  }
  return results;
}
