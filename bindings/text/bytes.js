/** The letters that byte-level tokenizers write bytes as: printable ones of Latin 1 as they are, others from U+0100 on. */
import { utf8Length } from './character_set.js';

/** @param {number} byte */
const isPrintable = (byte) =>
  (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;

/** The letter of each byte. @type {string[]} */
const LETTERS = [];
/** The byte of each letter. @type {Map<string, number>} */
export const BYTES = new Map();
for (let byte = 0, others = 0; byte < 256; byte++) {
  const letter = String.fromCharCode(isPrintable(byte) ? byte : 0x100 + others++);
  LETTERS.push(letter);
  BYTES.set(letter, byte);
}

/** The letter that stands for a space. */
export const SPACE_LETTER = LETTERS[0x20];

const encoder = new TextEncoder();

/** @param {string} text @returns {string} a letter for each of its bytes in UTF-8 */
export function spellBytes(text) {
  let spelled = '';
  for (const byte of encoder.encode(text)) spelled += LETTERS[byte];
  return spelled;
}

/**
 * The character that each letter of a spelled text belongs to.
 * @param {string} text
 * @returns {{ starts: number[], ends: number[] }} in units of the text
 */
export function traceBytes(text) {
  const [starts, ends] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  for (let unit = 0; unit < text.length; ) {
    const code = Number(text.codePointAt(unit));
    const end = unit + (code > 0xffff ? 2 : 1);
    for (let rest = utf8Length(code); rest > 0; rest--) {
      starts.push(unit);
      ends.push(end);
    }
    unit = end;
  }
  return { starts, ends };
}
