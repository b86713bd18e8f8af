// JSON from strangers: a scan that bounds depth, size and repeated keys before JSON.parse builds anything.
// It checks no grammar (JSON.parse does) and knows no format.

import { FormatError, show } from '../errors.js';

/**
 * @typedef {object} JsonLimits
 * @property {number} length The most characters.
 * @property {number} depth The deepest nesting of objects and arrays.
 * @property {number} values The most commas and colons, which bounds the members of all objects and arrays.
 * @property {boolean} [uniqueKeys] Whether a key repeated in one object is an error; else the last counts.
 * @property {boolean} [sizesOnly] Whether numbers must be digits alone: no sign, fraction or exponent.
 */

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
// What stands in a number, outside strings, and nowhere else in JSON; an e after a digit is the fifth.
const MINUS_PLUS_POINT_E = [0x2d, 0x2b, 0x2e, 0x45];
const SMALL_E = 0x65;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Parses an object in JSON within limits.
 * @param {string} text
 * @param {string} path The file's name, for messages.
 * @param {JsonLimits} limits
 * @returns {Record<string, unknown>} The object, as JSON.parse makes it.
 * @throws {FormatError} If the text breaks a limit, is not JSON, or is not an object.
 */
export function parseJsonObject(text, path, limits) {
  if (typeof text !== 'string') {
    throw new FormatError(`${path} is ${show(text)}; expected text`, { path, value: text });
  }
  if (text.length > limits.length) {
    throw new FormatError(`${path} has ${text.length} characters; at most ${limits.length} are read`, {
      path,
    });
  }
  scan(text, path, limits);
  let value;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${path} is not JSON: ${/** @type {Error} */ (cause).message}`, { path, cause });
  }
  if (isObject(value)) return value;
  throw new FormatError(`${path} holds ${show(value)}; expected a JSON object`, { path, value });
}

/**
 * Whether a value is an object, and neither null nor an array.
 * @param {unknown} value
 * @returns {value is Record<string, any>}
 */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * One pass over the text, strings skipped whole. On text that is not JSON it may let anything through.
 * @param {string} text
 * @param {string} path
 * @param {JsonLimits} limits
 */
function scan(text, path, limits) {
  /** The keys of each open object; null for an array. @type {(Set<string> | null)[]} */
  const open = [];
  let values = 0;
  let key = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = endOfString(text, i);
      key = text.slice(i, end + 1);
      i = end;
    } else if (code === COLON) {
      const keys = open.at(-1);
      if (limits.uniqueKeys && keys) addKey(keys, key, path);
      values++;
    } else if (code === COMMA) {
      values++;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      open.push(code === OPEN_BRACE ? new Set() : null);
      if (open.length > limits.depth) {
        throw new FormatError(`${path} is nested more than ${limits.depth} deep`, { path });
      }
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      open.pop();
    } else if (
      limits.sizesOnly &&
      (MINUS_PLUS_POINT_E.includes(code) || (code === SMALL_E && isDigit(text, i - 1)))
    ) {
      throw new FormatError(`${path} has a number that is not digits alone at character ${i}`, { path });
    }
    if (values > limits.values)
      throw new FormatError(`${path} has more than ${limits.values} values`, { path });
  }
}

/**
 * @param {string} text
 * @param {number} start Of the opening quote.
 * @returns {number} The place of the closing quote, or the text's length if it has none.
 */
function endOfString(text, start) {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i;
  }
  return text.length;
}

/**
 * @param {string} text
 * @param {number} at
 */
function isDigit(text, at) {
  return text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39;
}

/**
 * @param {Set<string>} keys
 * @param {string} quoted The key as written, in its quotes.
 * @param {string} path
 */
function addKey(keys, quoted, path) {
  let key = quoted;
  try {
    // Two spellings of one key are one key.
    if (quoted.includes('\\')) key = JSON.stringify(JSON.parse(quoted));
  } catch {
    // Not a string: JSON.parse of the whole text will say so.
  }
  if (keys.has(key)) throw new FormatError(`${path} repeats the key ${key}`, { path, value: key });
  keys.add(key);
}
