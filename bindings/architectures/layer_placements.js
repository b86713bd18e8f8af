/** Where the tensors of layers go, from the names of their parts. */
import { NORM_PLACES } from '../core/abi.js';
import { kindOf } from './blueprint.js';
import { pair, single } from './placements.js';

/** @typedef {import('./placements.js').Placement} Placement */
/** @typedef {import('./placements.js').Options} Options */

/** Names of BERT's layers, which many families have in part. */
export const BERT_PARTS = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  out: 'attention.output.dense',
  norm1: 'attention.output.LayerNorm',
  up: 'intermediate.dense',
  down: 'output.dense',
  norm2: 'output.LayerNorm',
};

/** Names of ViT's. */
export const VIT_PARTS = {
  ...BERT_PARTS,
  query: 'attention.attention.query',
  key: 'attention.attention.key',
  value: 'attention.attention.value',
  norm1: 'layernorm_before',
  norm2: 'layernorm_after',
};

/** Names of Llama's layers. */
export const LLAMA_PARTS = {
  query: 'self_attn.q_proj',
  key: 'self_attn.k_proj',
  value: 'self_attn.v_proj',
  out: 'self_attn.o_proj',
  norm1: 'input_layernorm',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
  norm2: 'post_attention_layernorm',
};

/**
 * @typedef {object} Parts module names of a layer; a part is absent where the family has none
 * @property {string} [query]
 * @property {string} [key]
 * @property {string} [value]
 * @property {string} [qkv] the three in one, rows in this order
 * @property {string} out
 * @property {string} [gate] of a gated network, if it is not in one with `up`
 * @property {string} up
 * @property {string} down
 * @property {string} norm1 of attention, before or after it as the kind says
 * @property {string} norm2 of the feed-forward network
 * @property {string} [inside1] of what attention adds, if the kind has it
 * @property {string} [inside2] of what the feed-forward network adds
 * @property {string} [queryNorm] of each head's queries, if the kind has one
 * @property {string} [keyNorm]
 * @property {string} [scale1] the tensor that multiplies what attention adds, if the kind has layer scale
 * @property {string} [scale2] what the feed-forward network adds
 *
 * @typedef {boolean | null} HasBias null: as the file has it
 *
 * @typedef {object} LayerOptions
 * @property {{ qkv?: HasBias, query?: HasBias, key?: HasBias, value?: HasBias, out?: HasBias, up?: HasBias, down?: HasBias, norms?: HasBias }} [biases] true by default
 * @property {number} [rows] ROWS of a gated network's weight that is one tensor
 * @property {number} [qkvRows] ROWS of queries, keys and values that are one tensor
 * @property {number} [offset] is added to the weights of norms
 */

const { BEFORE_ATTENTION, INSIDE_ATTENTION, AFTER_ATTENTION } = NORM_PLACES;
const { BEFORE_FEED_FORWARD, INSIDE_FEED_FORWARD, AFTER_FEED_FORWARD } = NORM_PLACES;

/** Which part's name the norm at a place has. @type {[place: number, slot: string, part: keyof Parts][]} */
const NORMS = [
  [BEFORE_ATTENTION, 'BEFORE_ATTENTION', 'norm1'],
  [INSIDE_ATTENTION, 'INSIDE_ATTENTION', 'inside1'],
  [AFTER_ATTENTION, 'AFTER_ATTENTION', 'norm1'],
  [BEFORE_FEED_FORWARD, 'BEFORE_FEED_FORWARD', 'norm2'],
  [INSIDE_FEED_FORWARD, 'INSIDE_FEED_FORWARD', 'inside2'],
  [AFTER_FEED_FORWARD, 'AFTER_FEED_FORWARD', 'norm2'],
];

/**
 * Placements of all layers that have weights of their own.
 * @param {import('./blueprint.js').ModelDescription} description
 * @param {(layer: number) => string} prefix of a layer's modules, such as `encoder.layer.0.`
 * @param {Parts} parts
 * @param {LayerOptions} [options]
 * @returns {Placement[]}
 */
export function layers(description, prefix, parts, { biases = {}, rows, qkvRows, offset } = {}) {
  const {
    qkv = true,
    query = qkv,
    key = qkv,
    value = qkv,
    out = true,
    up = true,
    down = true,
    norms: normed = true,
  } = biases;
  return description.layer_weights.slice(0, description.layers).flatMap((set, index) => {
    if (set !== index) return [];
    const at = prefix(index);
    const { norms, head_norm: headNorm, layer_scale: scaled } = kindOf(description, index);
    const norm = (/** @type {string | undefined} */ module, /** @type {string} */ slot) =>
      pair(at + module, slot, { index, offset, bias: normed });
    const projections = /** @type {const} */ (['query', 'key', 'value']).flatMap((part) =>
      parts[part] ? pair(at + parts[part], 'QKV', { index, part, bias: { query, key, value }[part] }) : [],
    );
    return [
      ...projections,
      ...(parts.qkv ? pair(at + parts.qkv, 'QKV', { index, bias: qkv, rows: qkvRows }) : []),
      ...pair(at + parts.out, 'OUT', { index, bias: out }),
      ...(parts.gate ? pair(at + parts.gate, 'UP', { index, part: 'gate', bias: up }) : []),
      ...pair(at + parts.up, 'UP', { index, bias: up, ...(parts.gate ? { part: 'up' } : { rows }) }),
      ...pair(at + parts.down, 'DOWN', { index, bias: down }),
      ...NORMS.flatMap(([place, slot, part]) => (norms & place ? norm(parts[part], slot) : [])),
      ...(headNorm && parts.queryNorm ? norm(parts.queryNorm, 'QUERY_NORM') : []),
      ...(headNorm && parts.keyNorm ? norm(parts.keyNorm, 'KEY_NORM') : []),
      ...(scaled ? [single(at + parts.scale1, 'ATTENTION_SCALE', { index })] : []),
      ...(scaled ? [single(at + parts.scale2, 'FEED_FORWARD_SCALE', { index })] : []),
    ];
  });
}
