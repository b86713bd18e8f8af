/** Numbers by pairs of ids: a hash table in typed arrays, which holds hundreds of thousands without an object for each. */

const FREE = -1;

/** The rank of each pair of tokens that is merged. */
export class Pairs {
  /** @type {Int32Array} */ #first;
  /** @type {Int32Array} */ #second;
  /** @type {Int32Array} */ #ranks;
  /** @type {number} */ #mask;

  /** @param {number} count of pairs, at most */
  constructor(count) {
    let size = 16;
    while (size < count * 2) size *= 2;
    this.#mask = size - 1;
    this.#first = new Int32Array(size).fill(FREE);
    this.#second = new Int32Array(size);
    this.#ranks = new Int32Array(size);
  }

  /** @param {number} first @param {number} second @returns {number} where the pair is, or would be */
  #slot(first, second) {
    let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & this.#mask;
    while (this.#first[slot] !== FREE && (this.#first[slot] !== first || this.#second[slot] !== second)) {
      slot = (slot + 1) & this.#mask;
    }
    return slot;
  }

  /** @param {number} first @param {number} second @param {number} rank */
  set(first, second, rank) {
    const slot = this.#slot(first, second);
    this.#first[slot] = first;
    this.#second[slot] = second;
    this.#ranks[slot] = rank;
  }

  /** @param {number} first @param {number} second @returns {number} its rank, -1 if it is not merged */
  get(first, second) {
    const slot = this.#slot(first, second);
    return this.#first[slot] === FREE ? FREE : this.#ranks[slot];
  }
}
