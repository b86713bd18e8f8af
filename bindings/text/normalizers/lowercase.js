/** Small letters or capitals, one character at a time. */
import { rewrite } from '../section.js';

/** @import { Section } from '../section.js' */

/** İ, the only letter that gets longer. */
const dotted = /\u0130/g;

/** @param {Section} section @returns {Section} */
export function lowercase(section) {
  const long = rewrite(section, dotted, (rewriter, _, unit) => rewriter.put('i\u0307', unit));
  return long.as(lower(long.text));
}

/**
 * Lowers text letter by letter: toLowerCase knows that a sigma at the end of a word looks different, Rust's
 * tokenizers do not.
 * @param {string} text
 * @returns {string}
 */
export function lower(text) {
  return text.replaceAll('Σ', 'σ').toLowerCase();
}

const small = /\p{Changes_When_Uppercased}/gu;

/** @param {Section} section @returns {Section} */
export const uppercase = (section) =>
  rewrite(section, small, (rewriter, letter, unit) => rewriter.put(letter.toUpperCase(), unit));
