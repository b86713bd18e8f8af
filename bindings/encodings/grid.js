/**
 * Terms between the cells of a picture's grid that depend on the query or on absolute offsets: decomposed relative positions,
 * BoTNet's logits, LeViT's offsets, ConViT's positional attention. Not here: Swin's tables (window.js).
 */

import { allocate } from '../arrays.js';
import { floats } from '../options/table.js';
import { made } from './call.js';
import { choose, count, encoding, float32, grid, integersIf, NONE, size } from './encoding.js';

/** @import { Instance } from '../core/instance.js' */

const BIAS = /** @type {const} */ ({ only: { output: 'bias' } });
const AXIS = /** @type {const} */ ({ only: { output: 'axis' } });
const ATTENTION = /** @type {const} */ ({ when: { output: 'attention' } });
const OF_GRID = grid('height and width h, w', { letters: 'h w' });

/** The axes of a query of so many tokens. @param {string} tokens */
const queryShape = (tokens) => `[${tokens}, D] or [B, ${tokens}, D] or [B, H, ${tokens}, D]`;

/** The queries' grid that a stride reaches. @param {{ grid: number[], stride: number }} options */
const reached = ({ grid: sizes, stride }) => sizes.map((side) => Math.floor((side - 1) / stride) + 1);

// biome-ignore format: tables, a line an entry
export const grids = {
  decomposedBias: encoding({
    summary: 'Decomposed relative positions: a learned vector for each vertical and each horizontal offset, met by the query.',
    more: "With `output: 'axis'` the vectors of one axis themselves.",
    formula: '`bias[q, k] = q . Rh[yq - yk] + q . Rw[xq - xk]`, q not scaled; if the grids differ, coordinates of the shorter axis ' +
      'are stretched by the ratio and the offset is cut to an integer; a table of another length is resized linearly.',
    models: 'SAM, ViTDet, MViTv2, Hiera detection.',
    source: 'Li et al. 2022 (arXiv 2112.01526); transformers `SamVisionAttention.get_decomposed_rel_pos`, ViTDet `get_rel_pos`.',
    options: {
      query: floats('[..., prefix + Nq, D]', '2 to 4 axes, Nq cells row by row', { ...BIAS, shapeOf: () => queryShape('prefix + hq wq') }),
      heightTable: floats('[rows, D]', 'Rh, row of the smallest offset first', { ...BIAS, shapeOf: () => '[rh, D]' }),
      widthTable: floats('[rows, D]', 'Rw', { ...BIAS, shapeOf: () => '[rw, D]' }),
      queryGrid: grid("height and width of the queries' grid", { ...BIAS, letters: 'hq wq' }),
      keyGrid: grid("of the keys' grid", { ...BIAS, letters: 'hk wk', default: ({ queryGrid }) => queryGrid, optional: 'the same' }),
      prefix: count('tokens in front, as a class token, whose rows and columns are 0 (MViTv2)', BIAS),
      output: choose(['bias', 'axis'], "'axis': only `table`, `queries` and `keys` are read"),
      table: floats('[rows, D]', '', AXIS),
      queries: size('positions of the queries', AXIS),
      keys: size('positions of the keys', AXIS),
    },
    result: float32('[..., prefix + Nq, prefix + Nk]', "'axis': [queries, keys, D]",
      ({ output }, { queries, keys, D, prefix, hq, wq, hk, wk }, { query }) =>
        output === 'axis' ? [queries, keys, D] : [...query.slice(0, -2), prefix + hq * wq, prefix + hk * wk]),
    fill(core, out, { query, queryGrid, keyGrid, prefix, output, table, queries, keys, ...o }, { D, hq, wq }) {
      if (output === 'axis') {
        const rows = axisTable(core, table, queries, keys, D);
        return core.invoke('wf_axis_positions', [{ out }, rows, queries, keys, D]);
      }
      const tables = [o.heightTable, o.widthTable].map((one, i) => axisTable(core, one, queryGrid[i], keyGrid[i], D));
      const shape = [query.length / (D * (prefix + hq * wq)), ...queryGrid, ...keyGrid, D, prefix, 0];
      core.invoke('wf_decomposed_bias', [{ out }, query, ...tables, ...shape]);
    },
    example: 'const tables = { heightTable: random(27, 64), widthTable: random(27, 64) };\n' +
      'pe.decomposedBias({ query: random(12, 196, 64), ...tables, queryGrid: 14 }).shape; // [12, 196, 196]',
  }),
  botnetBias: encoding({
    summary: 'The relative logits of BoTNet: as `decomposedBias`, with the opposite sign of the offset.',
    formula: '`bias[q, k] = q . (Rh[yk - yq] + Rw[xk - xq])`.',
    models: 'BoTNet, HaloNet, attention augmented convolutions.',
    source: 'Srinivas et al. 2021 (arXiv 2101.11605); timm `bottleneck_attn.PosEmbedRel`.',
    options: {
      query: floats('[..., h w, D]', '2 to 4 axes, cells row by row', { shapeOf: () => queryShape('h w') }),
      heightTable: floats('[2h-1, D]', 'Rh, row of the smallest offset first'),
      widthTable: floats('[2w-1, D]', 'Rw'),
      grid: OF_GRID,
    },
    result: float32('[..., h w, h w]', '', (_, { h, w }, { query }) => [...query.slice(0, -2), h * w, h * w]),
    fill: (core, out, { query, heightTable, widthTable }, { h, w, D }) => core.invoke('wf_decomposed_bias',
      [{ out }, query, heightTable, widthTable, query.length / (h * w * D), h, w, h, w, D, 0, 1]),
    example: 'const tables = { heightTable: random(27, 64), widthTable: random(27, 64) };\n' +
      'pe.botnetBias({ query: random(4, 196, 64), ...tables, grid: 14 }).shape; // [4, 196, 196]',
  }),
  levitBias: encoding({
    summary: 'The attention bias of LeViT: one entry for each absolute offset, shared by all four directions.',
    more: 'Between blocks the queries are a subsample of the grid.',
    formula: '`bias[h, q, k] = table[h, |dy| w + |dx|]`, the query at `stride` times its place.',
    models: 'LeViT, EfficientFormer, TinyViT.',
    source: 'Graham et al. 2021 (arXiv 2104.01136); transformers `LevitAttention`, `LevitAttentionSubsample`.',
    options: {
      grid: { ...OF_GRID, about: "height and width h, w of the keys' grid" },
      table: floats('[H, h w]', 'not read for the index', { when: { output: 'bias' } }),
      stride: size('of the queries on the grid', { default: 1 }),
      queryGrid: grid('of the queries', { letters: 'hq wq', default: reached, optional: 'all that the stride reaches', must: [
        ['at most what the stride reaches', ([h, w], options) => h <= reached(options)[0] && w <= reached(options)[1]],
      ] }),
      output: choose(['bias', 'index'], "'index': the entry of each pair"),
    },
    result: integersIf(float32('[H, Nq, h w]', "'index': int32 [Nq, h w]", ({ output }, { H, h, w, hq, wq }) =>
      [...(output === 'index' ? [] : [H]), hq * wq, h * w]), 'output', 'index'),
    fill(core, out, { table, stride, output }, { H, h, w, hq, wq }) {
      const room = output === 'index' ? out : allocate(Int32Array, hq * wq * h * w);
      const index = made(core, 'wf_levit_index', room, h, w, hq, wq, stride);
      if (output === 'bias') core.invoke('wf_gather_bias', [{ out }, table, index, H, index.length, h * w]);
    },
    example: "pe.levitBias({ grid: [1, 2], output: 'index' }).tolist(); // [[0, 1], [1, 0]]",
  }),
  gpsa: encoding({
    summary: 'Gated positional self-attention: an attention by position alone, and its blend with the attention by content.',
    formula: '`position = softmax_k(W [dx, dy, dx^2 + dy^2] + b)`, offsets key minus query; with content scores ' +
      '`(1 - s) softmax(scores) + s position`, `s = sigmoid(gate)`, rows made to sum to 1.',
    models: 'ConViT (its grids are square).',
    source: "d'Ascoli et al. 2021 (arXiv 2103.10697); timm `convit.GPSA`.",
    options: {
      grid: { ...OF_GRID, about: 'height and width h, w; N = h w' },
      weight: floats('[H, 3]', 'W', ATTENTION),
      bias: floats('[H]', 'b', ATTENTION),
      scores: floats('[B, H, h w, h w]', 'content scores, scaled, before the softmax', { ...ATTENTION, ...NONE }),
      gate: floats('[H]', 'read with `scores`', { when: { output: 'attention', scores: true } }),
      output: choose(['attention', 'offsets'], "'offsets': (dx, dy, d^2) of each pair, for which only `grid` is read"),
    },
    result: float32('[H, N, N]', "with scores [B, H, N, N]; 'offsets': [N, N, 3]", ({ output }, { H, h, w }, { scores }) =>
      output === 'offsets' ? [h * w, h * w, 3] : (scores ?? [H, h * w, h * w])),
    fill(core, out, { weight, bias, scores, gate, output }, { B = 1, H, h, w }) {
      if (output === 'offsets') core.invoke('wf_gpsa_offsets', [{ out }, h, w]);
      else core.invoke('wf_gpsa', [{ out }, scores, weight, bias, gate, B, H, h, w]);
    },
    example: "pe.gpsa({ grid: [1, 2], output: 'offsets' }).tolist(); // [[[0, 0, 0], [1, 0, 1]], [[-1, 0, 1], [0, 0, 0]]]",
  }),
};

/**
 * The table of an axis, resized linearly to 2 max(queries, keys) - 1 rows if it has another number.
 * @param {Instance} core
 * @param {Float32Array} table [rows, dim]
 * @param {number} queries positions of the axis
 * @param {number} keys
 * @param {number} dim
 */
function axisTable(core, table, queries, keys, dim) {
  const rows = 2 * Math.max(queries, keys) - 1;
  if (table.length === rows * dim) return table;
  const room = allocate(Float32Array, rows * dim);
  return made(core, 'wf_resample_axis', room, table, 1, table.length / dim, rows, dim, 0, 0);
}
