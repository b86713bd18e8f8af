/**
 * Distances between tokens as buckets, and T5's bias, which has a learned value for each. Not here: DeBERTa's scores
 * (disentangled.js).
 */
import { BUCKETS } from './enums.js';
import { Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const RULE = ['maxDistance', 'bidirectional', 'preset'];

/**
 * Distances as the caller gives them: a list, or a range.
 * @param {Operands} operands
 * @returns {Int32Array}
 */
function readDistances(operands) {
  const range = operands.has('from') || operands.has('to');
  if (!range) return operands.integers('distances');
  if (operands.has('distances')) operands.refuse('distances', 'left out with from and to');
  const limit = 2 ** 24;
  const from = operands.integer('from', { min: -limit, max: limit });
  const to = operands.integer('to', { min: from, max: limit });
  return Int32Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/**
 * The arguments of T5's rule: buckets, maximal distance, flags.
 * @param {Operands} operands
 * @param {number} [rows] of a table, instead of the option `buckets`
 * @returns {[number, number, number]}
 */
function readRule(operands, rows) {
  const preset = operands.choice('preset', ['t5', 'mpnet', 'wavlm'], 't5');
  const defaults = preset === 'wavlm' ? [320, 800] : [32, 128];
  const bidirectional = operands.flag('bidirectional', true);
  const min = bidirectional ? 4 : 2;
  if (rows !== undefined && rows < min) operands.refuse('table', `of at least ${min} rows`, rows);
  const buckets = rows ?? operands.integer('buckets', { min, fallback: defaults[0] });
  const exact = Math.floor(Math.floor(buckets / (bidirectional ? 2 : 1)) / 2);
  const maxDistance = operands.integer('maxDistance', {
    min: exact + 1,
    max: 2 ** 31 - 1,
    fallback: defaults[1],
  });
  const flags = (bidirectional ? BUCKETS.BIDIRECTIONAL : 0) + (preset === 'wavlm' ? BUCKETS.ROUND_SUM : 0);
  return [buckets, maxDistance, flags];
}

/**
 * The buckets of T5: small distances have one each, larger ones share them on a logarithmic scale.
 *
 * Formula: for the distance r = key - query and n buckets of a direction: `|r|` below n/2, else
 * `min(n - 1, n/2 + floor(ln(|r| / (n/2)) / ln(maxDistance / (n/2)) (n - n/2)))`; bidirectional: n is half of the buckets
 * and r > 0 has the upper half; else r > 0 has bucket 0. Computed in float32, as the references do.
 * Models: T5, UMT5, LongT5, MPNet, LayoutLMv3 (1D and 2D), WavLM.
 * Source: Raffel et al. 2020 (arXiv 1910.10683); transformers `T5Attention._relative_position_bucket`.
 *
 * @param {Instance} core
 * @param {object} options `distances`, or `from` and `to`
 * @param {readonly number[] | Int32Array | Tensor} [options.distances] key minus query
 * @param {number} [options.from] the first of a range of distances
 * @param {number} [options.to] its last
 * @param {number} [options.buckets] of both directions together; 32 by default
 * @param {number} [options.maxDistance] from which all distances share the last bucket, 128 by default
 * @param {boolean} [options.bidirectional] true (default) in encoders
 * @param {'t5' | 'mpnet' | 'wavlm'} [options.preset] 't5' (default) and 'mpnet' are one rule; 'wavlm' rounds in another
 *   order, which differs at single edges, and has 320 buckets and maxDistance 800 by default
 * @param {Int32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'int32'>} int32 [distances]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.t5Buckets({ distances: [-200, -1, 0, 1, 20] }).tolist(); // [15, 1, 0, 17, 26]
 */
export function t5Buckets(core, options) {
  const operands = new Operands('t5Buckets', options, ['distances', 'from', 'to', 'buckets', ...RULE]);
  const distances = readDistances(operands);
  const rule = readRule(operands);
  return operands.result([distances.length], 'int32', (out) => {
    core.invoke('wf_t5_buckets', [{ out }, distances, distances.length, ...rule]);
  });
}

/**
 * The relative position bias of T5: a learned value for each bucket and head, added to the scores, which T5 does not
 * scale.
 *
 * Formula: `bias[h, i, j] = table[bucket(j - (offset + i)), h]` with `t5Buckets`.
 * Models: T5, UMT5, LongT5, MPNet, LayoutLMv3, WavLM (then gated, `gatedBias`).
 * Source: Raffel et al. 2020 (arXiv 1910.10683); transformers `T5Attention.compute_bias`.
 *
 * @param {Instance} core
 * @param {object} options `length`, or `queries` and `keys`
 * @param {Tensor} options.table [buckets, H]
 * @param {number} [options.length] tokens, if queries and keys are the same
 * @param {number} [options.queries] number of queries
 * @param {number} [options.keys] number of keys
 * @param {number} [options.offset] place of the first query among the keys; 0 by default
 * @param {number} [options.maxDistance] as in `t5Buckets`; 128 by default
 * @param {boolean} [options.bidirectional] as in `t5Buckets`; true by default
 * @param {'t5' | 'mpnet' | 'wavlm'} [options.preset] as in `t5Buckets`, 't5' by default; the table's rows are the buckets
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H, queries, keys]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} a table that is not of two axes
 * @example
 * pe.t5Bias({ table: random(32, 8), length: 12 }).shape; // [8, 12, 12]
 */
export function t5Bias(core, options) {
  const known = ['table', 'length', 'queries', 'keys', 'offset', ...RULE];
  const operands = new Operands('t5Bias', options, known);
  const length = operands.has('length') ? operands.integer('length') : undefined;
  const queries = operands.integer('queries', { fallback: length });
  const keys = operands.integer('keys', { fallback: length });
  const offset = operands.integer('offset', { min: 0, fallback: 0 });
  /** @type {Record<string, number>} */
  const letters = {};
  const table = operands.floats('table', [['buckets', 'H']], letters);
  const rule = readRule(operands, letters.buckets);
  return operands.result([letters.H, queries, keys], 'float32', (out) => {
    core.invoke('wf_t5_bias', [{ out }, table, queries, keys, letters.H, offset, ...rule]);
  });
}

/**
 * The buckets of DeBERTa: distances up to half of the size stay, larger ones are logarithmic, signs are kept.
 *
 * Formula: for the distance r = query - key and m = bucketSize / 2: r if `|r| <= m`, else
 * `sign(r) (m + ceil(ln(|r| / m) / ln((maxPosition - 1) / m) (m - 1)))`. Computed in float32: at single edges float64 gives
 * another bucket.
 * Models: DeBERTa-v2, DeBERTa-v3.
 * Source: He et al. 2021 (arXiv 2111.09543); transformers `make_log_bucket_position`.
 *
 * @param {Instance} core
 * @param {object} options `distances`, or `from` and `to`
 * @param {readonly number[] | Int32Array | Tensor} [options.distances] query minus key
 * @param {number} [options.from] the first of a range of distances
 * @param {number} [options.to] its last
 * @param {number} [options.bucketSize] 256 by default
 * @param {number} [options.maxPosition] 512 by default; above bucketSize / 2 + 1
 * @param {Int32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'int32'>} int32 [distances]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.debertaBuckets({ distances: [-300, 5, 128] }).tolist(); // [-207, 5, 128]
 */
export function debertaBuckets(core, options) {
  const known = ['distances', 'from', 'to', 'bucketSize', 'maxPosition'];
  const operands = new Operands('debertaBuckets', options, known);
  const distances = readDistances(operands);
  const size = operands.integer('bucketSize', { min: 2, fallback: 256 });
  const min = Math.floor(size / 2) + 2;
  const maxPosition = operands.integer('maxPosition', { min, max: 2 ** 31 - 1, fallback: 512 });
  return operands.result([distances.length], 'int32', (out) => {
    core.invoke('wf_deberta_buckets', [{ out }, distances, distances.length, size, maxPosition]);
  });
}
