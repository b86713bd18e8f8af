/**
 * Unigram: the way through a text whose tokens have the highest scores in sum. Source: encode_optimized in model.rs of
 * tokenizers, with the same sums in the same order.
 */
import { show } from '../../errors.js';
import { isHigh } from '../character_set.js';
import { byteToken } from './bpe.js';
import { Trie } from './trie.js';
import { checkSizes } from './vocabulary.js';

/** @import { Part } from '../parts.js' */
/** @import { Model, Word } from './index.js' */

/** How much worse than the worst token an unknown character is. */
const PENALTY = 10;
const encoder = new TextEncoder();

/**
 * @param {Part} part
 * @returns {Model}
 */
export function unigram(part) {
  const list = part.list('vocab');
  const scores = new Float64Array(list.length);
  /** @type {string[]} */
  const tokens = new Array(list.length);
  let longest = 0;
  for (const [id, entry] of list.entries()) {
    const [token, score] = Array.isArray(entry) ? entry : [];
    if (typeof token !== 'string' || !Number.isFinite(score)) {
      throw part.fail(`has ${show(entry)} in its vocab; expected [token, score]`, entry);
    }
    tokens[id] = token;
    scores[id] = score;
    if (token.length > longest) longest = token.length;
  }
  checkSizes(part, list.length, longest);
  const unknown = part.raw('unk_id') ?? null;
  if (unknown !== null && !(Number.isInteger(unknown) && unknown >= 0 && unknown < list.length)) {
    throw part.fail(`has unk_id ${show(unknown)}; expected an id below ${list.length}`, unknown);
  }
  return new Unigram({ tokens, scores, unknown, longest, fallsBack: part.flag('byte_fallback', false) });
}

/** @implements {Model} */
class Unigram {
  unknownHasText = true;
  /** @type {Trie} */ #trie;
  /** As JSON has them, and as Rust reads them: the latter are worked out when they are needed. */
  #raw;
  #scores;
  #unknown;
  #unknownScore;
  #fallsBack;
  // Of the best way to each place: its score, where its last token begins, and that token.
  #best = new Float64Array(256);
  #from = new Int32Array(256);
  #ids = new Int32Array(256);

  /**
   * @param {{ tokens: string[], scores: Float64Array, unknown: number | null, longest: number, fallsBack: boolean }} parts
   */
  constructor({ tokens, scores, unknown, longest, fallsBack }) {
    this.#trie = new Trie(tokens.length * 3);
    for (const [id, token] of tokens.entries()) this.#trie.set(token, id);
    this.#raw = scores;
    this.#scores = new Float64Array(scores.length).fill(NaN);
    this.#unknown = unknown;
    this.#unknownScore = asRustReads(scores.reduce((a, b) => Math.min(a, b), Infinity)) - PENALTY;
    this.#fallsBack = fallsBack;
    this.unknown = unknown === null ? '' : tokens[unknown];
    const find = (/** @type {string} */ token) => {
      const id = token === '' ? -1 : this.#trie.get(token);
      return id < 0 ? undefined : id;
    };
    this.vocabulary = {
      ...{ longest, size: tokens.length, count: tokens.length },
      idOf: find,
      tokenOf: (/** @type {number} */ id) => tokens[id],
    };
  }

  /** @param {string} text @returns {Word} */
  tokenize(text) {
    if (!this.#search(text)) return { ids: [null], starts: [0], ends: [text.length] };
    /** @type {[start: number, end: number, isUnknown: boolean][]} */
    const stretches = [];
    for (let end = text.length; end > 0; end = this.#from[end]) {
      const isUnknown = this.#ids[end] === this.#unknown;
      const last = stretches.at(-1);
      if (isUnknown && last?.[2]) last[0] = this.#from[end];
      else stretches.push([this.#from[end], end, isUnknown]);
    }
    /** @type {Word} */
    const word = { ids: [], starts: [], ends: [] };
    for (const [start, end, isUnknown] of stretches.reverse()) {
      const ids = isUnknown ? this.#idsOf(text.slice(start, end)) : [this.#ids[end]];
      for (const id of ids) {
        word.ids.push(id);
        word.starts.push(start);
        word.ends.push(end);
      }
    }
    return word;
  }

  /** Unknown characters side by side: they may be a token after all, or bytes. @param {string} text @returns {number[]} */
  #idsOf(text) {
    const id = this.#trie.get(text);
    if (id >= 0) return [id];
    if (this.#fallsBack) {
      const ids = [...encoder.encode(text)].map((byte) => this.#trie.get(byteToken(byte)));
      if (ids.every((one) => one >= 0)) return ids;
    }
    return [Number(this.#unknown)];
  }

  /** The best way to each place. @param {string} text @returns {boolean} false if a character is unknown that may not be */
  #search(text) {
    if (this.#best.length <= text.length) {
      const size = text.length * 2;
      this.#best = new Float64Array(size);
      this.#from = new Int32Array(size);
      this.#ids = new Int32Array(size);
    }
    const [best, from, ids] = [this.#best, this.#from, this.#ids];
    from.fill(-1, 0, text.length + 1);
    best[0] = 0;
    for (let start = 0; start < text.length; ) {
      const next = start + (isHigh(text.charCodeAt(start)) ? 2 : 1);
      let isKnown = false;
      let node = 0;
      for (let at = start; at < text.length; ) {
        node = this.#trie.next(node, text.charCodeAt(at++));
        if (node < 0) break;
        const id = this.#trie.idAt(node);
        if (id < 0) continue;
        if (at === next) isKnown = true;
        let own = this.#scores[id];
        if (Number.isNaN(own)) own = this.#scores[id] = asRustReads(this.#raw[id]);
        const score = own + best[start];
        if (from[at] < 0 || score > best[at]) {
          best[at] = score;
          from[at] = start;
          ids[at] = id;
        }
      }
      if (!isKnown) {
        const score = this.#unknownScore + best[start];
        if (from[next] < 0 || score > best[next]) {
          if (this.#unknown === null) return false;
          best[next] = score;
          from[next] = start;
          ids[next] = this.#unknown;
        }
      }
      start = next;
    }
    return true;
  }
}

/**
 * A number as serde_json reads its digits: as a whole number that is divided by a power of ten, which may be off by the last
 * bit. Where two ways through a text are equally good but for the order of their tokens, that bit decides.
 * @param {number} value
 * @returns {number}
 */
function asRustReads(value) {
  const [, sign, whole, part = '', power = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (part === '' && power === '0') return value;
  const exponent = Number(power) - part.length;
  const digits = Number(whole + part);
  const scale = Number(`1e${Math.abs(exponent)}`);
  const read = exponent < 0 ? digits / scale : digits * scale;
  return sign === '-' ? -read : read;
}
