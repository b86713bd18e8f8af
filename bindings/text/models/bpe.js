/** Byte-pair encoding: characters, merged pair by pair. Source: model.rs of tokenizers, whose quirks are kept. */
import { show } from '../../errors.js';
import { traceBytes } from '../bytes.js';
import { utf8Length } from '../character_set.js';
import { Symbols } from './merging.js';
import { Pairs } from './pairs.js';
import { readVocabulary } from './vocabulary.js';

/** @import { Part } from '../parts.js' */
/** @import { Vocabulary } from './vocabulary.js' */
/** @import { Model, Word } from './index.js' */

const MOST_MERGES = 2 ** 21;
const FLAGS = ['fuse_unk', 'byte_fallback', 'ignore_merges'];
const encoder = new TextEncoder();

/**
 * @param {Part} part
 * @returns {Model}
 */
export function bpe(part) {
  part.allowNull('dropout', 'unk_token', 'continuing_subword_prefix', 'end_of_word_suffix', ...FLAGS);
  const vocabulary = readVocabulary(part);
  const dropout = part.raw('dropout') ?? 0;
  if (dropout !== 0) {
    throw part.unsupported(`has dropout ${show(dropout)}, which makes tokens random; expected none`, dropout);
  }
  const options = {
    prefix: part.text('continuing_subword_prefix', ''),
    suffix: part.text('end_of_word_suffix', ''),
    unknown: part.text('unk_token', ''),
    fuses: part.flag('fuse_unk', false),
    fallsBack: part.flag('byte_fallback', false),
    keepsWhole: part.flag('ignore_merges', false),
  };
  if (options.fallsBack && (options.prefix || options.suffix)) {
    throw part.unsupported('has byte_fallback and a prefix or suffix of words; expected one of them');
  }
  return new Bpe(vocabulary, readMerges(part, vocabulary, options.prefix.length), options);
}

/**
 * @param {Part} part
 * @param {Vocabulary} vocabulary
 * @param {number} prefix characters that the second of a pair loses
 * @returns {{ pairs: Pairs, results: Int32Array }}
 */
function readMerges(part, vocabulary, prefix) {
  const list = part.list('merges');
  if (list.length > MOST_MERGES)
    throw part.fail(`has ${list.length} merges; expected at most ${MOST_MERGES}`);
  const pairs = new Pairs(list.length);
  const results = new Int32Array(list.length);
  const find = (/** @type {string} */ token, /** @type {unknown} */ merge) => {
    const id = vocabulary.idOf(token);
    if (id !== undefined) return id;
    throw part.fail(`merges ${show(merge)}; expected ${show(token)} in the vocab`, merge);
  };
  let rank = 0;
  for (const merge of list) {
    if (typeof merge === 'string' && merge.startsWith('#version')) continue;
    const space = typeof merge === 'string' ? merge.indexOf(' ') : -1;
    const [first, second] = space < 0 ? pairOf(merge) : [merge.slice(0, space), merge.slice(space + 1)];
    if (first === undefined || (space >= 0 && second.includes(' ')) || second.length < prefix) {
      throw part.fail(`has the merge ${show(merge)}; expected two tokens`, merge);
    }
    pairs.set(find(first, merge), find(second, merge), rank);
    results[rank++] = find(first + second.slice(prefix), merge);
  }
  return { pairs, results };
}

/** @param {unknown} merge @returns {string[]} none if it is no pair */
function pairOf(merge) {
  const isPair =
    Array.isArray(merge) && merge.length === 2 && merge.every((token) => typeof token === 'string');
  return isPair ? merge : [];
}

/** @implements {Model} */
class Bpe {
  unknownHasText = false;
  #symbols = new Symbols();
  #unknown;
  #merges;
  #options;

  /**
   * @param {Vocabulary} vocabulary
   * @param {{ pairs: Pairs, results: Int32Array }} merges
   * @param {{ prefix: string, suffix: string, unknown: string, fuses: boolean, fallsBack: boolean, keepsWhole: boolean }} options
   */
  constructor(vocabulary, merges, options) {
    this.vocabulary = vocabulary;
    this.unknown = options.unknown;
    this.#unknown = vocabulary.idOf(options.unknown) ?? null;
    this.#merges = merges;
    this.#options = options;
  }

  /** @param {string} text @returns {Word} */
  tokenize(text) {
    const whole = this.#options.keepsWhole ? this.vocabulary.idOf(text) : undefined;
    if (whole !== undefined) return { ids: [whole], starts: [0], ends: [text.length] };
    const symbols = this.#symbols;
    symbols.clear();
    if (!this.#spell(text, symbols)) return { ids: [null], starts: [0], ends: [text.length] };
    symbols.merge(this.#merges.pairs, this.#merges.results);
    return wordOf(symbols, text);
  }

  /** Characters as symbols. @param {string} text @param {Symbols} symbols @returns {boolean} false if one has no token */
  #spell(text, symbols) {
    const { prefix, suffix, unknown, fuses } = this.#options;
    let pending = 0; // bytes of the unknown that is still to be written
    for (let at = 0; at < text.length; ) {
      const code = Number(text.codePointAt(at));
      const next = at + (code > 0xffff ? 2 : 1);
      let character = text.slice(at, next);
      if (prefix && at > 0) character = prefix + character;
      if (suffix && next === text.length) character += suffix;
      const length = utf8Length(code);
      const id = this.vocabulary.idOf(character);
      if (id !== undefined) {
        if (pending > 0) symbols.push(Number(this.#unknown), pending);
        pending = 0;
        symbols.push(id, length);
      } else if (!this.#fallBack(character, symbols) && unknown) {
        if (this.#unknown === null) return false;
        if (pending > 0 && !fuses) symbols.push(this.#unknown, pending);
        pending = fuses ? pending + length : length;
      }
      at = next;
    }
    if (pending > 0) symbols.push(Number(this.#unknown), pending);
    return true;
  }

  /** A token for each byte, if there are. @param {string} character @param {Symbols} symbols @returns {boolean} */
  #fallBack(character, symbols) {
    if (!this.#options.fallsBack) return false;
    const ids = [...encoder.encode(character)].map((byte) => this.vocabulary.idOf(byteToken(byte)));
    if (ids.includes(undefined)) return false;
    for (const id of ids) symbols.push(Number(id), 1);
    return true;
  }
}

/** @param {number} byte @returns {string} */
export const byteToken = (byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

/**
 * @param {Symbols} symbols of which those without bytes were merged into others
 * @param {string} text
 * @returns {Word}
 */
function wordOf(symbols, text) {
  /** @type {Word} */
  const word = { ids: [], starts: [], ends: [] };
  let byte = 0;
  for (let at = 0; at < symbols.length; at++) {
    if (symbols.lengths[at] === 0) continue;
    word.ids.push(symbols.ids[at]);
    word.starts.push(byte);
    byte += symbols.lengths[at];
    word.ends.push(byte);
  }
  if (byte === text.length && !isWide(text)) return word;
  const { starts, ends } = traceBytes(text);
  return {
    ids: word.ids,
    starts: word.starts.map((start) => starts[start]),
    ends: word.ends.map((end) => ends[end - 1]),
  };
}

/** @param {string} text @returns {boolean} whether it has a character of several bytes */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all that ASCII has
const isWide = (text) => /[^\x00-\x7f]/.test(text);
