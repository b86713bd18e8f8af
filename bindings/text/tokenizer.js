/**
 * The tokenizer of a model: text to ids and back, with offsets, pairs, truncation and padding. Made by createTokenizer from a
 * model's files. Not here: what the parts of a tokenizer.json do, or tensors of several texts (tokenize.js).
 */
import { check } from '../check.js';
import { InputError } from '../errors.js';
import { LIMITS } from '../formats/config.js';
import { checkIds, soundText, tokensOf, tooLong, wrong } from './arguments.js';
import { cleanUpSpaces } from './decoders/clean_up.js';
import { DECODE, ENCODE } from './encode_options.js';
import { encodingOf } from './encoding.js';
import { arrange } from './ids.js';
import { padded } from './padding.js';

/** @import { DecodeOptions, EncodeOptions, Encoding, Ids, SpecialIds } from './public.js' */
/** @import { Piece } from './processors/template.js' */
/** @import { TokenizerParts } from './tokenizer_parts.js' */
/** @import { Options } from './encode_options.js' */

/** What arguments are called, for messages. */
const NAMES = ['text', 'pair'];

/** Text to tokens and back, for one model. */
export class Tokenizer {
  /** @type {TokenizerParts} */ #parts;
  /** How many ids there are: all lie below. @readonly @type {number} */
  size;
  /** The ids of special tokens. @readonly @type {Readonly<SpecialIds>} */
  special;
  /** The most tokens that the model's files allow, or null if they say nothing. @readonly @type {number | null} */
  maxLength;
  /** Keys of tokenizer_config.json that neither transformers nor this library knows. @readonly @type {readonly string[]} */
  ignored;

  /** @internal @param {TokenizerParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.size = parts.vocabulary.size;
    this.special = parts.special;
    this.maxLength = parts.maxLength;
    this.ignored = parts.ignored;
  }

  /**
   * Turns a text, or a pair of texts, into tokens, and tells where in the texts they are.
   * @param {string} text any string; a lone surrogate counts as U+FFFD
   * @param {EncodeOptions} [options]
   * @returns {Encoding}
   * @throws {InputError} a text that is no string, a length that leaves no room for special tokens, a text too long for
   *   onTruncate 'error' or too short for its truncation; {FormatError} the files give a token without an id
   */
  encode(text, options = {}) {
    const { pair, ...rest } = check('encode', options, ENCODE);
    const encoding = this.#encode(pair === undefined ? [text] : [text, pair], rest);
    return rest.padding === false ? encoding : this.#padded([encoding], rest)[0];
  }

  /**
   * Turns several texts into tokens; padding 'longest' makes them equally long.
   * @param {readonly string[]} texts
   * @param {Omit<EncodeOptions, 'pair'> & { pair?: readonly string[] }} [options] pair: a second text for each
   * @returns {Encoding[]}
   */
  encodeBatch(texts, options = {}) {
    const { pair: pairs, ...rest } = check('encodeBatch', options, ENCODE);
    if (!Array.isArray(texts)) throw wrong('texts', texts, 'an array of strings');
    if (pairs !== undefined && (!Array.isArray(pairs) || pairs.length !== texts.length)) {
      throw wrong('pair', pairs, `${texts.length} texts, one for each`);
    }
    const encodings = texts.map((text, i) => this.#encode(pairs ? [text, pairs[i]] : [text], rest));
    return rest.padding === false ? encodings : this.#padded(encodings, rest);
  }

  /** @param {unknown[]} given a text, and perhaps its pair @param {Options} options @returns {Encoding} */
  #encode(given, options) {
    const { processor, truncationSide, vocabulary } = this.#parts;
    const strategy = options.truncation ?? (options.maxLength !== undefined && options.padding === false);
    const pieces = this.#pieces(given.length, options.addSpecialTokens);
    const limit = strategy === false ? Infinity : this.#limit(options);
    const room = roomOf(pieces, limit);
    const alone = limit - countSpecial(this.#pieces(1, true));
    if (alone >= 0 && options.stride > alone) {
      throw wrong('stride', options.stride, `at most the ${alone} tokens that there is room for`);
    }
    const texts = given.map((text, i) => soundText(text, NAMES[i]));
    const tokens = texts.map((text, i) => tokensOf(this.#parts.pipeline, text, NAMES[i], true));
    const source = {
      texts,
      tokens,
      trims: processor.trims,
      isOneType: processor.template.isOneType && options.addSpecialTokens,
      tokenOf: (/** @type {number} */ id) => vocabulary.tokenOf(id) ?? '',
    };
    const cutting = {
      room,
      strategy: typeof strategy === 'string' ? strategy : /** @type {const} */ ('longest_first'),
      side: options.truncationSide ?? truncationSide,
      stride: options.stride,
    };
    const encoding = encodingOf(source, pieces, cutting, options.returnOverflowingTokens);
    if (encoding.truncated && options.onTruncate === 'error') throw tooLong(tokens, limit - room, limit);
    return encoding;
  }

  /** @param {Options} options */
  #limit({ maxLength }) {
    return maxLength ?? this.maxLength ?? Infinity;
  }

  /** The template without special tokens if they are not wanted. @param {number} count of texts @param {boolean} special */
  #pieces(count, special) {
    const { single, pair } = this.#parts.processor.template;
    const pieces = count === 1 ? single : pair;
    return special ? pieces : pieces.filter(({ text }) => text !== null);
  }

  /** @param {Encoding[]} encodings @param {Options} options @returns {Encoding[]} */
  #padded(encodings, options) {
    const { padding: settings, special } = this.#parts;
    if (special.pad === null) {
      throw new InputError('padding was asked for, but the files name no padding token', { path: 'padding' });
    }
    const limit = this.#limit(options);
    if (options.padding === 'max_length' && limit === Infinity) {
      throw wrong('maxLength', options.maxLength, "a number, since the model's files set no limit");
    }
    const longest = Math.max(0, ...encodings.map(({ ids }) => ids.length));
    const multiple = options.padToMultipleOf ?? 1;
    const length = Math.ceil((options.padding === 'max_length' ? limit : longest) / multiple) * multiple;
    const side = options.paddingSide ?? settings.side;
    const padding = { length, side, id: special.pad, typeId: settings.typeId, token: settings.token ?? '' };
    return encodings.map((encoding) => padded(encoding, padding));
  }

  /**
   * The ids of a text, or a pair of texts, and no more: what a model needs.
   * @param {string} text
   * @param {{ pair?: string, maxLength?: number, onTruncate?: 'cut' | 'error' }} [options] pair: a second text; maxLength: the most
   *   tokens, special ones included; onTruncate: whether a text that is too long is an error; it is cut by default
   * @returns {Ids}
   * @throws {InputError} as encode does
   */
  ids(text, { pair, maxLength = Infinity, onTruncate = 'cut' } = {}) {
    const { pipeline, inputNames, truncationSide: side } = this.#parts;
    if (!Number.isInteger(maxLength) && maxLength !== Infinity) {
      throw wrong('maxLength', maxLength, 'a whole number');
    }
    if (!['cut', 'error'].includes(onTruncate)) throw wrong('onTruncate', onTruncate, 'cut or error');
    const given = pair === undefined ? [text] : [text, pair];
    const pieces = this.#pieces(given.length, true);
    const room = roomOf(pieces, maxLength);
    const tokens = given.map((one, i) => tokensOf(pipeline, soundText(one, NAMES[i]), NAMES[i], false));
    const result = arrange(pieces, tokens, { room, strategy: 'longest_first', side, stride: 0 });
    if (result.truncated && onTruncate === 'error') throw tooLong(tokens, maxLength - room, maxLength);
    if (inputNames && !inputNames.includes('token_type_ids')) result.typeIds.fill(0);
    return result;
  }

  /**
   * The text that ids stand for. Spaces and accents that the tokenizer dropped do not come back.
   * @param {ArrayLike<number>} ids
   * @param {DecodeOptions} [options]
   * @returns {string}
   * @throws {InputError} an id outside the vocabulary, unless the model hears letters: that is an unknown one
   */
  decode(ids, options = {}) {
    const { skipSpecialTokens, cleanUpTokenizationSpaces } = check('decode', options, DECODE);
    const { vocabulary, decode, cleansUp, unknown, kept } = this.#parts;
    const most = unknown === undefined ? this.size : LIMITS.vocabulary;
    const tokens = checkIds(ids, most).flatMap((id) => vocabulary.tokenOf(id) ?? unknown ?? []);
    const stays = (/** @type {string} */ token) => token === kept || !vocabulary.isSpecial(token);
    const text = decode(skipSpecialTokens ? tokens.filter(stays) : tokens);
    return (cleanUpTokenizationSpaces ?? cleansUp) ? cleanUpSpaces(text) : text;
  }

  /**
   * The tokens that ids stand for, as the vocabulary spells them.
   * @param {ArrayLike<number>} ids
   * @returns {string[]}
   * @throws {InputError} an id outside the vocabulary
   */
  tokens(ids) {
    return checkIds(ids, this.size).map((id) => this.#parts.vocabulary.tokenOf(id) ?? '');
  }

  /**
   * What a model is run on: token types are 0 if it takes none.
   * @internal
   * @param {Encoding} encoding
   */
  inputOf({ ids, typeIds }) {
    const { inputNames } = this.#parts;
    const takes = !inputNames || inputNames.includes('token_type_ids');
    return { ids, typeIds: takes ? typeIds : new Int32Array(ids.length) };
  }

  /** @internal What tokens stand for, put together. @param {string[]} tokens as the vocabulary spells them */
  textOf(tokens) {
    return this.#parts.decode(tokens);
  }

  /** @internal What marks tokens inside a word. */
  get subwordPrefix() {
    return this.#parts.subwordPrefix;
  }

  /** @internal On which side padding stands, which says whether a question comes before its text. */
  get paddingSide() {
    return this.#parts.padding.side;
  }

  /** @param {string} token as the vocabulary spells it @returns {number | null} its id, null if it is none */
  tokenToId(token) {
    return this.#parts.vocabulary.idOf(token) ?? null;
  }
}

/** @param {Piece[]} pieces @returns {number} */
const countSpecial = (pieces) => pieces.reduce((sum, piece) => sum + piece.special.length, 0);

/**
 * @param {Piece[]} pieces
 * @param {number} limit tokens, special ones included
 * @returns {number} tokens of texts that fit
 */
function roomOf(pieces, limit) {
  const special = countSpecial(pieces);
  if (limit >= Math.max(special, 1)) return limit - special;
  throw wrong('maxLength', limit, `a whole number from ${Math.max(special, 1)}`);
}
