/**
 * A stretch of a text on its way to tokens: how it reads now, and which characters of the text as it was given each of its
 * units came from. Rewriting it keeps both in step; what is rewritten is told in normalizers/ and pre_tokenizers/.
 */
import { UnsupportedError } from '../errors.js';
import { Integers, isHigh, isLow } from './character_set.js';

/** How much longer a text may get by rewriting: no published tokenizer comes near. */
const GROWTH = 64;
const SPARE = 1024;

/** Units of a Section stand for characters of the given text, [startOf, endOf) in its UTF-16 units. */
export class Section {
  /**
   * @param {string} text how it reads now
   * @param {object} place
   * @param {number} place.origin where it begins in the given text
   * @param {boolean} place.traced whether its origins are asked for; where not, they are not kept
   * @param {number} place.limit the most units it may grow to
   * @param {Int32Array | null} [place.starts] of each unit; null while it reads as it was given
   * @param {Int32Array | null} [place.ends]
   */
  constructor(text, { origin, traced, limit, starts = null, ends = null }) {
    this.text = text;
    this.origin = origin;
    this.traced = traced;
    this.limit = limit;
    this.starts = starts;
    this.ends = ends;
  }

  /** @param {string} text a whole text as it was given @param {boolean} traced */
  static whole(text, traced) {
    return new Section(text, { origin: 0, traced, limit: text.length * GROWTH + SPARE });
  }

  /** @param {number} unit @returns {number} where the character that it stands for begins */
  startOf(unit) {
    if (this.starts) return this.starts[unit];
    return this.origin + (isLow(this.text.charCodeAt(unit)) ? unit - 1 : unit);
  }

  /** @param {number} unit @returns {number} where the character that it stands for ends */
  endOf(unit) {
    if (this.ends) return this.ends[unit];
    return this.origin + unit + (isHigh(this.text.charCodeAt(unit)) ? 2 : 1);
  }

  /** The same with other characters, each in the place of an old one. @param {string} text of the same length */
  as(text) {
    return text === this.text ? this : new Section(text, this);
  }

  /** @param {number} start @param {number} end @returns {Section} */
  slice(start, end) {
    if (start === 0 && end === this.text.length) return this;
    const { traced, limit } = this;
    const starts = this.starts?.subarray(start, end) ?? null;
    const ends = this.ends?.subarray(start, end) ?? null;
    return new Section(this.text.slice(start, end), {
      origin: this.origin + start,
      traced,
      limit,
      starts,
      ends,
    });
  }
}

/** Rewrites a Section from its beginning to its end: units are kept, skipped, or put in for others. */
export class Rewriter {
  #text = '';
  #starts = new Integers();
  #ends = new Integers();
  /** The next unit of the section. */
  at = 0;
  /** Units written. */
  length = 0;

  /** @param {Section} section */
  constructor(section) {
    this.section = section;
  }

  /** Takes over the units up to `end`. @param {number} end */
  keep(end) {
    const { section, at } = this;
    if (end <= at) return;
    this.#write(section.text.slice(at, end));
    this.at = end;
    if (!section.traced) return;
    for (let unit = at; unit < end; unit++) {
      this.#starts.push(section.startOf(unit));
      this.#ends.push(section.endOf(unit));
    }
  }

  /** Leaves out the units up to `end`. @param {number} end */
  skip(end) {
    this.at = end;
  }

  /** Writes a text that stands for what a unit of the section stands for. @param {string} text @param {number} unit */
  put(text, unit) {
    this.#write(text);
    if (!this.section.traced) return;
    const [start, end] = [this.section.startOf(unit), this.section.endOf(unit)];
    for (let i = 0; i < text.length; i++) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
  }

  /**
   * Writes characters, each for one character of the section, from a unit on.
   * @param {string} text
   * @param {number} unit
   * @returns {number} the unit after the last of them
   */
  follow(text, unit) {
    this.#write(text);
    let at = unit;
    for (let i = 0; i < text.length; i++) {
      if (this.section.traced) {
        this.#starts.push(this.section.startOf(at));
        this.#ends.push(this.section.endOf(at));
      }
      // Both halves of a character stand for the same.
      if (!isHigh(text.charCodeAt(i))) at += isHigh(this.section.text.charCodeAt(at)) ? 2 : 1;
    }
    return at;
  }

  /** @param {string} text */
  #write(text) {
    this.length += text.length;
    if (this.length > this.section.limit) {
      throw new UnsupportedError(
        `tokenizer.json: a normalizer makes a text longer than ${this.section.limit} characters; expected at most ${GROWTH} times its length and ${SPARE}`,
        { path: 'tokenizer.json', value: this.length },
      );
    }
    this.#text += text;
  }

  /** @returns {Section} what was written, followed by the units that are left */
  finish() {
    this.keep(this.section.text.length);
    const { traced, limit, origin } = this.section;
    const [starts, ends] = traced ? [this.#starts.values, this.#ends.values] : [null, null];
    return new Section(this.#text, { origin, traced, limit, starts, ends });
  }
}

/**
 * Rewrites what a pattern matches, where it matches at all.
 * @param {Section} section
 * @param {RegExp} pattern with flag g
 * @param {(rewriter: Rewriter, match: string, start: number) => void} write writes what stands for a match, whose units are
 *   skipped afterwards
 * @returns {Section}
 */
export function rewrite(section, pattern, write) {
  pattern.lastIndex = 0;
  let match = pattern.exec(section.text);
  if (!match) return section;
  const rewriter = new Rewriter(section);
  for (; match; match = pattern.exec(section.text)) {
    rewriter.keep(match.index);
    write(rewriter, match[0], match.index);
    rewriter.skip(match.index + match[0].length);
  }
  return rewriter.finish();
}
