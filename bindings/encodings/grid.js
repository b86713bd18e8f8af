/**
 * Terms between the cells of a picture's grid that depend on the query or on absolute offsets: decomposed relative
 * positions, BoTNet's logits, LeViT's offsets. Not here: Swin's tables (window.js), ConViT (gpsa.js).
 */
import { allocate, Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/**
 * The table of an axis, resized linearly to 2 max(queries, keys) - 1 rows if it has another number.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {string} key
 * @param {[number, number]} sizes queries and keys of the axis
 * @param {Record<string, number>} letters D; another axis may have another number of rows
 */
function axisTable(core, operands, key, sizes, letters) {
  const own = { ...letters };
  const table = operands.floats(key, [['rows', 'D']], own);
  letters.D = own.D;
  const rows = 2 * Math.max(...sizes) - 1;
  if (own.rows === rows) return table;
  const out = allocate(Float32Array, rows * own.D);
  core.invoke('wf_resample_axis', [{ out }, table, 1, own.rows, rows, own.D, 0, 0]);
  return out;
}

/**
 * Decomposed relative positions: a learned vector for each vertical and each horizontal offset, met by the query.
 * With `output: 'axis'` the vectors of one axis themselves.
 *
 * Formula: `bias[q, k] = q . Rh[yq - yk] + q . Rw[xq - xk]`, q not scaled; if the grids differ, coordinates of the shorter
 * axis are stretched by the ratio and the offset is cut to an integer; a table of another length is resized linearly.
 * Models: SAM, ViTDet, MViTv2, Hiera detection.
 * Source: Li et al. 2022 (arXiv 2112.01526); transformers `SamVisionAttention.get_decomposed_rel_pos`, ViTDet `get_rel_pos`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} [options.query] [..., prefix + Nq, D]: 2 or more axes, Nq cells row by row
 * @param {Tensor} [options.heightTable] Rh [rows, D], row of the smallest offset first
 * @param {Tensor} [options.widthTable] Rw [rows, D]
 * @param {number | [number, number]} [options.queryGrid] height and width of the queries' grid
 * @param {number | [number, number]} [options.keyGrid] of the keys' grid; the same by default
 * @param {number} [options.prefix] tokens in front, as a class token, whose rows and columns are 0 (MViTv2); 0 by default
 * @param {'bias' | 'axis'} [options.output] 'bias' (default), or 'axis': only `table`, `queries` and `keys` are read
 * @param {Tensor} [options.table] for 'axis': [rows, D]
 * @param {number} [options.queries] for 'axis': positions of the queries
 * @param {number} [options.keys] for 'axis': positions of the keys
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [..., prefix + Nq, prefix + Nk]; 'axis': [queries, keys, D]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors whose sizes do not fit the grids
 * @example
 * const tables = { heightTable: random(27, 64), widthTable: random(27, 64) };
 * pe.decomposedBias({ query: random(12, 196, 64), ...tables, queryGrid: 14 }).shape; // [12, 196, 196]
 */
export function decomposedBias(core, options) {
  const axis = ['output', 'table', 'queries', 'keys'];
  const grid = ['output', 'query', 'heightTable', 'widthTable', 'queryGrid', 'keyGrid', 'prefix'];
  const operands = new Operands('decomposedBias', options, options?.output === 'axis' ? axis : grid);
  if (operands.choice('output', ['bias', 'axis'], 'bias') === 'axis') return axisPositions(core, operands);
  const queryGrid = operands.pair('queryGrid');
  const keyGrid = operands.pair('keyGrid', { fallback: queryGrid });
  const prefix = operands.integer('prefix', { min: 0, fallback: 0 });
  return gridBias(core, operands, { queryGrid, keyGrid, prefix, keyMinusQuery: 0 });
}

/** @param {Instance} core @param {Operands} operands */
function axisPositions(core, operands) {
  const [queries, keys] = [operands.integer('queries'), operands.integer('keys')];
  /** @type {Record<string, number>} */
  const letters = {};
  const table = axisTable(core, operands, 'table', [queries, keys], letters);
  return operands.result([queries, keys, letters.D], 'float32', (out) => {
    core.invoke('wf_axis_positions', [{ out }, table, queries, keys, letters.D]);
  });
}

/**
 * @param {Instance} core
 * @param {Operands} operands
 * @param {{ queryGrid: [number, number], keyGrid: [number, number], prefix: number, keyMinusQuery: number }} grid
 */
function gridBias(core, operands, { queryGrid, keyGrid, prefix, keyMinusQuery }) {
  const queries = queryGrid[0] * queryGrid[1] + prefix;
  const keys = keyGrid[0] * keyGrid[1] + prefix;
  /** @type {Record<string, number>} */
  const letters = {};
  const [B, H] = ['B', 'H'];
  const query = operands.floats(
    'query',
    [
      [queries, 'D'],
      [B, queries, 'D'],
      [B, H, queries, 'D'],
    ],
    letters,
  );
  const tables = [
    axisTable(core, operands, 'heightTable', [queryGrid[0], keyGrid[0]], letters),
    axisTable(core, operands, 'widthTable', [queryGrid[1], keyGrid[1]], letters),
  ];
  const leading = [letters.B, letters.H].filter((size) => size !== undefined);
  const planes = leading.reduce((product, size) => product * size, 1);
  const sizes = [planes, ...queryGrid, ...keyGrid, letters.D, prefix, keyMinusQuery];
  return operands.result([...leading, queries, keys], 'float32', (out) => {
    core.invoke('wf_decomposed_bias', [{ out }, query, ...tables, ...sizes]);
  });
}

/**
 * The relative logits of BoTNet: as `decomposedBias`, with the opposite sign of the offset.
 *
 * Formula: `bias[q, k] = q . (Rh[yk - yq] + Rw[xk - xq])`.
 * Models: BoTNet, HaloNet, attention augmented convolutions.
 * Source: Srinivas et al. 2021 (arXiv 2101.11605); timm `bottleneck_attn.PosEmbedRel`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.query [..., h w, D]: 2 or more axes, cells row by row
 * @param {Tensor} options.heightTable Rh [2h-1, D], row of the smallest offset first
 * @param {Tensor} options.widthTable Rw [2w-1, D]
 * @param {number | [number, number]} options.grid height and width h, w
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [..., h w, h w]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors whose sizes do not fit the grid
 * @example
 * const tables = { heightTable: random(27, 64), widthTable: random(27, 64) };
 * pe.botnetBias({ query: random(4, 196, 64), ...tables, grid: 14 }).shape; // [4, 196, 196]
 */
export function botnetBias(core, options) {
  const operands = new Operands('botnetBias', options, ['query', 'heightTable', 'widthTable', 'grid']);
  const grid = operands.pair('grid');
  operands.floats('heightTable', [[2 * grid[0] - 1, 'D']]);
  operands.floats('widthTable', [[2 * grid[1] - 1, 'D']]);
  return gridBias(core, operands, { queryGrid: grid, keyGrid: grid, prefix: 0, keyMinusQuery: 1 });
}

/**
 * The attention bias of LeViT: one entry for each absolute offset, shared by all four directions. Between blocks the
 * queries are a subsample of the grid.
 *
 * Formula: `bias[h, q, k] = table[h, |dy| w + |dx|]`, the query at `stride` times its place.
 * Models: LeViT, EfficientFormer, TinyViT.
 * Source: Graham et al. 2021 (arXiv 2104.01136); transformers `LevitAttention`, `LevitAttentionSubsample`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number | [number, number]} options.grid height and width h, w of the keys' grid
 * @param {Tensor} [options.table] [H, h w]; not read for the index
 * @param {number} [options.stride] of the queries on the grid; 1 by default
 * @param {number | [number, number]} [options.queryGrid] of the queries; by default all that the stride reaches
 * @param {'bias' | 'index'} [options.output] 'bias' (default), or 'index': the entry of each pair
 * @param {Float32Array | Int32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32' | 'int32'>} float32 [H, Nq, h w]; 'index': int32 [Nq, h w]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} a table of another size
 * @example
 * pe.levitBias({ grid: [1, 2], output: 'index' }).tolist(); // [[0, 1], [1, 0]]
 */
export function levitBias(core, options) {
  const operands = new Operands('levitBias', options, ['grid', 'table', 'stride', 'queryGrid', 'output']);
  const grid = operands.pair('grid');
  const stride = operands.integer('stride', { fallback: 1 });
  const reached = grid.map((size) => Math.floor((size - 1) / stride) + 1);
  const queryGrid = operands.pair('queryGrid', { fallback: reached });
  if (queryGrid.some((size, axis) => size > reached[axis])) {
    operands.refuse('queryGrid', `at most [${reached}], what the stride reaches`, queryGrid);
  }
  const [queries, keys] = [queryGrid[0] * queryGrid[1], grid[0] * grid[1]];
  const fill = (/** @type {Int32Array} */ out) => {
    core.invoke('wf_levit_index', [{ out }, ...grid, ...queryGrid, stride]);
  };
  if (operands.choice('output', ['bias', 'index'], 'bias') === 'index') {
    return operands.result([queries, keys], 'int32', fill);
  }
  /** @type {Record<string, number>} */
  const letters = {};
  const table = operands.floats('table', [['H', keys]], letters);
  return operands.result([letters.H, queries, keys], 'float32', (out) => {
    const index = allocate(Int32Array, queries * keys);
    fill(index);
    core.invoke('wf_gather_bias', [{ out }, table, index, letters.H, index.length, keys]);
  });
}
