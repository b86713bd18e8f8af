/**
 * Answers to a question in a text, which may be longer than the model reads: windows of it, with what they share. Source:
 * transformers' QuestionAnsweringPipeline (4.57).
 */
import { check } from '../check.js';
import { InputError, show } from '../errors.js';
import { flag, integer, signal } from '../options/table.js';
import { breather } from '../run/pace.js';
import { headOf, rowsOf, softmax } from './rows.js';

/**
 * @import { Answer, AnswerOptions } from '../public.js'
 * @import { Encoding } from '../text/public.js'
 * @import { Parts } from './parts.js'
 *
 * @typedef {{ score: number, start: number, end: number }} Span places of tokens
 */

/** @param {number} limit tokens that the model reads */
const optionsOf = (limit) => ({
  topK: integer('how many answers to return, the best first', { min: 1, default: 1 }),
  maxSeqLen: integer('tokens of a window, the question included', {
    min: 2,
    max: limit,
    default: Math.min(384, limit),
  }),
  docStride: integer('tokens that windows share', {
    min: 0,
    max: 'maxSeqLen',
    default: (/** @type {any} */ { maxSeqLen }) => Math.min(Math.floor(maxSeqLen / 2), 128),
    optional: 'half of maxSeqLen, 128 at most',
  }),
  maxAnswerLen: integer('tokens of an answer', { min: 1, default: 15 }),
  handleImpossibleAnswer: flag('the empty answer may be the best', { default: false }),
  alignToWords: flag('answers begin and end with words', { default: true }),
  signal: signal('stops the call', { optional: true }),
});

/**
 * @param {Parts} parts
 * @param {unknown} question
 * @param {unknown} context
 * @param {AnswerOptions} options
 * @param {number} limit tokens that the model reads
 * @returns {Promise<Answer[]>}
 */
export async function findAnswers(parts, question, context, options, limit) {
  for (const [path, value] of Object.entries({ question, context })) {
    if (typeof value === 'string' && value !== '') continue;
    throw new InputError(`${path} is ${show(value)}; expected a text: answer(question, context)`, {
      path,
      value,
    });
  }
  const given = check('answer', options, optionsOf(Number.isFinite(limit) ? limit : 2 ** 20));
  const { tokenizer, output } = headOf(parts, 'question-answering');
  const isFirst = tokenizer.paddingSide === 'right';
  const texts = /** @type {string[]} */ (isFirst ? [question, context] : [context, question]);
  const encoding = tokenizer.encode(texts[0], {
    pair: texts[1],
    truncation: isFirst ? 'only_second' : 'only_first',
    maxLength: given.maxSeqLen,
    stride: given.docStride,
    returnOverflowingTokens: true,
  });
  const windows = [encoding, ...encoding.overflowing];
  const rows = await rowsOf(parts, windows, output, breather(given.signal));
  /** @type {Answer[]} */
  const answers = [];
  let none = Infinity;
  for (const [i, window] of windows.entries()) {
    const place = { sequence: isFirst ? 1 : 0, start: tokenizer.special.cls };
    const { spans, empty } = spansOf(window, rows[i], place, given);
    none = Math.min(none, empty);
    for (const span of spans) {
      const [start, end] = placeOf(window, span, place.sequence, given.alignToWords);
      const answer = String(context).slice(start, end);
      const same = answers.find((other) => other.answer.toLowerCase() === answer.toLowerCase());
      if (same) same.score += span.score;
      else answers.push({ score: span.score, start, end, answer });
    }
  }
  if (given.handleImpossibleAnswer) answers.push({ score: none, start: 0, end: 0, answer: '' });
  return answers.sort((a, b) => b.score - a.score).slice(0, given.topK);
}

/**
 * The likeliest spans of a window, and how likely it is that it has no answer.
 * @param {Encoding} window
 * @param {Float32Array} logits [tokens, 2] of starts and ends
 * @param {{ sequence: number, start: number | null }} place of the context among the texts; the token that stands for no answer
 * @param {{ topK: number, maxAnswerLen: number, alignToWords: boolean }} options
 * @returns {{ spans: Span[], empty: number }}
 */
function spansOf(
  { ids, sequenceIds },
  logits,
  { sequence, start: none },
  { topK, maxAnswerLen, alignToWords },
) {
  const may = sequenceIds.map((id, i) => id === sequence || ids[i] === none);
  const [starts, ends] = [0, 1].map((column) =>
    softmax(Float64Array.from(may, (is, i) => (is ? logits[2 * i + column] : -10000))),
  );
  const empty = starts[0] * ends[0];
  starts[0] = 0;
  ends[0] = 0;
  /** @type {Span[]} */
  const spans = [];
  for (let start = 0; start < may.length; start++) {
    const last = Math.min(start + maxAnswerLen, may.length);
    for (let end = start; may[start] && end < last; end++) {
      const score = starts[start] * ends[end];
      if (may[end] && score > 0) spans.push({ score, start, end });
    }
  }
  // Several spans of tokens may be one of words.
  return {
    spans: spans.sort((a, b) => b.score - a.score).slice(0, alignToWords ? 2 * topK + 10 : topK),
    empty,
  };
}

/** Where in the context a span stands. @param {Encoding} window @param {Span} span @param {number} sequence @param {boolean} align @returns {[number, number]} */
function placeOf({ offsets, wordIds, sequenceIds }, { start, end }, sequence, align) {
  const [first, last] = [wordIds[start], wordIds[end]];
  if (!align || first === null || last === null) return [offsets[start][0], offsets[end][1]];
  const isOf = (/** @type {number} */ word) => (/** @type {number | null} */ id, /** @type {number} */ i) =>
    id === word && sequenceIds[i] === sequence;
  return [offsets[wordIds.findIndex(isOf(first))][0], offsets[wordIds.findLastIndex(isOf(last))][1]];
}
