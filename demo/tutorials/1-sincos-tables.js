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
import { runAsProgram, save } from './tools.js';

/**
 * @param {{ length?: number, dim?: number }} [line] of the table along a line
 * @param {{ height?: number, width?: number, dim?: number }} [grid] of the table over a grid
 * @returns {Promise<{ line: import('wasmformer').Tensor, grid: import('wasmformer').Tensor }>} [length, dim],
 *   [height width, dim]
 */
export async function sincosTables(line = {}, grid = {}) {
  const pe = await encodings();
  const tables = {
    line: pe.sincos1d({ length: 200, dim: 256, ...line, preset: 'simple-vit' }),
    grid: pe.sincos2d({ height: 20, width: 20, dim: 256, ...grid, preset: 'simple-vit' }),
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
