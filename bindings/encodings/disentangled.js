/**
 * DeBERTa's disentangled attention: what relative positions add to the scores, and the attention with it. Not here: the
 * buckets (buckets.js), an encoder (bindings/tasks/encoder.js).
 */
import { LAYOUT } from './enums.js';
import { allocate, Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const WEIGHTS = ['query', 'key', 'value', 'positionKey', 'positionQuery'].flatMap((name) => [
  `${name}Weight`,
  `${name}Bias`,
]);
const KNOWN = [
  ...[
    'hidden',
    'relativeEmbeddings',
    'heads',
    'positionBuckets',
    'maxRelativePositions',
    'terms',
    'shareKey',
  ],
  ...['output', ...WEIGHTS],
];

/**
 * The position terms of DeBERTa's attention, content to position and position to content, and on request the attention
 * itself.
 *
 * Formula: `bias[i, j] = (q_i . pk[r] + k_j . pq[r]) / sqrt(D (1 + terms))`, `r = clip(bucket(i - j) + span, 0, 2 span - 1)`,
 * span = positionBuckets, or maxRelativePositions without buckets; the attention is
 * `softmax(q k^T / sqrt(D (1 + terms)) + bias) v`. Projections are `x W^T + b` of `hidden` (q, k, v) and of
 * `relativeEmbeddings` (pk, pq).
 * Models: DeBERTa, DeBERTa-v2, DeBERTa-v3.
 * Source: He et al. 2021 (arXiv 2006.03654, 2111.09543); transformers `DisentangledSelfAttention`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.hidden [B, T, W]
 * @param {Tensor} options.relativeEmbeddings [rows, W], of which the first 2 span are read
 * @param {number} options.heads H; a head has D = W' / H columns of the projections' W'
 * @param {number} [options.positionBuckets] buckets; 0 or -1 for none; 256 by default
 * @param {number} [options.maxRelativePositions] 512 by default
 * @param {readonly ('c2p' | 'p2c')[]} [options.terms] ['c2p', 'p2c'] by default
 * @param {boolean} [options.shareKey] the positions' projections are those of the content; true by default (DeBERTa-v3)
 * @param {Tensor} options.queryWeight [W', W]
 * @param {Tensor} [options.queryBias] [W'], as every bias here may be left out
 * @param {Tensor} options.keyWeight [W', W]
 * @param {Tensor} [options.keyBias] [W']
 * @param {Tensor} [options.valueWeight] [W', W], read for the context
 * @param {Tensor} [options.valueBias] [W']
 * @param {Tensor} [options.positionKeyWeight] [W', W], read unless `shareKey`
 * @param {Tensor} [options.positionKeyBias] [W']
 * @param {Tensor} [options.positionQueryWeight] [W', W], read unless `shareKey`
 * @param {Tensor} [options.positionQueryBias] [W']
 * @param {'bias' | 'probabilities' | 'context'} [options.output] 'bias' by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [B, H, T, T]; 'context': [B, T, W']
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors whose sizes do not fit together
 * @example
 * const [hidden, relativeEmbeddings] = [random(1, 16, 768), random(512, 768)];
 * const weights = { queryWeight: random(768, 768), keyWeight: random(768, 768) };
 * pe.disentangled({ hidden, relativeEmbeddings, heads: 12, ...weights }).shape; // [1, 12, 16, 16]
 */
export function disentangled(core, options) {
  const operands = new Operands('disentangled', options, KNOWN);
  const plan = readPlan(operands, options);
  const { B, T, H, W, heads, D, span } = plan;
  const x = operands.floats('hidden', [[B, T, W]]);
  const query = project(core, operands, 'query', x, plan);
  const key = project(core, operands, 'key', x, plan);
  const rows = allocate(Int32Array, 2 * T - 1);
  core.invoke('wf_disentangled_rows', [{ out: rows }, T, span, plan.buckets, plan.longest]);
  const [positionKey, positionQuery] = projectPositions(core, operands, plan);
  const fillBias = (/** @type {Float32Array} */ out) => {
    const sizes = [B, heads, T, D, span, LAYOUT.BTHD, plan.scale];
    core.invoke('wf_disentangled_bias', [{ out }, query, key, positionKey, positionQuery, rows, ...sizes]);
  };
  const output = operands.choice('output', ['bias', 'probabilities', 'context'], 'bias');
  if (output === 'bias') return operands.result([B, heads, T, T], 'float32', fillBias);
  const bias = allocate(Float32Array, B * heads * T * T);
  fillBias(bias);
  const sizes = [B, heads, T, T, D, 0, 0, LAYOUT.BTHD, plan.scale];
  if (output === 'probabilities') {
    return operands.result([B, heads, T, T], 'float32', (out) => {
      core.invoke('wf_biased_attention', [{ out }, null, query, key, null, bias, null, ...sizes]);
    });
  }
  const value = project(core, operands, 'value', x, plan);
  return operands.result([B, T, H], 'float32', (out) => {
    const probabilities = { out: allocate(Float32Array, bias.length) };
    core.invoke('wf_biased_attention', [probabilities, { out }, query, key, value, bias, null, ...sizes]);
  });
}

/**
 * @typedef {object} Plan sizes: B sequences, T tokens, W columns of the hidden states, H of the projections
 * @property {number} B
 * @property {number} T
 * @property {number} W
 * @property {number} H
 * @property {number} heads
 * @property {number} D columns of a head
 * @property {number} buckets 0 for none
 * @property {number} longest
 * @property {number} span
 * @property {readonly string[]} terms
 * @property {boolean} shareKey
 * @property {number} scale
 */

/**
 * @param {Operands} operands
 * @param {Record<string, any>} options
 * @returns {Plan}
 */
function readPlan(operands, options) {
  /** @type {Record<string, number>} */
  const letters = {};
  operands.floats('hidden', [['B', 'T', 'W']], letters);
  operands.floats('queryWeight', [['H', 'W']], letters);
  const { B, T, W, H } = letters;
  const heads = operands.integer('heads');
  if (H % heads !== 0) operands.refuse('heads', `a divisor of the projections' ${H} columns`);
  const buckets = Math.max(operands.integer('positionBuckets', { min: -1, fallback: 256 }), 0);
  if (buckets === 1) operands.refuse('positionBuckets', 'at least 2, or 0 for none');
  const min = buckets > 0 ? Math.floor(buckets / 2) + 2 : 1;
  const longest = operands.integer('maxRelativePositions', { min, fallback: 512 });
  const terms = operands.has('terms') ? options.terms : ['c2p', 'p2c'];
  const known = Array.isArray(terms) && terms.every((term) => term === 'c2p' || term === 'p2c');
  if (!known || new Set(terms).size !== terms.length)
    operands.refuse('terms', "of 'c2p' and 'p2c', each once");
  const D = H / heads;
  const span = buckets || longest;
  const scale = 1 / Math.sqrt(D * (1 + terms.length));
  const shareKey = operands.flag('shareKey', true);
  return { B, T, W, H, heads, D, buckets, longest, span, terms, shareKey, scale };
}

/**
 * The positions' keys and queries, null for a term that is left out.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {Plan} plan
 */
function projectPositions(core, operands, { shareKey, terms, span, ...plan }) {
  /** @type {Record<string, number>} */
  const letters = { W: plan.W };
  const all = operands.floats('relativeEmbeddings', [['rows', 'W']], letters);
  if (letters.rows < 2 * span) {
    operands.refuse('relativeEmbeddings', `of at least ${2 * span} rows, twice the span`, [
      letters.rows,
      plan.W,
    ]);
  }
  const embeddings = all.subarray(0, 2 * span * plan.W);
  const names = shareKey ? ['key', 'query'] : ['positionKey', 'positionQuery'];
  return names.map((name, i) =>
    terms.includes(i === 0 ? 'c2p' : 'p2c') ? project(core, operands, name, embeddings, plan) : null,
  );
}

/**
 * x W^T + b by the weights of a name.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {string} name
 * @param {Float32Array} x [rows, W]
 * @param {{ W: number, H: number }} sizes
 */
function project(core, operands, name, x, { W, H }) {
  const weight = operands.floats(`${name}Weight`, [[H, W]]);
  const bias = operands.optionalFloats(`${name}Bias`, [[H]]);
  const out = allocate(Float32Array, (x.length / W) * H);
  core.invoke('wf_project', [{ out }, x, weight, bias, x.length / W, W, H]);
  return out;
}
