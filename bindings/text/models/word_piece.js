/** WordPiece: the longest token that begins a word, then the longest that goes on, or the unknown token for the whole word. */
import { isLow } from '../character_set.js';
import { readVocabulary } from './vocabulary.js';

/** @import { Part } from '../parts.js' */
/** @import { Trie } from './trie.js' */
/** @import { Vocabulary } from './vocabulary.js' */
/** @import { Model, Word } from './index.js' */

/** Units of a vocabulary's longest token up to which it is faster to look up texts than to build a tree. */
const SHORT = 32;

/**
 * @param {Part} part
 * @returns {Model}
 */
export function wordPiece(part) {
  const vocabulary = readVocabulary(part);
  return new WordPiece(vocabulary, {
    unknown: part.text('unk_token', '[UNK]'),
    prefix: part.text('continuing_subword_prefix', '##'),
    longest: part.integer('max_input_chars_per_word', { min: 0, max: 2 ** 53 - 1, fallback: 100 }),
  });
}

/** @implements {Model} */
class WordPiece {
  unknownHasText = false;
  #unknown;
  #prefix;
  #longest;
  /** @type {Trie | null} */ #trie;

  /**
   * @param {Vocabulary} vocabulary
   * @param {{ unknown: string, prefix: string, longest: number }} options longest: the characters of a word that is known
   */
  constructor(vocabulary, { unknown, prefix, longest }) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    this.#unknown = vocabulary.idOf(unknown) ?? null;
    this.#prefix = prefix;
    this.#longest = longest;
    this.#trie = vocabulary.longest > SHORT ? vocabulary.trie() : null;
  }

  /** @param {string} text @returns {Word} */
  tokenize(text) {
    const isLong = text.length > this.#longest && [...text].length > this.#longest;
    const word = isLong ? null : this.#split(text);
    return word ?? { ids: [this.#unknown], starts: [0], ends: [text.length] };
  }

  /** @param {string} text @returns {Word | null} */
  #split(text) {
    /** @type {Word} */
    const word = { ids: [], starts: [], ends: [] };
    for (let start = 0; start < text.length; ) {
      const { id, end } = this.#trie ? this.#walk(text, start) : this.#search(text, start);
      if (id < 0) return null;
      word.ids.push(id);
      word.starts.push(start);
      word.ends.push(end);
      start = end;
    }
    return word;
  }

  /** Longer texts first. @param {string} text @param {number} start @returns {{ id: number, end: number }} id -1 for none */
  #search(text, start) {
    const prefix = start === 0 ? '' : this.#prefix;
    for (
      let end = Math.min(text.length, start + this.vocabulary.longest - prefix.length);
      end > start;
      end--
    ) {
      if (isLow(text.charCodeAt(end))) continue; // within a character
      const id = this.vocabulary.idOf(prefix + text.slice(start, end));
      if (id !== undefined) return { id, end };
    }
    return { id: -1, end: start };
  }

  /** The same with one look at each character. @param {string} text @param {number} start */
  #walk(text, start) {
    const trie = /** @type {Trie} */ (this.#trie);
    const found = { id: -1, end: start };
    let node = start === 0 ? 0 : trie.find(this.#prefix);
    for (let at = start; at < text.length && node >= 0; ) {
      node = trie.next(node, text.charCodeAt(at++));
      if (node < 0 || trie.idAt(node) < 0 || isLow(text.charCodeAt(at))) continue;
      found.id = trie.idAt(node);
      found.end = at;
    }
    return found;
  }
}
