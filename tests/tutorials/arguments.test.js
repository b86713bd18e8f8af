// Every argument that the originals of tutorials 1 to 4 define takes other values: against the formulas in plain loops.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tensor } from 'wasmformer';
import { sincosTables } from '../../demo/tutorials/1-sincos-tables.js';
import { attend, positions as d2lPositions } from '../../demo/tutorials/2-multi-head-attention.js';
import { learned, rowsAndColumns } from '../../demo/tutorials/3-embeddings-and-windows.js';
import { classify, picture } from '../../demo/tutorials/4-vision-transformer.js';
import { randomTensors } from '../../demo/tutorials/tools.js';
import { assertClose } from './golden.js';
import { attention, linear, rowsOf } from './plain.js';

/** @typedef {Record<string, Tensor>} Tensors */

/** @param {Tensor} tensor */
const numbers = ({ data }) => Array.from(/** @type {ArrayLike<number>} */ (data));

test('tutorial 1: length, sizes, dim, temperature and dtype', async () => {
  const [length, dim, temperature] = [7, 12, 100];
  const size = { height: 3, width: 5, dim, temperature };
  const { line, grid } = await sincosTables({ length, dim, temperature }, size);
  const angle = (/** @type {number} */ p, /** @type {number} */ i, /** @type {number} */ n) =>
    p * temperature ** (-i / (n - 1));
  const halves = (/** @type {number} */ p, /** @type {number} */ n) =>
    [Math.sin, Math.cos].flatMap((wave) => Array.from({ length: n }, (_, i) => wave(angle(p, i, n))));
  const wanted = Array.from({ length }, (_, p) => halves(p, 6)).flat();
  assertClose(line, { shape: [length, dim], data: wanted }, 2e-6);
  const cells = Array.from({ length: 15 }, (_, i) => [...halves(i % 5, 3), ...halves(Math.floor(i / 5), 3)]);
  assertClose(grid, { shape: [15, dim], data: cells.flat() }, 2e-6);
  const cast = await sincosTables({ length, dim, dtype: 'float64' }, { dim, dtype: 'int32' });
  const plain = await sincosTables({ length, dim }, { dim });
  assert.deepEqual(cast.line.data, Float64Array.from(numbers(plain.line)));
  assert.deepEqual(cast.grid.data, Int32Array.from(numbers(plain.grid), Math.trunc));
  await assert.rejects(
    sincosTables({ dtype: /** @type {any} */ ('float16') }),
    /float16; expected one of float32/,
  );
});

/** D2L's attention of one sequence. @param {Tensors} w @param {Tensor[]} inputs @param {number} heads @param {(query: number) => number} valid */
function d2l(w, [queries, keys, values], heads, valid) {
  const project = (/** @type {Tensor} */ x, /** @type {string} */ name) =>
    linear(rowsOf(x), w[`${name}.weight`], w[`${name}.bias`]);
  const [q, k, v] = [project(queries, 'W_q'), project(keys, 'W_k'), project(values, 'W_v')];
  const { out, weights } = attention(q, k, v, heads, (score, _, t, j) => (j >= valid(t) ? -1e6 : score));
  return { output: linear(out, w['W_o.weight'], w['W_o.bias']), weights };
}

const LENGTHS = /** @type {[string, any, (b: number, t: number) => number][]} */ ([
  ['none', null, () => 4],
  ['of sequences', [3, 2], (b) => [3, 2][b]],
  [
    'of queries',
    [
      [1, 2, 4],
      [3, 0, 2],
    ],
    (b, t) =>
      [
        [1, 2, 4],
        [3, 0, 2],
      ][b][t],
  ],
  ['above the number of keys', [9, 2], (b) => [9, 2][b]],
  ['below 0', [-1, 2], (b) => [0, 2][b]],
]);

for (const bias of [false, true]) {
  for (const [what, valid_lens, valid] of LENGTHS) {
    test(`tutorial 2: own sizes of queries, keys and values, valid lengths ${what}, bias ${bias}`, async () => {
      const random = randomTensors(5);
      const [query_size, key_size, value_size, num_hiddens, num_heads] = [6, 11, 3, 8, 2];
      const config = { num_hiddens, num_heads, query_size, key_size, value_size, bias };
      const sizes = { W_q: query_size, W_k: key_size, W_v: value_size, W_o: num_hiddens };
      const tensors = Object.fromEntries(
        Object.entries(sizes).flatMap(([name, inputs]) => [
          [`${name}.weight`, random([num_hiddens, inputs], 1)],
          ...(bias ? [[`${name}.bias`, random([num_hiddens], 1)]] : []),
        ]),
      );
      const given = [
        random([2, 3, query_size], 1),
        random([2, 4, key_size], 1),
        random([2, 4, value_size], 1),
      ];
      const [queries, keys, values] = given;
      const found = await attend({ config, tensors, queries, keys, values, valid_lens });
      assert.deepEqual(found.output.shape, [2, 3, num_hiddens]);
      for (const b of [0, 1]) {
        const want = d2l(
          tensors,
          given.map((x) => x.slice(b)),
          num_heads,
          (t) => valid(b, t),
        );
        assertClose(found.output.slice(b), { shape: [3, num_hiddens], data: want.output.flat() }, 2e-6);
        const maps = found.attention_weights.slice([b * num_heads, (b + 1) * num_heads]);
        assertClose(maps, { shape: [num_heads, 3, 4], data: want.weights.flat(2) }, 1e-6);
      }
    });
  }
}

test('tutorial 2: num_hiddens and heads alone, and random weights of every size', async () => {
  const { output, attention_weights } = await attend({ config: { num_hiddens: 12, num_heads: 3 } });
  assert.deepEqual(
    [output.shape, attention_weights.shape],
    [
      [2, 4, 12],
      [6, 4, 4],
    ],
  );
  const keys = randomTensors(2)([2, 5, 7], 1);
  const own = await attend({ config: { query_size: 4, key_size: 7, value_size: 7, bias: true }, keys });
  assert.deepEqual(own.output.shape, [2, 4, 100]);
  await assert.rejects(attend({ config: { key_size: 7 } }), { name: 'ShapeError', path: 'keys' });
});

test('tutorial 2: max_len is where positions end', async () => {
  const { table } = await d2lPositions({ length: 10001, dim: 4, max_len: 10001 });
  assert.ok(Math.abs(Number(table.data[10000 * 4]) - Math.sin(10000)) < 1e-6);
  await assert.rejects(d2lPositions({ length: 8, max_len: 7 }), { name: 'InputError', path: 'length' });
});

test('tutorial 3: sizes of pictures, patches and tables', async () => {
  const { table, sum } = await rowsAndColumns({ image_size: [48, 30], patch_size: [16, 10], dim: 6 });
  assert.deepEqual(
    [table.shape, sum.shape],
    [
      [9, 6],
      [1, 9, 6],
    ],
  );
  const wide = await rowsAndColumns({ image_size: [16, 64], dim: 4 });
  assert.deepEqual(wide.table.shape, [4, 4]);
  const x = new Tensor(
    'float32',
    Float32Array.from({ length: 15 }, (_, i) => i),
    [1, 5, 3],
  );
  assert.deepEqual((await learned({ length: 6, dim: 3, x })).data, x.data);
});

/** Sizes of a small ViT. */
const VIT = {
  image_size: 24,
  patch_size: 4,
  num_labels: 3,
  hidden_size: 16,
  num_attention_heads: 4,
  intermediate_size: 20,
};

test('tutorial 4: sizes by the configuration; a smaller picture gets the first rows of the table', async () => {
  const first = await classify({ config: VIT });
  assert.deepEqual(
    [first.logits.shape, first.last_hidden_state.shape],
    [
      [1, 3],
      [1, 37, 16],
    ],
  );
  const random = randomTensors(9);
  const [width, inner] = [VIT.hidden_size, VIT.intermediate_size];
  const shapes = /** @type {Record<string, number[]>} */ ({
    ...{ cls_token: [1, 1, width], pos_embed: [1, 37, width], 'patch_embed.weight': [width, 48] },
    ...{ 'transformer.self_attn.in_proj_weight': [3 * width, width], 'linear.weight': [3, width] },
    ...{ 'transformer.self_attn.out_proj.weight': [width, width], 'linear.bias': [3] },
    ...{ 'transformer.linear1.weight': [inner, width], 'transformer.linear2.weight': [width, inner] },
    ...{ 'transformer.norm1.weight': [width], 'transformer.norm2.weight': [width] },
    ...{ 'patch_embed.bias': [width], 'transformer.self_attn.in_proj_bias': [3 * width] },
    ...{ 'transformer.self_attn.out_proj.bias': [width], 'transformer.linear1.bias': [inner] },
    ...{
      'transformer.linear2.bias': [width],
      'transformer.norm1.bias': [width],
      'transformer.norm2.bias': [width],
    },
  });
  const tensors = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, random(shape, 0.5)]),
  );
  // 2 x 3 patches of a picture for which the table has 6 x 6: the text adds rows 0 to 6.
  const pixel_values = random([1, 3, 8, 12], 1);
  const found = await classify({ config: VIT, tensors, pixel_values });
  const cut = { ...tensors, pos_embed: tensors.pos_embed.slice(null, [0, 7]) };
  const size = /** @type {any} */ ({ ...VIT, image_size: [8, 12] });
  assert.deepEqual(found, await classify({ config: size, tensors: cut, pixel_values }));
  // As many patches as the table has rows, on another grid: the rows as they are.
  const long = random([1, 3, 16, 36], 1);
  const same = await classify({ config: VIT, tensors, pixel_values: long });
  const other = /** @type {any} */ ({ ...VIT, image_size: [16, 36] });
  assert.deepEqual(same, await classify({ config: other, tensors, pixel_values: long }));
  const large = classify({ config: VIT, tensors, pixel_values: picture(28) });
  await assert.rejects(large, {
    name: 'ShapeError',
    message: /7 x 7 patches; the model has positions for 36/,
  });
});
