/**
 * Tokens that are found in a text before it is split: special ones, and those added to a vocabulary. Source:
 * added_vocabulary.rs of tokenizers, whose quirks are kept.
 */
import { CharacterSet, isLow } from './character_set.js';
import { WHITE_SPACE, WORD } from './characters.js';
import { Trie } from './models/trie.js';
import { LONGEST_TOKEN } from './models/vocabulary.js';
import { Part } from './parts.js';
import { Section } from './section.js';

/** @import { Tokens } from './models/index.js' */
/** @import { Normalizer } from './normalizers/index.js' */
/**
 * @typedef {object} AddedToken
 * @property {string} content
 * @property {boolean} single_word whether it counts only between other characters than those of words
 * @property {boolean} lstrip whether it takes the white space before it
 * @property {boolean} rstrip and after it
 * @property {boolean} normalized whether it is looked for in the text as it was normalized
 * @property {boolean} special
 */
/** @typedef {{ start: number, end: number, id: number }} Match id: -1 for what is between the tokens */

/** @type {CharacterSet} */ let words;
/** @type {CharacterSet} */ let spaces;

/**
 * @param {unknown} json of tokenizer.json, tokenizer_config.json or special_tokens_map.json
 * @param {string} name for messages
 * @param {string} file
 * @param {{ special?: boolean }} [usual] what it is if the file does not say
 * @returns {AddedToken}
 */
export function readAddedToken(json, name, file, { special = false } = {}) {
  const part = new Part(json, name, file);
  for (const key of ['id', '__type']) part.raw(key);
  const isSpecial = part.flag('special', special);
  const token = {
    content: part.text('content'),
    single_word: part.flag('single_word', false),
    lstrip: part.flag('lstrip', false),
    rstrip: part.flag('rstrip', false),
    normalized: part.flag('normalized', !isSpecial),
    special: isSpecial,
  };
  part.end();
  if (token.content.length <= LONGEST_TOKEN) return token;
  throw part.fail(`has ${token.content.length} characters; expected at most ${LONGEST_TOKEN}`);
}

/** The added tokens of a tokenizer, with ids. */
export class AddedVocabulary {
  /** @type {Map<string, number>} */ #ids = new Map();
  /** @type {Map<number, AddedToken>} */ #tokens = new Map();
  /** @type {Set<string>} */ #special = new Set();
  /** How tokens read that normalizing changes. @type {Map<number, string>} */ #normalized = new Map();
  /** @type {{ raw: Finder | null, normalized: Finder | null } | null} */ #finders = null;
  /** @type {Tokens} */ #vocabulary;
  /** @type {Normalizer | null} */ #normalizer;
  #splitsSpecial = false;

  /**
   * @param {Tokens} vocabulary of the model
   * @param {Normalizer | null} normalizer
   * @param {boolean} splitsSpecial whether special tokens in a text are split as other text is
   */
  constructor(vocabulary, normalizer, splitsSpecial) {
    this.#vocabulary = vocabulary;
    this.#normalizer = normalizer;
    this.#splitsSpecial = splitsSpecial;
    /** All ids lie below. */
    this.size = vocabulary.size;
  }

  /** @param {Iterable<AddedToken>} tokens known ones get the properties of these */
  add(tokens) {
    let next = Math.max(this.#vocabulary.count, ...[...this.#tokens.keys()].map((id) => id + 1));
    for (const token of tokens) {
      if (token.content === '') continue;
      const known = this.idOf(token.content);
      const id = known ?? next++;
      this.#ids.set(token.content, id);
      this.#tokens.set(id, token);
      if (token.special) this.#special.add(token.content);
      if (id >= this.size) this.size = id + 1;
    }
    this.#finders = null;
  }

  /** @returns {IterableIterator<AddedToken>} */
  tokens() {
    return this.#tokens.values();
  }

  /** @param {string} token added, or of the model @returns {number | undefined} */
  idOf(token) {
    return this.#ids.get(token) ?? this.#vocabulary.idOf(token);
  }

  /** @param {number} id @returns {string | undefined} */
  tokenOf(id) {
    const added = this.#tokens.get(id);
    if (!added) return this.#vocabulary.tokenOf(id);
    this.#find();
    return this.#normalized.get(id) ?? added.content;
  }

  /** @param {string} token @returns {boolean} */
  isSpecial(token) {
    return this.#special.has(token);
  }

  /** The tokens to look for in a text as it was given, and in the normalized text. */
  #find() {
    if (this.#finders) return this.#finders;
    /** @type {{ raw: Finder | null, normalized: Finder | null }} */
    const finders = { raw: null, normalized: null };
    for (const [id, { content, normalized }] of this.#tokens) {
      let text = content;
      if (normalized && this.#normalizer) text = this.#normalizer(Section.whole(content, false)).text;
      if (text !== content) this.#normalized.set(id, text);
      const key = normalized ? 'normalized' : 'raw';
      finders[key] ??= new Finder();
      if (text !== '') finders[key].add(text, id);
    }
    this.#finders = finders;
    return finders;
  }

  /**
   * Cuts a text at its added tokens.
   * @param {string} text
   * @param {'raw' | 'normalized'} kind as it was given, or normalized
   * @returns {Match[]} tokens, and what is between them
   */
  split(text, kind) {
    const finder = this.#find()[kind];
    /** @type {Match[]} */
    const found = [];
    let done = 0;
    for (let next = finder?.next(text, 0); next; next = finder?.next(text, next.end)) {
      const match = this.#widen(text, next, done);
      if (!match) continue;
      if (done < match.start) found.push({ start: done, end: match.start, id: -1 });
      if (match.start < match.end) found.push(match);
      done = match.end;
    }
    if (done < text.length) found.push({ start: done, end: text.length, id: -1 });
    return found;
  }

  /**
   * A token with the white space that it takes, or null if it does not count there.
   * @param {string} text
   * @param {Match} match
   * @param {number} done where the token before it ended
   * @returns {Match | null}
   */
  #widen(text, { start, end, id }, done) {
    const token = /** @type {AddedToken} */ (this.#tokens.get(id));
    if (this.#splitsSpecial && this.#special.has(token.content)) return null;
    words ??= new CharacterSet(WORD);
    spaces ??= new CharacterSet(WHITE_SPACE);
    const before = isLow(text.charCodeAt(start - 1)) ? start - 2 : start - 1;
    if (token.single_word && start > 0 && words.has(Number(text.codePointAt(before)))) return null;
    if (token.single_word && end < text.length && words.has(Number(text.codePointAt(end)))) return null;
    let [first, last] = [start, end];
    if (token.lstrip) while (first > done && spaces.has(text.charCodeAt(first - 1))) first--;
    if (token.lstrip) first = Math.max(first, done); // what the token before took is not taken again
    if (token.rstrip) while (last < text.length && spaces.has(text.charCodeAt(last))) last++;
    return { start: first, end: last, id };
  }
}

/** Finds tokens in a text: the first, and of those that begin there the longest. */
class Finder {
  #trie = new Trie();
  /** 1 for units that a token begins with. */
  #firsts = new Uint8Array(0x10000);

  /** @param {string} token @param {number} id */
  add(token, id) {
    this.#trie.set(token, id);
    this.#firsts[token.charCodeAt(0)] = 1;
  }

  /** @param {string} text @param {number} from @returns {Match | null} */
  next(text, from) {
    for (let start = from; start < text.length; start++) {
      if (this.#firsts[text.charCodeAt(start)] === 0) continue;
      const match = this.#longest(text, start);
      if (match) return match;
    }
    return null;
  }

  /** @param {string} text @param {number} start @returns {Match | null} */
  #longest(text, start) {
    let match = null;
    let node = 0;
    for (let at = start; at < text.length; ) {
      node = this.#trie.next(node, text.charCodeAt(at++));
      if (node < 0) break;
      if (this.#trie.idAt(node) >= 0) match = { start, end: at, id: this.#trie.idAt(node) };
    }
    return match;
  }
}
