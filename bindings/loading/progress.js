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

  /** What is still to come, now that all else is read. @param {{ path: string, size: number }[]} weights */
  settle(weights) {
    for (const [file, { loaded }] of this.#files) if (!loaded) this.#files.delete(file);
    for (const { path, size } of weights) this.#files.set(path, { loaded: 0, total: size });
  }

  /** @param {string} file @param {number} loaded @param {number} total */
  tell(file, loaded, total) {
    if (!this.#tell) return;
    this.#files.set(file, { loaded, total });
    const all = { loaded: 0, total: 0 };
    for (const one of this.#files.values()) {
      all.loaded += one.loaded;
      all.total += one.total;
    }
    this.#tell({ file, loaded, total, all });
  }
}
