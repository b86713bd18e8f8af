/** WordPiece: the longest token that begins a word, then the longest that goes on, or the unknown token for the whole word. */
import { isLow } from '../character_set.js';
import { readVocabulary } from './vocabulary.js';

/** @import { Part } from '../parts.js' */
/** @import { Vocabulary } from './vocabulary.js' */
/** @import { Model, Word } from './index.js' */

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
  /** Of tokens that go on, without their prefix. @type {Map<string, number>} */ #rest = new Map();
  #longestRest = 0;
  #unknown;
  #longest;

  /**
   * @param {Vocabulary} vocabulary
   * @param {{ unknown: string, prefix: string, longest: number }} options longest: the characters of a word that is known
   */
  constructor(vocabulary, { unknown, prefix, longest }) {
    this.vocabulary = vocabulary;
    this.unknown = unknown;
    this.#unknown = vocabulary.idOf(unknown) ?? null;
    this.#longest = longest;
    for (const [token, id] of vocabulary.entries()) {
      if (!token.startsWith(prefix)) continue;
      const rest = token.slice(prefix.length);
      this.#rest.set(rest, id);
      if (rest.length > this.#longestRest) this.#longestRest = rest.length;
    }
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
      let end = Math.min(text.length, start + (start === 0 ? this.vocabulary.longest : this.#longestRest));
      let id;
      for (; end > start; end--) {
        if (isLow(text.charCodeAt(end))) continue; // within a character
        const part = text.slice(start, end);
        id = start === 0 ? this.vocabulary.idOf(part) : this.#rest.get(part);
        if (id !== undefined) break;
      }
      if (id === undefined) return null;
      word.ids.push(id);
      word.starts.push(start);
      word.ends.push(end);
      start = end;
    }
    return word;
  }
}
