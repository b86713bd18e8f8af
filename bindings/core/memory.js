/**
 * The linear memory of one instance: the only file that makes views on it. A view dies when the memory grows, so a
 * view is taken after the last growth, used at once and never handed out.
 */
import { OutOfMemoryError } from '../errors.js';

const PAGE = 65536;
/** What the linker was told: `INITIAL_MEMORY` and `MAXIMUM_MEMORY`, in pages. */
const INITIAL_PAGES = 16;
const MAXIMUM_PAGES = 65536;

/** What a shared memory may grow to, the first that the engine grants: some set aside all of it from the start. */
const SHARED_PAGES = [MAXIMUM_PAGES, 16384, 8192, 4096];

export class Memory {
  #maximum = MAXIMUM_PAGES;
  /** @type {WebAssembly.Memory} */ wasm;

  /** @param {boolean} isShared */
  constructor(isShared) {
    this.wasm = isShared ? this.#shared() : this.#own(false);
  }

  /** @param {boolean} shared */
  #own(shared) {
    return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: this.#maximum, shared });
  }

  #shared() {
    for (const pages of SHARED_PAGES.slice(0, -1)) {
      this.#maximum = pages;
      try {
        return this.#own(true);
      } catch {} // the next one is smaller
    }
    this.#maximum = SHARED_PAGES[SHARED_PAGES.length - 1];
    return this.#own(true);
  }

  /** Bytes that the memory has now. */
  get size() {
    return this.wasm.buffer.byteLength;
  }

  /**
   * Grows the memory until it ends at or behind `end`.
   * @param {number} end in bytes
   */
  reach(end) {
    const missing = Math.ceil((end - this.size) / PAGE);
    if (missing <= 0) return;
    try {
      if (end > this.#maximum * PAGE) throw new RangeError(`it is at most ${this.#maximum >> 4} MiB`);
      this.wasm.grow(missing);
    } catch (cause) {
      throw new OutOfMemoryError(`${Math.ceil(end / 1048576)} MiB of WebAssembly memory could not be had`, {
        value: end,
        cause,
      });
    }
  }

  /** @param {number} pointer @param {number} length in bytes */
  bytes(pointer, length) {
    return new Uint8Array(this.wasm.buffer, pointer, length);
  }

  /**
   * Copies an array in.
   * @param {number} pointer
   * @param {ArrayBufferView} array
   */
  write(pointer, array) {
    this.bytes(pointer, array.byteLength).set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    );
  }

  /**
   * Copies memory out into an array.
   * @param {ArrayBufferView} array
   * @param {number} pointer
   */
  read(array, pointer) {
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(
      this.bytes(pointer, array.byteLength),
    );
  }

  /** @param {number} pointer @returns {string} a zero-terminated ASCII string */
  text(pointer) {
    const all = new Uint8Array(this.wasm.buffer);
    return String.fromCharCode(...all.subarray(pointer, all.indexOf(0, pointer)));
  }
}
