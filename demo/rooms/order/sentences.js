/** The sentences that the room offers, and what is done to their words. */
import { answerOf } from './reading.js';

/** @typedef {{ id: number, text: string }} Word one that keeps its identity when it moves */

export const FIRST = 'the old dog chased the cat in the garden yesterday';
/** The first sentence with its two noun phrases traded. */
export const SWAPPED = 'the cat chased the old dog in the garden yesterday';
export const PASSIVE = 'the old dog was chased by the cat in the garden yesterday';
export const UNKNOWN = 'the wug daxed the blick near the zorp today';
export const LONGER =
  'in the old garden the small dog that the angry cat chased was followed by the brave teacher near the big castle yesterday';

/** Words in a sentence at most: what the tables of places have room for. */
export const MOST_WORDS = 30;

let last = 0;

/** @param {string} text @returns {Word[]} */
export const wordsOf = (text) => splitWords(text).map((word) => ({ id: ++last, text: word }));

/** The words of a text: letters, digits and what joins them. @param {string} text */
export const splitWords = (text) => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/**
 * The two phrases, behind their articles, that trade places: of who does and of whom it is done to.
 * @param {readonly Word[]} words
 * @param {readonly number[][]} shares of each word's roles
 * @returns {{ words: Word[], marks: number[] } | null} in the new order, and the ids of the two last words of the phrases; null
 *   where there are no two
 */
export function swapped(words, shares) {
  const roles = shares.map(answerOf);
  const phrase = (/** @type {'who' | 'whom'} */ role) => {
    let from = roles.indexOf(role);
    if (from < 0) return null;
    let to = from;
    while (roles[to] === role) to++;
    while (from < to - 1 && /^(the|an?|by)$/.test(words[from].text)) from++;
    return /^(the|an?|by)$/.test(words[from].text) ? null : [from, to];
  };
  const [a, b] = [phrase('who'), phrase('whom')].sort((x, y) => (x?.[0] ?? 0) - (y?.[0] ?? 0));
  if (!a || !b) return null;
  const marks = [words[a[1] - 1].id, words[b[1] - 1].id];
  return {
    marks,
    words: [
      ...words.slice(0, a[0]),
      ...words.slice(b[0], b[1]),
      ...words.slice(a[1], b[0]),
      ...words.slice(a[0], a[1]),
      ...words.slice(b[1]),
    ],
  };
}
