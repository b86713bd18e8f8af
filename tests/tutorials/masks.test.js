// Tutorial 5 with other sizes and with masks over pairs of tokens, against its formulas in plain loops.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '../../demo/tutorials/5-token-encoder.js';
import { randomTensors } from '../../demo/tutorials/tools.js';
import { assertClose } from './golden.js';
import { add, attention, gelu, linear, norm, rowsOf } from './plain.js';

/**
 * @typedef {import('wasmformer').Tensor} Tensor
 * @typedef {Record<string, Tensor>} Tensors
 */

const [VOCABULARY, WIDTH, HEADS, LAYERS] = [20, 16, 2, 2];
const CONFIG = {
  ...{ vocab_size: VOCABULARY, hidden_size: WIDTH, num_attention_heads: HEADS, num_hidden_layers: LAYERS },
  max_position_embeddings: 50,
};
const IDS = [
  [1, 5, 7, 3, 2],
  [4, 9, 2, 0, 0],
];

/** Random weights of tutorial 5, whose feed-forward network is 4 times as wide. @returns {Tensors} */
function encoderWeights() {
  const random = randomTensors(11);
  const layer = (/** @type {string} */ at) => ({
    [`${at}.attn.to_qkv.weight`]: random([3 * WIDTH, WIDTH], 0.5),
    [`${at}.attn.to_qkv.bias`]: random([3 * WIDTH], 0.5),
    [`${at}.attn.to_out.weight`]: random([WIDTH, WIDTH], 0.5),
    [`${at}.attn.to_out.bias`]: random([WIDTH], 0.5),
    [`${at}.ffn.net.0.weight`]: random([4 * WIDTH, WIDTH], 0.3),
    [`${at}.ffn.net.0.bias`]: random([4 * WIDTH], 0.3),
    [`${at}.ffn.net.2.weight`]: random([WIDTH, 4 * WIDTH], 0.3),
    [`${at}.ffn.net.2.bias`]: random([WIDTH], 0.3),
    [`${at}.norm1.weight`]: random([WIDTH], 1),
    [`${at}.norm1.bias`]: random([WIDTH], 1),
    [`${at}.norm2.weight`]: random([WIDTH], 1),
    [`${at}.norm2.bias`]: random([WIDTH], 1),
  });
  return { 'embedding.weight': random([VOCABULARY, WIDTH], 1), ...layer('layers.0'), ...layer('layers.1') };
}

/** Tutorial 5 on one sequence, axes put right. @param {Tensors} w @param {number[]} ids @param {(head: number, query: number, key: number) => number} mask */
function plainEncoder(w, ids, mask) {
  const table = rowsOf(w['embedding.weight']);
  let x = ids.map((id, p) =>
    table[id].map((one, i) => {
      const angle = p * Math.exp(-(i - (i % 2)) * (Math.log(10000) / WIDTH));
      return one + (i % 2 ? Math.cos(angle) : Math.sin(angle));
    }),
  );
  for (let layer = 0; layer < LAYERS; layer++) {
    const of = (/** @type {string} */ name) =>
      /** @type {[Tensor, Tensor]} */ ([
        w[`layers.${layer}.${name}.weight`],
        w[`layers.${layer}.${name}.bias`],
      ]);
    const qkv = linear(x, ...of('attn.to_qkv'));
    const [q, k, v] = [0, 1, 2].map((part) => qkv.map((row) => row.slice(part * WIDTH, (part + 1) * WIDTH)));
    const { out } = attention(q, k, v, HEADS, (score, ...pair) => (mask(...pair) === 0 ? -1e10 : score));
    x = norm(add(x, linear(out, ...of('attn.to_out'))), ...of('norm1'));
    const inner = linear(x, ...of('ffn.net.0')).map((row) => row.map(gelu));
    x = norm(add(x, linear(inner, ...of('ffn.net.2'))), ...of('norm2'));
  }
  return x;
}

const T = [0, 1, 2, 3, 4];
const causal = T.map((query) => T.map((key) => Number(key <= query)));
const near = T.map((query) => T.map((key) => Number(Math.abs(key - query) < 2)));
/** Masks, and what they say of a pair. @type {[string, any, (b: number, h: number, q: number, k: number) => number][]} */
const MASKS = [
  ['none', undefined, () => 1],
  ['[T, T]', causal, (_b, _h, q, k) => causal[q][k]],
  ['[B, T, T]', [causal, near], (b, _h, q, k) => [causal, near][b][q][k]],
  [
    '[B, 1, 1, T]',
    IDS.map((ids) => [[ids.map((id) => Number(id > 0))]]),
    (b, _h, _q, k) => Number(IDS[b][k] > 0),
  ],
  ['[1, H, T, T]', [[causal, near]], (_b, h, q, k) => [causal, near][h][q][k]],
  ['[T, 1]', T.map((query) => [query % 2]), (_b, _h, q) => q % 2],
  ['[1, 1], which masks all', [[0]], () => 0],
];

for (const [what, mask, pair] of MASKS) {
  test(`tutorial 5: other sizes, a mask ${what}, and a feed-forward network 4 times as wide`, async () => {
    const tensors = encoderWeights();
    const output = await encode({ config: CONFIG, tensors, input_ids: IDS, mask });
    for (const [b, ids] of IDS.entries()) {
      const want = plainEncoder(tensors, ids, (...at) => pair(b, ...at));
      assertClose(output.slice(b), { shape: [5, WIDTH], data: want.flat() }, 2e-5);
    }
  });
}

test('tutorial 5: masks that do not fit are refused; random weights follow the width', async () => {
  const given = { config: CONFIG, tensors: encoderWeights(), input_ids: IDS };
  for (const mask of [[[1, 1]], [causal, causal, causal], [[[causal]]], causal.slice(1)])
    await assert.rejects(encode({ ...given, mask }), { name: 'ShapeError', path: 'mask' });
  const both = encode({ ...given, mask: causal, attention_mask: IDS.map((ids) => ids.map(() => 1)) });
  await assert.rejects(both, { name: 'InputError', path: 'mask' });
  const wide = await encode({ config: { ...CONFIG, hidden_size: 24 }, input_ids: IDS });
  assert.deepEqual(wide.shape, [2, 5, 24]);
  const own = await encode({ config: { ...CONFIG, intermediate_size: 10 }, input_ids: IDS });
  assert.deepEqual(own.shape, [2, 5, WIDTH]);
  await assert.rejects(encode({ config: { ...CONFIG, max_position_embeddings: 4 }, input_ids: IDS }), {
    name: 'InputError',
  });
});
