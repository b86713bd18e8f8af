/**
 * An encoding: tokens of one or two texts with special tokens around them, what each of them is, and the windows of a text
 * that was cut. Source: encoding.rs and the processors of tokenizers.
 */
import { InputError } from '../errors.js';
import { LIMITS } from '../formats/config.js';
import { trim } from './processors/trim.js';
import { keptOf, windowsOf } from './truncation.js';

/** @import { Tokens } from './pipeline.js' */
/** @import { Piece } from './processors/template.js' */
/** @import { Cutting, Window } from './truncation.js' */
/** @import { Encoding } from './public.js' */
/**
 * @typedef {object} Source what encodings are made of
 * @property {string[]} texts
 * @property {Tokens[]} tokens of each text
 * @property {boolean[]} trims as in processors/template.js
 * @property {boolean} isOneType whether tokens of windows beyond the first have type 0 whatever their text
 * @property {(id: number) => string} tokenOf
 */

/** A piece of a template and the window of its text; special tokens have none. @typedef {{ piece: Piece, window: Window | null, isFirst: boolean }} Filled */

/**
 * @param {Source} source
 * @param {Piece[]} pieces of the template, without special tokens if they are not wanted
 * @param {Cutting} cutting
 * @param {boolean} overflows whether to make windows of what is cut
 * @returns {Encoding}
 */
export function encodingOf(source, pieces, cutting, overflows) {
  const lengths = source.tokens.map(({ ids }) => ids.length);
  const kept = keptOf(lengths, cutting);
  const windows = lengths.map((length, i) => windowsOf(length, kept[i], cutting));
  const isCut = kept.some((count, i) => count < lengths[i]);
  const first = pieces.map((piece) => fill(piece, windows, 0));
  const encoding = new Assembly(source).fill(first).encoding(isCut);
  if (isCut && overflows) {
    const rest = overflowOf(pieces, windows);
    checkCount(rest.reduce((sum, filled) => sum + countOf(filled), 0));
    encoding.overflowing = rest.map((filled) => new Assembly(source).fill(filled).encoding(isCut));
  }
  return encoding;
}

/** @param {Piece} piece @param {Window[][]} windows of each text @param {number} index @returns {Filled} */
function fill(piece, windows, index) {
  const window = piece.text === null ? null : windows[piece.text][index];
  return { piece, window, isFirst: index === 0 };
}

/**
 * All ways to put windows into the template but the first, in the order of tokenizers: it joins piece after piece.
 * @param {Piece[]} pieces
 * @param {Window[][]} windows of each text
 * @returns {Filled[][]}
 */
function overflowOf(pieces, windows) {
  /** @type {Filled[][]} */
  let rest = [];
  /** @type {Filled[]} */
  let first = [];
  for (const piece of pieces) {
    const count = piece.text === null ? 1 : windows[piece.text].length;
    const choices = Array.from({ length: count }, (_, index) => fill(piece, windows, index));
    checkCount(rest.length * count);
    rest = [
      ...rest.flatMap((one) => choices.map((choice) => [...one, choice])),
      ...choices.slice(1).map((choice) => [...first, choice]),
    ];
    first = [...first, choices[0]];
  }
  return rest;
}

/** @param {number} count tokens of all windows, at least */
function checkCount(count) {
  if (count <= LIMITS.tokens) return;
  throw new InputError(
    `the windows of what does not fit have ${count} tokens; expected at most ${LIMITS.tokens}`,
    {
      path: 'returnOverflowingTokens',
      value: count,
    },
  );
}

/** @param {Filled[]} filled @returns {number} */
const countOf = (filled) =>
  filled.reduce((sum, { piece, window }) => sum + (window ? window[1] - window[0] : piece.special.length), 0);

/** An encoding in the making. */
class Assembly {
  /** @type {number[]} */ ids = [];
  /** @type {number[]} */ typeIds = [];
  /** @type {number[]} */ special = [];
  /** @type {[number, number][]} */ offsets = [];
  /** @type {string[]} */ tokens = [];
  /** @type {(number | null)[]} */ sequenceIds = [];
  /** @type {(number | null)[]} */ wordIds = [];

  /** @param {Source} source */
  constructor(source) {
    this.source = source;
  }

  /** @param {Filled[]} pieces */
  fill(pieces) {
    for (const { piece, window, isFirst } of pieces) {
      if (piece.text !== null && window) this.#text(piece.text, window, this.#typeOf(piece, isFirst));
      for (const { token, id } of piece.special) this.#add({ id, token, typeId: piece.typeId });
    }
    return this;
  }

  /** The type of a text's tokens; windows beyond the first heed no template. @param {Piece} piece @param {boolean} isFirst */
  #typeOf(piece, isFirst) {
    if (isFirst) return piece.typeId;
    return this.source.isOneType ? 0 : Number(piece.text);
  }

  /** @param {0 | 1} text @param {Window} window @param {number} typeId */
  #text(text, [start, end], typeId) {
    const { ids, trace } = this.source.tokens[text];
    if (!trace) throw new Error('tokens without origins');
    for (let i = start; i < end; i++) {
      const token = trace.texts.get(i) ?? this.source.tokenOf(ids[i]);
      /** @type {[number, number]} */
      const offset = [trace.starts[i], trace.ends[i]];
      for (const isPrefixed of this.source.trims) {
        const mayBePrefix = isPrefixed && (i === start || offset[0] === 0);
        trim(offset, token, mayBePrefix, this.source.texts[text]);
      }
      this.#add({ id: ids[i], token, typeId, offset, text, word: trace.words[i] });
    }
  }

  /** @param {{ id: number, token: string, typeId: number, offset?: [number, number], text?: number, word?: number }} token */
  #add({ id, token, typeId, offset, text, word }) {
    this.ids.push(id);
    this.tokens.push(token);
    this.typeIds.push(typeId);
    this.special.push(offset ? 0 : 1);
    this.offsets.push(offset ?? [0, 0]);
    this.sequenceIds.push(text ?? null);
    this.wordIds.push(word ?? null);
  }

  /** @param {boolean} truncated @returns {Encoding} */
  encoding(truncated) {
    return {
      ids: Int32Array.from(this.ids),
      typeIds: Int32Array.from(this.typeIds),
      attentionMask: new Int32Array(this.ids.length).fill(1),
      specialTokensMask: Int32Array.from(this.special),
      offsets: this.offsets,
      tokens: this.tokens,
      sequenceIds: this.sequenceIds,
      wordIds: this.wordIds,
      truncated,
      overflowing: [],
    };
  }
}
