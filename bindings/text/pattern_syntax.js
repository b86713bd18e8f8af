/**
 * Regular expressions of a tokenizer.json, in the notation of Oniguruma: read into a tree, which pattern.js writes down
 * for the engine. Knows single characters, classes, groups, alternatives and greedy repeats; all else is refused.
 */
import { WHITE_SPACE } from './characters.js';

/**
 * What a pattern is made of: one character of a set, one after another, one of several, or something repeated.
 * @typedef {{ kind: 'set', source: string }
 *   | { kind: 'sequence', items: Node[] }
 *   | { kind: 'choice', branches: Node[] }
 *   | { kind: 'repeat', item: Node, min: number, max: number }
 *   | { kind: 'look', item: Node, negative: boolean }} Node
 */

/** What escapes stand for, between brackets. */
const CLASSES = new Map([
  ['s', WHITE_SPACE],
  ['d', '\\p{Nd}'],
  // Digits and fractions of Latin 1 are of Oniguruma's own making.
  ['w', '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\xb2\\xb3\\xb9\\xbc-\\xbe'],
]);
const CONTROLS = new Set('nrtfv');
/** What may begin or end a range. */
const SINGLE = /^\\(?:u\{[\da-f]+\}|[nrtfv])$/;
const CATEGORY = /^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cf])$/;
const SCRIPT =
  /^(?:Arabic|Armenian|Bengali|Cyrillic|Devanagari|Georgian|Greek|Gujarati|Han|Hangul|Hebrew|Hiragana|Kannada|Katakana|Khmer|Lao|Latin|Malayalam|Myanmar|Tamil|Telugu|Thai|Tibetan)$/;
/** Letters of other alphabets that are equal to one of ours if case is ignored. */
const FOLDED = new Map([
  ['s', '\\u017f'],
  ['k', '\\u212a'],
]);
const DEEPEST = 16;
const MOST_REPEATS = 1000;

/** @param {string} character @returns {string} as it is written between brackets or beside */
const literal = (character) => `\\u{${Number(character.codePointAt(0)).toString(16)}}`;

/** Reads a pattern from its beginning; `fail` is called with what is not known. */
class Reader {
  #at = 0;
  #depth = 0;
  #ignoresCase = false;
  /** @type {string[]} */ #characters;
  /** @type {(what: string) => Error} */ #fail;

  /** @param {string} source @param {(what: string) => Error} fail */
  constructor(source, fail) {
    this.#characters = [...source];
    this.#fail = fail;
  }

  /** @returns {Node} */
  whole() {
    const node = this.#choice();
    if (this.#at < this.#characters.length) throw this.#fail('a closing parenthesis without an opening one');
    return node;
  }

  /** @param {string} text @returns {boolean} whether it comes next; then it is read */
  #takes(text) {
    if (!text.split('').every((character, i) => this.#characters[this.#at + i] === character)) return false;
    this.#at += text.length;
    return true;
  }

  /** @returns {string} */
  #next() {
    const character = this.#characters[this.#at++];
    if (character === undefined) throw this.#fail('an end before its time');
    return character;
  }

  /** @returns {Node} */
  #choice() {
    if (++this.#depth > DEEPEST) throw this.#fail(`groups deeper than ${DEEPEST}`);
    const branches = [this.#sequence()];
    while (this.#takes('|')) branches.push(this.#sequence());
    this.#depth--;
    return branches.length === 1 ? branches[0] : { kind: 'choice', branches };
  }

  /** @returns {Node} */
  #sequence() {
    /** @type {Node[]} */
    const items = [];
    while (this.#at < this.#characters.length && !'|)'.includes(this.#characters[this.#at])) {
      items.push(this.#repeated(this.#atom()));
    }
    return items.length === 1 ? items[0] : { kind: 'sequence', items };
  }

  /** @param {Node} item @returns {Node} */
  #repeated(item) {
    const range = this.#range();
    if (!range) return item;
    if (['+', '?', '*', '{'].includes(this.#characters[this.#at])) throw this.#fail('a repeat of a repeat');
    if (item.kind === 'look') throw this.#fail('a repeated assertion');
    return { kind: 'repeat', item, ...range };
  }

  /** @returns {{ min: number, max: number } | null} */
  #range() {
    if (this.#takes('*')) return { min: 0, max: Infinity };
    if (this.#takes('+')) return { min: 1, max: Infinity };
    if (this.#takes('?')) return { min: 0, max: 1 };
    if (this.#characters[this.#at] !== '{') return null;
    const end = this.#characters.indexOf('}', this.#at);
    const [, least, comma, most] =
      /^\{(\d+)(,?)(\d*)\}$/.exec(this.#characters.slice(this.#at, end + 1).join('')) ?? [];
    if (least === undefined) throw this.#fail('a brace that is no repeat');
    this.#at = end + 1;
    const min = Number(least);
    const max = comma ? (most ? Number(most) : Infinity) : min;
    if (min > MOST_REPEATS || max < min || (max > MOST_REPEATS && max < Infinity)) {
      throw this.#fail(`a repeat from ${min} to ${max}`);
    }
    return { min, max };
  }

  /** @returns {Node} */
  #atom() {
    const character = this.#next();
    if (character === '(') return this.#group();
    if (character === '[') return { kind: 'set', source: this.#bracket() };
    if (character === '.') return { kind: 'set', source: '[^\\n]' };
    if (character === '\\') {
      /** @type {string[]} */
      const others = [];
      const members = this.#escape(others);
      return { kind: 'set', source: others[0] ?? `[${members}]` };
    }
    if ('^$*+?{'.includes(character)) throw this.#fail(`an unescaped ${character}`);
    return { kind: 'set', source: `[${this.#cased(character)}]` };
  }

  /** @returns {Node} */
  #group() {
    const outer = this.#ignoresCase;
    let look = '';
    if (this.#takes('?i:')) this.#ignoresCase = true;
    else if (this.#takes('?!')) look = '!';
    else if (this.#takes('?=')) look = '=';
    else if (!this.#takes('?:') && this.#characters[this.#at] === '?')
      throw this.#fail('a group of its own kind');
    const inside = this.#choice();
    if (!this.#takes(')')) throw this.#fail('a parenthesis that is not closed');
    this.#ignoresCase = outer;
    return look ? { kind: 'look', item: inside, negative: look === '!' } : inside;
  }

  /** @param {string} character @returns {string} it, in both cases where case is ignored */
  #cased(character) {
    if (!this.#ignoresCase) return literal(character);
    if (character > '\x7f') throw this.#fail('a letter beyond ASCII where case is ignored');
    const small = character.toLowerCase();
    return [...new Set([small, small.toUpperCase()])].map(literal).join('') + (FOLDED.get(small) ?? '');
  }

  /** What follows a backslash. @param {string[]} others gets the class where it is told by what it lacks @returns {string} */
  #escape(others) {
    const character = this.#next();
    const small = character.toLowerCase();
    const members = CLASSES.get(small);
    if (members && character !== small) others.push(`[^${members}]`);
    if (members) return character === small ? members : '';
    if (CONTROLS.has(character)) return `\\${character}`;
    if (small === 'p') return this.#property(character === 'P');
    if (character === 'u' || character === 'x') return this.#code(character);
    if (/[a-z0-9]/i.test(character) || character > '\x7f') throw this.#fail(`the escape \\${character}`);
    return this.#cased(character);
  }

  /** \p{…} @param {boolean} negative @returns {string} */
  #property(negative) {
    const end = this.#characters.indexOf('}', this.#at);
    const [, not, name] = /^\{(\^?)(\w+)\}$/.exec(this.#characters.slice(this.#at, end + 1).join('')) ?? [];
    if (name === undefined) throw this.#fail('a property without its name');
    this.#at = end + 1;
    const sign = negative !== (not === '^') ? 'P' : 'p';
    if (CATEGORY.test(name)) return `\\${sign}{${name}}`;
    if (SCRIPT.test(name)) return `\\${sign}{Script=${name}}`;
    throw this.#fail(`the property ${name}`);
  }

  /** \uHHHH, \xHH or \x{H…} @param {string} kind @returns {string} */
  #code(kind) {
    const rest = this.#characters.slice(this.#at, this.#at + 10).join('');
    // Two digits above 7F are a byte, not a character.
    const form = kind === 'u' ? /^([\da-f]{4})/i : /^(?:\{([\da-f]{1,6})\}|([0-7][\da-f]))/i;
    const [found, long, short] = form.exec(rest) ?? [];
    const code = Number.parseInt(long ?? short, 16);
    if (found === undefined || !(code <= 0x10ffff) || (code >= 0xd800 && code < 0xe000)) {
      throw this.#fail(`the escape \\${kind}`);
    }
    this.#at += found.length;
    return this.#cased(String.fromCodePoint(code));
  }

  /** A class, after its opening bracket. @returns {string} */
  #bracket() {
    const isNegative = this.#takes('^');
    if (this.#characters[this.#at] === ']') throw this.#fail('an empty class');
    /** @type {string[]} */
    const others = [];
    let members = '';
    while (!this.#takes(']')) {
      const from = this.#member(others);
      members += from;
      if (this.#characters[this.#at] !== '-' || this.#characters[this.#at + 1] === ']') continue;
      this.#at++;
      const to = this.#member(others);
      if (this.#ignoresCase || !SINGLE.test(from) || !SINGLE.test(to)) {
        throw this.#fail('a range of what is not single characters');
      }
      members += `-${to}`;
    }
    if (others.length === 0) return `[${isNegative ? '^' : ''}${members}]`;
    const all = [...others, ...(members ? [`[${members}]`] : [])].join('|');
    return isNegative ? `(?:(?!${all})[^])` : `(?:${all})`;
  }

  /** @param {string[]} others @returns {string} */
  #member(others) {
    const character = this.#next();
    if (character === '[' || (character === '&' && this.#characters[this.#at] === '&')) {
      throw this.#fail('a class within a class');
    }
    return character === '\\' ? this.#escape(others) : this.#cased(character);
  }
}

/**
 * @param {string} source in Oniguruma's notation
 * @param {(what: string) => Error} fail makes the error for what is not known
 * @returns {Node}
 */
export const parsePattern = (source, fail) => new Reader(source, fail).whole();
