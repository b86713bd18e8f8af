/** The layout of the structs that JavaScript and C agree on. A test compares it with c/wasmformer.h. */

/* What a description, and an output, have room for. */
export const [MAX_KINDS, MAX_LAYERS, MAX_HEADS] = [8, 128, 4];
export const [MAX_POOLINGS, MAX_ROTARIES, MAX_CONVOLUTIONS] = [6, 2, 8];

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
  bias_gated: 'u',
  bias_terms: 'u',
  left: 'u',
  right: 'u',
  window: 'u',
  shift: 'u',
  layer_scale: 'u',
});

export const ROTARY_TABLE = /** @type {const} */ ({ pairs: 'u', base: 'f', gain: 'f', map: 'u' });

export const CONVOLUTION = /** @type {const} */ ({
  outputs: 'u',
  kernel: 'u',
  stride: 'u',
  padding: 'u',
  norm: 'u',
  activation: 'u',
});

export const POSITION = /** @type {const} */ ({
  count: 'u',
  kernel: 'u',
  groups: 'u',
  norm: 'u',
  activation: 'u',
  weight_norm: 'u',
});

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
  token_scale: 'f',
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
  convolution: 'u',
  convolution_activation: 'u',
  pool: 'u',
  frame_inputs: 'u',
  convolutions: 'u',
  feature_norm: 'u',
  feature_norm_epsilon: 'f',
  features: 'u',
  frame: [CONVOLUTION, MAX_CONVOLUTIONS],
  position: [POSITION, 1],
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
  offset: 'f',
  add: 'u',
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
  rows: 'u',
  heads: 'u',
  head: MAX_HEADS,
  late: 'u',
  normalize: 'u',
});

/**
 * @typedef {Record<keyof typeof KIND, number>} Kind wf_kind_description
 * @typedef {Record<keyof typeof HEAD, number>} Head wf_head_description
 * @typedef {Record<keyof typeof CONVOLUTION, number>} Convolution wf_convolution_description
 * @typedef {Record<keyof typeof PUT, number>} Put
 * @typedef {Record<keyof typeof STATE, number>} State
 * @typedef {Omit<Record<keyof typeof DESCRIPTION, number>, 'kind' | 'layer_kind' | 'layer_weights' | 'layer_bias' | 'head' | 'rotary' | 'frame' | 'position'> &
 *   { kind: Kind[], layer_kind: number[], layer_weights: number[], layer_bias: number[], head: Head[],
 *   rotary: Record<keyof typeof ROTARY_TABLE, number>[], frame: Convolution[], position: Record<keyof typeof POSITION, number>[] }}
 *   Description wf_encoder_description
 */
