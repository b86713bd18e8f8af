/** Reading a file that arrives in chunks of any size, front to back, without keeping it. */
import { FormatError } from '../errors.js';

export class ByteReader {
  /** @type {AsyncIterator<Uint8Array>} */ #chunks;
  /** @type {string} */ #path;
  /** What of the current chunk is not yet consumed. @type {Uint8Array} */
  #rest = new Uint8Array(0);
  /** The place in the file up to which bytes are consumed. */
  position;

  /**
   * @param {AsyncIterable<Uint8Array>} chunks a chunk may be overwritten once the next is asked for
   * @param {string} path for errors
   * @param {number} [position] of the first chunk in the file
   */
  constructor(chunks, path, position = 0) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#path = path;
    this.position = position;
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
   * The next bytes, which are not consumed.
   * @param {number} length
   * @returns {Promise<Uint8Array>} fewer only where the stream ends; good until the next call
   */
  async peek(length) {
    for (let done = false; !done && this.#rest.length < length; ) {
      const kept = this.#rest.slice();
      const next = await this.#chunks.next();
      done = next.done === true;
      this.#rest = done ? kept : joined(kept, next.value);
    }
    return this.#rest.subarray(0, length);
  }

  /** All that is left, in the pieces in which it arrives. */
  async *remaining() {
    try {
      for (let part = await this.peek(1); part.length; part = await this.peek(1)) {
        yield await this.#next(Infinity);
      }
    } finally {
      await this.close();
    }
  }

  /**
   * @param {number} length
   * @returns {Promise<Uint8Array<ArrayBuffer>>} a copy of exactly the next `length` bytes
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

/** @param {Uint8Array} first @param {Uint8Array} second @returns {Uint8Array} the second itself where the first is empty */
function joined(first, second) {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
