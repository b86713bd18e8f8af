/**
 * Learned tables by position: rows added to tokens, one table for the rows and one for the columns of a grid, and the positions
 * themselves, counted from token ids. Not here: resizing (resample.js).
 */

import { allocate } from '../arrays.js';
import { resampleGrid } from '../core/resample.js';
import { floats, integers } from '../options/table.js';
import { made } from './call.js';
import { choose, count, encoding, float32, int32, NONE, off, preset, size } from './encoding.js';
import { transpose } from './generate.js';

/** @import { Instance } from '../core/instance.js' */

const NO_IDS = /** @type {const} */ ({ rowIds: false, columnIds: false });

/** Sides of a grid that the table has. @param {string} rows letter @returns {import('../options/table.js').Must} */
const withinTable = (rows) => [
  `at most the table's rows, {${rows}}, without resize`,
  (side, { resize }, sizeOf) => resize === 'linear' || side <= sizeOf(rows),
];

/** The shape of x: of as many tokens as there are ids or cells. @param {any} options */
function tokensShape({ rowIds, combine }) {
  const token = `${rowIds ? rowIds.length : 'height width'}, ${combine === 'concat' ? 'D + E' : 'D'}`;
  return `[${token}] or [B, ${token}]`;
}

/** @type {import('./encoding.js').ShapeOf} */
function rowColumnShape({ rowIds, combine, channelsFirst }, { height, width, D, E }, { x }) {
  const dim = combine === 'concat' ? D + E : D;
  if (channelsFirst) return [dim, height, width];
  return x ?? [rowIds?.length ?? height * width, dim];
}

// biome-ignore format: tables, a line an entry
export const learned = {
  positionIds: encoding({
    summary: 'Positions of tokens: counted from the ids, where padding takes part or not, or simply from an offset on.',
    formula: '`positions = cumsum(id != padding) * (id != padding) + padding`; or `offset + (0 … length - 1)`.',
    models: "RoBERTa, XLM-R, CamemBERT, MPNet, ESM, Speech2Text ('roberta', padding 1); OPT and BART (offset 2).",
    source: 'fairseq `make_positions`; transformers `create_position_ids_from_input_ids`.',
    options: {
      inputIds: integers('', { shape: '[T] or [B, T]', nested: true, ...NONE }),
      padding: size('the id of padding and its position, 0 or more', { min: 0, only: { inputIds: true } }),
      length: size('tokens T', { only: { inputIds: false } }),
      offset: count('the first position; with `length`', { only: { inputIds: false } }),
      preset: { ...preset({ roberta: { padding: 1 } }, 'sets padding 1'), only: { inputIds: true } },
    },
    result: int32('[length]', "or the ids' shape", ({ length }, _, { inputIds }) => inputIds ?? [length]),
    fill(core, out, { inputIds, padding, offset }, _, shapes) {
      const [tokens, sequences = 1] = [...(shapes.inputIds ?? [])].reverse();
      if (inputIds) core.invoke('wf_position_ids', [{ out }, inputIds, sequences, tokens, padding]);
      else fillFrom(out, offset);
    },
    example: "pe.positionIds({ inputIds: [[0, 31, 2, 1]], preset: 'roberta' }).tolist(); // [[2, 3, 4, 1]]",
  }),
  learnedTable: encoding({
    summary: "A learned table's rows for consecutive positions, alone or added to the tokens.",
    formula: '`out[b, t] = x[b, t] + table[offset + t]`.',
    models: 'BERT, ViT, CLIP, GPT-2 (offset 0), OPT, BART (offset 2).',
    source: 'Gehring et al. 2017 (arXiv 1705.03122); Devlin et al. 2019 (arXiv 1810.04805).',
    options: {
      table: floats('[rows, D] or [1, rows, D]'),
      x: floats('[T, D] or [B, T, D]', '', { ...NONE, must: [["of at most {rows - offset} tokens, the table's rows from the offset on",
        (_, _values, sizeOf) => sizeOf('T') <= sizeOf('rows') - sizeOf('offset')]] }),
      length: size('without x: tokens T',
        { max: 'rows - offset', only: { x: false }, default: 'rows - offset', optional: 'all rows from the offset on' }),
      offset: count('the row of the first token', { max: 'rows - 1' }),
    },
    result: float32('[T, D]', "or x's shape", ({ length }, { D }, { x }) => x ?? [length, D]),
    fill: (core, out, { table, x, length, offset }, { T = length, D }) =>
      addRows(core, out, x, table, fillFrom(new Int32Array(T), offset), D),
    example: 'pe.learnedTable({ table: random(1026, 768), x: random(1, 12, 768), offset: 2 }).shape; // [1, 12, 768]',
  }),
  rowColumn: encoding({
    summary: 'Two learned tables, one a row and one a column of the grid, added or side by side; also time and space.',
    formula: '`out[y w + x] = row[y] + column[x]`, or their concatenation; given `x`, added to that.',
    models: "NaViT and timm's NaFlex ('navit', 'naflex': tables resampled linearly), Pix2Struct (rowIds and columnIds, 0 for " +
      "padding), DETR's learned embedding ('detr': concatenated, column first, channels first), MAE-ST, TimeSformer (row: time, " +
      'column: space).',
    source: 'Dehghani et al. 2023 (arXiv 2307.06304); timm `NaFlexEmbeds`; transformers `Pix2StructVisionEmbeddings`, ' +
      '`DetrLearnedPositionEmbedding`.',
    options: {
      row: floats('[rows, D] or [1, rows, D]'),
      column: floats('[columns, D] or [1, columns, D]', 'to concatenate, of any width', { shapeOf: ({ combine }) =>
        combine === 'concat' ? '[columns, E] or [1, columns, E]' : '[columns, D] or [1, columns, D]' }),
      height: size('rows of the grid',
        { only: NO_IDS, default: 'rows', optional: "all of the table's", must: [withinTable('rows')] }),
      width: size('columns of the grid',
        { only: NO_IDS, default: 'columns', optional: "all of the table's", must: [withinTable('columns')] }),
      rowIds: integers('instead of a grid: the row of each token', { min: 0, max: 'rows - 1', ...NONE }),
      columnIds: integers('and its column', { min: 0, max: 'columns - 1', only: { rowIds: true }, must: [
        ["of rowIds' length", (ids, { rowIds }) => ids.length === rowIds.length],
      ] }),
      x: floats('[T, D] or [B, T, D]', 'added to', { shapeOf: tokensShape, ...NONE }),
      combine: choose(['add', 'concat']),
      order: choose(['row-column', 'column-row'], 'which comes first when concatenating'),
      resize: choose(['none', 'linear'], 'fit the tables to the grid'),
      keepAspect: off('resize both to the larger side and cut (`pos_embed_ar_preserving`)'),
      channelsFirst: off('the shape [D, height, width]', { must: [
        ['false with x or without a grid', (first, { x, rowIds }) => !first || (x === null && rowIds === null)],
      ] }),
      preset: preset({
        navit: { resize: 'linear' },
        naflex: { resize: 'linear' },
        detr: { combine: 'concat', order: 'column-row', channelsFirst: true },
      }, 'sets resize, combine, order and channelsFirst'),
    },
    result: float32('[T, D]', 'with x its shape', rowColumnShape),
    fill(core, out, { row, column, rowIds, columnIds, x, ...o }, { height, width, D, E = D }) {
      const tokens = rowIds?.length ?? height * width;
      const dim = o.combine === 'concat' ? D + E : D;
      const ids = [rowIds ?? indexOf(tokens, (i) => Math.floor(i / width)), columnIds ?? indexOf(tokens, (i) => i % width)];
      const [most, isKept] = [o.keepAspect ? Math.max(height, width) : 0, rowIds !== null || o.resize === 'none'];
      const tables = isKept ? [row, column] : [stretch(core, row, D, height, most), stretch(core, column, E, width, most)];
      const isWhole = !x && !o.channelsFirst;
      const both = isWhole ? out : allocate(Float32Array, tokens * dim);
      if (o.combine === 'concat') concat(both, tables, ids, [D, E], o.order === 'column-row' ? [1, 0] : [0, 1]);
      else {
        const first = addRows(core, allocate(Float32Array, tokens * D), null, tables[0], ids[0], D);
        addRows(core, both, first, tables[1], ids[1], D);
      }
      if (o.channelsFirst) transpose(out, both, tokens, dim);
      else if (x) addRows(core, out, x, both, indexOf(tokens, Number), dim);
    },
    example: 'const [row, column] = [random(16, 768), random(16, 768)];\n' +
      "pe.rowColumn({ row, column, height: 12, width: 20, preset: 'naflex' }).shape; // [240, 768]",
  }),
};

/**
 * The table resampled to `most` rows or to `count`, and cut to that.
 * @param {Instance} core
 * @param {Float32Array} table [rows, dim]
 * @param {number} dim
 * @param {number} count
 * @param {number} most
 */
function stretch(core, table, dim, count, most) {
  const length = Math.max(most, count);
  const out = allocate(Float32Array, length * dim);
  resampleGrid(core, out, table, [table.length / dim, 1], [length, 1], dim, { mode: 'linear' });
  return out.subarray(0, count * dim);
}

/** @param {number} length @param {(i: number) => number} entry */
const indexOf = (length, entry) => Int32Array.from({ length }, (_, i) => entry(i));

/** Counts from an offset on. @param {Int32Array} out @param {number} offset */
function fillFrom(out, offset) {
  for (let i = 0; i < out.length; i++) out[i] = offset + i;
  return out;
}

/**
 * Gathers rows of a table and adds them to x, all in the core.
 * @param {Instance} core
 * @param {Float32Array} out [sequences, tokens, dim]
 * @param {Float32Array | null} x
 * @param {Float32Array} table [rows, dim]
 * @param {Int32Array} index [tokens]
 * @param {number} dim
 */
function addRows(core, out, x, table, index, dim) {
  const [sequences, rows] = [out.length / (index.length * dim), table.length / dim];
  return made(core, 'wf_add_rows', out, x, table, index, sequences, index.length, rows, dim);
}

/**
 * Rows of tables side by side.
 * @param {Float32Array} out
 * @param {Float32Array[]} tables
 * @param {Int32Array[]} ids the row of each token in each table
 * @param {number[]} dims
 * @param {number[]} order of the tables
 */
function concat(out, tables, ids, dims, order) {
  for (let at = 0, token = 0; at < out.length; token++)
    for (const i of order) {
      const row = ids[i][token] * dims[i];
      out.set(tables[i].subarray(row, row + dims[i]), at);
      at += dims[i];
    }
}
