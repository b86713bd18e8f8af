// JSON from strangers: a scan that bounds depth, size and repeated keys before JSON.parse builds anything.
// It checks no grammar (JSON.parse does) and knows no format.

import { FormatError, show } from '../errors.js';

/**
 * @typedef {object} JsonLimits
 * @property {number} length The most characters.
 * @property {number} depth The deepest nesting of objects and arrays.
 * @property {number} values The most commas and colons, which bounds the members of all objects and arrays.
 * @property {number} [keys] The most keys of one object, none of which may be repeated; without it the last
 *   of equal keys counts.
 * @property {boolean} [sizesOnly] Whether numbers must be digits alone: no sign, fraction or exponent.
 */

// What a character is to the scan, outside strings. Signs, points and E stand in numbers and nowhere else in
// JSON; e also in true and false.
const [OTHER, QUOTE, OPEN, CLOSE, COMMA, COLON, , SMALL_E] = [0, 1, 2, 3, 4, 5, 6, 7];
const CHARACTERS = ['"', '{[', '}]', ',', ':', '-+.E', 'e']; // of QUOTE, OPEN, …
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  return CHARACTERS.findIndex((characters) => characters.includes(String.fromCharCode(code))) + 1;
});
const OPEN_BRACE = 0x7b;
const BACKSLASH = 0x5c;
const DOUBLE_QUOTE = 0x22;

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
    throw new FormatError(`${path} has ${text.length} characters; expected at most ${limits.length}`, {
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
  const fail = (/** @type {string} */ what) => new FormatError(`${path} ${what}`, { path });
  /** The keys of each open object; null for an array, or where they do not matter. @type {(Set<string> | null)[]} */
  const open = [];
  let values = 0;
  let [start, end] = [0, 0]; // of the last string
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? KINDS[code] : OTHER;
    if (kind === OTHER) continue;
    if (kind === QUOTE) {
      start = i;
      end = endOfString(text, start);
      i = end;
    } else if (kind === OPEN) {
      open.push(limits.keys !== undefined && code === OPEN_BRACE ? new Set() : null);
      if (open.length > limits.depth) throw fail(`is nested deeper than ${limits.depth}`);
    } else if (kind === CLOSE) {
      open.pop();
    } else if (kind === COMMA || kind === COLON) {
      if (++values > limits.values) throw fail(`has more than ${limits.values} values`);
      const keys = kind === COLON && open.at(-1);
      if (!keys) continue;
      const name = nameOf(text, start, end);
      if (keys.has(name)) throw fail(`repeats the key ${show(name)}`);
      if (keys.add(name).size > Number(limits.keys))
        throw fail(`has more than ${limits.keys} keys in an object`);
    } else if (limits.sizesOnly && (kind !== SMALL_E || isDigit(text, i - 1))) {
      throw fail(`has a number that is not digits alone at character ${i}`);
    }
  }
}

/**
 * @param {string} text
 * @param {number} start Of the opening quote.
 * @returns {number} The place of the closing quote, or the text's length if it has none.
 */
function endOfString(text, start) {
  const quote = text.indexOf('"', start + 1);
  if (quote < 0) return text.length;
  if (text.charCodeAt(quote - 1) !== BACKSLASH) return quote;
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === DOUBLE_QUOTE) return i;
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
 * @param {string} text
 * @param {number} start Of a key's opening quote.
 * @param {number} end Of its closing quote.
 * @returns {string} The same for each spelling of a key.
 */
function nameOf(text, start, end) {
  const name = text.slice(start + 1, end);
  if (!name.includes('\\')) return name;
  try {
    return JSON.parse(text.slice(start, end + 1));
  } catch {
    return name; // not a string: JSON.parse of the whole text will say so
  }
}
