// Tutorials 1 and 3, and the positions of 2 and 5: tables against reference data and against plain loops.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, Tensor } from 'wasmformer';
import { sincosTables } from '../../demo/tutorials/1-sincos-tables.js';
import { positions as d2lPositions } from '../../demo/tutorials/2-multi-head-attention.js';
import {
  learned,
  rowsAndColumns,
  sinusoids,
  windowAttention,
} from '../../demo/tutorials/3-embeddings-and-windows.js';
import { positions } from '../../demo/tutorials/5-token-encoder.js';
import { assertClose, encodingCases, modelCase } from './golden.js';

test('tutorial 1: tables along a line and over a grid are those of the original, without its NaN', async () => {
  const guarded = ['reference', 'policy'];
  for (const name of ['seed000_posemb_sincos_1d', 'seed000_posemb_sincos_1d_guarded']) {
    for (const { params, outputs } of encodingCases(name, guarded)) {
      const { line } = await sincosTables({ length: params.len, dim: params.dim });
      assertClose(line, outputs.out.tensor, outputs.out.tol);
    }
  }
  for (const name of ['seed000_posemb_sincos_2d', 'seed000_posemb_sincos_2d_guarded']) {
    for (const { params, outputs } of encodingCases(name, guarded)) {
      const { grid } = await sincosTables({}, { height: params.h, width: params.w, dim: params.dim });
      assertClose(grid, outputs.out.tensor, outputs.out.tol);
    }
  }
  const { grid } = await sincosTables();
  const expected = Array.from({ length: 400 * 256 }, (_, i) => {
    const [token, column] = [Math.floor(i / 256), i % 256];
    const [quarter, pair] = [Math.floor(column / 64), column % 64];
    const coordinate = quarter < 2 ? token % 20 : Math.floor(token / 20);
    const angle = coordinate / 10000 ** (pair / 63);
    return quarter % 2 ? Math.cos(angle) : Math.sin(angle);
  });
  assertClose(grid, { shape: [400, 256], data: expected }, 1e-7);
});

test("tutorial 2: d2l's table of positions, and tokens with it added", async () => {
  for (const { params, outputs } of encodingCases('seed001_positional_encoding')) {
    const { table } = await d2lPositions({ length: params.num_steps, dim: params.num_hiddens });
    assertClose(table, outputs.out.tensor, outputs.out.tol);
  }
  for (const { inputs, outputs } of encodingCases('seed001_positional_encoding_add')) {
    const [, length, dim] = inputs.x.shape;
    assertClose((await d2lPositions({ length, dim, x: inputs.x })).sum, outputs.out.tensor, outputs.out.tol);
  }
  await assert.rejects(d2lPositions({ length: 3, dim: 5 }), { name: 'InputError', path: 'dim' });
  await assert.rejects(d2lPositions({ length: 10001, dim: 4 }), { name: 'InputError', path: 'length' });
});

test('tutorial 3: sinusoids of any positions, in both bases that the original names', async () => {
  for (const { params, inputs, outputs } of encodingCases('seed002_sincos_pos_vec', [
    'seed_corrected',
    'quirk',
  ])) {
    const found = await sinusoids({ positions: inputs.positions, dim: params.dim, base: params.base });
    assertClose(found, outputs.out.tensor, outputs.out.tol);
  }
  const places = [-3.5, 0.25, 0.25, 1e4];
  const expected = places.flatMap((p) =>
    [0, 1, 2].flatMap((i) => [Math.sin(p / 10000 ** (i / 3)), Math.cos(p / 10000 ** (i / 3))]),
  );
  assertClose(await sinusoids({ positions: places, dim: 6 }), { shape: [4, 6], data: expected }, 1e-7);
});

test('tutorial 3: a learned table of zeros changes nothing, another one is added', async () => {
  const x = new Tensor('float32', Float32Array.from([1, 2, 3, 4]), [1, 2, 2]);
  const table = new Tensor('float32', Float32Array.from([10, 20, 30, 40, 50, 60]), [3, 2]);
  assert.deepEqual((await learned({ table, x })).tolist(), [
    [
      [11, 22],
      [33, 44],
    ],
  ]);
  assert.deepEqual((await learned()).slice(0, 1).tolist(), [8, 9, 10, 11, 12, 13, 14, 15]);
});

test('tutorial 3: rows and columns', async () => {
  for (const { inputs, outputs } of encodingCases('seed002_row_col_embedding')) {
    const { table, sum } = await rowsAndColumns({ row: inputs.row, column: inputs.col, x: inputs.x });
    assertClose(table, outputs.table.tensor, outputs.table.tol);
    assertClose(sum, outputs.out.tensor, outputs.out.tol);
  }
  assert.deepEqual((await rowsAndColumns()).sum.shape, [1, 196, 256]);
});

test("tutorial 3: Swin's bias is the reference's", async () => {
  for (const { params, inputs, outputs } of encodingCases('relative_position_bias')) {
    const [height, width] = params.win;
    const zeros = new Tensor('float32', new Float32Array(params.heads * height * width), [
      params.heads,
      height * width,
      1,
    ]);
    const table = /** @type {Tensor<'float32'>} */ (inputs.table);
    const given = { window: params.win, query: zeros, key: zeros, value: zeros, table };
    const { bias } = await windowAttention(given);
    assertClose(bias, outputs.out.tensor, outputs.out.tol);
  }
});

test("tutorial 3: its attention gives the weights that a Swin's core gives, and sums values by them", async () => {
  const { config, tensors, inputs, outputs } = modelCase('swin');
  // The first block of the model, whose windows are not shifted, is the last of its stage if each has one.
  const firsts = Object.entries(tensors).filter(([name]) => !name.includes('.blocks.1.'));
  const swin = await load({ config: { ...config, depths: [1, 1] }, tensors: Object.fromEntries(firsts) });
  const { attentions } = await swin.forward(inputs, { attentions: true });
  swin.dispose();

  const block = 'encoder.layers.0.blocks.0.';
  const weight = (/** @type {string} */ name) => /** @type {Float32Array} */ (tensors[block + name].data);
  const [windows, heads, tokens] = attentions[0].shape;
  const [, side, width] = [config.image_size / config.patch_size, config.window_size, config.embed_dim];
  for (let index = 0; index < windows; index++) {
    const rows = normed(
      windowOf(outputs['layer.in'], index, side),
      weight('layernorm_before.weight'),
      weight('layernorm_before.bias'),
    );
    const [query, key, value] = ['query', 'key', 'value'].map((name) =>
      splitByHeads(
        rows,
        weight(`attention.self.${name}.weight`),
        weight(`attention.self.${name}.bias`),
        heads,
        width / heads,
      ),
    );
    const table = /** @type {Tensor<'float32'>} */ (
      tensors[`${block}attention.self.relative_position_bias_table`]
    );
    const found = await windowAttention({ window: [side, side], query, key, value, table });
    assertClose(found.weights, attentions[0].slice(index), 1e-5);
    const expected = Float64Array.from({ length: heads * tokens * (width / heads) }, (_, at) => {
      const channel = at % (width / heads);
      const [head, i] = [
        Math.floor(at / (width / heads) / tokens),
        Math.floor(at / (width / heads)) % tokens,
      ];
      let sum = 0;
      for (let j = 0; j < tokens; j++)
        sum += attentions[0].slice(index, head, i, j).data[0] * value.slice(head, j, channel).data[0];
      return sum;
    });
    assertClose(found.output, { shape: [heads, tokens, width / heads], data: expected }, 1e-5);
  }
});

test("tutorial 5: the encoder's table of positions", async () => {
  for (const { params, outputs } of encodingCases('seed004_positional_encoding'))
    assertClose(await positions(params.n, params.dim), outputs.out.tensor, outputs.out.tol);
});

/**
 * The rows of one window of a batch of square maps, whose windows are numbered row by row.
 * @param {Tensor} map [B, N, D]
 * @param {number} index
 * @param {number} side of a window
 * @returns {number[][]}
 */
function windowOf({ data, shape: [, count, width] }, index, side) {
  const mapSide = Math.sqrt(count);
  const across = mapSide / side;
  const image = Math.floor(index / across / across);
  const corner = { y: (Math.floor(index / across) % across) * side, x: (index % across) * side };
  return Array.from({ length: side * side }, (_, i) => {
    const token = (corner.y + Math.floor(i / side)) * mapSide + corner.x + (i % side);
    return Array.from({ length: width }, (_, c) => Number(data[(image * count + token) * width + c]));
  });
}

/** Layer normalisation. @param {number[][]} rows @param {Float32Array} gain @param {Float32Array} shift */
function normed(rows, gain, shift) {
  return rows.map((row) => {
    const mean = row.reduce((sum, one) => sum + one, 0) / row.length;
    const variance = row.reduce((sum, one) => sum + (one - mean) ** 2, 0) / row.length;
    return row.map((one, c) => ((one - mean) / Math.sqrt(variance + 1e-5)) * gain[c] + shift[c]);
  });
}

/**
 * A linear layer whose result is split by heads: [heads, rows, channels].
 * @param {number[][]} rows
 * @param {Float32Array} weight
 * @param {Float32Array} bias
 * @param {number} heads
 * @param {number} channels
 */
function splitByHeads(rows, weight, bias, heads, channels) {
  const data = new Float32Array(heads * rows.length * channels);
  rows.forEach((row, i) => {
    for (let o = 0; o < heads * channels; o++) {
      const sum = row.reduce((total, one, c) => total + one * weight[o * row.length + c], bias[o]);
      data[(Math.floor(o / channels) * rows.length + i) * channels + (o % channels)] = sum;
    }
  });
  return new Tensor('float32', data, [heads, rows.length, channels]);
}
