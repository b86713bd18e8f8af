/**
 * A model inside an instance of the core: planned, filled with weights as they stream from files, run block by block.
 * Knows rows, sequences and arrays; not texts, tensors with padding, or names in config.json.
 */
import { DTYPE, encodeDescription } from './abi.js';

/**
 * @typedef {import('./architectures/blueprint.js').Blueprint} Blueprint
 * @typedef {import('./instance.js').Instance} Instance
 *
 * @typedef {import('./formats/weights.js').Weights} Weights
 *
 * @typedef {object} Block sequences without padding, one after another
 * @property {Uint32Array} lengths tokens of each sequence
 * @property {Uint32Array} [ids] [R]
 * @property {Uint32Array} [positions] [R]
 * @property {Uint32Array} [types] [R]
 * @property {Float32Array} [embeddings] [R, D]
 *
 * @typedef {object} Watcher what a caller wants to see between layers
 * @property {(layer: number, rows: Float32Array) => void} [hidden] called with the rows that enter layer 0 (as layer 0),
 *   and with those that leave layer i (as i + 1)
 * @property {(layer: number, maps: Float32Array) => void} [attentions] [H, T, T] of each sequence in turn
 * @property {() => Promise<void>} [pause] awaited between layers; may throw to stop
 */

/** Bytes of a weight that are in JavaScript's hands at a time. */
const STAGING = 1 << 18;

/** Bytes of one value. @type {Record<string, number>} */
const VALUE_SIZE = { F32: 4, F16: 2, BF16: 2 };

export class Model {
  /** @type {Instance} */ #instance;
  /** @type {number} */ #encoder = 0;
  #bytes = 0;
  /** @type {number} */ #staging;
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
    this.#staging = instance.reserve(STAGING);
    this.blueprint = blueprint;
    this.description = blueprint.description;
    this.maxRows = 0;
    this.#place(maxRows);
  }

  /**
   * Places the model, or places it again with more scratch: that lies behind the weights, which stay where they are.
   * @param {number} maxRows
   */
  #place(maxRows) {
    const words = encodeDescription({
      ...this.description,
      tile: this.#instance.fastestTile(),
      max_rows: maxRows,
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
   * Streams one file of weights into the slots that its tensors are bound to.
   * @param {Weights} weights
   * @param {Map<string, import('./architectures/blueprint.js').Placement>} bound by tensor name
   * @param {(loaded: number) => void} progress called with the bytes so far, may throw to stop
   */
  async loadWeights({ reader, tensors }, bound, progress) {
    for (const [name, { dtype, start, end }] of tensors) {
      const placement = bound.get(name);
      if (placement) await this.#loadTensor(reader, placement, dtype, end - start);
      else await reader.skip(end - start);
      progress(reader.position);
    }
  }

  /**
   * @param {import('./formats/stream.js').ByteReader} reader
   * @param {import('./architectures/blueprint.js').Placement} placement
   * @param {string} dtype
   * @param {number} length in bytes
   */
  async #loadTensor(reader, { slot, index, first }, dtype, length) {
    const size = VALUE_SIZE[dtype];
    const code = DTYPE[/** @type {keyof typeof DTYPE} */ (dtype)];
    let done = 0;
    let staged = 0;
    for await (const chunk of reader.chunks(length, STAGING)) {
      for (let offset = 0; offset < chunk.length; ) {
        const piece = chunk.subarray(offset, offset + STAGING - staged);
        this.#instance.write(this.#staging + staged, piece);
        staged += piece.length;
        offset += piece.length;
        if (staged < STAGING && done + staged < length) continue;
        const args = [this.#encoder, this.#staging, slot, index, first + done / size, staged / size, code];
        this.#instance.invoke('wf_encoder_put', args);
        done += staged;
        staged = 0;
      }
    }
  }

  /** @param {number} length @returns {number} padded rows that a sequence takes in a block */
  rowCost(length) {
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
    const rows = lengths.reduce((sum, length) => sum + length, 0);
    this.#begin(block);
    watcher.hidden?.(0, this.#hidden(rows));
    const maps = watcher.attentions && new Float32Array(this.description.heads * sumOfSquares(lengths));
    for (let layer = 0; layer < this.description.layers; layer++) {
      await watcher.pause?.();
      this.#instance.invoke('wf_encoder_layer', [maps ? { out: maps } : null, this.#encoder, layer]);
      if (maps) watcher.attentions?.(layer, maps);
      watcher.hidden?.(layer + 1, this.#hidden(rows));
    }
    this.#instance.invoke('wf_encoder_finish', [this.#encoder]);
    return this.#hidden(rows);
  }

  /** @param {Block} block */
  #begin({ lengths, ids, positions, types, embeddings }) {
    if (embeddings) {
      const args = [this.#encoder, embeddings, lengths, lengths.length];
      this.#instance.invoke('wf_encoder_begin_embeddings', args);
    } else {
      const args = [this.#encoder, ids ?? null, positions ?? null, types ?? null, lengths, lengths.length];
      this.#instance.invoke('wf_encoder_begin_tokens', args);
    }
  }

  /** @param {number} rows */
  #hidden(rows) {
    const copy = new Float32Array(rows * this.description.width);
    this.#instance.read(copy, this.#instance.call('wf_encoder_hidden', this.#encoder));
    return copy;
  }

  /**
   * Pools rows into one vector a sequence.
   * @param {Float32Array} rows [R, width]
   * @param {Uint32Array} lengths
   * @param {number} pooling one of POOL
   * @returns {Float32Array} [sequences, width]
   */
  pool(rows, lengths, pooling) {
    const width = this.description.width;
    const out = new Float32Array(lengths.length * width);
    this.#instance.invoke('wf_pool', [{ out }, rows, lengths, lengths.length, width, pooling]);
    return out;
  }

  /**
   * Applies a head to vectors, as many at a time as its scratch and a few megabytes of output allow.
   * @param {number} head
   * @param {Float32Array} vectors [rows, inputs]
   * @returns {Float32Array} [rows, outputs]
   */
  head(head, vectors) {
    const { inputs, outputs } = this.description.head[head];
    const rows = vectors.length / inputs;
    const step = Math.max(1, Math.min(this.maxRows, Math.floor((1 << 20) / outputs)));
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

/** @param {Uint32Array} lengths */
const sumOfSquares = (lengths) => lengths.reduce((sum, length) => sum + length * length, 0);
