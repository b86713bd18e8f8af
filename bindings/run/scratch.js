/** A model's scratch in the core: a block of memory that may be replaced by a larger one between two forwards. */

/** Rows that attention works on at a time, where no sequence or window is longer: more would only take memory. */
const GROUP_ROWS = 1024;
/** Padding a window to whole tiles takes less than this. */
const WIDEST_TILE = 12;

/** @typedef {{ address: number, bytes: number, rows: number, group: number }} Block */

export class Scratch {
  /** @type {Block} */ #block = { address: 0, bytes: 0, rows: 0, group: 0 };

  /**
   * @param {import('../core/instance.js').Instance} instance
   * @param {number} encoder its address
   * @param {import('../architectures/blueprint.js').ModelDescription} description
   */
  constructor(instance, encoder, { kind }) {
    this.instance = instance;
    this.encoder = encoder;
    /** Rows of the largest window; 0 without windows. */
    this.window = Math.max(0, ...kind.map(({ window }) => window && window ** 2 + WIDEST_TILE));
  }

  /** Rows that a block may have. */
  get rows() {
    return this.#block.rows;
  }

  /**
   * Makes room for blocks of so many rows, none of whose sequences takes more than `longest` of them. Room that is there
   * stays, also if there is not enough memory for more.
   * @param {number} rows
   * @param {number} longest
   */
  reach(rows, longest) {
    const had = this.#block;
    const most = Math.max(had.rows, rows, longest);
    const group = Math.max(had.group, Math.min(most, GROUP_ROWS), this.window || longest);
    if (most === had.rows && group === had.group) return;
    const bytes = new Uint32Array(1);
    this.instance.invoke('wf_encoder_scratch_plan', [{ out: bytes }, this.encoder, most, group]);
    if (had.bytes) this.instance.release(had.address, had.bytes);
    try {
      this.#place({ bytes: bytes[0], rows: most, group });
    } catch (error) {
      if (had.bytes) this.#place(had);
      throw error;
    }
  }

  /** @param {Omit<Block, 'address'>} block */
  #place({ bytes, rows, group }) {
    const address = this.instance.reserve(bytes);
    this.instance.invoke('wf_encoder_scratch', [this.encoder, address, bytes, rows, group]);
    this.#block = { address, bytes, rows, group };
  }
}
