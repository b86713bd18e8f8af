/**
 * The numbers that JavaScript and C agree on: statuses, enums, slots and the layout of structs. A test compares them
 * with c/wasmformer.h.
 */

export const STATUS = { OK: 0, ARGUMENT: 1, SHAPE: 2, UNSUPPORTED: 3, MEMORY: 4, STATE: 5 };

export const STEM = { TOKENS: 0, EMBEDDINGS: 1, PATCHES: 2, ATTENTION: 3 };

/** Where a layer normalises, as bits. */
export const NORM_PLACES = {
  BEFORE_ATTENTION: 1,
  INSIDE_ATTENTION: 2,
  AFTER_ATTENTION: 4,
  BEFORE_FEED_FORWARD: 8,
  INSIDE_FEED_FORWARD: 16,
  AFTER_FEED_FORWARD: 32,
};

export const BIAS = { NONE: 0, WINDOW: 1, DENSE: 2, DISTANCE: 3, DISENTANGLED: 4 };

/** What positions and content say of each other, as bits. */
export const TERMS = { CONTENT_TO_POSITION: 1, POSITION_TO_CONTENT: 2, SHARED: 4 };

export const NORM_FORM = { LAYER: 0, RMS: 1, L2: 2 };

export const ROTARY = { NONE: 0, HALVES: 1, PAIRS: 2 };

/** WF_UNLIMITED: a query sees every key. */
export const UNLIMITED = 2 ** 32 - 1;

export const ACTIVATION = {
  IDENTITY: 0,
  RELU: 1,
  GELU: 2,
  GELU_TANH: 3,
  QUICK_GELU: 4,
  SILU: 5,
  TANH: 6,
  SIGMOID: 7,
  GELU_CLIPPED: 8,
  LEAKY_RELU: 9,
  RELU6: 10,
  RELU_SQUARED: 11,
  HARD_SWISH: 12,
  MISH: 13,
};

export const POOL = { FIRST: 0, MEAN: 1, MAX: 2, MEAN_SQRT: 3, LAST: 4, WEIGHTED_MEAN: 5, TOKEN: 6 };

/** Where the final norm stands. */
export const FINAL_NORM = { NONE: 0, ROWS: 1, POOLED: 2 };

/** Element types of weights, by the names that safetensors gives them. */
export const DTYPE = { F32: 0, F16: 1, BF16: 2, F64: 3 };

/** How a file orders the rows of a gated up weight, and of one of queries, keys and values. */
export const ROWS = { AS_THEY_ARE: 0, GATE_UP: 1, UP_GATE: 2, BY_HEAD: 3 };

export const SLOT = {
  TOKEN_TABLE: 0,
  POSITION_TABLE: 1,
  TYPE_TABLE: 2,
  EMBEDDING_NORM_WEIGHT: 3,
  EMBEDDING_NORM_BIAS: 4,
  FINAL_NORM_WEIGHT: 5,
  FINAL_NORM_BIAS: 6,
  PATCH_WEIGHT: 7,
  PATCH_BIAS: 8,
  PREFIX_TABLE: 9,
  RELATIVE_TABLE: 10,
  RELATIVE_NORM_WEIGHT: 11,
  RELATIVE_NORM_BIAS: 12,
  PROJECTION_WEIGHT: 13,
  PROJECTION_BIAS: 14,
  ROTARY_FREQUENCIES: 15,
  QKV_WEIGHT: 16,
  QKV_BIAS: 17,
  OUT_WEIGHT: 18,
  OUT_BIAS: 19,
  UP_WEIGHT: 20,
  UP_BIAS: 21,
  DOWN_WEIGHT: 22,
  DOWN_BIAS: 23,
  BEFORE_ATTENTION_WEIGHT: 24,
  BEFORE_ATTENTION_BIAS: 25,
  INSIDE_ATTENTION_WEIGHT: 26,
  INSIDE_ATTENTION_BIAS: 27,
  AFTER_ATTENTION_WEIGHT: 28,
  AFTER_ATTENTION_BIAS: 29,
  BEFORE_FEED_FORWARD_WEIGHT: 30,
  BEFORE_FEED_FORWARD_BIAS: 31,
  INSIDE_FEED_FORWARD_WEIGHT: 32,
  INSIDE_FEED_FORWARD_BIAS: 33,
  AFTER_FEED_FORWARD_WEIGHT: 34,
  AFTER_FEED_FORWARD_BIAS: 35,
  WINDOW_TABLE: 36,
  ATTENTION_SCALE: 37,
  FEED_FORWARD_SCALE: 38,
  QUERY_NORM_WEIGHT: 39,
  QUERY_NORM_BIAS: 40,
  KEY_NORM_WEIGHT: 41,
  KEY_NORM_BIAS: 42,
  DISTANCE_TABLE: 43,
  POSITION_KEY_WEIGHT: 44,
  POSITION_KEY_BIAS: 45,
  POSITION_QUERY_WEIGHT: 46,
  POSITION_QUERY_BIAS: 47,
  MERGE_NORM_WEIGHT: 48,
  MERGE_NORM_BIAS: 49,
  MERGE_WEIGHT: 50,
  HEAD_WEIGHT: 56,
  HEAD_BIAS: 57,
  HEAD_NORM_WEIGHT: 58,
  HEAD_NORM_BIAS: 59,
};

/* What a description, and an output, have room for. */
export const [MAX_KINDS, MAX_LAYERS, MAX_HEADS] = [8, 128, 4];
export const [MAX_POOLINGS, MAX_ROTARIES] = [6, 2];

/**
 * The structs, field by field: `u` a uint32, `f` a float, a number an array of so many uint32, a struct and a number an
 * array of structs.
 * @typedef {'u' | 'f' | number | readonly [Struct, number]} FieldType
 * @typedef {{ readonly [field: string]: FieldType }} Struct
 */

export const KIND = /** @type {const} */ ({
  width: 'u',
  heads: 'u',
  key_heads: 'u',
  head_width: 'u',
  inner: 'u',
  activation: 'u',
  gated: 'u',
  norms: 'u',
  norm_form: 'u',
  norm_epsilon: 'f',
  score_scale: 'f',
  head_norm: 'u',
  rotary: 'u',
  rotary_width: 'u',
  rotary_table: 'u',
  bias: 'u',
  bias_buckets: 'u',
  bias_reach: 'u',
  bias_terms: 'u',
  left: 'u',
  right: 'u',
  window: 'u',
  shift: 'u',
  layer_scale: 'u',
});

export const ROTARY_TABLE = /** @type {const} */ ({ pairs: 'u', base: 'f', gain: 'f' });

export const HEAD = /** @type {const} */ ({
  inputs: 'u',
  outputs: 'u',
  activation: 'u',
  norm: 'u',
  norm_epsilon: 'f',
  tied: 'u',
  bare: 'u',
});

export const DESCRIPTION = /** @type {const} */ ({
  tile: 'u',
  dtype: 'u',
  stem: 'u',
  width: 'u',
  vocabulary: 'u',
  positions: 'u',
  types: 'u',
  table_width: 'u',
  projection: 'u',
  dropped_token: 'u',
  channels: 'u',
  patch_height: 'u',
  patch_width: 'u',
  stride_height: 'u',
  stride_width: 'u',
  prefix: 'u',
  prefix_positions: 'u',
  norm_form: 'u',
  embedding_norm: 'u',
  embedding_norm_epsilon: 'f',
  final_norm: 'u',
  final_norm_epsilon: 'f',
  merge_form: 'u',
  merge_norm_epsilon: 'f',
  relative_rows: 'u',
  relative_norm: 'u',
  relative_norm_epsilon: 'f',
  rotary: [ROTARY_TABLE, MAX_ROTARIES],
  kinds: 'u',
  layers: 'u',
  head_count: 'u',
  kind: [KIND, MAX_KINDS],
  layer_kind: MAX_LAYERS,
  layer_weights: MAX_LAYERS,
  layer_bias: MAX_LAYERS,
  head: [HEAD, MAX_HEADS],
});

export const PUT = /** @type {const} */ ({
  slot: 'u',
  index: 'u',
  first: 'u',
  count: 'u',
  dtype: 'u',
  rows: 'u',
  scale: 'f',
  offset: 'f',
});

export const STATE = /** @type {const} */ ({
  states: 'u',
  layers: 'u',
  width: 'u',
  tokens: 'u',
  height: 'u',
  across: 'u',
  windows: 'u',
  heads: 'u',
  keys: 'u',
});

export const OUTPUT = /** @type {const} */ ({
  poolings: 'u',
  pooling: MAX_POOLINGS,
  token: 'u',
  skip: 'u',
  heads: 'u',
  head: MAX_HEADS,
  normalize: 'u',
});

/**
 * @typedef {Record<keyof typeof KIND, number>} Kind wf_kind_description
 * @typedef {Record<keyof typeof HEAD, number>} Head wf_head_description
 * @typedef {Record<keyof typeof PUT, number>} Put
 * @typedef {Record<keyof typeof STATE, number>} State
 * @typedef {Omit<Record<keyof typeof DESCRIPTION, number>, 'kind' | 'layer_kind' | 'layer_weights' | 'layer_bias' | 'head' | 'rotary'> &
 *   { kind: Kind[], layer_kind: number[], layer_weights: number[], layer_bias: number[], head: Head[],
 *   rotary: Record<keyof typeof ROTARY_TABLE, number>[] }} Description wf_encoder_description
 */
