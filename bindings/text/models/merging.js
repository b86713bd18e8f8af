/** How symbols of a word are merged: the pair of the lowest rank first, from the left. Source: word.rs of tokenizers. */

/** @import { Pairs } from './pairs.js' */

/** Ranks lie below 2^21, places below 2^31: both fit one number, in whose order they are merged. */
const PLACES = 2 ** 31;

/** The symbols of a word, and a queue of merges; used again for each word. */
export class Symbols {
  length = 0;
  ids = new Int32Array(64);
  /** Bytes of each; 0 for one that was merged into the one before it. */
  lengths = new Int32Array(64);
  #next = new Int32Array(64);
  #before = new Int32Array(64);
  /** @type {number[]} */ #queue = [];

  clear() {
    this.length = 0;
  }

  /** @param {number} id @param {number} length */
  push(id, length) {
    if (this.length === this.ids.length) this.#grow();
    const at = this.length++;
    this.ids[at] = id;
    this.lengths[at] = length;
    this.#before[at] = at - 1;
    this.#next[at] = at + 1;
  }

  #grow() {
    const larger = (/** @type {Int32Array} */ old) => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    this.ids = larger(this.ids);
    this.lengths = larger(this.lengths);
    this.#next = larger(this.#next);
    this.#before = larger(this.#before);
  }

  /**
   * @param {Pairs} pairs
   * @param {Int32Array} results the token that each rank makes
   */
  merge(pairs, results) {
    const { ids, lengths } = this;
    const [next, before] = [this.#next, this.#before];
    for (let at = 0; at + 1 < this.length; at++) this.#propose(at, pairs.get(ids[at], ids[at + 1]));
    while (this.#queue.length > 0) {
      const first = this.#take();
      const at = first % PLACES;
      const result = results[(first - at) / PLACES];
      const right = next[at];
      if (lengths[at] === 0 || right >= this.length) continue;
      // What was proposed may have been merged otherwise since.
      const rank = pairs.get(ids[at], ids[right]);
      if (rank < 0 || results[rank] !== result) continue;
      ids[at] = result;
      lengths[at] += lengths[right];
      lengths[right] = 0;
      next[at] = next[right];
      if (next[at] < this.length) {
        before[next[at]] = at;
        this.#propose(at, pairs.get(result, ids[next[at]]));
      }
      if (before[at] >= 0) this.#propose(before[at], pairs.get(ids[before[at]], result));
    }
  }

  /** @param {number} at @param {number} rank -1 for none */
  #propose(at, rank) {
    if (rank < 0) return;
    const queue = this.#queue;
    const value = rank * PLACES + at;
    let child = queue.length;
    queue.push(value);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (queue[parent] <= value) break;
      queue[child] = queue[parent];
      child = parent;
    }
    queue[child] = value;
  }

  /** @returns {number} the least of the queue, which it leaves */
  #take() {
    const queue = this.#queue;
    const least = queue[0];
    const value = /** @type {number} */ (queue.pop());
    if (queue.length === 0) return least;
    let parent = 0;
    for (let child = 1; child < queue.length; child = 2 * parent + 1) {
      if (child + 1 < queue.length && queue[child + 1] < queue[child]) child++;
      if (queue[child] >= value) break;
      queue[parent] = queue[child];
      parent = child;
    }
    queue[parent] = value;
    return least;
  }
}
