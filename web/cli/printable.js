/**
 * Text for a terminal. Names, labels and messages come from files and servers, too: nothing in them may move the cursor,
 * change colours, end a line or turn its direction.
 */

/** Characters of a message: its beginning and its end say most. */
const MOST = 400;
const TAIL = 120;

/** Controls, ends of lines, and marks that turn the direction of text; joiners are letters of some scripts. */
const CONTROLS = '\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff';
const UNSAFE = new RegExp(`[\\u0000-\\u001f${CONTROLS}]`, 'g');
const UNSAFE_IN_JSON = new RegExp(`[${CONTROLS}]`, 'g');
/** @type {Record<string, string>} */
const SHORT = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** @param {string} character */
const escaped = (character) =>
  SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * @param {unknown} text
 * @returns {string} one line of at most some 400 characters
 */
export function printable(text) {
  const line = String(text).replace(UNSAFE, escaped);
  return line.length <= MOST ? line : `${line.slice(0, MOST - TAIL)} … ${line.slice(-TAIL)}`;
}

/**
 * JSON that says the same, and shows no control characters either: JSON itself escapes the first 32 only.
 * @param {unknown} value
 * @param {number} [indent]
 */
export const toJson = (value, indent) => JSON.stringify(value, null, indent).replace(UNSAFE_IN_JSON, escaped);
