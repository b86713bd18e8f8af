/** Sentences of a text, and which words two of them share. Pure. */

const SMALL = new Set(
  'a an and are as at be by can could do does for from get how i in is it me my of on or some something the there they this to was we what where who why with you your'.split(
    ' ',
  ),
);

/** @param {string} text */
const telling = (text) =>
  [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu))].filter((word) => !SMALL.has(word));

/** @param {string[]} words */
const quoted = (words) => words.map((word) => `“${word}”`);

/**
 * What the nearest sentence does not say.
 * @param {string} question
 * @param {string} sentence
 */
export function overlap(question, sentence) {
  const there = new Set(telling(sentence));
  const words = telling(question);
  const shared = words.filter((word) => there.has(word));
  if (!words.length) return '';
  if (shared.length) return `The nearest shares ${quoted(shared).join(' and ')}.`;
  const [first, ...others] = quoted(words.slice(0, 4));
  return `The nearest ${others.length ? 'says neither' : 'does not say'} ${[first, ...others].join(' nor ')}.`;
}

/** More take too long to compare, and no map shows them. */
export const MOST = 100;

/** @param {string} text @returns {string[]} without empty and repeated lines */
export const linesOf = (text) =>
  [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean).slice(0, MOST);
