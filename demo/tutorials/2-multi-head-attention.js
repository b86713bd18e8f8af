/**
 * Tutorial 2: the multi-head attention of "Dive into Deep Learning" on sequences of different lengths, and its table of
 * positions with columns 6 to 9 drawn as lines.
 *
 * The original (self-attention and position encoding, csdn Hiweir/142418622) takes d2l's MultiHeadAttention with 100 hidden
 * units, 5 heads and no biases, a batch of two sequences of four tokens, of which 3 and 2 are valid. What to know:
 * - It does not parse as printed: its line breaks are lost. The algorithm is right.
 * - All tokens are ones, so all rows of the result are equal: attention without positions cannot tell tokens apart.
 * - Masked scores become -1e6, not -infinity: a sequence with no valid token gets even weights over all tokens, not NaN.
 * - The table is 10000 rows long and needs an even width; more positions or an odd width are refused, here by an InputError.
 */
import { encodings, load } from 'wasmformer';
import { linePlot, serialize } from '../../web/plot/line-plot.js';
import { filled, randomTensors, runAsProgram, save } from './tools.js';

/** @typedef {import('wasmformer').Tensor} Tensor */

const CONFIG = { model_type: 'd2l_multihead_attention', num_hiddens: 100, num_heads: 5, bias: false };
const COLUMNS = [6, 7, 8, 9];

/** Weights as torch.nn.Linear begins with: even within 1/sqrt(inputs). @returns {Record<string, Tensor>} */
function randomWeights() {
  const random = randomTensors(1);
  const { num_hiddens: width } = CONFIG;
  const names = ['W_q.weight', 'W_k.weight', 'W_v.weight', 'W_o.weight'];
  return Object.fromEntries(names.map((name) => [name, random([width, width], 1 / Math.sqrt(width))]));
}

/**
 * Attention without a checkpoint: a configuration and tensors are all that `load` needs.
 * @param {object} [given]
 * @param {Record<string, Tensor>} [given.tensors] the four weights
 * @param {Tensor} [given.queries] [B, Tq, 100]
 * @param {Tensor} [given.keys] [B, Tk, 100]; the queries by default, which is self-attention
 * @param {Tensor} [given.values] [B, Tk, 100]
 * @param {Tensor | number[]} [given.valid_lens] [B]: keys from there on are masked
 * @returns {Promise<{ output: Tensor, attention_weights: Tensor }>} [B, Tq, 100], [B heads, Tq, Tk]
 */
export async function attend({
  tensors = randomWeights(),
  queries = filled([2, 4, CONFIG.num_hiddens], () => 1),
  keys = queries,
  values = keys,
  valid_lens = [3, 2],
} = {}) {
  const attention = await load({ config: CONFIG, tensors });
  const { output, attention_weights } = await attention.forward({ queries, keys, values, valid_lens });
  attention.dispose();
  return { output, attention_weights };
}

/**
 * The table of positions, and tokens with it added.
 * @param {{ length?: number, dim?: number, x?: Tensor }} [given] x: [B, length, dim], zeros by default
 * @returns {Promise<{ table: Tensor, sum: Tensor }>} [length, dim], [B, length, dim]
 */
export async function positions({ length = 60, dim = 32, x = filled([1, length, dim], () => 0) } = {}) {
  const pe = await encodings();
  const table = pe.sincos1d({ length, dim, preset: 'd2l' });
  const sum = pe.learnedTable({ table, x });
  pe.dispose();
  return { table, sum };
}

async function main() {
  const { output, attention_weights: weights } = await attend();
  console.log(`output: [${output.shape}]`);
  console.log('weights of the first token, head 0, in both sequences:');
  console.log(weights.slice(0, 0).tolist(), weights.slice(CONFIG.num_heads, 0).tolist());

  const { table, sum } = await positions();
  console.log(`positions: [${table.shape}], tokens with positions: [${sum.shape}]`);
  const rows = Array.from({ length: table.shape[0] }, (_, row) => row);
  const series = COLUMNS.map((column) => ({
    name: `column ${column}`,
    values: /** @type {Float32Array} */ (table.slice(null, column).data),
  }));
  await save(
    '2-columns.svg',
    serialize(linePlot({ series, x: rows, xName: 'position', title: 'Columns 6 to 9' })),
  );
}

await runAsProgram(import.meta.url, main);
