/**
 * Tutorial 2: the multi-head attention of "Dive into Deep Learning" on sequences of different lengths, and its table of
 * positions with columns 6 to 9 drawn as lines.
 *
 * The original (self-attention and position encoding, csdn Hiweir/142418622) takes d2l's MultiHeadAttention with 100 hidden
 * units, 5 heads and no biases, a batch of two sequences of four tokens, of which 3 and 2 are valid. What to know:
 * - It does not parse as printed: its line breaks are lost. The algorithm is right.
 * - All tokens are ones, so all rows of the result are equal: attention without positions cannot tell tokens apart.
 * - Masked scores become -1e6, not -infinity: a sequence with no valid token gets even weights over all tokens, not NaN.
 * - A valid length above the number of keys masks nothing. Lengths may be of sequences [B], or of queries [B, Tq].
 * - Queries, keys and values may have sizes of their own (query_size, key_size, value_size); dropout is for training only.
 * - The table is 10000 rows long (max_len) and needs an even width; more positions or an odd width are refused, here by an
 *   InputError.
 */
import { encodings, load } from 'wasmformer';
import { linePlot, serialize } from '../../web/plot/line-plot.js';
import { filled, randomTensors, runAsProgram, save } from './tools.js';

/** @typedef {import('wasmformer').Tensor} Tensor */

const CONFIG = { model_type: 'd2l_multihead_attention', num_hiddens: 100, num_heads: 5, bias: false };
const COLUMNS = [6, 7, 8, 9];

/**
 * What MultiHeadAttention is made with; sizes that are left out are num_hiddens.
 * @typedef {Partial<typeof CONFIG> & { query_size?: number, key_size?: number, value_size?: number }} Sizes
 */

/**
 * Weights as torch.nn.Linear begins with: even within 1/sqrt(inputs).
 * @param {typeof CONFIG & Sizes} config
 * @returns {Record<string, Tensor>}
 */
function randomWeights({ num_hiddens: width, bias, ...sizes }) {
  const random = randomTensors(1);
  const { query_size: query = width, key_size: key = width, value_size: value = width } = sizes;
  const linear = (/** @type {string} */ name, /** @type {number} */ inputs) => ({
    [`${name}.weight`]: random([width, inputs], 1 / Math.sqrt(inputs)),
    ...(bias && { [`${name}.bias`]: random([width], 1 / Math.sqrt(inputs)) }),
  });
  return { ...linear('W_q', query), ...linear('W_k', key), ...linear('W_v', value), ...linear('W_o', width) };
}

/**
 * Attention without a checkpoint: a configuration and tensors are all that `load` needs.
 * @param {object} [given]
 * @param {Sizes} [given.config] what differs from the original's sizes
 * @param {Record<string, Tensor>} [given.tensors] the four weights, and their biases if the configuration has some
 * @param {Tensor} [given.queries] [B, Tq, query_size]
 * @param {Tensor} [given.keys] [B, Tk, key_size]; the queries by default, which is self-attention
 * @param {Tensor} [given.values] [B, Tk, value_size]
 * @param {Tensor | number[] | number[][] | null} [given.valid_lens] [B] or [B, Tq]: keys from there on are masked; null: none
 * @returns {Promise<{ output: Tensor, attention_weights: Tensor }>} [B, Tq, num_hiddens], [B heads, Tq, Tk]
 */
export async function attend({
  config: sizes = {},
  tensors,
  queries = filled([2, 4, sizes.query_size ?? sizes.num_hiddens ?? CONFIG.num_hiddens], () => 1),
  keys = queries,
  values = keys,
  valid_lens = [3, 2],
} = {}) {
  const config = { ...CONFIG, ...sizes };
  const attention = await load({ config, tensors: tensors ?? randomWeights(config) });
  const { output, attention_weights } = await attention.forward({ queries, keys, values, valid_lens });
  attention.dispose();
  return { output, attention_weights };
}

/**
 * The table of positions, and tokens with its first rows added.
 * @param {{ length?: number, dim?: number, max_len?: number, x?: Tensor }} [given] max_len: rows of the table; x:
 *   [B, T, dim] with T at most max_len, by default [1, length, dim] of zeros
 * @returns {Promise<{ table: Tensor, sum: Tensor }>} the rows that were added [T, dim], [B, T, dim]
 */
export async function positions({
  length = 60,
  dim = 32,
  max_len = 10000,
  x = filled([1, length, dim], () => 0),
} = {}) {
  const pe = await encodings();
  const [, tokens, width] = x.shape;
  const table = pe.sincos1d({ length: tokens, dim: width, maxLength: max_len, preset: 'd2l' });
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
