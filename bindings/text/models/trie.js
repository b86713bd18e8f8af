/** Tokens as a tree of their UTF-16 units: all tokens that begin at a place are found in one walk. */

const NONE = -1;

/** Ids by tokens, in typed arrays: a hash table finds the node that a unit leads to. */
export class Trie {
  /** The nodes by hash of their parent and unit; at most half of the slots are taken. */
  #slots;
  /** Of each node. */
  #parents;
  #units;
  #ids;
  #count = 1;

  /** @param {number} [nodes] a guess at how many there will be */
  constructor(nodes = 0) {
    let size = 1024;
    while (size < nodes) size *= 2;
    this.#slots = new Int32Array(size * 2).fill(NONE);
    this.#parents = new Int32Array(size);
    this.#units = new Uint16Array(size);
    this.#ids = new Int32Array(size).fill(NONE);
  }

  /** @param {number} parent @param {number} unit @returns {number} where the node is, or would be */
  #slot(parent, unit) {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const node = this.#slots[slot];
      if (node === NONE || (this.#parents[node] === parent && this.#units[node] === unit)) return slot;
    }
  }

  /** @param {string} token @param {number} id the last one counts */
  set(token, id) {
    let node = 0;
    for (let i = 0; i < token.length; i++) {
      const unit = token.charCodeAt(i);
      const next = this.next(node, unit);
      node = next === NONE ? this.#add(node, unit) : next;
    }
    this.#ids[node] = id;
  }

  /** @param {number} parent @param {number} unit @returns {number} */
  #add(parent, unit) {
    if (this.#count === this.#parents.length) this.#grow();
    const node = this.#count++;
    this.#slots[this.#slot(parent, unit)] = node;
    this.#parents[node] = parent;
    this.#units[node] = unit;
    return node;
  }

  #grow() {
    const size = this.#count * 2;
    const [parents, units, ids] = [this.#parents, this.#units, this.#ids];
    this.#parents = new Int32Array(size);
    this.#parents.set(parents);
    this.#units = new Uint16Array(size);
    this.#units.set(units);
    this.#ids = new Int32Array(size).fill(NONE);
    this.#ids.set(ids);
    this.#slots = new Int32Array(size * 2).fill(NONE);
    for (let node = 1; node < this.#count; node++) this.#slots[this.#slot(parents[node], units[node])] = node;
  }

  /** @param {number} node 0 for the root @param {number} unit @returns {number} the next node, -1 if there is none */
  next(node, unit) {
    return this.#slots[this.#slot(node, unit)];
  }

  /** @param {number} node @returns {number} the token that ends there, -1 if none does */
  idAt(node) {
    return this.#ids[node];
  }

  /** @param {string} text @returns {number} the node at its end, -1 if nothing begins so */
  find(text) {
    let node = 0;
    for (let i = 0; i < text.length && node !== NONE; i++) node = this.next(node, text.charCodeAt(i));
    return node;
  }

  /** @param {string} token @returns {number} -1 if it is none */
  get(token) {
    const node = this.find(token);
    return node === NONE ? NONE : this.#ids[node];
  }
}
