/**
 * The numbers that JavaScript and C agree on: statuses, enums, slots and the layout of structs. A test compares them
 * with c/wasmformer.h.
 */

export const STATUS = { OK: 0, ARGUMENT: 1, SHAPE: 2, UNSUPPORTED: 3, MEMORY: 4, STATE: 5 };

export const STEM = { TOKENS: 0, EMBEDDINGS: 1 };

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
  HEAD_WEIGHT: 48,
  HEAD_BIAS: 49,
  HEAD_NORM_WEIGHT: 50,
  HEAD_NORM_BIAS: 51,
};

/** Linear heads that a description has room for. */
export const MAX_HEADS = 4;

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
  'head_count',
]);

export const FLOAT_FIELDS = ['norm_epsilon', 'score_scale', 'embedding_norm_epsilon'];

/**
 * @typedef {Record<typeof HEAD_FIELDS[number], number>} HeadDescription
 * @typedef {Record<Exclude<typeof DESCRIPTION_FIELDS[number], 'head_count'>, number> & { head: HeadDescription[] }} Description
 *   wf_encoder_description, field by field
 */

/**
 * Lays a description out as the C struct.
 * @param {Description} description
 * @returns {Uint32Array}
 */
export function encodeDescription(description) {
  const words = new Uint32Array(DESCRIPTION_FIELDS.length + MAX_HEADS * HEAD_FIELDS.length);
  const floats = new Float32Array(words.buffer);
  const fields = { ...description, head_count: description.head.length };
  DESCRIPTION_FIELDS.forEach((field, i) => {
    (FLOAT_FIELDS.includes(field) ? floats : words)[i] = fields[field];
  });
  description.head.forEach((head, h) => {
    HEAD_FIELDS.forEach((field, i) => {
      words[DESCRIPTION_FIELDS.length + h * HEAD_FIELDS.length + i] = head[field];
    });
  });
  return words;
}
