/**
 * What a model family makes of a config.json: the core's description, where each weight goes, and which heads make which
 * outputs. The helpers here spell out what families have in common; the families themselves are data beside them.
 */
import { ACTIVATION, PLACE, SLOT, STEM } from '../core/abi.js';
import { ConfigError } from '../errors.js';
import { integer, LIMITS } from '../formats/config.js';

/**
 * @typedef {import('../core/abi.js').Description} Description
 * @typedef {import('../core/abi.js').HeadDescription} HeadDescription
 *
 * @typedef {object} Placement where one tensor of the file goes
 * @property {string[]} names the tensor's possible names, the first found counts
 * @property {number} slot
 * @property {number} index layer or head
 * @property {number} first element of the slot that the tensor's first value becomes
 * @property {number[]} shape expected; leading ones are free
 * @property {boolean} required
 *
 * @typedef {object} Output one result of a forward, made from rows or from pooled vectors by heads in turn
 * @property {string} name as Hugging Face calls it
 * @property {number | null} pool a pooling, or null to keep one vector a token
 * @property {number[]} heads indices into the description's heads
 * @property {number} [token] with a pooling of the first token: another one, counted from 0
 *
 * @typedef {object} Blueprint
 * @property {Omit<Description, 'tile' | 'max_rows' | 'group_rows'>} description
 * @property {Placement[]} placements
 * @property {Output[]} outputs
 * @property {string[]} tasks names of Hugging Face's pipelines
 * @property {import('../tasks/embed.js').Pooling} [pooling] of `embed` where the model's files say nothing; mean by default
 * @property {[height: number, width: number]} [image] the size of images that the model was trained on
 * @property {(logits: Record<string, import('../tensor.js').Tensor>) => Record<string, import('../tensor.js').Tensor>} [combine]
 *   outputs made from others, such as the mean of two classifiers
 *
 * @typedef {Map<string, { dtype: string, shape: number[] }>} TensorList what the file holds
 */

/** Activation names of config.json (transformers' ACT2FN). @type {Record<string, number>} */
const ACTIVATIONS = {
  gelu: ACTIVATION.GELU,
  gelu_new: ACTIVATION.GELU_TANH,
  gelu_fast: ACTIVATION.GELU_TANH,
  gelu_pytorch_tanh: ACTIVATION.GELU_TANH,
  quick_gelu: ACTIVATION.QUICK_GELU,
  relu: ACTIVATION.RELU,
  silu: ACTIVATION.SILU,
  swish: ACTIVATION.SILU,
  tanh: ACTIVATION.TANH,
  sigmoid: ACTIVATION.SIGMOID,
  linear: ACTIVATION.IDENTITY,
};

/** Names that config.json may give an activation. */
export const ACTIVATION_NAMES = Object.keys(ACTIVATIONS);

/** @param {string} name one of ACTIVATION_NAMES */
export const activationOf = (name) => ACTIVATIONS[name];

/**
 * The number of attention heads, which must divide the width.
 * @param {import('../formats/config.js').Config} config
 * @param {string | string[]} key
 * @param {number} width
 * @param {number} [fallback]
 */
export function headCount(config, key, width, fallback) {
  const heads = integer(config, key, { min: 1, max: LIMITS.heads, fallback });
  if (width % heads === 0) return heads;
  const name = [key].flat()[0];
  throw new ConfigError(`${name} in the configuration is ${heads}, but must divide the width ${width}`, {
    path: name,
    value: heads,
  });
}

/**
 * A size of images or patches: one number, or [height, width].
 * @param {import('../formats/config.js').Config} config
 * @param {string} key
 * @param {number} fallback
 * @returns {[height: number, width: number]}
 */
export function imageSize(config, key, fallback) {
  const value = config[key] ?? fallback;
  const both = Array.isArray(value) ? value : [value, value];
  if (both.length === 2 && both.every((size) => Number.isInteger(size) && size >= 1 && size <= 16384)) {
    return /** @type {[number, number]} */ (both);
  }
  throw new ConfigError(
    `${key} in the configuration is ${JSON.stringify(value)}, but must be an integer from 1 or [height, width]`,
    { path: key, value },
  );
}

/**
 * The class that a model was saved from, such as BertForTokenClassification; empty if the config names none.
 * @param {import('../formats/config.js').Config} config
 * @returns {string}
 */
export function architectureOf({ architectures }) {
  const first = Array.isArray(architectures) ? architectures[0] : undefined;
  return typeof first === 'string' ? first : '';
}

/**
 * A description with the defaults of a plain post-norm encoder of tokens.
 * @param {Partial<Description> & { width: number, heads: number, layers: number, feed_forward: number }} fields
 * @returns {Omit<Description, 'tile' | 'max_rows' | 'group_rows'>}
 */
export function describe(fields) {
  const headWidth = fields.head_width ?? fields.width / fields.heads;
  return {
    stem: STEM.TOKENS,
    place: PLACE.POST,
    head_width: headWidth,
    activation: ACTIVATION.GELU,
    norm_epsilon: 1e-12,
    score_scale: headWidth ** -0.5,
    vocabulary: 0,
    positions: 0,
    types: 0,
    embedding_norm: 0,
    final_norm: 0,
    embedding_norm_epsilon: fields.norm_epsilon ?? 1e-12,
    channels: 0,
    patch_height: 0,
    patch_width: 0,
    prefix: 0,
    prefix_positions: 0,
    stages: 0,
    depth: [],
    stage_heads: [],
    window: 0,
    head: [],
    ...fields,
  };
}

/**
 * @param {Partial<HeadDescription> & { inputs: number, outputs: number }} fields
 * @returns {HeadDescription}
 */
export const head = (fields) => ({ activation: ACTIVATION.IDENTITY, norm: 0, tied: 0, ...fields });

/**
 * Placements of a weight and its bias. Old files call a norm's pair gamma and beta.
 * @param {string | string[]} modules possible names of the module that holds them
 * @param {[weight: number, bias: number]} slots
 * @param {{ index?: number, row?: number, shape: number[], bias?: boolean, required?: boolean }} options row: the first row
 *   of the slot; shape: of the weight, [outputs, inputs] or [width]; bias: whether the file must hold one
 * @returns {Placement[]}
 */
export function pair(
  modules,
  [weight, bias],
  { index = 0, row = 0, shape, bias: hasBias = true, required = true },
) {
  const names = [modules].flat();
  const wide = shape.length === 2 ? shape[1] : 1;
  return [
    {
      names: names.flatMap((name) => [`${name}.weight`, `${name}.gamma`]),
      slot: weight,
      index,
      first: row * wide,
      shape,
      required,
    },
    {
      names: names.flatMap((name) => [`${name}.bias`, `${name}.beta`]),
      slot: bias,
      index,
      first: row,
      shape: [shape[0]],
      required: required && hasBias,
    },
  ];
}

/**
 * One tensor that is a table or a parameter of its own.
 * @param {string | string[]} names
 * @param {number} slot
 * @param {number[]} shape
 * @param {{ index?: number, required?: boolean, first?: number }} [options]
 * @returns {Placement}
 */
export const single = (names, slot, shape, { index = 0, required = true, first = 0 } = {}) => ({
  names: [names].flat(),
  slot,
  index,
  first,
  shape,
  required,
});

/**
 * Placements of one layer from the names of its parts. A part is absent where the family has none.
 * @param {string} prefix of the layer's modules, such as `encoder.layer.0.`
 * @param {number} index
 * @param {{ query?: string, key?: string, value?: string, out: string, norm1: string, up: string, down: string,
 *   norm2: string }} parts module names
 * @param {Pick<Description, 'width' | 'heads' | 'head_width' | 'feed_forward'>} sizes
 * @param {{ qkvBias?: boolean }} [options] whether queries, keys and values must have a bias
 * @returns {Placement[]}
 */
export function layer(prefix, index, parts, sizes, { qkvBias = true } = {}) {
  const { width, heads, head_width: headWidth, feed_forward: inner } = sizes;
  const all = heads * headWidth;
  /** @type {[number, number]} */
  const qkv = [SLOT.QKV_WEIGHT, SLOT.QKV_BIAS];
  /** @type {(part: string, slots: [number, number], row: number, shape: number[]) => Placement[]} */
  const at = (part, slots, row, shape) =>
    pair(prefix + part, slots, { index, row, shape, bias: qkvBias || slots !== qkv });
  return [
    ...(parts.query ? at(parts.query, qkv, 0, [all, width]) : []),
    ...(parts.key ? at(parts.key, qkv, all, [all, width]) : []),
    ...(parts.value ? at(parts.value, qkv, 2 * all, [all, width]) : []),
    ...at(parts.out, [SLOT.OUT_WEIGHT, SLOT.OUT_BIAS], 0, [width, all]),
    ...at(parts.norm1, [SLOT.NORM1_WEIGHT, SLOT.NORM1_BIAS], 0, [width]),
    ...at(parts.up, [SLOT.UP_WEIGHT, SLOT.UP_BIAS], 0, [inner, width]),
    ...at(parts.down, [SLOT.DOWN_WEIGHT, SLOT.DOWN_BIAS], 0, [width, inner]),
    ...at(parts.norm2, [SLOT.NORM2_WEIGHT, SLOT.NORM2_BIAS], 0, [width]),
  ];
}

/**
 * The placements of a head's weight, bias and norm.
 * @param {string} module
 * @param {number} index of the head
 * @param {HeadDescription} description
 * @param {{ norm?: string, required?: boolean }} [options] norm: the module of its layer norm
 */
export function headPlacements(module, index, { inputs, outputs }, { norm, required = true } = {}) {
  return [
    ...pair(module, [SLOT.HEAD_WEIGHT, SLOT.HEAD_BIAS], {
      index,
      shape: [outputs, inputs],
      required,
      bias: false,
    }),
    ...(norm
      ? pair(norm, [SLOT.HEAD_NORM_WEIGHT, SLOT.HEAD_NORM_BIAS], { index, shape: [outputs], required })
      : []),
  ];
}
