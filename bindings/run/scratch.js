/** A model's scratch in the core: a block of memory that may be replaced by a larger one between two forwards. */

/** Rows that attention works on at a time, where no sequence or window is longer: more would only take memory. */
const GROUP_ROWS = 256;
/** Padding a window to whole tiles takes less than this. */
const WIDEST_TILE = 16;

/** @typedef {{ address: number, bytes: number, rows: number, group: number }} Block */

export class Scratch {
  /** @type {Block} */ #block = { address: 0, bytes: 0, rows: 0, group: 0 };

  /**
   * @param {import('../core/instance.js').Instance} instance
   * @param {Uint32Array} words the encoder's description as the core reads it
   * @param {import('../architectures/blueprint.js').ModelDescription} description
   */
  constructor(instance, words, { kind }) {
    this.instance = instance;
    /** The encoder's address, once it is placed. */
    this.encoder = 0;
    this.words = words;
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
    const wanted = this.plan(rows, longest);
    if (wanted.rows === had.rows && wanted.group === had.group) return;
    if (had.bytes) this.instance.release(had.address, had.bytes);
    try {
      this.#place(wanted);
    } catch (error) {
      if (had.bytes) this.#place(had);
      throw error;
    }
  }

  /**
   * The block that `reach` places.
   * @param {number} rows
   * @param {number} longest
   * @returns {Omit<Block, 'address'>}
   */
  plan(rows, longest) {
    const had = this.#block;
    const most = Math.max(had.rows, rows, longest);
    const group = Math.max(had.group, Math.min(most, GROUP_ROWS), this.window || longest);
    const bytes = new Uint32Array(1);
    const { threads } = this.instance.sharing;
    this.instance.invoke('wf_encoder_scratch_plan', [{ out: bytes }, this.words, most, group, threads]);
    return { bytes: bytes[0], rows: most, group };
  }

  /** @param {Omit<Block, 'address'>} block */
  #place({ bytes, rows, group }) {
    const address = this.instance.reserve(bytes, { zeros: false });
    const { threads, team } = this.instance.sharing;
    this.instance.invoke('wf_encoder_scratch', [this.encoder, address, bytes, rows, group, threads, team]);
    this.#block = { address, bytes, rows, group };
  }
}
