/** The position table of a model for images of any size. */
import { allocate } from '../arrays.js';
import { resampleGrid } from '../core/resample.js';
import { ShapeError } from '../errors.js';

/** transformers' way, unless the family says another. @type {import('../core/resample.js').Method} */
const CUBIC = { mode: 'bicubic' };

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
   * The rows to add for an image of another size than the trained one; prefix rows stay as they are.
   * @param {[height: number, width: number]} image in pixels
   * @returns {Float32Array | null} [prefix rows + patches, D], or null for the model's own table
   */
  of(image) {
    const { positions, prefix_positions: counted, width } = this.model.description;
    const { image: trained, resample = CUBIC, places } = this.model.blueprint;
    if (!positions || !trained) return null;
    const [own, to] = [this.#grid(trained), this.#grid(image)];
    const key = to.join();
    const isOwn =
      places === 'square'
        ? image[0] === image[1] && to[0] * to[1] === positions - counted
        : key === own.join();
    if (isOwn) return null;
    if (this.#last?.key !== key) {
      const table = new Float32Array(positions * width);
      this.instance.read(table, this.instance.call('wf_encoder_positions', this.model.address));
      const kept = counted * width;
      if (places === 'first rows') {
        this.#last = { key, table: table.subarray(0, kept + this.#checkRows(to) * width) };
        return this.#last.table;
      }
      const resized = allocate(Float32Array, kept + to[0] * to[1] * width);
      resized.set(table.subarray(0, kept));
      const from = places ? this.#square(to) : own;
      resampleGrid(this.instance, resized.subarray(kept), table.subarray(kept), from, to, width, resample);
      this.#last = { key, table: resized };
    }
    return this.#last.table;
  }

  /** The square map of as many patches as the table has rows. @param {[number, number]} grid @returns {[number, number]} */
  #square([rows, columns]) {
    const { positions, prefix_positions: counted } = this.model.description;
    const side = Math.sqrt(positions - counted);
    if (Number.isInteger(side)) return [side, side];
    throw new ShapeError(
      `pixel_values has ${rows} x ${columns} patches; the model has positions for ${positions - counted}, which are not resized unless they are those of a square`,
      { path: 'pixel_values', value: [rows, columns] },
    );
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
