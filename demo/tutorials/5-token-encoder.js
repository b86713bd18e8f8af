/**
 * Tutorial 5: the encoder of the Transformer on token ids: a vocabulary of 10000, width 512, 6 layers of 8 heads, a batch of 32
 * sequences of 50 tokens. Out come 32 x 50 vectors of 512.
 *
 * The original (the encoder in depth, laogonggong.com/news/75027) writes it in PyTorch. What is wrong there:
 * - A parenthesis is missing in the positions' `div_term`: it does not parse.
 * - `einsum('bhid,bhjd->bhij')` gets tensors laid out [B, T, H, d]: heads attend to heads inside each token, and tokens never
 *   meet. With the axes in the order that the letters say, as here, it is nn.TransformerEncoderLayer to the last digits.
 * - So its mask would have had the shape [B, T, H, H]. Here `mask` is over pairs of tokens, [T, T] or [B, T, T]: scores become
 *   -1e10 where it is 0, so that a token that may attend to none attends to all evenly. `attention_mask` [B, T] is another
 *   thing: its tokens are left out, and their rows are zeros.
 * - The feed-forward network is 4 times as wide (expansion), whatever the width; dropout is for training only.
 * - Positions end at 5000: a longer sequence raises; here it is an InputError.
 */
import { encodings, load } from 'wasmformer';
import { filled, randomTensors, runAsProgram } from './tools.js';

/** @typedef {import('wasmformer').Tensor} Tensor */

const CONFIG = {
  ...{ model_type: 'vanilla_encoder', vocab_size: 10000, hidden_size: 512, num_hidden_layers: 6 },
  ...{
    num_attention_heads: 8,
    hidden_act: 'gelu',
    norm: 'post',
    layer_norm_eps: 1e-5,
  },
  ...{ position: 'sinusoid_interleaved', max_position_embeddings: 5000 },
};

/** How many times as wide as the rows the feed-forward network is. */
const EXPANSION = 4;

/** @typedef {Partial<typeof CONFIG> & { intermediate_size?: number }} Sizes */

/** The table of positions, which is no weight: the library makes it. @param {number} length @param {number} dim */
export async function positions(length, dim) {
  const pe = await encodings();
  const table = pe.sincos1d({ length, dim, preset: 'vaswani' });
  pe.dispose();
  return table;
}

/** All weights but the positions. @param {typeof CONFIG & Sizes} config @returns {Record<string, Tensor>} */
function randomWeights({
  vocab_size: vocabulary,
  hidden_size: width,
  intermediate_size: inner = EXPANSION * width,
  num_hidden_layers: layers,
}) {
  const random = randomTensors(7);
  const linear = (
    /** @type {string} */ name,
    /** @type {number} */ outputs,
    /** @type {number} */ inputs,
  ) => ({
    [`${name}.weight`]: random([outputs, inputs], 1 / Math.sqrt(inputs)),
    [`${name}.bias`]: random([outputs], 1 / Math.sqrt(inputs)),
  });
  const norm = (/** @type {string} */ name) => ({
    [`${name}.weight`]: filled([width], () => 1),
    [`${name}.bias`]: filled([width], () => 0),
  });
  const layer = (/** @type {string} */ name) => ({
    ...linear(`${name}.attn.to_qkv`, 3 * width, width),
    ...linear(`${name}.attn.to_out`, width, width),
    ...linear(`${name}.ffn.net.0`, inner, width),
    ...linear(`${name}.ffn.net.2`, width, inner),
    ...norm(`${name}.norm1`),
    ...norm(`${name}.norm2`),
  });
  const stack = Array.from({ length: layers }, (_, i) => layer(`layers.${i}`));
  return { 'embedding.weight': random([vocabulary, width], Math.sqrt(3)), ...Object.assign({}, ...stack) };
}

/**
 * @param {object} [given]
 * @param {Sizes} [given.config] what differs from the original's sizes; intermediate_size: 4 hidden_size by default
 * @param {Record<string, Tensor>} [given.tensors] weights without the positions; random ones by default
 * @param {number[][] | Tensor} [given.input_ids] [B, T]
 * @param {number[][] | Tensor} [given.attention_mask] [B, T], 0 for tokens that are left out
 * @param {any[] | Tensor} [given.mask] [T, T], [B, T, T] or [B, H, T, T], 0 for pairs of tokens that do not meet; an axis of 1
 *   stands for all
 * @returns {Promise<Tensor>} [B, T, hidden_size]
 */
export async function encode({ config: sizes = {}, tensors, input_ids, attention_mask, mask } = {}) {
  const config = { ...CONFIG, ...sizes };
  const table = await positions(config.max_position_embeddings, config.hidden_size);
  const weights = { ...(tensors ?? randomWeights(config)), 'pos_encoding.pe': table };
  const encoder = await load({ config, tensors: weights });
  const { last_hidden_state: output } = await encoder.forward({
    input_ids: input_ids ?? sentences(config.vocab_size),
    ...(attention_mask && { attention_mask }),
    ...(mask && { mask }),
  });
  encoder.dispose();
  return output;
}

/** 32 sequences of 50 random token ids. @param {number} vocabulary @returns {number[][]} */
function sentences(vocabulary) {
  const ids = randomTensors(8)([32, 50], 1).tolist();
  const toId = (/** @type {number} */ value) => Math.floor(((value + 1) / 2) * vocabulary) % vocabulary;
  return /** @type {number[][]} */ (ids).map((row) => row.map(toId));
}

async function main() {
  const start = performance.now();
  const output = await encode();
  console.log(
    `output: [${output.shape}] after ${((performance.now() - start) / 1000).toFixed(1)} s, weights made and loaded`,
  );
  console.log('the first token, its first five numbers:', output.slice(0, 0, [0, 5]).tolist());
}

await runAsProgram(import.meta.url, main);
