/** A tensor as a file: .npy, .csv, or a picture. Not here: vectors of texts, which come in batches (output.js). */
import { csvOf } from '../plot/csv.js';
import { drawHeatMap } from '../plot/heat-map.js';
import { encodePng } from '../plot/png.js';

/** @typedef {import('../../bindings/tensor.js').Tensor} Tensor */

export const FORMATS = ['npy', 'csv', 'png'];

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
