/**
 * Tutorial 3: three tables of positions (the Transformer's, ViT's, and one of rows and columns), and the attention of Swin,
 * softmax(Q K^T / sqrt(d) + B) V, which the third one is not.
 *
 * The original ("three position encodings", csdn) has code for each. What is wrong there:
 * - `create_1d_absolute_sincos_embedding` fails on its own example: `torch.arange(10)` is of integers, and the product of
 *   integers and fractions raises. Here positions may be anything: fractions, negative, repeated.
 * - Its text divides by 100000^(2i/d), its code by 10000^(2i/d), as the paper does. The base is an option.
 * - `create_1d_absolute_trainable_embedding` does not compile: tabs and spaces are mixed.
 * - `RelativePositionEmbedding2D` cannot run (`num_patches_h` is not known in `forward`, rows and columns are never
 *   flattened), and it is no relative position: it adds a learned row and a learned column to each patch. That is
 *   `rowColumn` here. Swin has a bias for each pair of patches in a window instead, by their offset: `windowBias`.
 */
import { encodings } from 'wasmformer';
import { drawHeatMap } from '../../web/plot/heat-map.js';
import { encodePng } from '../../web/plot/png.js';
import { filled, randomTensors, runAsProgram, save } from './tools.js';

/**
 * @typedef {import('wasmformer').Tensor} Tensor
 * @typedef {import('wasmformer').Tensor<'float32'>} Floats a tensor of float32
 */

/**
 * The Transformer's sinusoids of any positions.
 * @param {{ positions?: readonly number[] | Tensor, dim?: number, base?: number }} [given]
 * @returns {Promise<Tensor>} [positions, dim]
 */
export async function sinusoids({ positions = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], dim = 8, base = 10000 } = {}) {
  const pe = await encodings();
  const table = pe.sincos1d({ positions, dim, base, preset: 'vaswani' });
  pe.dispose();
  return table;
}

/**
 * ViT's learned table, which begins with zeros, added to tokens.
 * @param {{ length?: number, dim?: number, table?: Tensor, x?: Tensor }} [given] length and dim of a table that is still
 *   zeros, or a table [rows, dim]; x: [B, T, dim], T at most the rows
 * @returns {Promise<Tensor>} [B, T, dim]
 */
export async function learned({
  length = 10,
  dim = 8,
  table = filled([length, dim], () => 0),
  x = filled([1, ...table.shape], (i) => i),
} = {}) {
  const pe = await encodings();
  const sum = pe.learnedTable({ table, x });
  pe.dispose();
  return sum;
}

/**
 * A learned row and a learned column for each patch of a picture, alone and added to the patches.
 * @param {object} [given]
 * @param {[height: number, width: number]} [given.image_size] in pixels, a multiple of the patch
 * @param {[height: number, width: number]} [given.patch_size]
 * @param {number} [given.dim]
 * @param {Tensor} [given.row] [h, dim], h patches down the picture; random by default
 * @param {Tensor} [given.column] [w, dim]
 * @param {Tensor} [given.x] [B, h w, dim]
 * @returns {Promise<{ table: Tensor, sum: Tensor }>} [h w, dim], [B, h w, dim]
 */
export async function rowsAndColumns({
  image_size = [224, 224],
  patch_size = [16, 16],
  dim = 256,
  row = randomTensors(1)([image_size[0] / patch_size[0], dim], 0.02),
  column = randomTensors(2)([image_size[1] / patch_size[1], dim], 0.02),
  x = filled([1, row.shape[0] * column.shape[0], row.shape[1]], () => 0),
} = {}) {
  const pe = await encodings();
  const [table, sum] = [pe.rowColumn({ row, column }), pe.rowColumn({ row, column, x })];
  pe.dispose();
  return { table, sum };
}

/**
 * Attention inside one window of Swin, written out.
 * @param {object} given N = height width patches, H heads, d channels each
 * @param {[number, number]} given.window height and width
 * @param {Floats} given.query [H, N, d]
 * @param {Floats} given.key [H, N, d]
 * @param {Floats} given.value [H, N, d]
 * @param {Floats} given.table [(2 height - 1)(2 width - 1), H]: a learned number for each offset and head
 * @returns {Promise<{ bias: Floats, weights: Floats, output: Floats }>} [H, N, N], [H, N, N], [H, N, d]
 */
export async function windowAttention({ window, query, key, value, table }) {
  const pe = await encodings();
  const bias = pe.windowBias({ window, table });
  pe.dispose();
  const [heads, tokens, channels] = query.shape;
  const weights = filled(bias.shape, () => 0);
  const output = filled(query.shape, () => 0);
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < tokens; i++) {
      const [q, b] = [query.slice(head, i).data, bias.slice(head, i).data];
      const scores = Array.from(
        b,
        (offset, j) => dot(q, key.slice(head, j).data) / Math.sqrt(channels) + offset,
      );
      const shares = softmax(scores);
      weights.data.set(shares, (head * tokens + i) * tokens);
      shares.forEach((share, j) => {
        const from = value.slice(head, j).data;
        for (let c = 0; c < channels; c++) output.data[(head * tokens + i) * channels + c] += share * from[c];
      });
    }
  }
  return { bias, weights, output };
}

/** @param {Float32Array} a @param {Float32Array} b */
const dot = (a, b) => a.reduce((sum, value, c) => sum + value * b[c], 0);

/** @param {number[]} scores */
function softmax(scores) {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

async function main() {
  console.log('the sinusoids of positions 0 to 9:', (await sinusoids()).shape);
  console.log('of a position between two others:', (await sinusoids({ positions: [2.5], dim: 4 })).tolist());
  console.log('a learned table that is still zero changes nothing:', (await learned()).slice(0, 9).tolist());
  const { table, sum } = await rowsAndColumns();
  console.log(`rows and columns of 14 x 14 patches: [${table.shape}], added to them: [${sum.shape}]`);

  const random = randomTensors(3);
  const [heads, tokens, channels] = [3, 49, 32];
  const [query, key, value] = [1, 2, 3].map(() => random([heads, tokens, channels], 1));
  const offsets = random([13 * 13, heads], 1);
  const { bias, weights, output } = await windowAttention({
    window: [7, 7],
    query,
    key,
    value,
    table: offsets,
  });
  console.log(`Swin's bias: [${bias.shape}], weights: [${weights.shape}], output: [${output.shape}]`);
  const names = { rows: 'query', columns: 'key' };
  await save(
    '3-bias.png',
    await encodePng(drawHeatMap(bias, { ...names, title: 'bias by head', ramp: 'diverging' })),
  );
}

await runAsProgram(import.meta.url, main);
