/** A tensor as a file: .npy, .csv, or a picture. Not here: vectors of texts, which come in batches (output.js). */
import { drawHeatMap } from '../plot/heat-map.js';
import { encodePng } from '../plot/png.js';

/** @typedef {import('../../bindings/tensor.js').Tensor} Tensor */

export const FORMATS = ['npy', 'csv', 'png'];

/** Rows of .csv that are held at a time. */
const ROWS = 256;

/**
 * @param {Tensor} tensor
 * @param {string} format
 * @param {import('./output.js').Sink} sink
 * @param {string} title of a picture
 */
export async function writeTable(tensor, format, sink, title) {
  if (format === 'npy') await sink.write(tensor.toNpy());
  else if (format === 'png') await sink.write(await encodePng(drawHeatMap(tensor, { title })));
  else for (const lines of csvOf(tensor)) await sink.write(lines);
}

/**
 * The name of a file for one of several results: table.npy becomes table-cos.npy.
 * @param {string} file
 * @param {string} part
 */
export const fileFor = (file, part) => file.replace(/(\.\w+)?$/, `-${part}$1`);

/**
 * A row of the last axis a line, those of several planes one after another; float32 with at most nine digits, which bring
 * each value back.
 * @param {Tensor} tensor
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
