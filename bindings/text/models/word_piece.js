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
  #unknown;
  #prefix;
  #longest;

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
      const prefix = start === 0 ? '' : this.#prefix;
      let end = Math.min(text.length, start + this.vocabulary.longest - prefix.length);
      let id;
      for (; end > start; end--) {
        if (isLow(text.charCodeAt(end))) continue; // within a character
        id = this.vocabulary.idOf(prefix + text.slice(start, end));
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
