/**
 * The map of characters that SentencePiece models carry: a trie over UTF-8, and the texts that its leaves point to. A cluster of
 * fewer than six bytes is looked up whole, all others by characters; the shortest entry that begins it counts.
 * Source: spm_precompiled, whose quirks are kept.
 */
import { isHigh, isLow, utf8Length } from '../character_set.js';
import { Rewriter } from '../section.js';
import { clusters } from './clusters.js';
import { replaceCharacters } from './unicode_forms.js';

/** @import { Part } from '../parts.js' */
/** @import { Section } from '../section.js' */
/** @import { Change } from './unicode_forms.js' */

/** Bytes of a cluster that is no longer looked up whole. */
const LONG = 6;
const encoder = new TextEncoder();

/**
 * @param {Part} part
 * @returns {(section: Section) => Section}
 */
export function precompiled(part) {
  const map = new CharacterMap(bytesOf(part), part);
  return (section) => normalize(section, map);
}

/** @param {Part} part */
function bytesOf(part) {
  const text = part.text('precompiled_charsmap');
  let letters;
  try {
    letters = atob(text);
  } catch {
    throw part.fail('has a precompiled_charsmap that is not base64', text);
  }
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/** Texts by the texts that they stand for. */
class CharacterMap {
  /** @type {Map<string, string | null>} */ #found = new Map();
  /** 1 for units that are characters without an entry, as far as they were asked for. */
  #plain = new Uint8Array(0x10000);
  /** @type {Uint32Array} */ #trie;
  /** @type {Uint8Array} */ #texts;
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** @param {Uint8Array} bytes @param {Part} part */
  constructor(bytes, part) {
    const size = bytes.length < 4 ? 0 : new DataView(bytes.buffer).getUint32(0, true);
    if (size === 0 || size % 4 !== 0 || size + 4 > bytes.length) {
      throw part.fail(`has a precompiled_charsmap of ${bytes.length} bytes, of which ${size} are its trie`);
    }
    this.#trie = new Uint32Array(bytes.slice(4, size + 4).buffer);
    this.#texts = bytes.subarray(size + 4);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(this.#texts);
    } catch {
      throw part.fail('has a precompiled_charsmap whose texts are not UTF-8');
    }
  }

  /** @param {string} text a character or a short cluster @returns {string | null} */
  find(text) {
    const known = this.#found.get(text);
    if (known !== undefined) return known;
    const place = this.#search(encoder.encode(text));
    const found = place < 0 ? null : this.#textAt(place);
    this.#found.set(text, found);
    if (found === null && text.length === 1) this.#plain[text.charCodeAt(0)] = 1;
    return found;
  }

  /** @param {number} unit @returns {boolean} whether it is known to be a character without an entry */
  isPlain(unit) {
    return this.#plain[unit] === 1;
  }

  /** A walk down the double array to the first leaf. @param {Uint8Array} bytes @returns {number} -1 if there is none */
  #search(bytes) {
    const trie = this.#trie;
    let at = offsetOf(trie[0]);
    for (const byte of bytes) {
      if (byte === 0) return -1;
      at ^= byte;
      const unit = trie[at]; // undefined outside, of which nothing is equal to the byte
      if ((unit & 0x800000ff) !== byte) return -1;
      at ^= offsetOf(unit);
      if ((unit >>> 8) & 1) return trie[at] & 0x7fffffff;
    }
    return -1;
  }

  /** @param {number} place */
  #textAt(place) {
    const end = this.#texts.indexOf(0, place);
    return this.#decoder.decode(this.#texts.subarray(place, end < 0 ? undefined : end));
  }
}

/** @param {number} unit of the double array */
const offsetOf = (unit) => (unit >>> 10) << ((unit & 0x200) >>> 6);

/**
 * @param {Section} section
 * @param {CharacterMap} map
 * @returns {Section}
 */
function normalize(section, map) {
  const { text } = section;
  const walk = new Walk(text, map);
  for (const { start, end } of clusters(text)) {
    walk.charactersTo(start);
    if (lengthOf(text.slice(start, end)) >= LONG || !walk.exchange(start, end)) walk.charactersTo(end);
  }
  walk.charactersTo(text.length);
  if (!walk.isChanged) return section;
  const rewriter = new Rewriter(section);
  replaceCharacters(rewriter, text.length, walk.changes);
  return rewriter.finish();
}

/** From the beginning of a text to its end, noting down what takes the place of what. */
class Walk {
  /** @type {Change[]} */ changes = [];
  isChanged = false;
  #at = 0;

  /** @param {string} text @param {CharacterMap} map */
  constructor(text, map) {
    this.text = text;
    this.map = map;
  }

  /** Up to `end`, one character after the other. @param {number} end */
  charactersTo(end) {
    let kept = this.#at;
    for (let at = kept; at < end; ) {
      const unit = this.text.charCodeAt(at);
      const next = at + (isHigh(unit) ? 2 : 1);
      if (!this.map.isPlain(unit) && this.map.find(this.text.slice(at, next)) !== null) {
        this.#keep(kept, at);
        this.exchange(at, next);
        kept = next;
      }
      at = next;
    }
    this.#keep(kept, end);
    this.#at = end;
  }

  /** @param {number} start @param {number} end */
  #keep(start, end) {
    if (start === end) return;
    // The last one by itself: what vanishes after it is counted with it.
    const last = end - (isLow(this.text.charCodeAt(end - 1)) ? 2 : 1);
    if (start < last) this.changes.push([this.text.slice(start, last), 0]);
    this.changes.push([this.text.slice(last, end), 0]);
  }

  /** Puts in what the map has for a character or a cluster, if it has something. @param {number} start @param {number} end */
  exchange(start, end) {
    const old = this.text.slice(start, end);
    const found = this.map.find(old);
    if (found === null) return false;
    this.isChanged = true;
    this.#at = end;
    const characters = [...found];
    const more = characters.length - [...old].length;
    for (const [i, character] of characters.entries()) {
      this.changes.push([character, i >= characters.length - more ? 1 : 0]);
    }
    // At the very beginning nothing is before it, and Rust forgets what vanished: origins shift.
    const last = this.changes.at(-1);
    if (more < 0 && last) last[1] += more;
    return true;
  }
}

/** @param {string} text @returns {number} bytes in UTF-8 */
function lengthOf(text) {
  let length = 0;
  for (const character of text) length += utf8Length(Number(character.codePointAt(0)));
  return length;
}
