/** The position table of a model for images of any size. */

/** WF_RESAMPLE_CUBIC */
const CUBIC = 1;

export class PositionTable {
  /** The last table that was made. @type {{ key: string, table: Float32Array } | null} */ #last = null;

  /**
   * @param {import('../core/instance.js').Instance} instance
   * @param {import('../architectures/blueprint.js').Blueprint} blueprint
   */
  constructor(instance, { description, image }) {
    this.instance = instance;
    this.description = description;
    this.image = image;
  }

  /**
   * The rows to add for a grid of patches.
   * @param {number} encoder its address
   * @param {[height: number, width: number]} grid
   * @returns {Float32Array | null} [prefix rows + patches, D], or null for the model's own table
   */
  of(encoder, grid) {
    const {
      positions,
      prefix,
      prefix_positions: counted,
      width,
      patch_height,
      patch_width,
    } = this.description;
    if (!positions || !this.image) return null;
    const [height, across] = this.image;
    const trained = /** @type {[number, number]} */ ([
      Math.floor(height / patch_height),
      Math.floor(across / patch_width),
    ]);
    const key = grid.join();
    if (key === trained.join()) return null;
    if (this.#last?.key !== key) {
      const table = new Float32Array(positions * width);
      this.instance.read(table, this.instance.call('wf_encoder_positions', encoder));
      this.#last = {
        key,
        table: resizePositions(this.instance, table, counted * prefix * width, trained, grid),
      };
    }
    return this.#last.table;
  }
}

/**
 * Resizes a table of positions as transformers does: bicubic with a = -0.75, no antialiasing, corners not aligned.
 * @param {import('../core/instance.js').Instance} instance
 * @param {Float32Array} table [prefix rows + rows * columns, D]
 * @param {number} kept values of the prefix rows, which stay as they are
 * @param {[rows: number, columns: number]} from
 * @param {[rows: number, columns: number]} to
 * @returns {Float32Array} [prefix rows + rows * columns, D]
 */
function resizePositions(instance, table, kept, [rows, columns], [height, width]) {
  const grid = table.subarray(kept);
  const size = grid.length / (rows * columns);
  const tall = new Float32Array(height * columns * size);
  const wide = new Float32Array(height * width * size);
  instance.invoke('wf_resample_axis', [{ out: tall }, grid, 1, rows, height, columns * size, 0, CUBIC]);
  instance.invoke('wf_resample_axis', [{ out: wide }, tall, height, columns, width, size, 0, CUBIC]);
  const resized = new Float32Array(kept + wide.length);
  resized.set(table.subarray(0, kept));
  resized.set(wide, kept);
  return resized;
}
