/** The position table of a model for images of any size. */

import { ShapeError } from '../errors.js';

/** WF_RESAMPLE_CUBIC */
const CUBIC = 1;

export class PositionTable {
  /** The last table that was made. @type {{ key: string, table: Float32Array } | null} */ #last = null;

  /**
   * @param {import('../core/instance.js').Instance} instance
   * @param {import('./model.js').Model} model
   */
  constructor(instance, model) {
    this.instance = instance;
    this.model = model;
  }

  /** Patches down and across an image. @param {[height: number, width: number]} image @returns {[number, number]} */
  #grid(image) {
    const { height, across } = this.model.state(0, image);
    return [height, across];
  }

  /**
   * The rows to add for an image of another size than the trained one.
   * @param {[height: number, width: number]} image in pixels
   * @returns {Float32Array | null} [prefix rows + patches, D], or null for the model's own table
   */
  of(image) {
    const { positions, prefix_positions: counted, width } = this.model.description;
    const trained = this.model.blueprint.image;
    if (!positions || !trained) return null;
    const [from, to] = [this.#grid(trained), this.#grid(image)];
    const key = to.join();
    if (key === from.join()) return null;
    if (this.#last?.key !== key) {
      const table = new Float32Array(positions * width);
      this.instance.read(table, this.instance.call('wf_encoder_positions', this.model.address));
      const isCut = this.model.blueprint.places === 'first rows';
      const made = isCut
        ? table.subarray(0, (counted + this.#checkRows(to)) * width)
        : resizePositions(this.instance, table, counted * width, from, to);
      this.#last = { key, table: made };
    }
    return this.#last.table;
  }

  /** Patches of an image for which the table has rows. @param {[number, number]} grid */
  #checkRows([rows, columns]) {
    const { positions, prefix_positions: counted } = this.model.description;
    if (rows * columns <= positions - counted) return rows * columns;
    throw new ShapeError(
      `pixel_values has ${rows} x ${columns} patches; the model has positions for ${positions - counted}`,
      { path: 'pixel_values', value: [rows, columns] },
    );
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
