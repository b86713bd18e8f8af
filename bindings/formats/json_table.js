/**
 * A vocabulary within JSON, `{"token": id, …}`, read straight into a Map: an object of so many keys takes JSON.parse several times
 * as long, and going through it once more.
 */

const [TAB, LINE, RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
const [QUOTE, COMMA, ZERO, COLON, BACKSLASH, CLOSE] = [0x22, 0x2c, 0x30, 0x3a, 0x5c, 0x7d];
/** Numbers of more digits are left to JSON.parse. */
const DIGITS = 9;

/**
 * @param {string} text JSON
 * @param {number} start of an object's brace
 * @param {(quoted: string) => string | null} unescaped a key that has escapes, null if it is no string
 * @returns {{ table: Map<string, number>, end: number } | null} end: behind the object; null if its values are not all
 *   whole numbers in digits, it is empty, or no JSON
 */
export function readTable(text, start, unescaped) {
  /** @type {Map<string, number>} */
  const table = new Map();
  for (let at = start; ; ) {
    at = behindSpace(text, at + 1);
    const quote = at;
    if (text.charCodeAt(at++) !== QUOTE) return null;
    let escaped = false;
    for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(++at)) {
      if (!(code >= SPACE)) return null; // a control character, or the end
      if (code !== BACKSLASH) continue;
      escaped = true;
      at++;
    }
    const key = escaped ? unescaped(text.slice(quote, at + 1)) : text.slice(quote + 1, at);
    at = behindSpace(text, at + 1);
    if (key === null || text.charCodeAt(at) !== COLON) return null;
    at = behindSpace(text, at + 1);
    const number = at;
    let value = 0;
    for (let digit = digitAt(text, at); digit >= 0 && digit <= 9; digit = digitAt(text, ++at))
      value = value * 10 + digit;
    if (at === number || at > number + DIGITS || (at > number + 1 && digitAt(text, number) === 0))
      return null;
    table.set(key, value);
    at = behindSpace(text, at);
    const code = text.charCodeAt(at);
    if (code === CLOSE) return { table, end: at + 1 };
    if (code !== COMMA) return null;
  }
}

/** @param {string} text @param {number} at */
const digitAt = (text, at) => text.charCodeAt(at) - ZERO;

/** @param {string} text @param {number} at */
function behindSpace(text, at) {
  for (let code = text.charCodeAt(at); ; code = text.charCodeAt(++at))
    if (code !== SPACE && code !== LINE && code !== RETURN && code !== TAB) return at;
}
