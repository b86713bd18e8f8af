/** Tables as text: lines of numbers between commas. */

/** Rows that are written at a time. */
const ROWS = 256;

/**
 * A row of the last axis a line, those of several planes one after another; float32 with at most nine digits, which bring
 * each value back.
 * @param {import('../../bindings/tensor.js').Tensor} tensor
 * @returns {Generator<string>}
 */
export function* csvOf({ dtype, data, shape }) {
  const width = shape.at(-1) ?? 1;
  const rows = width === 0 ? 0 : data.length / width;
  const text = (/** @type {number | bigint} */ value) =>
    String(dtype === 'float32' ? Number(Number(value).toPrecision(9)) : value);
  for (let start = 0; start < rows; start += ROWS) {
    let lines = '';
    for (let row = start; row < Math.min(start + ROWS, rows); row++) {
      lines += `${Array.from(data.subarray(row * width, (row + 1) * width), text).join(',')}\n`;
    }
    yield lines;
  }
}
