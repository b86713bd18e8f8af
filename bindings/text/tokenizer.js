/**
 * The tokenizer of a model: text to ids and back, pairs and cutting included. Texts are split by a library
 * (library.js). Not here: several texts at once (tokenize.js), or where the files come from.
 */
import { FormatError, InputError, show } from '../errors.js';
import { LIMITS } from '../formats/config.js';
import { makeLibrary } from './library.js';
import { arrange, readTemplate } from './template.js';
import { tokenName, wordPieceTokenizer } from './word_piece.js';

/** @import {Tokenizer as Library} from '@huggingface/tokenizers' */
/** @import {Template} from './template.js' */
/**
 * @typedef {object} Encoding
 * @property {Int32Array} ids [T], special tokens included.
 * @property {Int32Array} typeIds [T] The token type of each.
 * @property {boolean} truncated Whether tokens of the text were left out.
 */
/**
 * @typedef {object} EncodeOptions
 * @property {string} [pair] A second text, such as a document for a query.
 * @property {number} [maxLength] The most tokens, special ones included; by default there is no limit.
 * @property {'cut' | 'error'} [onTruncate] What happens to a longer text: the default, 'cut', keeps its
 *   beginning, and of a pair shortens the longer text first.
 */
/** @typedef {Record<'cls' | 'sep' | 'pad' | 'mask' | 'unk', number | null>} SpecialIds Null for none. */

const ROLES = Object.freeze({
  cls: ['[CLS]', '<s>'],
  sep: ['[SEP]', '</s>'],
  pad: ['[PAD]', '<pad>'],
  mask: ['[MASK]', '<mask>'],
  unk: ['[UNK]', '<unk>'],
});

/**
 * Makes the tokenizer of a model from its files: tokenizer.json if there is one, else vocab.txt (WordPiece).
 * What tokenizer.json says about truncation and padding is ignored: files of published models contradict it.
 * @param {object} files
 * @param {any} [files.tokenizer] tokenizer.json, parsed.
 * @param {any} [files.tokenizerConfig] tokenizer_config.json, parsed.
 * @param {string | null} [files.vocab] The text of vocab.txt.
 * @param {any} [files.config] config.json, parsed.
 * @param {boolean} [files.lowerCase] Whether texts are lowered first, as sentence_bert_config.json may ask.
 * @returns {Tokenizer}
 * @throws {FormatError} If a file is malformed.
 * @throws {ConfigError} If tokenizer_config.json has a wrong value.
 * @throws {UnsupportedError} If the tokenizer is of a kind that is not known.
 */
export function createTokenizer({ tokenizer, tokenizerConfig, vocab, config, lowerCase = false }) {
  const path = tokenizer ? 'tokenizer.json' : 'vocab.txt';
  if (!tokenizer && typeof vocab !== 'string') {
    throw new FormatError('a tokenizer needs tokenizer.json or vocab.txt; there is neither', { path });
  }
  for (const [name, value] of Object.entries({ tokenizer, tokenizer_config: tokenizerConfig, config })) {
    if (value && (typeof value !== 'object' || Array.isArray(value))) {
      throw new FormatError(`${name}.json holds ${show(value)}; expected an object`, {
        path: `${name}.json`,
        value,
      });
    }
  }
  const settings = tokenizerConfig ?? {};
  const json = tokenizer ?? wordPieceTokenizer(String(vocab), settings, config ?? {});
  const { library, prepare } = makeLibrary(json, path, {
    eosToken: tokenName(settings.eos_token),
    cleanUp: settings.clean_up_tokenization_spaces !== false,
    lowerCase,
  });
  const template = readTemplate(json.post_processor, library.model?.vocab.length ?? 0, path);
  const maxLength = longest(settings.model_max_length, config?.max_position_embeddings);
  return new Tokenizer({
    library,
    prepare,
    template,
    path,
    special: specialIds(library, settings),
    maxLength,
  });
}

/**
 * @param {Library} library
 * @param {Record<string, any>} settings
 * @returns {SpecialIds}
 */
function specialIds(library, settings) {
  const find = (/** @type {keyof typeof ROLES} */ role) => {
    const named = tokenName(settings[`${role}_token`]);
    const ids = (named === null ? ROLES[role] : [named]).map((token) => library.token_to_id(token));
    return ids.find((id) => id !== undefined) ?? null;
  };
  return { cls: find('cls'), sep: find('sep'), pad: find('pad'), mask: find('mask'), unk: find('unk') };
}

/** Text to token ids and back, for one model. Made by createTokenizer. */
export class Tokenizer {
  /** @type {Library} */ #library;
  /** @type {(text: string) => string} */ #prepare;
  /** @type {Template} */ #template;
  /** @type {string} */ #path;

  /**
   * @param {{library: Library, prepare: (text: string) => string, template: Template, path: string,
   *   special: SpecialIds, maxLength: number | null}} parts path: the file's name, for messages.
   */
  constructor({ library, prepare, template, path, special, maxLength }) {
    this.#library = library;
    this.#prepare = prepare;
    this.#template = template;
    this.#path = path;
    /** How many ids there are: all lie below. @type {number} */
    this.size = library.model?.vocab.length ?? 0;
    /** The ids of special tokens. @type {SpecialIds} */
    this.special = special;
    /** The most tokens that the model's files allow, or null if they say nothing. @type {number | null} */
    this.maxLength = maxLength;
  }

  /**
   * Turns a text, or a pair of texts, into ids.
   * @param {string} text Any string; a lone surrogate counts as U+FFFD.
   * @param {EncodeOptions} [options]
   * @returns {Encoding}
   * @throws {InputError} If a text is not a string, maxLength leaves no room for the special tokens, or the
   *   text is too long and onTruncate is 'error'.
   * @throws {FormatError} If the files give a token without an id.
   */
  encode(text, { pair, maxLength = Infinity, onTruncate = 'cut' } = {}) {
    const pieces = pair === undefined ? this.#template.single : this.#template.pair;
    const texts = [this.#split(text, 'text'), ...(pair === undefined ? [] : [this.#split(pair, 'pair')])];
    const added = pieces.reduce((sum, piece) => sum + piece.ids.length, 0);
    const least = Math.max(added, 1);
    const isLength = Number.isInteger(maxLength) || maxLength === Infinity;
    const fail = (/** @type {string} */ path, /** @type {unknown} */ value, /** @type {string} */ expected) =>
      new InputError(`${path} is ${show(value)}; expected ${expected}`, { path, value });
    if (!isLength || maxLength < least) throw fail('maxLength', maxLength, `a whole number from ${least}`);
    if (!['cut', 'error'].includes(onTruncate)) throw fail('onTruncate', onTruncate, 'cut or error');
    const encoding = arrange(pieces, texts, maxLength - added);
    if (encoding.truncated && onTruncate === 'error') {
      const length = texts.flat().length + added;
      throw new InputError(`text has ${length} tokens; expected at most ${maxLength}`, {
        path: 'text',
        value: text,
      });
    }
    return encoding;
  }

  /**
   * The ids of a text without special tokens.
   * @param {string} text
   * @param {string} name Of the argument, for messages.
   * @returns {number[]}
   */
  #split(text, name) {
    if (typeof text !== 'string') {
      throw new InputError(`${name} is ${show(text)}; expected a string`, { path: name, value: text });
    }
    /** @type {{ids: number[], tokens: string[]}} */
    let found;
    try {
      found = this.#library.encode(this.#prepare(text));
    } catch (cause) {
      // A RangeError is the engine's stack or heap: the text's fault. All else is the file's.
      if (cause instanceof RangeError) {
        throw new InputError(`${name} of ${text.length} characters is too long to tokenize`, {
          path: name,
          cause,
        });
      }
      throw new FormatError(`${this.#path} cannot tokenize ${show(text)}: ${cause}`, {
        path: this.#path,
        cause,
      });
    }
    const { ids, tokens } = found;
    const bad = ids.findIndex((id) => !Number.isInteger(id));
    if (bad < 0) return ids;
    throw new FormatError(
      `${this.#path} has no id for the token ${show(tokens[bad])}, and none for unknown tokens`,
      { path: this.#path, value: tokens[bad] },
    );
  }

  /**
   * The tokens that ids stand for, as the vocabulary spells them.
   * @param {ArrayLike<number>} ids
   * @returns {string[]}
   * @throws {InputError} If an id is outside the vocabulary.
   */
  tokens(ids) {
    return checkIds(ids, this.size).map((id) => this.#library.id_to_token(id) ?? '');
  }

  /**
   * The text that ids stand for. Spaces and accents that the tokenizer dropped do not come back.
   * @param {ArrayLike<number>} ids
   * @param {{skipSpecial?: boolean}} [options] skipSpecial: leave out special tokens; default false.
   * @returns {string}
   * @throws {InputError} If an id is outside the vocabulary.
   */
  decode(ids, { skipSpecial = false } = {}) {
    const list = checkIds(ids, this.size);
    if (list.length === 0) return '';
    try {
      return this.#library.decode(list, { skip_special_tokens: skipSpecial });
    } catch (cause) {
      throw new FormatError(`${this.#path} cannot decode ${show(list)}: ${cause}`, {
        path: this.#path,
        cause,
      });
    }
  }
}

/**
 * @param {unknown} limit model_max_length, which is a huge number where nobody set it.
 * @param {unknown} positions max_position_embeddings
 * @returns {number | null}
 */
function longest(limit, positions) {
  const isSane = (/** @type {any} */ value) =>
    Number.isInteger(value) && value > 0 && value <= LIMITS.positions;
  const sane = [limit, positions].filter(isSane).map(Number);
  return sane.length === 0 ? null : Math.min(...sane);
}

/**
 * @param {unknown} ids
 * @param {number} size Of the vocabulary.
 * @returns {number[]}
 */
function checkIds(ids, size) {
  if (!Array.isArray(ids) && !ArrayBuffer.isView(ids)) {
    throw new InputError(`ids are ${show(ids)}; expected an array`, { path: 'ids', value: ids });
  }
  const list = Array.from(/** @type {ArrayLike<number>} */ (/** @type {unknown} */ (ids)));
  const bad = list.findIndex((id) => !(Number.isInteger(id) && id >= 0 && id < size));
  if (bad < 0) return list;
  throw new InputError(`ids[${bad}] is ${show(list[bad])}; expected a whole number below ${size}`, {
    path: `ids[${bad}]`,
    value: list[bad],
  });
}
