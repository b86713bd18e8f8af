/**
 * How far a load is, in bytes. Of a source that knows the sizes of its files beforehand all count from the start; of others the
 * weights, whose sizes their headers say before the first value comes.
 */

/**
 * @typedef {import('./files.js').Source} Source
 * @typedef {{ file: string, loaded: number, total: number, all: { loaded: number, total: number } }} State
 */

export class Progress {
  #tell;
  /** @type {[file: string, loaded: number, total: number] | undefined} */ #last;
  /** @type {Map<string, { loaded: number, total: number }>} */ #files = new Map();

  /** @param {((state: State) => void) | undefined} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /**
   * The source, whose texts are counted while they are read.
   * @param {Source} source
   * @returns {Promise<Source>}
   */
  async watch(source) {
    const sizes = this.#tell && (await source.sizes?.());
    if (!sizes) return source;
    for (const [file, total] of sizes) this.#files.set(file, { loaded: 0, total });
    return {
      ...source,
      find: async (path) => {
        const file = await source.find(path);
        const size = sizes.get(path);
        if (!file || size === undefined || path.endsWith('.safetensors')) return file;
        return { ...file, stream: () => this.#counted(file.stream(), path, size) };
      },
    };
  }

  /** @param {AsyncIterable<Uint8Array>} chunks @param {string} file @param {number} size */
  async *#counted(chunks, file, size) {
    let loaded = 0;
    for await (const chunk of chunks) {
      loaded += chunk.length;
      yield chunk;
      this.tell(file, loaded, Math.max(size, loaded));
    }
  }

  /** What is known once their headers are read. @param {{ path: string, size: number }[]} weights */
  expect(weights) {
    for (const { path, size } of weights) this.#files.set(path, { loaded: 0, total: size });
  }

  /** All is read; what was not was not wanted. */
  finish() {
    const unread = [...this.#files].filter(([, { loaded }]) => !loaded);
    for (const [file] of unread) this.#files.delete(file);
    if (unread.length && this.#last) this.tell(...this.#last);
  }

  /** @param {string} file @param {number} loaded @param {number} total */
  tell(file, loaded, total) {
    if (!this.#tell) return;
    this.#last = [file, loaded, total];
    this.#files.set(file, { loaded, total });
    const all = { loaded: 0, total: 0 };
    for (const one of this.#files.values()) {
      all.loaded += one.loaded;
      all.total += one.total;
    }
    this.#tell({ file, loaded, total, all });
  }
}
