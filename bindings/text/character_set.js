/** Sets of characters that are asked one code point at a time, and lists of integers that grow: what scans over texts need. */

const [YES, NO] = [1, 2];

/** A set of characters. The engine's pattern is asked once about each of the first 65,536. */
export class CharacterSet {
  #known = new Uint8Array(0x10000);
  /** @type {RegExp} */ #pattern;

  /** @param {string} members what stands between brackets in a pattern with flag u */
  constructor(members) {
    this.#pattern = new RegExp(`[${members}]`, 'u');
  }

  /** @param {number} code a code point */
  has(code) {
    if (code > 0xffff) return this.#pattern.test(String.fromCodePoint(code));
    const known = this.#known[code];
    if (known !== 0) return known === YES;
    const found = this.#pattern.test(String.fromCodePoint(code));
    this.#known[code] = found ? YES : NO;
    return found;
  }
}

/** A list of 32-bit integers. */
export class Integers {
  #data = new Int32Array(64);
  length = 0;

  /** @param {number} value */
  push(value) {
    if (this.length === this.#data.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.length++] = value;
  }

  /** @returns {Int32Array} what the list holds, valid until it grows */
  get values() {
    return this.#data.subarray(0, this.length);
  }
}

/** @param {number} unit of UTF-16 @returns {boolean} whether it begins a character of two units */
export const isHigh = (unit) => unit >= 0xd800 && unit < 0xdc00;

/** @param {number} unit of UTF-16 @returns {boolean} whether it ends a character of two units */
export const isLow = (unit) => unit >= 0xdc00 && unit < 0xe000;

/** @param {number} code a code point @returns {number} its bytes in UTF-8 */
export const utf8Length = (code) => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
