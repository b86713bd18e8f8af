/**
 * Learned tables of a grid's rows and columns. Not here: one table for all cells (learned.js, resample.js).
 */
import { addRows, indexOf } from './learned.js';
import { allocate, Operands } from './operands.js';
import { exclude, limitSize, withPreset } from './options.js';
import { resampleGrid } from './resample.js';
import { transpose } from './sine_grid.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const ROW_COLUMN = {
  navit: { resize: 'linear' },
  naflex: { resize: 'linear' },
  detr: { combine: 'concat', order: 'column-row', channelsFirst: true },
};

/**
 * A table cut or resampled to so many rows.
 * @param {Instance} core
 * @param {Float32Array} table [rows, dim]
 * @param {number} dim
 * @param {number} length of the resampled table
 * @param {number} count rows that are kept
 */
function stretch(core, table, dim, length, count) {
  const out = allocate(Float32Array, length * dim);
  resampleGrid(core, out, table, [table.length / dim, 1], [length, 1], dim, { flags: 0, scaleOffset: 0 });
  return out.subarray(0, count * dim);
}

/**
 * The rows of the two tables that each token takes, and the grid if there is one.
 * @param {Operands} operands
 * @param {number[]} rows of the tables
 * @param {boolean} resize
 */
function readPlaces(operands, rows, resize) {
  const most = resize ? undefined : rows;
  if (operands.has('rowIds') || operands.has('columnIds')) {
    exclude(operands, ['height', 'width'], 'left out with rowIds and columnIds');
    const ids = ['rowIds', 'columnIds'].map((key, i) => operands.integers(key, { min: 0, max: rows[i] - 1 }));
    if (ids[0].length !== ids[1].length) operands.refuse('columnIds', `of rowIds' length, ${ids[0].length}`);
    return { ids, grid: null };
  }
  const height = operands.integer('height', { fallback: rows[0], max: most?.[0] });
  const width = operands.integer('width', { fallback: rows[1], max: most?.[1] });
  limitSize(operands, 'height', [height, width]);
  const ids = [
    indexOf(height * width, (i) => Math.floor(i / width)),
    indexOf(height * width, (i) => i % width),
  ];
  return { ids, grid: [height, width] };
}

/**
 * Two learned tables, one a row and one a column of the grid, added or side by side; also time and space.
 *
 * Formula: `out[y w + x] = row[y] + column[x]`, or their concatenation; given `x`, added to that.
 * Models: NaViT and timm's NaFlex ('navit', 'naflex': tables resampled linearly), Pix2Struct (rowIds and columnIds, 0 for
 *   padding), DETR's learned embedding ('detr': concatenated, column first, channels first), MAE-ST, TimeSformer (row: time,
 *   column: space).
 * Source: Dehghani et al. 2023 (arXiv 2307.06304); timm `NaFlexEmbeds`; transformers `Pix2StructVisionEmbeddings`,
 *   `DetrLearnedPositionEmbedding`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.row [rows, D] or [1, rows, D]
 * @param {Tensor} options.column [columns, D] or [1, columns, D]; to concatenate, of any width
 * @param {number} [options.height] rows of the grid; all of the table's by default, at most those without `resize`
 * @param {number} [options.width] columns of the grid, likewise
 * @param {readonly number[] | Int32Array | Tensor} [options.rowIds] instead of a grid: the row of each token
 * @param {readonly number[] | Int32Array | Tensor} [options.columnIds] and its column
 * @param {Tensor} [options.x] [T, D] or [B, T, D], added to
 * @param {'add' | 'concat'} [options.combine] 'add' by default
 * @param {'row-column' | 'column-row'} [options.order] which comes first when concatenating; 'row-column' by default
 * @param {'none' | 'linear'} [options.resize] fit the tables to the grid; 'none' by default
 * @param {boolean} [options.keepAspect] resize both to the larger side and cut (`pos_embed_ar_preserving`); false by default
 * @param {boolean} [options.channelsFirst] the shape [D, height, width]; false by default
 * @param {'navit' | 'naflex' | 'detr'} [options.preset] sets resize, combine, order and channelsFirst
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 [T, D], with x its shape
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors of different widths
 * @example
 * const [row, column] = [random(16, 768), random(16, 768)];
 * pe.rowColumn({ row, column, height: 12, width: 20, preset: 'naflex' }).shape; // [240, 768]
 */
export function rowColumn(core, options) {
  const given = withPreset('rowColumn', options, ROW_COLUMN);
  const known =
    'row column height width rowIds columnIds x combine order resize keepAspect channelsFirst preset'.split(
      ' ',
    );
  const operands = new Operands('rowColumn', given, known);
  const concat = operands.choice('combine', ['add', 'concat'], 'add') === 'concat';
  const columnFirst = operands.choice('order', ['row-column', 'column-row'], 'row-column') === 'column-row';
  const resize = operands.choice('resize', ['none', 'linear'], 'none') === 'linear';
  const keepAspect = operands.flag('keepAspect', false);
  const channelsFirst = operands.flag('channelsFirst', false);
  /** @type {Record<string, number>} */
  const sizes = {};
  const width = concat ? 'E' : 'D';
  let tables = [
    operands.floats(
      'row',
      [
        ['rows', 'D'],
        [1, 'rows', 'D'],
      ],
      sizes,
    ),
    operands.floats(
      'column',
      [
        ['columns', width],
        [1, 'columns', width],
      ],
      sizes,
    ),
  ];
  const { ids, grid } = readPlaces(operands, [sizes.rows, sizes.columns], resize);
  const dims = [sizes.D, sizes[width]];
  const dim = concat ? dims[0] + dims[1] : dims[0];
  sizes.T = ids[0].length;
  sizes.dim = dim;
  const x = operands.optionalFloats(
    'x',
    [
      ['T', 'dim'],
      ['B', 'T', 'dim'],
    ],
    sizes,
  );
  if (channelsFirst && (x || !grid)) operands.refuse('channelsFirst', 'false with x or without a grid');
  if (grid && resize) {
    tables = tables.map((table, i) =>
      stretch(core, table, dims[i], keepAspect ? Math.max(...grid) : grid[i], grid[i]),
    );
  }
  const shape = channelsFirst && grid ? [dim, ...grid] : x ? given.x.shape : [sizes.T, dim];
  return operands.result(shape, 'float32', (out) => {
    const rows = combine(core, tables, ids, dims, concat ? (columnFirst ? [1, 0] : [0, 1]) : null);
    if (channelsFirst) transpose(out, rows, sizes.T, dim);
    else if (x)
      addRows(
        core,
        out,
        x,
        rows,
        indexOf(sizes.T, (i) => i),
        dim,
      );
    else out.set(rows);
  });
}

/**
 * @param {Instance} core
 * @param {Float32Array[]} tables
 * @param {Int32Array[]} ids
 * @param {number[]} dims
 * @param {number[] | null} order of the tables side by side; null: their sum
 */
function combine(core, tables, ids, dims, order) {
  const tokens = ids[0].length;
  const parts = tables.map((table, i) => {
    const part = allocate(Float32Array, tokens * dims[i]);
    if (order || i === 0) addRows(core, part, null, table, ids[i], dims[i]);
    return part;
  });
  if (!order) {
    addRows(core, parts[1], parts[0], tables[1], ids[1], dims[1]);
    return parts[1];
  }
  const both = allocate(Float32Array, tokens * (dims[0] + dims[1]));
  for (let t = 0, at = 0; t < tokens; t++) {
    for (const i of order) {
      both.set(parts[i].subarray(t * dims[i], (t + 1) * dims[i]), at);
      at += dims[i];
    }
  }
  return both;
}
