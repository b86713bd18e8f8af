/**
 * Where each tensor of a file goes: names, a slot of the core, and which of its rows. What shape that is follows from the
 * description, in one table. Matching with what a file holds is in bind.js.
 */
import { ROWS, SLOT } from '../core/abi.js';
import { kindOf, lastWidth } from './blueprint.js';

/**
 * @typedef {import('./blueprint.js').ModelDescription} ModelDescription
 * @typedef {import('../core/layouts.js').Kind} Kind
 * @typedef {keyof typeof SLOT} SlotName
 * @typedef {'query' | 'key' | 'value' | 'gate' | 'up' | readonly [first: number, count: number]} Part of a slot's rows
 *
 * @typedef {object} Placement where one tensor of the file goes
 * @property {string[]} names the tensor's possible names, the first found counts
 * @property {SlotName} slot
 * @property {number} index layer, merging or head
 * @property {boolean} required
 * @property {Part} [part] the tensor is these rows of the slot, by default all
 * @property {number[]} [shape] in the file, if it is another than the slot's rows and columns
 * @property {number} [columns] in the file, if the slot has more, which stay zeros
 * @property {number} [rows] ROWS: the order of the rows of a gated weight in the file
 * @property {number} [offset] is added to them, 0 by default
 * @property {boolean} [adds] the values are added to those of the slot's other tensors, which add, too
 * @property {(row: number) => number[]} [to] the rows of the slot where a row of the tensor goes, by default its own
 *
 * @typedef {Partial<Omit<Placement, 'names' | 'slot'>>} Options
 */

/** Heads times their width. @param {Kind} k @param {number} heads */
const all = (k, heads) => heads * k.head_width;

/** The layer behind which merging number `index` stands. @param {ModelDescription} d @param {number} index */
const mergedLayer = (d, index) =>
  d.layer_kind.flatMap((_, i) =>
    i + 1 < d.layers && kindOf(d, i).width !== kindOf(d, i + 1).width ? [i] : [],
  )[index];

/**
 * [rows, columns] of the slots, or [size] of a vector; linear layers by the name before _WEIGHT and _BIAS.
 * @type {Record<string, (d: ModelDescription, index: number) => number[]>}
 */
const SHAPES = {
  TOKEN_TABLE: (d) => [d.vocabulary, d.table_width],
  POSITION_TABLE: (d) => [d.positions, d.table_width],
  TYPE_TABLE: (d) => [d.types, d.table_width],
  PROJECTION: (d) => [d.width, d.table_width],
  PREFIX_TABLE: (d) => [d.prefix, d.width],
  RELATIVE_TABLE: (d) => [d.relative_rows, d.width],
  RELATIVE_NORM: (d) => [d.width],
  PROBE: (d) => [lastWidth(d)],
  ROTARY_FREQUENCIES: (d, i) => [d.rotary[i].pairs],
  CONVOLUTION: (d) => [d.width, d.width * d.convolution],
  CONVOLUTION_NORM: (d) => [d.width],
  EMBEDDING_NORM: (d) => [d.embedding_norm === 3 ? d.width : d.table_width],
  FINAL_NORM: (d) => [lastWidth(d)],
  PATCH: (d) => [d.width, d.channels * d.patch_height * d.patch_width],
  QKV: (d, i) => [all(kindOf(d, i), kindOf(d, i).heads + 2 * kindOf(d, i).key_heads), kindOf(d, i).width],
  OUT: (d, i) => [kindOf(d, i).width, all(kindOf(d, i), kindOf(d, i).heads)],
  UP: (d, i) => [kindOf(d, i).inner * (1 + kindOf(d, i).gated), kindOf(d, i).width],
  DOWN: (d, i) => [kindOf(d, i).width, kindOf(d, i).inner],
  FRAME: (d, i) => [d.frame[i].outputs, (i ? d.frame[i - 1].outputs : d.frame_inputs) * d.frame[i].kernel],
  FRAME_NORM: (d, i) => [d.frame[i].outputs],
  FEATURE_NORM: (d) => [d.table_width],
  POSITION_CONVOLUTION: (d) => [d.width, (d.width / d.position[0].groups) * d.position[0].kernel],
  POSITION_GAIN: (d) => [d.position[0].kernel],
  GATE: (d, i) => [8, kindOf(d, i).head_width],
  GATE_SCALE: (d, i) => [kindOf(d, i).heads],
  OFFSET_HIDDEN: (d, i) => [kindOf(d, i).bias_buckets, 2],
  OFFSET_OUT: (d, i) => [kindOf(d, i).heads, kindOf(d, i).bias_buckets],
  LOGIT_SCALE: (d, i) => [kindOf(d, i).heads],
  WINDOW_TABLE: (d, i) => [(2 * kindOf(d, i).window - 1) ** 2, kindOf(d, i).heads],
  DENSE_TABLE: (d, i) => [
    (2 * kindOf(d, i).bias_buckets - 1) * (2 * kindOf(d, i).bias_reach - 1) + 3,
    kindOf(d, i).heads,
  ],
  DISTANCE_TABLE: (d, i) => [kindOf(d, i).bias_buckets, kindOf(d, i).heads],
  POSITION_KEY: (d, i) => [all(kindOf(d, i), kindOf(d, i).heads), kindOf(d, i).width],
  POSITION_QUERY: (d, i) => [all(kindOf(d, i), kindOf(d, i).heads), kindOf(d, i).width],
  ATTENTION_SCALE: (d, i) => [kindOf(d, i).width],
  FEED_FORWARD_SCALE: (d, i) => [kindOf(d, i).width],
  QUERY_NORM: (d, i) => [kindOf(d, i).head_width],
  KEY_NORM: (d, i) => [kindOf(d, i).head_width],
  MERGE_NORM: (d, i) => [(d.merge_form ? 2 : 4) * kindOf(d, mergedLayer(d, i)).width],
  MERGE: (d, i) => [2 * kindOf(d, mergedLayer(d, i)).width, 4 * kindOf(d, mergedLayer(d, i)).width],
  HEAD: (d, i) => [d.head[i].outputs, d.head[i].inputs],
  HEAD_NORM: (d, i) => [d.head[i].outputs],
};

/**
 * The shape of a whole slot.
 * @param {ModelDescription} description
 * @param {SlotName} slot
 * @param {number} index
 */
export function slotShape(description, slot, index) {
  const [, name, half] = /** @type {RegExpExecArray} */ (/^(.*?)(?:_(WEIGHT|BIAS))?$/.exec(slot));
  const isLayerNorm = /_(ATTENTION|FEED_FORWARD)$/.test(name);
  const shape = isLayerNorm ? [kindOf(description, index).width] : SHAPES[name](description, index);
  return half === 'BIAS' ? shape.slice(0, 1) : shape;
}

/** First row and number of rows of a part. @param {Part} part @param {ModelDescription} d @param {number} index */
function rowsOf(part, d, index) {
  if (typeof part !== 'string') return part;
  const k = kindOf(d, index);
  const [queries, keys] = [all(k, k.heads), all(k, k.key_heads)];
  return {
    query: [0, queries],
    key: [queries, keys],
    value: [queries + keys, keys],
    gate: [0, k.inner],
    up: [k.inner, k.inner],
  }[part];
}

/**
 * What the core is told of a placement, and the shape that the tensor must have.
 * @param {Placement} placement
 * @param {ModelDescription} description
 */
export function resolve(
  { slot, index, part, shape, columns: own, rows = ROWS.AS_THEY_ARE, offset = 0, adds, to },
  description,
) {
  const [size, ...columns] = slotShape(description, slot, index);
  const [first, count] = part === undefined ? [0, size] : rowsOf(part, description, index);
  /** @type {{ slot: number, index: number, first: number, rows: number, offset: number, add: number,
   *   columns?: number[], to?: (row: number) => number[] }} */
  const put = {
    slot: SLOT[slot],
    index,
    first: first * (columns[0] ?? 1),
    rows,
    offset,
    add: adds ? 1 : 0,
  };
  if (to)
    return { put: { ...put, columns: [columns[0], columns[0]], to }, shape: shape ?? [count, ...columns] };
  if (own === undefined) return { put, shape: shape ?? [count, ...columns] };
  return { put: { ...put, columns: [own, columns[0]] }, shape: [count, own] };
}

/**
 * A tensor that is a table or a parameter of its own.
 * @param {string | string[]} names
 * @param {SlotName} slot
 * @param {Options} [options]
 * @returns {Placement}
 */
export const single = (names, slot, options) => ({
  names: [names].flat(),
  slot,
  index: 0,
  required: true,
  ...options,
});

/**
 * The weight and the bias of a module. Old files call a norm's pair gamma and beta.
 * @param {string | string[]} modules possible names of the module
 * @param {string} slot without _WEIGHT and _BIAS
 * @param {Options & { bias?: boolean | null }} [options] bias: whether there is one; null: if the file has it
 * @returns {Placement[]}
 */
export function pair(modules, slot, { bias = true, ...options } = {}) {
  const named = (/** @type {string[]} */ ends) =>
    [modules].flat().flatMap((module) => ends.map((end) => `${module}.${end}`));
  const { required = true, shape, ...rest } = options;
  const weight = single(named(['weight', 'gamma']), /** @type {SlotName} */ (`${slot}_WEIGHT`), options);
  if (bias === false) return [weight];
  const biases = { ...rest, required: required && bias === true };
  return [weight, single(named(['bias', 'beta']), /** @type {SlotName} */ (`${slot}_BIAS`), biases)];
}
