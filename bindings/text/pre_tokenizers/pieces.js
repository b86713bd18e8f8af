/** A section in pieces, which a model will see one by one, and the ways to cut pieces at what matches. */

import { Rewriter } from '../section.js';

/** @import { Section } from '../section.js' */
/**
 * @typedef {object} Pieces
 * @property {Section} section
 * @property {ArrayLike<number>} bounds where each piece begins and ends, one after the other; none is empty
 */

/**
 * What becomes of the matches that pieces are cut at: `Removed` drops them; `Isolated` makes each a piece; `Contiguous` makes
 * one of matches side by side; the others join each to the piece before or after it.
 * @typedef {typeof BEHAVIORS[number]} Behavior
 */
export const BEHAVIORS = /** @type {const} */ ([
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
]);

/** @param {Section} section @returns {Pieces} */
export const whole = (section) => ({ section, bounds: section.text ? [0, section.text.length] : [] });

/**
 * Rewrites each piece; what is between them is dropped.
 * @param {Pieces} pieces
 * @param {(rewriter: Rewriter, start: number, end: number) => void} write
 * @returns {Pieces}
 */
export function rewritePieces({ section, bounds }, write) {
  const rewriter = new Rewriter(section);
  /** @type {number[]} */
  const result = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const first = rewriter.length;
    rewriter.skip(bounds[i]);
    write(rewriter, bounds[i], bounds[i + 1]);
    result.push(first, rewriter.length);
  }
  rewriter.skip(section.text.length);
  return { section: rewriter.finish(), bounds: result };
}

/**
 * Cuts all pieces.
 * @param {Pieces} pieces
 * @param {(text: string) => number[]} find the matches in a piece, as in pattern.js
 * @param {Behavior} behavior
 * @param {boolean} [invert] whether what is between the matches counts as them
 * @returns {Pieces}
 */
export function cut({ section, bounds }, find, behavior, invert = false) {
  /** @type {number[]} */
  const result = [];
  for (let i = 0; i < bounds.length; i += 2) {
    const [start, end] = [bounds[i], bounds[i + 1]];
    const matches = find(section.text.slice(start, end));
    if (matches.length === 0) {
      if (!(invert && behavior === 'Removed')) result.push(start, end);
      continue;
    }
    CUTS[behavior](matches, end - start, invert, (from, to) => result.push(start + from, start + to));
  }
  return { section, bounds: result };
}

/**
 * Cuts all pieces at single characters.
 * @param {Pieces} pieces
 * @param {{ has: (code: number) => boolean }} set
 * @param {Behavior} behavior
 * @returns {Pieces}
 */
export function cutAtCharacters(pieces, set, behavior) {
  return cut(
    pieces,
    (text) => {
      const found = [];
      for (let at = 0; at < text.length; ) {
        const code = Number(text.codePointAt(at));
        const next = at + (code > 0xffff ? 2 : 1);
        if (set.has(code)) found.push(at, next);
        at = next;
      }
      return found;
    },
    behavior,
  );
}

/** @typedef {(start: number, end: number, matches: boolean) => void} Emit */

/**
 * Goes through a piece: its matches, and what is between them.
 * @param {number[]} matches
 * @param {number} length
 * @param {boolean} invert
 * @param {Emit} emit
 */
function walk(matches, length, invert, emit) {
  let at = 0;
  for (let i = 0; i < matches.length; i += 2) {
    if (at < matches[i]) emit(at, matches[i], invert);
    emit(matches[i], matches[i + 1], !invert);
    at = matches[i + 1];
  }
  if (at < length) emit(at, length, invert);
}

/** @typedef {(matches: number[], length: number, invert: boolean, emit: (start: number, end: number) => void) => void} Cut */

/**
 * @param {(one: boolean, before: boolean) => boolean} joins whether a stretch belongs to the one before it; each matches or
 *   does not
 * @returns {Cut}
 */
const joined = (joins) => (matches, length, invert, emit) => {
  let [first, last, before] = [0, 0, false];
  walk(matches, length, invert, (start, end, one) => {
    if (start > 0 && !joins(one, before)) {
      emit(first, last);
      first = start;
    }
    last = end;
    before = one;
  });
  emit(first, last);
};

/** @type {Readonly<Record<Behavior, Cut>>} */
const CUTS = {
  Removed: (matches, length, invert, emit) =>
    walk(matches, length, invert, (start, end, isMatch) => {
      if (!isMatch) emit(start, end);
    }),
  Isolated: walk,
  Contiguous: joined((one, before) => one === before),
  MergedWithPrevious: joined((one, before) => one && !before),
  MergedWithNext: joined((one, before) => before && !one),
};
