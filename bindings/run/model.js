/**
 * A model inside an instance of the core: planned, filled with weights, run block by block. Knows rows, sequences and
 * arrays; not texts, tensors with padding, or names in config.json.
 */
import { DTYPE } from '../core/abi.js';
import { DESCRIPTION, OUTPUT, PUT, STATE } from '../core/layouts.js';
import { decode, encode, sizeOf } from '../core/structs.js';
import { fastestTile } from '../core/tiles.js';
import { withMask } from './mask.js';
import { Pace } from './pace.js';
import { PositionTable } from './positions.js';
import { Scratch } from './scratch.js';
import { beginning, mapSize, rowSize } from './sequences.js';
import { withSound } from './sounds.js';
import { withTrace } from './trace.js';

/**
 * @typedef {import('../architectures/blueprint.js').Blueprint} Blueprint
 * @typedef {import('../core/instance.js').Instance} Instance
 * @typedef {import('../core/layouts.js').State} State
 * @typedef {import('./sequences.js').Sequences} Sequences
 * @typedef {Omit<import('../architectures/blueprint.js').Output, 'name'> & { normalize?: boolean, skip?: number }} Output
 * @typedef {import('./sequences.js').Watcher} Watcher
 */

export class Model {
  /** @type {Instance} */ #instance;
  /** The encoder's address in the core. @type {number} */ address;
  /** @type {Scratch} */ #scratch;
  /** @type {PositionTable} */ #positions;
  /** Million multiplications between two looks at the clock. */ #pace = new Pace();
  /** @type {Blueprint} */ blueprint;
  /** @type {Blueprint['description']} */ description;
  /** How many states rows pass through. @type {number} */ states;
  /** Columns of the last one. @type {number} */ width;

  /**
   * Plans and places a model without weights, and scratch for blocks of some rows.
   * @param {Instance} instance
   * @param {Blueprint} blueprint
   * @param {number} rows
   * @param {'f32' | 'int8'} [dtype] how the layers' weights are kept
   */
  constructor(instance, blueprint, rows, dtype = 'f32') {
    this.#instance = instance;
    this.blueprint = blueprint;
    this.dtype = dtype;
    this.description = blueprint.description;
    const kept = dtype === 'int8' ? instance.call('wf_int8_dtype') : DTYPE.F32;
    const words = encode(DESCRIPTION, { ...this.description, tile: fastestTile(instance), dtype: kept });
    const bytes = new Uint32Array(1);
    instance.invoke('wf_encoder_plan', [{ out: bytes }, words]);
    this.#scratch = new Scratch(instance, words, this.description);
    // Memory grows once: each growth is a new buffer, which engines take for as much garbage.
    instance.expect(bytes[0] + this.#scratch.plan(rows, 0).bytes);
    this.address = instance.reserve(bytes[0]);
    instance.invoke('wf_encoder_create', [this.address, bytes[0], words]);
    this.states = this.state(0).states;
    this.width = this.state(this.states - 1).width;
    this.#scratch.encoder = this.address;
    this.#scratch.reach(rows, 0);
    this.#positions = new PositionTable(instance, this);
  }

  /**
   * Packs values of a weight that stand in the instance's memory.
   * @param {number} address
   * @param {import('../core/layouts.js').Put} put
   */
  put(address, put) {
    this.#instance.invoke('wf_encoder_put', [this.address, address, encode(PUT, put)]);
  }

  /** Makes what follows from the weights, once all are put. */
  derive() {
    this.#instance.invoke('wf_encoder_derive', [this.address]);
  }

  /** Bytes of the core's memory: packed weights, scratch and tables. */
  get memory() {
    return this.#instance.memorySize;
  }

  /** Rows that a block may have. */
  get maxRows() {
    return this.#scratch.rows;
  }

  /**
   * What a state holds, see wf_state.
   * @param {number} index
   * @param {[height: number, width: number]} [image] in pixels
   * @returns {State}
   */
  state(index, image = [0, 0]) {
    const words = new Uint32Array(sizeOf(STATE));
    this.#instance.invoke('wf_encoder_state', [{ out: words }, this.address, index, ...image]);
    return decode(STATE, words);
  }

  /** @param {number} length @returns {number} rows that a sequence takes in a block */
  rowCost(length) {
    return length && this.#instance.call('wf_encoder_row_cost', this.address, length);
  }

  /** @param {number} frames of sound @returns {number} rows that they become, 0 if they are too few */
  framesLength(frames) {
    return this.#instance.call('wf_encoder_frames_length', this.address, frames);
  }

  /**
   * Makes room for blocks of so many rows, none of whose sequences takes more than `longest` of them.
   * @param {number} rows
   * @param {number} [longest]
   */
  reach(rows, longest = 0) {
    this.#scratch.reach(rows, longest);
  }

  /**
   * Runs a block through stem, layers and final norm. Its rows stay in the core for `output`.
   * @param {Sequences} block
   * @param {import('./pace.js').Breath} breathe awaited now and then; may throw to stop
   * @param {Watcher} [watcher]
   */
  async run(block, breathe, watcher = {}) {
    if (block.time) this.reach(this.rowCost(this.framesLength(block.time)));
    await withTrace(this.#instance, this.address, watcher, (seen) =>
      withSound(this.#instance, block.frames, (place) => {
        this.#begin(block, place);
        return withMask(this.#instance, this.address, block.mask, () => this.#runAll(block, breathe, seen));
      }),
    );
    this.#instance.invoke('wf_encoder_finish', [this.address]);
  }

  /**
   * @param {Sequences} block
   * @param {import('./pace.js').Breath} breathe
   * @param {Watcher} watcher
   */
  async #runAll(block, breathe, watcher) {
    const watched = watcher.hidden || watcher.attentions;
    const last = this.states - 1;
    for (let i = 0; i <= last; i++) {
      if (!watched && i < last) continue;
      const state = this.state(i, block.image);
      const maps = i > 0 && watcher.attentions ? mapSize(state, block) : undefined;
      if (i > 0 || block.frames) await this.#runTo(i, breathe, maps, watcher);
      watcher.hidden?.(i, this.hidden(rowSize(state, block)));
    }
  }

  /**
   * @param {number} state
   * @param {import('./pace.js').Breath} breathe
   * @param {number | undefined} values of attention maps, if they are wanted
   * @param {Watcher} watcher
   */
  async #runTo(state, breathe, values, { attentions }) {
    const maps = values === undefined ? 0 : this.#instance.reserve(values * 4, { zeros: false });
    try {
      const left = new Uint32Array(1);
      do {
        await breathe();
        this.#pace.measure((work) =>
          this.#instance.invoke('wf_encoder_run', [{ out: left }, maps, this.address, state, work]),
        );
      } while (left[0]);
      if (values === undefined) return;
      const copy = new Float32Array(values);
      this.#instance.read(copy, maps);
      attentions?.(state, copy);
    } finally {
      if (values !== undefined) this.#instance.release(maps, values * 4);
    }
  }

  /** @param {Sequences} block @param {number} sound where frames stand in the instance's memory */
  #begin(block, sound) {
    const { image } = block;
    const { channels, width, prefix, prefix_positions: counted } = this.description;
    const places = image ? this.state(0, image).tokens - prefix + counted : 0;
    const [name, args] = beginning(block, image ? this.#positions.of(image) : null, sound);
    const sizes = { channels, places, D: width };
    this.#instance.invoke(`wf_encoder_begin_${name}`, [this.address, ...args], sizes);
  }

  /**
   * A copy of the block's rows as they stand.
   * @param {number} size in values
   */
  hidden(size, of = 'hidden') {
    const copy = new Float32Array(size);
    this.#instance.read(copy, this.#instance.call(`wf_encoder_${of}`, this.address));
    return copy;
  }

  /** Columns of an output's vectors. @param {Output} output */
  outputWidth({ poolings, heads }) {
    const head = heads.at(-1);
    return head === undefined ? this.width * (poolings.length || 1) : this.description.head[head].outputs;
  }

  /**
   * Fills an array with vectors of an output: of the sequences of the block that was run, or without pooling of its rows.
   * @param {Float32Array} out [count, width]
   * @param {Output} output
   * @param {Float32Array | null} [vectors] what goes through the heads instead of the block's rows, [count, inputs]
   */
  output(out, output, vectors = null) {
    const { poolings, heads } = output;
    const lists = { poolings: poolings.length, pooling: poolings, heads: heads.length, head: heads };
    const words = encode(OUTPUT, { ...output, ...lists });
    const width = this.outputWidth({ poolings, heads });
    // A few megabytes at a time: logits over a vocabulary are long.
    const step = Math.max(1, Math.floor((1 << 20) / width));
    const inputs = vectors && (vectors.length / out.length) * width;
    for (let first = 0; first * width < out.length; first += step) {
      const part = out.subarray(first * width, (first + step) * width);
      const count = part.length / width;
      const from = vectors?.subarray(first * Number(inputs), (first + count) * Number(inputs)) ?? null;
      const args = [{ out: part }, this.address, from, words, vectors ? 0 : first, count];
      this.#instance.invoke('wf_encoder_output', args, { D: width, inputs: Number(inputs) });
    }
  }

  /**
   * Calls the core on this encoder.
   * @param {string} name of the export
   * @param {import('../core/instance.js').Argument[]} args
   * @param {Record<string, number>} [sizes] of arrays that no argument tells
   */
  invoke(name, args, sizes = {}) {
    this.#instance.invoke(name, args, sizes);
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
