/**
 * Learned tables by position: rows added to tokens, and the positions themselves, counted from token ids. Not here: tables
 * of a grid's rows and columns (row_column.js), resizing (resample.js).
 */
import { Operands } from './operands.js';
import { exclude, wholeNumbers, withPreset } from './options.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/**
 * Positions of tokens: counted from the ids, where padding takes part or not, or simply from an offset on.
 *
 * Formula: `positions = cumsum(id != padding) * (id != padding) + padding`; or `offset + (0 … length - 1)`.
 * Models: RoBERTa, XLM-R, CamemBERT, MPNet, ESM, Speech2Text ('roberta', padding 1); OPT and BART (offset 2).
 * Source: fairseq `make_positions`; transformers `create_position_ids_from_input_ids`.
 *
 * @param {Instance} core
 * @param {object} options `inputIds`, or `length`
 * @param {readonly any[] | ArrayBufferView | Tensor} [options.inputIds] [T] or [B, T]
 * @param {number} [options.padding] the id of padding and its position, 0 or more; with `inputIds`
 * @param {number} [options.length] tokens T
 * @param {number} [options.offset] the first position, 0 by default; with `length`
 * @param {'roberta'} [options.preset] sets padding 1
 * @param {Int32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} int32, the ids' shape or [length]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.positionIds({ inputIds: [[0, 31, 2, 1]], preset: 'roberta' }).tolist(); // [[2, 3, 4, 1]]
 */
export function positionIds(core, options) {
  const given = withPreset('positionIds', options, { roberta: { padding: 1 } });
  const operands = new Operands('positionIds', given, ['inputIds', 'padding', 'length', 'offset', 'preset']);
  if (!operands.has('inputIds')) {
    exclude(operands, ['padding'], 'left out without inputIds');
    const length = operands.integer('length');
    const offset = operands.integer('offset', { min: 0, fallback: 0 });
    return operands.result([length], 'int32', (out) => {
      for (let i = 0; i < length; i++) out[i] = offset + i;
    });
  }
  exclude(operands, ['length', 'offset'], 'left out with inputIds');
  const padding = operands.integer('padding', { min: 0 });
  const { data: ids, shape } = wholeNumbers(operands, given, 'inputIds');
  if (shape.length > 2) operands.refuse('inputIds', 'of one or two axes');
  const [sequences, tokens] = shape.length === 2 ? shape : [1, shape[0]];
  return operands.result(shape, 'int32', (out) => {
    core.invoke('wf_position_ids', [{ out }, ids, sequences, tokens, padding]);
  });
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
export function addRows(core, out, x, table, index, dim) {
  const sequences = out.length / (index.length * dim);
  core.invoke('wf_add_rows', [{ out }, x, table, index, sequences, index.length, table.length / dim, dim]);
}

/** @param {number} count @param {(i: number) => number} entry */
export const indexOf = (count, entry) => Int32Array.from({ length: count }, (_, i) => entry(i));

/**
 * A learned table's rows for consecutive positions, alone or added to the tokens.
 *
 * Formula: `out[b, t] = x[b, t] + table[offset + t]`.
 * Models: BERT, ViT, CLIP, GPT-2 (offset 0), OPT, BART (offset 2).
 * Source: Gehring et al. 2017 (arXiv 1705.03122); Devlin et al. 2019 (arXiv 1810.04805).
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.table [rows, D] or [1, rows, D]
 * @param {Tensor} [options.x] [T, D] or [B, T, D]
 * @param {number} [options.length] without x: tokens T; all rows from the offset on by default
 * @param {number} [options.offset] the row of the first token; 0 by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 of x's shape, or [T, D]
 * @throws {InputError} an option that is missing, unknown or out of range, among them more tokens than the table has rows
 * @throws {ShapeError} x and table of different widths
 * @example
 * pe.learnedTable({ table: random(1026, 768), x: random(1, 12, 768), offset: 2 }).shape; // [1, 12, 768]
 */
export function learnedTable(core, options) {
  const operands = new Operands('learnedTable', options, ['table', 'x', 'length', 'offset']);
  /** @type {Record<string, number>} */
  const sizes = {};
  const table = operands.floats(
    'table',
    [
      ['rows', 'D'],
      [1, 'rows', 'D'],
    ],
    sizes,
  );
  const { rows, D: dim } = sizes;
  const offset = operands.integer('offset', { min: 0, max: rows - 1, fallback: 0 });
  const x = operands.optionalFloats(
    'x',
    [
      ['T', 'D'],
      ['B', 'T', 'D'],
    ],
    sizes,
  );
  if (x) exclude(operands, ['length'], 'left out with x');
  const tokens = x ? sizes.T : operands.integer('length', { fallback: rows - offset });
  if (offset + tokens > rows) {
    operands.refuse(
      x ? 'x' : 'length',
      `at most ${rows - offset} tokens, the table's rows from the offset on`,
      tokens,
    );
  }
  return operands.result(x ? (options.x?.shape ?? []) : [tokens, dim], 'float32', (out) => {
    addRows(
      core,
      out,
      x,
      table,
      indexOf(tokens, (t) => offset + t),
      dim,
    );
  });
}
