/**
 * The numbers that JavaScript and C agree on: statuses, enums, slots and the layout of structs. A test compares them
 * with c/wasmformer.h.
 */

export const STATUS = { OK: 0, ARGUMENT: 1, SHAPE: 2, UNSUPPORTED: 3, MEMORY: 4, STATE: 5 };

export const STEM = { TOKENS: 0, EMBEDDINGS: 1, PATCHES: 2, ATTENTION: 3 };

export const PLACE = { POST: 0, PRE: 1 };

export const ACTIVATION = {
  IDENTITY: 0,
  RELU: 1,
  GELU: 2,
  GELU_TANH: 3,
  QUICK_GELU: 4,
  SILU: 5,
  TANH: 6,
  SIGMOID: 7,
};

export const POOL = { FIRST: 0, MEAN: 1, MAX: 2, MEAN_SQRT: 3, LAST: 4, WEIGHTED_MEAN: 5 };

/** Element types of weights, by the names that safetensors gives them. */
export const DTYPE = { F32: 0, F16: 1, BF16: 2 };

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
  QKV_WEIGHT: 16,
  QKV_BIAS: 17,
  OUT_WEIGHT: 18,
  OUT_BIAS: 19,
  NORM1_WEIGHT: 20,
  NORM1_BIAS: 21,
  UP_WEIGHT: 22,
  UP_BIAS: 23,
  DOWN_WEIGHT: 24,
  DOWN_BIAS: 25,
  NORM2_WEIGHT: 26,
  NORM2_BIAS: 27,
  WINDOW_TABLE: 28,
  MERGE_NORM_WEIGHT: 40,
  MERGE_NORM_BIAS: 41,
  MERGE_WEIGHT: 42,
  HEAD_WEIGHT: 48,
  HEAD_BIAS: 49,
  HEAD_NORM_WEIGHT: 50,
  HEAD_NORM_BIAS: 51,
};

/** Linear heads, and stages, that a description has room for. */
export const MAX_HEADS = 4;
export const MAX_STAGES = 4;

/** The fields of wf_head_description in order. */
export const HEAD_FIELDS = /** @type {const} */ (['inputs', 'outputs', 'activation', 'norm', 'tied']);

/** The fields of wf_encoder_description before its heads, in order; all unsigned but those of FLOAT_FIELDS. */
export const DESCRIPTION_FIELDS = /** @type {const} */ ([
  'tile',
  'max_rows',
  'stem',
  'place',
  'layers',
  'width',
  'heads',
  'head_width',
  'feed_forward',
  'activation',
  'norm_epsilon',
  'score_scale',
  'vocabulary',
  'positions',
  'types',
  'embedding_norm',
  'final_norm',
  'embedding_norm_epsilon',
  'group_rows',
  'channels',
  'patch_height',
  'patch_width',
  'prefix',
  'prefix_positions',
  'stages',
  'depth',
  'stage_heads',
  'window',
  'head_count',
]);

export const FLOAT_FIELDS = ['norm_epsilon', 'score_scale', 'embedding_norm_epsilon'];

/** Fields that are arrays of MAX_STAGES. */
export const STAGE_FIELDS = ['depth', 'stage_heads'];

/**
 * @typedef {Record<typeof HEAD_FIELDS[number], number>} HeadDescription
 * @typedef {Record<Exclude<typeof DESCRIPTION_FIELDS[number], 'head_count' | 'depth' | 'stage_heads'>, number> &
 *   { depth: number[], stage_heads: number[], head: HeadDescription[] }} Description wf_encoder_description, field by field
 */

/**
 * Lays a description out as the C struct.
 * @param {Description} description
 * @returns {Uint32Array}
 */
export function encodeDescription(description) {
  const { head: heads } = description;
  const fields = { ...description, head_count: heads.length };
  const scalars = DESCRIPTION_FIELDS.flatMap((field) => {
    const value = /** @type {Record<string, any>} */ (fields)[field];
    if (STAGE_FIELDS.includes(field)) return Array.from({ length: MAX_STAGES }, (_, i) => value[i] ?? 0);
    return FLOAT_FIELDS.includes(field) ? new Uint32Array(new Float32Array([value]).buffer)[0] : value;
  });
  const words = new Uint32Array(scalars.length + MAX_HEADS * HEAD_FIELDS.length);
  words.set([...scalars, ...heads.flatMap((head) => HEAD_FIELDS.map((field) => head[field]))]);
  return words;
}
