/** The library's log coordinates of a window, axis by axis. */
import { pairOf } from '../heads/tables.js';

/**
 * @param {import('../../../../../bindings/tensor.js').Tensor} coordinates [2h-1, 2w-1, 2]
 * @returns {{ down: number[], across: number[] }} of each row's and each column's offset
 */
export function axesOf({ data, shape: [rows, columns] }) {
  const [row, column] = [rows >> 1, columns >> 1];
  return {
    down: Array.from({ length: rows }, (_, i) => Number(data[2 * (i * columns + column)])),
    across: Array.from({ length: columns }, (_, i) => Number(data[2 * (row * columns + i) + 1])),
  };
}

/** Offsets from the least to the largest. @param {number} size of an axis of the window */
export const offsetsOf = (size) => Array.from({ length: 2 * size - 1 }, (_, i) => i - size + 1);

/** What of continuousBias' options the coordinates are made of. @param {Record<string, any>} options */
export function coordinateOptions({ window, trainedWindow, mode, oneToken }) {
  return Object.fromEntries(
    Object.entries({ window, trainedWindow, mode, oneToken }).filter(([, value]) => value !== undefined),
  );
}

/** An offset as it is read: a sign, as it has a direction. @param {number} value @param {number} [digits] */
export const signed = (value, digits = 0) =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(digits)}`;

export { pairOf };
