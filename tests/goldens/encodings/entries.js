/**
 * What the tables of goldens share: the form of an entry, and moving options and tensors about. Nothing is computed.
 */
import { Tensor } from '../../../bindings/tensor.js';

/**
 * @typedef {Record<string, any>} Results
 * @typedef {(pe: Record<string, (options: any) => any>, params: any, inputs: Record<string, Tensor>) => Results} Entry a
 *   golden's params and inputs to its outputs by name
 */

/** Without the options that a case leaves out or calls null. @param {Record<string, unknown>} options */
export const given = (options) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value != null));

/** Tensors side by side along the last axis. @param {...Tensor} parts */
export function join(...parts) {
  const widths = parts.map(({ shape }) => shape[shape.length - 1]);
  const width = widths.reduce((sum, n) => sum + n, 0);
  const rows = parts[0].data.length / widths[0];
  const data = new Float32Array(rows * width);
  for (let row = 0, at = 0; row < rows; row++) {
    for (const [i, part] of parts.entries()) {
      data.set(/** @type {Float32Array} */ (part.data).subarray(row * widths[i], (row + 1) * widths[i]), at);
      at += widths[i];
    }
  }
  return new Tensor('float32', data, [...parts[0].shape.slice(0, -1), width]);
}
