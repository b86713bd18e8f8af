/** Offsets without the spaces that a token begins and ends with. Source: process_offsets in byte_level.rs of tokenizers. */
import { SPACE_LETTER } from '../bytes.js';
import { CharacterSet, isHigh, isLow } from '../character_set.js';
import { WHITE_SPACE } from '../characters.js';

/** @type {CharacterSet | undefined} */ let spaces;

/**
 * @param {[start: number, end: number]} offset of a token, which is changed
 * @param {string} token its spelling
 * @param {boolean} isPrefixed whether a single space at its beginning may have been put there
 * @param {string} text that the offset is of
 */
export function trim(offset, token, isPrefixed, text) {
  spaces ??= new CharacterSet(WHITE_SPACE);
  const white = spaces;
  const isSpace = (/** @type {number} */ i) => token[i] === SPACE_LETTER || white.has(token.charCodeAt(i));
  let [leading, trailing] = [0, 0];
  while (leading < token.length && isSpace(leading)) leading++;
  while (trailing < token.length && isSpace(token.length - 1 - trailing)) trailing++;
  if (leading === 1 && isPrefixed) leading = 0;
  offset[0] = Math.min(forward(text, offset[0], leading), offset[1]);
  const back = backward(text, offset[1], trailing);
  if (back >= 0) offset[1] = Math.max(back, offset[0]);
}

/** @param {string} text @param {number} from @param {number} count of characters @returns {number} */
function forward(text, from, count) {
  let at = from;
  for (let rest = count; rest > 0; rest--) at += isHigh(text.charCodeAt(at)) ? 2 : 1;
  return at;
}

/** @param {string} text @param {number} from @param {number} count of characters @returns {number} below 0 if there are fewer */
function backward(text, from, count) {
  let at = from;
  for (let rest = count; rest > 0; rest--) at -= isLow(text.charCodeAt(at - 1)) ? 2 : 1;
  return at;
}
