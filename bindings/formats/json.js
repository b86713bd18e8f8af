/**
 * JSON from strangers: a scan that bounds depth, size and repeated keys before JSON.parse builds anything.
 * It checks no grammar (JSON.parse does) and knows no format.
 */
import { FormatError, show } from '../errors.js';
import { readTable } from './json_table.js';

/**
 * @typedef {object} JsonLimits
 * @property {number} length The most characters.
 * @property {number} depth The deepest nesting of objects and arrays.
 * @property {number} values The most commas and colons, which bounds the members of all objects and arrays.
 * @property {number} [keys] The most keys of the outermost object.
 * @property {boolean} [uniqueKeys] Whether a key repeated in one object is an error; else the last counts.
 * @property {string[]} [table] The keys that lead to an object of whole numbers, which becomes a Map.
 * @property {boolean} [sizesOnly] Whether numbers must be digits alone: no sign, fraction or exponent.
 */

/** @typedef {{ start: number, end: number, table: Map<string, number> }} Found */

// What a character is to the scan, outside strings. Signs, points and E stand in numbers and nowhere else in
// JSON; e also in true and false.
const [OTHER, QUOTE, OPEN, CLOSE, COMMA, COLON, , SMALL_E] = [0, 1, 2, 3, 4, 5, 6, 7];
const CHARACTERS = ['"', '{[', '}]', ',', ':', '-+.E', 'e']; // of QUOTE, OPEN, …
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  return CHARACTERS.findIndex((characters) => characters.includes(String.fromCharCode(code))) + 1;
});
/** What stands in place of a table that is read by itself. */
const TABLE = 'a table';
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
  const value = parseJson(text, path, limits);
  if (isObject(value)) return value;
  throw new FormatError(`${path} holds ${show(value)}; expected a JSON object`, { path, value });
}

/**
 * Parses JSON within limits.
 * @param {string} text
 * @param {string} path The file's name, for messages.
 * @param {JsonLimits} limits
 * @returns {unknown} The value, as JSON.parse makes it, but for `limits.table`.
 * @throws {FormatError} If the text breaks a limit or is not JSON.
 */
export function parseJson(text, path, limits) {
  if (typeof text !== 'string') {
    throw new FormatError(`${path} is ${show(text)}; expected text`, { path, value: text });
  }
  if (text.length > limits.length) {
    throw new FormatError(`${path} has ${text.length} characters; expected at most ${limits.length}`, {
      path,
    });
  }
  const { keys, found } = scan(text, path, limits);
  let value;
  try {
    value = (found && parseAround(text, found, limits.table ?? [])) ?? JSON.parse(text);
  } catch (cause) {
    throw new FormatError(`${path} is not JSON: ${/** @type {Error} */ (cause).message}`, { path, cause });
  }
  if (limits.uniqueKeys && countKeys(value) !== keys) {
    throw new FormatError(`${path} repeats a key in an object`, { path });
  }
  return value;
}

/**
 * @param {string} text
 * @param {Found} found
 * @param {string[]} keys that lead to it
 * @returns {unknown} The value with the table in its place; null if it is not there, or the rest is no JSON.
 */
function parseAround(text, { start, end, table }, keys) {
  let value;
  try {
    value = JSON.parse(text.slice(0, start) + JSON.stringify(TABLE) + text.slice(end));
  } catch {
    return null; // the whole text tells where
  }
  const last = keys[keys.length - 1];
  const holder = keys.slice(0, -1).reduce((inner, key) => (isObject(inner) ? inner[key] : null), value);
  if (!isObject(holder) || holder[last] !== TABLE) return null;
  holder[last] = table;
  return value;
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
 * @returns {{ keys: number, found: Found | null }} How many keys all objects have, repeated ones included, and the table if there is one.
 */
function scan(text, path, limits) {
  const fail = (/** @type {string} */ what) => new FormatError(`${path} ${what}`, { path });
  let [depth, opened, strings, commas, colons, outer, last] = [0, 0, 0, 0, 0, 0, 0];
  const key = limits.table && JSON.stringify(limits.table[limits.table.length - 1]);
  /** @type {Found | null} */
  let found = null;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code < 128 ? KINDS[code] : OTHER;
    if (kind === OTHER) continue;
    if (kind === QUOTE) {
      last = i;
      i = endOfString(text, i);
      // Before each string stands one of these, or it is all there is.
      if (++strings > Math.max(opened + commas + colons, 1))
        throw fail('is not JSON: a string follows another');
    } else if (kind === OPEN) {
      if (key && !found && depth === limits.table?.length && text.startsWith(key, last)) {
        const read = readTable(text, i, unescaped);
        if (read) {
          found = { start: i, ...read };
          i = read.end - 1;
          colons += read.table.size;
          commas += read.table.size - 1;
          if (commas + colons > limits.values) throw fail(`has more than ${limits.values} values`);
          continue;
        }
      }
      opened++;
      if (++depth > limits.depth) throw fail(`is nested deeper than ${limits.depth}`);
    } else if (kind === CLOSE) {
      depth--;
    } else if (kind === COMMA || kind === COLON) {
      if (kind === COMMA) commas++;
      else if (++colons && depth === 1) outer++;
      if (outer > (limits.keys ?? Infinity)) throw fail(`has more than ${limits.keys} keys`);
      if (commas + colons > limits.values) throw fail(`has more than ${limits.values} values`);
    } else if (limits.sizesOnly && (kind !== SMALL_E || isDigit(text, i - 1))) {
      throw fail(`has a number that is not digits alone at character ${i}`);
    }
  }
  return { keys: colons, found };
}

/** @param {string} quoted @returns {string | null} */
function unescaped(quoted) {
  try {
    return JSON.parse(quoted);
  } catch {
    return null;
  }
}

/**
 * How many keys the objects in a value have.
 * @param {unknown} value Nested no deeper than the limits allow.
 * @returns {number}
 */
function countKeys(value) {
  if (typeof value !== 'object' || value === null) return 0;
  const members = Object.values(value);
  return members.reduce((sum, member) => sum + countKeys(member), Array.isArray(value) ? 0 : members.length);
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
