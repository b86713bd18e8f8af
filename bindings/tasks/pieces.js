/**
 * What a task is asked about (asked.js) as sequences: piece by piece, so that
 * a long list fills the memory neither with ids nor with pixels.
 */
import { readInputs } from '../run/inputs.js';
import { putVectors } from '../run/rows_at.js';
import { fromEncodings, runBlocks } from '../run/sequences.js';
import { encodeText, splitText } from '../text/tokenize.js';
import { picturesOf } from './pictures.js';
import { recordingPiece } from './recordings.js';

/**
 * @typedef {import('./parts.js').Parts} Parts
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
 * @param {Parts} parts
 * @param {import('./asked.js').Asked} asked
 * @param {Reading} reading
 * @param {import('../run/pace.js').Breath} breathe
 * @returns {AsyncGenerator<Piece>}
 */
export async function* piecesOf(parts, asked, reading, breathe) {
  const { inputs, texts, pictures = [], recordings, isList, count } = asked;
  if (inputs) {
    const { batch, sequences, owners } = readInputs(parts.model, inputs);
    yield { first: 0, count: batch, sequences, owners, truncated: [] };
    return;
  }
  for (const [first, recording] of (recordings ?? []).entries()) {
    await breathe();
    yield await recordingPiece(parts, recording, { ...reading, first, isList }, breathe);
  }
  if (recordings) return;
  const step = texts ? TEXTS_AT_A_TIME : PICTURES_AT_A_TIME;
  for (let first = 0; first < count; first += step) {
    const some = { ...reading, first, isList };
    yield texts
      ? await textPiece(parts, texts.slice(first, first + step), some, breathe)
      : await picturePiece(parts, pictures.slice(first, first + step), some, breathe);
  }
}

/**
 * @param {Parts} parts
 * @param {any[]} pictures
 * @param {Reading & { first: number, isList: boolean }} reading
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
 * @param {import('../text/texts.js').Pair[]} texts
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
  const reader = /** @type {NonNullable<typeof tokenizer>} */ (tokenizer);
  const { padding, padTo } = model.blueprint;
  const encodings = [];
  const owners = [];
  const truncated = [];
  for (const [i, { text, pair }] of texts.entries()) {
    await breathe();
    if (onTruncate === 'chunk') {
      const chunks = splitText(reader, prompt + text, limit, padTo);
      encodings.push(...chunks);
      owners.push(...chunks.map(() => i));
      continue;
    }
    // An empty second text is none, as in transformers' pipeline.
    const path = isList ? `texts[${first + i}]` : undefined;
    const encoding = encodeText(reader, prompt + text, {
      pair: pair || undefined,
      maxLength: limit,
      onTruncate,
      path,
      padTo,
    });
    encodings.push(encoding);
    owners.push(i);
    if (encoding.truncated) truncated.push(first + i);
  }
  return {
    first,
    count: texts.length,
    sequences: fromEncodings(encodings, padding),
    owners,
    truncated,
  };
}

/**
 * Runs a piece and gives the vectors of outputs: one a sequence, or without pooling, of pictures, one for each of its rows.
 * @param {Parts} parts
 * @param {Piece} piece
 * @param {Output[]} outputs
 * @param {import('../run/pace.js').Breath} breathe
 * @param {(inputs: number) => void} [progress] told how many inputs of the call are done
 * @returns {Promise<Float32Array[]>} for each output [sequences, width], or [sequences, rows, width]
 */
export async function vectorsOf({ model }, piece, outputs, breathe, progress) {
  const { sequences, owners, first, count } = piece;
  const total = sequences.lengths.length;
  const rows = model.state(model.states - 1, sequences.image).tokens;
  const widths = outputs.map((output) => model.outputWidth(output) * (output.poolings.length ? 1 : rows));
  const results = widths.map((width) => new Float32Array(total * width));
  for await (const { first: start, block } of runBlocks(model, sequences, breathe)) {
    const end = start + block.lengths.length;
    for (const [i, output] of outputs.entries()) {
      const values = results[i].subarray(start * widths[i], end * widths[i]);
      if (output.poolings.length) putVectors(model, block, values, output);
      else model.output(values, output);
    }
    progress?.(first + (end === total ? count : owners[end]));
  }
  return results;
}
