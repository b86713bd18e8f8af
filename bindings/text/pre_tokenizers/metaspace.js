/** A letter for each space, as SentencePiece writes them, which begins a piece. */
import { rewritePieces } from './pieces.js';

/** @import { Part } from '../parts.js' */
/** @import { Pieces } from './pieces.js' */

/**
 * @param {Part} part a pre_tokenizer or decoder
 * @returns {{ letter: string, scheme: 'first' | 'never' | 'always', splits: boolean }} scheme: which pieces get a letter in
 *   front
 */
export function readMetaspace(part) {
  part.allowNull('add_prefix_space', 'split', 'str_rep');
  const letter = part.character('replacement');
  const isPrefixed = part.flag('add_prefix_space', true); // of older files
  const scheme = part.choice('prepend_scheme', ['first', 'never', 'always'], isPrefixed ? 'always' : 'never');
  if (!isPrefixed && scheme !== 'never') {
    throw part.fail(`has add_prefix_space false and prepend_scheme ${scheme}; expected never`, scheme);
  }
  part.raw('str_rep');
  return { letter, scheme, splits: part.flag('split', true) };
}

/**
 * @param {Part} part
 * @returns {(pieces: Pieces) => Pieces}
 */
export function metaspace(part) {
  const { letter, scheme, splits } = readMetaspace(part);
  if (letter.length > 1)
    throw part.unsupported(`has replacement ${letter}; expected one up to U+FFFF`, letter);
  const lacks = (/** @type {Pieces} */ { section }, /** @type {number} */ start) =>
    (scheme === 'always' || (scheme === 'first' && section.startOf(start) === 0)) &&
    section.text[start] !== ' ' &&
    section.text[start] !== letter;
  return (pieces) => {
    const { section, bounds } = prefixed(pieces, letter, lacks);
    const marked = { section: section.as(section.text.replaceAll(' ', letter)), bounds };
    return splits ? cutBefore(marked, letter) : marked;
  };
}

/**
 * Puts a letter before the pieces that lack it.
 * @param {Pieces} pieces
 * @param {string} letter
 * @param {(pieces: Pieces, start: number) => boolean} lacks
 * @returns {Pieces}
 */
export function prefixed(pieces, letter, lacks) {
  const { bounds } = pieces;
  let count = 0;
  for (let i = 0; i < bounds.length; i += 2) if (lacks(pieces, bounds[i])) count++;
  if (count === 0) return pieces;
  return rewritePieces(pieces, (rewriter, start, end) => {
    if (lacks(pieces, start)) rewriter.put(letter, start);
    rewriter.keep(end);
  });
}

/**
 * Begins a piece at each letter.
 * @param {Pieces} pieces
 * @param {string} letter
 * @returns {Pieces}
 */
function cutBefore({ section, bounds }, letter) {
  /** @type {number[]} */
  const result = [];
  // The next letter is looked for once, however many pieces come before it.
  let next = section.text.indexOf(letter);
  for (let i = 0; i < bounds.length; i += 2) {
    let [start, end] = [bounds[i], bounds[i + 1]];
    while (next >= 0 && next < end) {
      if (next > start) {
        result.push(start, next);
        start = next;
      }
      next = section.text.indexOf(letter, next + 1);
    }
    result.push(start, end);
  }
  return { section, bounds: result };
}
