/**
 * Tutorial 1: the sin-cos tables of positions, along a line and over a grid, as heat maps with a colour bar.
 *
 * The original (the source of sinusoidal positions, chinasem.cn/article/615771) defines `posemb_sincos_1d` and
 * `posemb_sincos_2d` as the simple ViT does: frequencies base^(-i/(n-1)), sines and cosines in halves. What is wrong there:
 * - It does not parse as printed: its line breaks are lost.
 * - A table with one frequency (dim 2 on a line, dim 4 on a grid) is NaN everywhere, since n - 1 is 0. Here that frequency
 *   is 1; `guard: false` gives the original's NaN.
 * - "Interleaved or not does not matter" is true only before training: a model needs the order that it was trained with.
 *   The preset names the one of this code.
 */
import { encodings } from 'wasmformer';
import { drawHeatMap } from '../../web/plot/heat-map.js';
import { encodePng } from '../../web/plot/png.js';
import { cast, runAsProgram, save } from './tools.js';

/**
 * @typedef {import('wasmformer').Tensor} Tensor
 * @typedef {Parameters<typeof cast>[1]} Dtype
 */

/**
 * @param {{ length?: number, dim?: number, temperature?: number, dtype?: Dtype }} [line] of the table along a line;
 *   temperature: the base of the frequencies
 * @param {{ height?: number, width?: number, dim?: number, temperature?: number, dtype?: Dtype }} [grid] of the table over a
 *   grid
 * @returns {Promise<{ line: Tensor, grid: Tensor }>} [length, dim], [height width, dim]. Values are computed in float32 and
 *   then cast, as in the original; there is no float16, since JavaScript's arrays of it are too new
 */
export async function sincosTables(line = {}, grid = {}) {
  const pe = await encodings();
  const { length = 200, height = 20, width = 20 } = { ...line, ...grid };
  const [alongLine, overGrid] = [line, grid].map(({ dim = 256, temperature: base = 10000 }) => ({
    dim,
    base,
  }));
  const tables = {
    line: cast(pe.sincos1d({ length, ...alongLine, preset: 'simple-vit' }), line.dtype ?? 'float32'),
    grid: cast(pe.sincos2d({ height, width, ...overGrid, preset: 'simple-vit' }), grid.dtype ?? 'float32'),
  };
  pe.dispose();
  return tables;
}

async function main() {
  const { line, grid } = await sincosTables();
  console.log(`along a line: [${line.shape}], over a grid: [${grid.shape}]`);
  console.log('position 1, the first three sines:', line.slice(1, [0, 3]).tolist());
  const rows = 'position';
  const titles = { line: 'sin-cos along a line', grid: 'sin-cos over a grid of 20 x 20' };
  await save('1-line.png', await encodePng(drawHeatMap(line, { title: titles.line, rows })));
  await save('1-grid.png', await encodePng(drawHeatMap(grid, { title: titles.grid, rows })));

  const single = await sincosTables({ length: 3, dim: 2 }, { height: 2, width: 2, dim: 4 });
  console.log('one frequency, no NaN:', single.line.tolist());
}

await runAsProgram(import.meta.url, main);
