/**
 * A model inside an instance of the core: planned, filled with weights as they stream from files, run block by block.
 * Knows rows, sequences and arrays; not texts, tensors with padding, or names in config.json.
 */
import { encodeDescription } from '../core/abi.js';
import { PositionTable } from './positions.js';
import { statesOf } from './states.js';

/**
 * @typedef {import('../architectures/blueprint.js').Blueprint} Blueprint
 * @typedef {import('../core/instance.js').Instance} Instance
 *
 * @typedef {object} Block sequences without padding, one after another
 * @property {Uint32Array} lengths tokens of each sequence
 * @property {Uint32Array} [ids] [R]
 * @property {Uint32Array} [positions] [R]
 * @property {Uint32Array} [types] [R]
 * @property {Float32Array} [embeddings] [R, D]
 * @property {Float32Array} [pixels] [images, C, H, W]
 * @property {[height: number, width: number]} [grid] patches of an image
 * @property {[height: number, width: number]} [image] pixels of an image
 *
 * @typedef {object} Watcher what a caller wants to see between layers
 * @property {(layer: number, rows: Float32Array) => void} [hidden] called with the rows of every state, see states.js
 * @property {(layer: number, maps: Float32Array) => void} [attentions] [H, T, T] of each sequence in turn, of the layer
 *   before state `layer` + 1
 * @property {() => Promise<void>} [pause] awaited between layers; may throw to stop
 */

/** Padded rows that a windowed layer works on at a time. */
const GROUP_ROWS = 1024;

export class Model {
  /** @type {Instance} */ #instance;
  /** @type {number} */ #encoder = 0;
  #bytes = 0;
  /** @type {PositionTable} */ #positions;
  /** @type {Blueprint} */ blueprint;
  /** @type {Blueprint['description']} */ description;
  /** Padded rows that a block may have. @type {number} */ maxRows;

  /**
   * Plans and places a model without weights.
   * @param {Instance} instance
   * @param {Blueprint} blueprint
   * @param {number} maxRows
   */
  constructor(instance, blueprint, maxRows) {
    this.#instance = instance;
    this.blueprint = blueprint;
    this.description = blueprint.description;
    this.maxRows = 0;
    this.#positions = new PositionTable(instance, blueprint);
    this.#place(maxRows);
  }

  /**
   * Places the model, or places it again with more scratch: that lies behind the weights, which stay where they are.
   * @param {number} maxRows
   */
  #place(maxRows) {
    const { stages, window } = this.description;
    const words = encodeDescription({
      ...this.description,
      tile: this.#instance.fastestTile(),
      max_rows: maxRows,
      group_rows: stages ? Math.max(GROUP_ROWS, window ** 2 + 12) : maxRows,
    });
    const bytes = new Uint32Array(1);
    this.#instance.invoke('wf_encoder_plan', [{ out: bytes }, words]);
    const added = this.#instance.reserve(bytes[0] - this.#bytes);
    this.#encoder ||= added;
    this.#bytes = bytes[0];
    this.#instance.invoke('wf_encoder_create', [this.#encoder, bytes[0], words]);
    this.maxRows = maxRows;
  }

  /**
   * Makes room for a sequence longer than was planned for.
   * @param {number} rows padded
   */
  reach(rows) {
    if (rows > this.maxRows) this.#place(rows);
  }

  /**
   * Packs values of a weight from the instance's memory.
   * @param {number} address
   * @param {number[]} args slot, index, first element, count, dtype
   */
  put(address, args) {
    this.#instance.invoke('wf_encoder_put', [this.#encoder, address, ...args]);
  }

  /** Columns of the last hidden state. */
  get width() {
    return this.description.width * 2 ** Math.max(0, this.description.stages - 1);
  }

  /** Bytes of the core's memory: packed weights, scratch and tables. */
  get memory() {
    return this.#instance.memorySize;
  }

  /** @param {number} length @returns {number} rows that a sequence takes in a block */
  rowCost(length) {
    if (length === 0 || this.description.stages) return length;
    return this.#instance.call('wf_encoder_row_cost', this.#encoder, length);
  }

  /**
   * Runs a block through stem, layers and final norm.
   * @param {Block} block
   * @param {Watcher} [watcher]
   * @returns {Promise<Float32Array>} the last hidden state, [R, D]
   */
  async run(block, watcher = {}) {
    const { lengths } = block;
    const inputs = lengths.reduce((sum, length) => sum + length, 0);
    const states = statesOf(this.description, block.grid);
    /** @param {number} i */
    const rows = (i) =>
      this.#hidden((states[i].tokens ?? inputs / lengths.length) * lengths.length * states[i].width);
    this.#begin(block);
    watcher.hidden?.(0, rows(0));
    for (let i = 1; i < states.length; i++) {
      const maps = watcher.attentions && new Float32Array(this.#mapSize(states[i], lengths));
      for (let layer = states[i - 1].after; layer < states[i].after; layer++) {
        await watcher.pause?.();
        const out = maps && layer + 1 === states[i].after ? { out: maps } : null;
        this.#instance.invoke('wf_encoder_layer', [out, this.#encoder, layer]);
      }
      if (maps) watcher.attentions?.(i - 1, maps);
      watcher.hidden?.(i, rows(i));
    }
    this.#instance.invoke('wf_encoder_finish', [this.#encoder]);
    return rows(states.length - 1);
  }

  /** @param {import('./states.js').State} state @param {Uint32Array} lengths */
  #mapSize({ maps }, lengths) {
    if (maps) return lengths.length * maps.windows * maps.heads * maps.tokens ** 2;
    return this.description.heads * lengths.reduce((sum, length) => sum + length * length, 0);
  }

  /** @param {Block} block */
  #begin({ lengths, ids, positions, types, embeddings, pixels, grid, image }) {
    const [name, args] =
      pixels && grid && image
        ? ['pixels', [pixels, this.#positions.of(this.#encoder, grid), lengths.length, ...image]]
        : embeddings
          ? ['embeddings', [embeddings, lengths, lengths.length]]
          : ['tokens', [ids ?? null, positions ?? null, types ?? null, lengths, lengths.length]];
    this.#instance.invoke(`wf_encoder_begin_${name}`, [this.#encoder, .../** @type {any[]} */ (args)]);
  }

  /** @param {number} size */
  #hidden(size) {
    const copy = new Float32Array(size);
    this.#instance.read(copy, this.#instance.call('wf_encoder_hidden', this.#encoder));
    return copy;
  }

  /**
   * Pools rows into one vector a sequence.
   * @param {Float32Array} rows [R, width]
   * @param {Uint32Array} lengths
   * @param {number} pooling one of POOL
   * @param {number} [width]
   * @returns {Float32Array} [sequences, width]
   */
  pool(rows, lengths, pooling, width = this.width) {
    const out = new Float32Array(lengths.length * width);
    this.#instance.invoke('wf_pool', [{ out }, rows, lengths, lengths.length, width, pooling]);
    return out;
  }

  /**
   * Applies a head to vectors, a few megabytes of output at a time.
   * @param {number} head
   * @param {Float32Array} vectors [rows, inputs]
   * @returns {Float32Array} [rows, outputs]
   */
  head(head, vectors) {
    const { inputs, outputs } = this.description.head[head];
    const rows = vectors.length / inputs;
    const step = Math.max(1, Math.floor((1 << 20) / outputs));
    const all = new Float32Array(rows * outputs);
    for (let row = 0; row < rows; row += step) {
      const count = Math.min(step, rows - row);
      const out = all.subarray(row * outputs, (row + count) * outputs);
      const part = vectors.subarray(row * inputs, (row + count) * inputs);
      this.#instance.invoke('wf_encoder_head', [{ out }, part, this.#encoder, head, count]);
    }
    return all;
  }

  /**
   * Runs a lone attention module, see wf_encoder_attend.
   * @param {Float32Array} output
   * @param {Float32Array} weights
   * @param {Float32Array} queries
   * @param {Float32Array} keys
   * @param {Float32Array} values
   * @param {Uint32Array | null} valid
   * @param {[batch: number, queryLength: number, keyLength: number]} sizes
   */
  attend(output, weights, queries, keys, values, valid, sizes) {
    this.reach(this.rowCost(Math.max(sizes[1], sizes[2])));
    const outputs = [{ out: output }, { out: weights }];
    this.#instance.invoke('wf_encoder_attend', [
      ...outputs,
      this.#encoder,
      queries,
      keys,
      values,
      valid,
      ...sizes,
    ]);
  }

  /**
   * Scales vectors to unit length.
   * @param {Float32Array} vectors [rows, width]
   * @param {number} width
   * @returns {Float32Array}
   */
  normalize(vectors, width) {
    const out = new Float32Array(vectors.length);
    this.#instance.invoke('wf_normalize', [{ out }, vectors, vectors.length / width, width]);
    return out;
  }
}
