/**
 * Relative positions as vectors that the query meets: Shaw, Transformer-XL and its kin. Not here: the sinusoids that they
 * read (relative_sincos.js), DeBERTa (disentangled.js), grids (grid.js).
 */
import { LAYOUT } from './enums.js';
import { allocate, Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const LAYOUTS = /** @type {const} */ (['BHTD', 'BTHD', 'TBHD']);

/**
 * Reads a tensor of vectors in one of the layouts.
 * @param {Operands} operands
 * @param {string} key
 * @param {typeof LAYOUTS[number]} layout
 * @param {string} tokens the letter of its tokens
 * @param {Record<string, number>} letters
 */
function vectors(operands, key, layout, tokens, letters) {
  const form = Array.from(layout, (letter) => (letter === 'T' ? tokens : letter));
  return operands.floats(key, [form], letters);
}

/**
 * The relative positions of Shaw: a learned vector for each offset up to a limit, met by the query; with values, the
 * whole attention of the paper.
 *
 * Formula: `bias[i, j] = scale q_i . table[left + clip(j - i, -left, right)]`; 'context': with
 * `p = softmax(scale q k^T + bias)`, `out_i = sum_j p_ij (v_j + valueTable[left + clip(j - i, -left, right)])`.
 * Models: Shaw's Transformer; wav2vec2-BERT and SeamlessM4T v2 (keys only, left 64, right 8).
 * Source: Shaw et al. 2018 (arXiv 1803.02155); transformers `wav2vec2_bert` `relative_key`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.query [B, H, T, D]
 * @param {Tensor} options.table [left + right + 1, D]
 * @param {number} [options.left] offsets to the left that are told apart; half of the table by default
 * @param {number} [options.right] to the right; the rest of the table by default
 * @param {number} [options.length] number of keys; that of `key`, else of the queries, by default
 * @param {number} [options.scale] 1 / sqrt(D) by default
 * @param {Tensor} [options.key] for 'context': [B, H, Tk, D]
 * @param {Tensor} [options.value] for 'context': [B, H, Tk, D]
 * @param {Tensor} [options.valueTable] for 'context': [left + right + 1, D]; none by default
 * @param {'bias' | 'context'} [options.output] 'bias' by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [B, H, T, keys]; 'context': [B, H, T, D]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors whose sizes do not fit together
 * @example
 * const [query, table] = [random(1, 16, 50, 64), random(73, 64)];
 * pe.shaw({ query, table, left: 64, right: 8 }).shape; // [1, 16, 50, 50]
 */
export function shaw(core, options) {
  const known = [
    'query',
    'table',
    'left',
    'right',
    'length',
    'scale',
    'key',
    'value',
    'valueTable',
    'output',
  ];
  const operands = new Operands('shaw', options, known);
  /** @type {Record<string, number>} */
  const letters = {};
  const query = operands.floats('query', [['B', 'H', 'T', 'D']], letters);
  const table = operands.floats('table', [['rows', 'D']], letters);
  const { B, H, T, D, rows } = letters;
  const left = operands.integer('left', { min: 0, fallback: rows >> 1 });
  const right = operands.integer('right', { min: 0, fallback: Math.max(rows - 1 - left, 0) });
  if (left + right + 1 !== rows)
    operands.refuse('table', `of left + right + 1 = ${left + right + 1} rows`, [rows, D]);
  const scale = operands.number('scale', { fallback: 1 / Math.sqrt(D) });
  const whole = operands.choice('output', ['bias', 'context'], 'bias') === 'context';
  const key = whole ? operands.floats('key', [['B', 'H', 'Tk', 'D']], letters) : null;
  const Tk = letters.Tk ?? operands.integer('length', { fallback: T });
  const fillBias = (/** @type {Float32Array} */ out) => {
    const sizes = [B, H, T, Tk, D, rows, 1, 1, left, 1, LAYOUT.BHTD, scale];
    core.invoke('wf_relative_bias', [{ out }, query, null, table, ...sizes]);
  };
  if (!key) return operands.result([B, H, T, Tk], 'float32', fillBias);
  const value = operands.floats('value', [['B', 'H', 'Tk', 'D']], letters);
  const valueTable = operands.optionalFloats('valueTable', [[rows, D]]);
  const bias = allocate(Float32Array, B * H * T * Tk);
  return operands.result([B, H, T, D], 'float32', (out) => {
    fillBias(bias);
    const probabilities = { out: allocate(Float32Array, bias.length) };
    const sizes = [B, H, T, Tk, D, left, right, LAYOUT.BHTD, scale];
    core.invoke('wf_biased_attention', [
      probabilities,
      { out },
      query,
      key,
      value,
      bias,
      valueTable,
      ...sizes,
    ]);
  });
}

/**
 * The position term of Transformer-XL: the query, plus a learned vector, meets the projected sinusoid of each distance;
 * what the references write as a matrix product and a shift.
 *
 * Formula: `bias[i, j] = scale (q_i + positionBias) . table[zeroRow + j - i]`, 0 where the table has no such row (beyond a
 * causal one).
 * Models: Transformer-XL, XLNet (preset 'xlnet': zeroRow = queries, scale 1), wav2vec2-conformer, Parakeet (preset
 *   'conformer': zeroRow = queries - 1, scale 1 / sqrt(D)).
 * Source: Dai et al. 2019 (arXiv 1901.02860); transformers `XLNetRelativeAttention.rel_shift_bnij`, wav2vec2_conformer
 *   `_apply_relative_position_encoding`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.query in the order of `layout`
 * @param {Tensor} options.table one row a distance, as `relativeSincos`: projected, [rows, H, D] or [rows, B, H, D], or with
 *   `positionWeight` [rows, W]
 * @param {Tensor} [options.positionWeight] [H D, W], projects the table; none by default
 * @param {Tensor} [options.positionBias] [H, D], `r_r_bias` or `pos_bias_v`; none by default
 * @param {number} [options.keys] number of keys; that of the queries by default
 * @param {'xlnet' | 'conformer'} [options.preset] sets the defaults of `zeroRow`, `scale` and `layout`; 'xlnet' by default
 * @param {number} [options.zeroRow] the row of a key at the query's own place; by default the number of queries for
 *   'xlnet', one less for 'conformer'
 * @param {number} [options.scale] multiplies the terms; by default 1 for 'xlnet', 1 / sqrt(D) for 'conformer'
 * @param {'BHTD' | 'BTHD' | 'TBHD'} [options.layout] the query's axes; by default 'TBHD' for 'xlnet', 'BHTD' for
 *   'conformer'
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [B, H, queries, keys]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors whose sizes do not fit together
 * @example
 * const table = random(17, 2, 8); // distances 12 to -4, of 2 heads
 * pe.transformerXL({ query: random(5, 1, 2, 8), table, positionBias: random(2, 8), keys: 12 }).shape; // [1, 2, 5, 12]
 */
export function transformerXL(core, options) {
  const tensors = ['query', 'table', 'positionWeight', 'positionBias'];
  const known = [...tensors, 'keys', 'preset', 'zeroRow', 'scale', 'layout'];
  const operands = new Operands('transformerXL', options, known);
  const conformer = operands.choice('preset', ['xlnet', 'conformer'], 'xlnet') === 'conformer';
  const layout = operands.choice('layout', LAYOUTS, conformer ? 'BHTD' : 'TBHD');
  /** @type {Record<string, number>} */
  const letters = {};
  const query = vectors(operands, 'query', layout, 'T', letters);
  const { B, H, T, D } = letters;
  const { table, rows, sequences } = positionTable(core, operands, letters);
  const bias = operands.optionalFloats('positionBias', [[H, D]]);
  const keys = operands.integer('keys', { fallback: T });
  const zeroRow = operands.integer('zeroRow', { min: 0, fallback: conformer ? T - 1 : T });
  const scale = operands.number('scale', { fallback: conformer ? 1 / Math.sqrt(D) : 1 });
  return operands.result([B, H, T, keys], 'float32', (out) => {
    const sizes = [B, H, T, keys, D, rows, sequences, H, zeroRow, 0, LAYOUT[layout], scale];
    core.invoke('wf_relative_bias', [{ out }, query, bias, table, ...sizes]);
  });
}

/**
 * The table of `transformerXL`, projected if it has to be.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {Record<string, number>} letters B, H and D
 */
function positionTable(core, operands, { B, H, D }) {
  /** @type {Record<string, number>} */
  const letters = { B, H, D };
  if (!operands.has('positionWeight')) {
    const table = operands.floats(
      'table',
      [
        ['rows', 'H', 'D'],
        ['rows', 'B', 'H', 'D'],
      ],
      letters,
    );
    const { rows } = letters;
    return { table, rows, sequences: table.length / (rows * H * D) };
  }
  const x = operands.floats('table', [['rows', 'W']], letters);
  const weight = operands.floats('positionWeight', [[H * D, 'W']], letters);
  const table = allocate(Float32Array, letters.rows * H * D);
  core.invoke('wf_project', [{ out: table }, x, weight, null, letters.rows, letters.W, H * D]);
  return { table, rows: letters.rows, sequences: 1 };
}
