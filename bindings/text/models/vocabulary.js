/** The tokens of a model and their ids. */
import { show } from '../../errors.js';
import { LIMITS } from '../../formats/config.js';
import { isObject } from '../../formats/json.js';
import { Trie } from './trie.js';

/** @import { Part } from '../parts.js' */

/** UTF-16 units of the longest token that is taken: how far ahead a model may look bounds its work. */
export const LONGEST_TOKEN = 1024;

/** Tokens by id and ids by token. */
export class Vocabulary {
  /** @type {Map<string, number>} */ #ids;
  /** Made when it is asked for first. @type {(string | undefined)[] | null} */ #tokens = null;

  /** @param {Map<string, number>} ids @param {{ longest: number, size: number }} sizes */
  constructor(ids, { longest, size }) {
    this.#ids = ids;
    /** Units of the longest token. */
    this.longest = longest;
    /** All ids lie below. */
    this.size = size;
  }

  /** How many tokens there are. */
  get count() {
    return this.#ids.size;
  }

  /** @returns {Trie} to find all tokens that begin at a place */
  trie() {
    const trie = new Trie(this.#ids.size * 3);
    for (const [token, id] of this.#ids) trie.set(token, id);
    return trie;
  }

  /** @param {string} token @returns {number | undefined} */
  idOf(token) {
    return this.#ids.get(token);
  }

  /** @param {number} id @returns {string | undefined} */
  tokenOf(id) {
    if (!this.#tokens) {
      this.#tokens = [];
      for (const [token, own] of this.#ids) this.#tokens[own] = token;
    }
    return this.#tokens[id];
  }
}

/**
 * @param {Part} part a model with the key `vocab`: {token: id}, or a Map of them
 * @returns {Vocabulary}
 */
export function readVocabulary(part) {
  const json = part.raw('vocab');
  if (!isObject(json)) throw part.fail(`has vocab ${show(json)}; expected an object of ids`, json);
  /** @type {Map<string, number>} */
  const ids = json instanceof Map ? json : new Map(Object.entries(json));
  let [longest, size] = [0, 0];
  ids.forEach((id, token) => {
    if (!(Number.isInteger(id) && id >= 0 && id < LIMITS.vocabulary)) {
      throw part.fail(
        `gives ${show(token)} the id ${show(id)}; expected a number below ${LIMITS.vocabulary}`,
        id,
      );
    }
    if (token.length > longest) longest = token.length;
    if (id >= size) size = id + 1;
  });
  checkSizes(part, ids.size, longest);
  return new Vocabulary(ids, { longest, size });
}

/** @param {Part} part @param {number} count @param {number} longest */
export function checkSizes(part, count, longest) {
  if (count === 0 || count > LIMITS.vocabulary) {
    throw part.fail(`has a vocab of ${count} tokens; expected 1 to ${LIMITS.vocabulary}`);
  }
  if (longest > LONGEST_TOKEN) {
    throw part.fail(`has a token of ${longest} characters; expected at most ${LONGEST_TOKEN}`);
  }
}
