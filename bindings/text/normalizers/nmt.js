/** The rules of neural machine translation for characters that nobody sees. */
import { rewrite } from '../section.js';

/** @import { Section } from '../section.js' */

// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it is about
const controls = /[\x01-\x08\v\x0e-\x1f\x7f\x8f\x9f]+/g;
const spaces = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g;

/** @param {Section} section @returns {Section} */
export function nmt(section) {
  const kept = rewrite(section, controls, () => {});
  return kept.as(kept.text.replace(spaces, ' '));
}
