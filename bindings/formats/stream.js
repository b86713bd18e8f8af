/** Reading a file that arrives in chunks of any size, front to back, without keeping it. */
import { FormatError } from '../errors.js';

export class ByteReader {
  /** @type {AsyncIterator<Uint8Array>} */ #chunks;
  /** @type {string} */ #path;
  /** What of the current chunk is not yet consumed. @type {Uint8Array} */
  #rest = new Uint8Array(0);
  /** Bytes consumed so far. */
  position = 0;

  /**
   * @param {AsyncIterable<Uint8Array>} chunks a chunk may be overwritten once the next is asked for
   * @param {string} path for errors
   */
  constructor(chunks, path) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#path = path;
  }

  /**
   * Up to `length` of the next bytes, at least one.
   * @param {number} length
   */
  async #next(length) {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) {
        throw new FormatError(`${this.#path} is truncated: it ends after ${this.position} bytes`, {
          path: this.#path,
          value: this.position,
        });
      }
      this.#rest = value;
    }
    const part = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(part.length);
    this.position += part.length;
    return part;
  }

  /**
   * @param {number} length
   * @returns {Promise<Uint8Array>} a copy of exactly the next `length` bytes
   */
  async take(length) {
    const all = new Uint8Array(length);
    let filled = 0;
    for await (const part of this.chunks(length)) {
      all.set(part, filled);
      filled += part.length;
    }
    return all;
  }

  /**
   * The next `length` bytes in the pieces in which they arrive.
   * @param {number} length
   * @param {number} [most] bytes of a piece
   */
  async *chunks(length, most = Infinity) {
    for (let left = length; left > 0; ) {
      const part = await this.#next(Math.min(left, most));
      left -= part.length;
      yield part;
    }
  }

  /** @param {number} length bytes to pass over */
  async skip(length) {
    for await (const _ of this.chunks(length));
  }

  /** Reads on to the stream's end, which must come now: a stream let go before it counts as aborted. */
  async finish() {
    const left = this.#rest.length || !(await this.#chunks.next()).done;
    if (!left) return;
    throw new FormatError(`${this.#path} goes on behind its last tensor, at byte ${this.position}`, {
      path: this.#path,
      value: this.position,
    });
  }

  /** Lets the stream go; what it holds open is closed. */
  async close() {
    await this.#chunks.return?.();
  }
}
