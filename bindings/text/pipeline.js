/**
 * From a text to tokens: added tokens are cut out, the rest is normalized, split into pieces, and given to the model. Not
 * here: special tokens around a text, truncation and padding (encoding.js).
 */
import { FormatError, show } from '../errors.js';
import { Integers } from './character_set.js';
import { Words } from './models/index.js';
import { whole } from './pre_tokenizers/pieces.js';
import { Section } from './section.js';

/** @import { AddedVocabulary } from './added_tokens.js' */
/** @import { Model, Word } from './models/index.js' */
/** @import { Normalizer } from './normalizers/index.js' */
/** @import { PreTokenizer } from './pre_tokenizers/index.js' */
/**
 * The tokens of a text, without special ones around it.
 * @typedef {object} Tokens
 * @property {Int32Array} ids
 * @property {Trace | null} trace null unless it was asked for
 */
/**
 * @typedef {object} Trace where tokens come from
 * @property {Int32Array} starts in UTF-16 units of the text as it was given
 * @property {Int32Array} ends
 * @property {Int32Array} words the index of the piece that each token belongs to
 * @property {Map<number, string>} texts of tokens that are told by their text, by index; all others by their id
 */

export class Pipeline {
  #added;
  #normalizer;
  #split;
  #words;
  #model;
  #file;

  /**
   * @param {{ added: AddedVocabulary, normalizer: Normalizer | null, preTokenizer: PreTokenizer, model: Model, file: string }} parts
   */
  constructor({ added, normalizer, preTokenizer, model, file }) {
    this.#added = added;
    this.#normalizer = normalizer;
    this.#split = preTokenizer.split;
    this.#words = new Words(model, preTokenizer.spells);
    this.#model = model;
    this.#file = file;
  }

  /**
   * @param {string} text without lone surrogates
   * @param {boolean} traced
   * @returns {Tokens}
   */
  run(text, traced) {
    const output = new Output(traced);
    const given = Section.whole(text, traced);
    for (const outer of this.#added.split(text, 'raw')) {
      const part = given.slice(outer.start, outer.end);
      if (outer.id >= 0) {
        output.token(part, outer.id);
        continue;
      }
      const section = this.#normalizer ? this.#normalizer(part) : part;
      for (const inner of this.#added.split(section.text, 'normalized')) {
        const piece = section.slice(inner.start, inner.end);
        if (inner.id >= 0) output.token(piece, inner.id);
        else this.#tokenize(piece, output);
      }
    }
    return output.tokens();
  }

  /** @param {Section} section @param {Output} output */
  #tokenize(section, output) {
    const { section: split, bounds } = this.#split(whole(section));
    for (let i = 0; i < bounds.length; i += 2) {
      const piece = split.text.slice(bounds[i], bounds[i + 1]);
      const word = this.#words.of(piece);
      if (word.ids[0] === null) this.#refuse(piece);
      output.word(word, split, bounds[i]);
    }
  }

  /** @param {string} piece @returns {never} */
  #refuse(piece) {
    const { unknown } = this.#model;
    throw new FormatError(
      `${this.#file} has no id for the token ${show(unknown || piece)}, and none for unknown tokens`,
      { path: this.#file, value: piece },
    );
  }
}

/** Tokens as they come. */
class Output {
  #ids = new Integers();
  #starts = new Integers();
  #ends = new Integers();
  #words = new Integers();
  /** @type {Map<number, string>} */ #texts = new Map();
  #count = 0; // pieces so far

  /** @param {boolean} traced */
  constructor(traced) {
    this.traced = traced;
  }

  /** A token that is a whole section. @param {Section} section @param {number} id */
  token(section, id) {
    if (this.traced) {
      this.#starts.push(section.startOf(0));
      this.#ends.push(section.endOf(section.text.length - 1));
      this.#words.push(this.#count++);
      this.#texts.set(this.#ids.length, section.text);
    }
    this.#ids.push(id);
  }

  /** @param {Word} word @param {Section} section @param {number} start of the piece in the section */
  word({ ids, starts, ends, texts }, section, start) {
    for (let i = 0; i < ids.length; i++) {
      if (this.traced) {
        this.#starts.push(section.startOf(start + starts[i]));
        this.#ends.push(section.endOf(start + ends[i] - 1));
        this.#words.push(this.#count);
        const text = texts?.[i];
        if (text !== undefined) this.#texts.set(this.#ids.length, text);
      }
      this.#ids.push(/** @type {number} */ (ids[i]));
    }
    this.#count++;
  }

  /** @returns {Tokens} */
  tokens() {
    const [starts, ends, words] = [this.#starts, this.#ends, this.#words].map(({ values }) => values);
    return { ids: this.#ids.values, trace: this.traced ? { starts, ends, words, texts: this.#texts } : null };
  }
}
