/** From a result of an encoding to the plane that is shown. */
import { Tensor } from '../../../bindings/tensor.js';

/** @typedef {{ data: ArrayLike<number | bigint>, shape: readonly number[] }} Numbers */

/**
 * The tensors of a result by name; a single one has none.
 * @param {any} result
 * @returns {Map<string, Tensor>}
 */
export function resultsOf(result) {
  const entries = Object.entries(result instanceof Tensor ? { '': result } : (result ?? {}));
  return new Map(entries.flatMap(([name, value]) => (value instanceof Tensor ? [[name, value]] : [])));
}

/**
 * One plane of the last two axes.
 * @param {Numbers} numbers
 * @param {number} [wanted] its number; the nearest one there is taken
 */
export function planeOf({ data, shape }, wanted = 0) {
  const [rows, columns] = [1, 1, ...shape].slice(-2);
  const size = rows * columns;
  const count = size ? data.length / size : 0;
  const index = Math.min(Math.max(wanted, 0), count - 1);
  const [from, to] = [index * size, (index + 1) * size];
  // A million numbers are looked at where they are.
  const isTyped = data instanceof Float32Array || data instanceof Int32Array;
  return {
    data: isTyped ? data.subarray(from, to) : Array.prototype.slice.call(data, from, to),
    rows,
    columns,
    count,
    index,
  };
}

/**
 * The width of the picture whose patches are the rows, or 0.
 * @param {Record<string, any>} options
 * @param {number} rows
 */
export function gridOf({ height, width, tokens, prefix = 0 }, rows) {
  return prefix === 0 && tokens !== 'column-major' && height > 1 && width > 1 && height * width === rows
    ? width
    : 0;
}
