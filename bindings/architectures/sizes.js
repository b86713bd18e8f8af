/** Reading a model's sizes from its config.json. Limits and defaults are data of the families. */
import { ACTIVATION } from '../core/abi.js';
import { ConfigError, show, UnsupportedError } from '../errors.js';
import { integer, LIMITS, number, oneOf } from '../formats/config.js';

/** @typedef {import('../formats/config.js').Config} Config */
/**
 * @typedef {readonly [key: string | readonly string[], fallback?: any]} Source a config's key, or its names, and the class'
 *   default; of a size also the name of another size before it
 */

/** Activation names of config.json (transformers' ACT2FN). @type {Record<string, number>} */
const ACTIVATIONS = {
  gelu: ACTIVATION.GELU,
  gelu_python: ACTIVATION.GELU,
  gelu_10: ACTIVATION.GELU_CLIPPED,
  gelu_new: ACTIVATION.GELU_TANH,
  gelu_fast: ACTIVATION.GELU_TANH,
  gelu_pytorch_tanh: ACTIVATION.GELU_TANH,
  gelu_python_tanh: ACTIVATION.GELU_TANH,
  gelu_accurate: ACTIVATION.GELU_TANH,
  quick_gelu: ACTIVATION.QUICK_GELU,
  relu: ACTIVATION.RELU,
  silu: ACTIVATION.SILU,
  swish: ACTIVATION.SILU,
  tanh: ACTIVATION.TANH,
  sigmoid: ACTIVATION.SIGMOID,
  linear: ACTIVATION.IDENTITY,
  leaky_relu: ACTIVATION.LEAKY_RELU,
  relu6: ACTIVATION.RELU6,
  relu2: ACTIVATION.RELU_SQUARED,
  hardswish: ACTIVATION.HARD_SWISH,
  mish: ACTIVATION.MISH,
};

/**
 * One of the core's activations, by the names of config.json.
 * @param {Config} config
 * @param {Source} source
 * @param {string[]} [names] that the family knows
 * @throws {UnsupportedError} for another
 */
export function activation(config, [key, fallback], names = Object.keys(ACTIVATIONS)) {
  const path = [key].flat().find((name) => (config[name] ?? null) !== null);
  const value = path === undefined ? fallback : config[path];
  if (typeof value === 'string' && !names.includes(value)) {
    const message = `config: ${path} is ${show(value)}, which is not supported; known: ${names.join(', ')}`;
    throw new UnsupportedError(message, { path, value });
  }
  return ACTIVATIONS[oneOf(config, key, names, { fallback })];
}

/** Sizes of a model that is called base, under the keys that most classes give them. @satisfies {Record<string, Source>} */
export const BASE = /** @type {const} */ ({
  width: ['hidden_size', 768],
  layers: ['num_hidden_layers', 12],
  heads: ['num_attention_heads', 12],
  inner: ['intermediate_size', 3072],
});

/** The largest value of a size. */
const MOST = {
  width: LIMITS.hidden,
  layers: LIMITS.layers,
  heads: LIMITS.heads,
  inner: LIMITS.feedForward,
  key_heads: LIMITS.heads,
  head_width: 1024,
  table: LIMITS.hidden,
  vocabulary: LIMITS.vocabulary,
  positions: LIMITS.positions,
  types: LIMITS.positions,
  channels: 16,
  bins: 1024,
};

/**
 * Whole numbers from 1 (types from 0), by what they are to the core; heads must divide the width unless theirs is a size too.
 * @template {Partial<Record<keyof typeof MOST, Source>>} T
 * @param {Config} config
 * @param {T} sources
 * @returns {Record<keyof T, number>}
 */
export function sizes(config, sources) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const [name, [key, fallback]] of Object.entries(sources)) {
    const max = MOST[/** @type {keyof typeof MOST} */ (name)];
    const otherwise = typeof fallback === 'string' ? found[fallback] : fallback;
    found[name] = integer(config, key, { min: name === 'types' ? 0 : 1, max, fallback: otherwise });
  }
  const { width, heads } = found;
  if (heads && !sources.head_width && width % heads) {
    const path = [sources.heads?.[0]].flat()[0];
    throw new ConfigError(`${path} in the configuration is ${heads}, but must divide the width ${width}`, {
      path,
      value: heads,
    });
  }
  return /** @type {any} */ (found);
}

/**
 * Tokens that a model without a table of positions was made for.
 * @param {Config} config
 * @param {number} fallback
 * @param {string[]} [keys] other names, which count first
 */
export const lengthOf = (config, fallback, keys = []) =>
  integer(config, [...keys, 'max_position_embeddings'], { min: 1, max: LIMITS.tokens, fallback });

/** The id of the padding token. @param {Config} config @param {number} fallback */
export const paddingOf = (config, fallback) =>
  integer(config, 'pad_token_id', { max: LIMITS.vocabulary, fallback });

/** An epsilon, 0 to 1. @param {Config} config @param {Source} source */
export const epsilon = (config, [key, fallback]) =>
  number(config, /** @type {any} */ (key), { min: 0, max: 1, fallback });

/**
 * @typedef {object} Sources what the kinds of a family's layers are read from
 * @property {Parameters<typeof sizes>[1]} sizes
 * @property {Source} [activation]
 * @property {Source | number} epsilon a key of the config, or what the class fixes
 */

/**
 * The values that a family's sources have.
 * @param {Config} config
 * @param {Sources} sources
 * @returns {Record<string, number>}
 */
export const fieldsOf = (config, { sizes: sources, activation: act, epsilon: small }) => ({
  ...sizes(config, sources),
  activation: act ? activation(config, act) : ACTIVATION.GELU,
  norm_epsilon: typeof small === 'number' ? small : epsilon(config, small),
});

/**
 * A size of images or patches: one number, or [height, width].
 * @param {Config} config
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
 * The fields of a description that patches have.
 * @param {[height: number, width: number]} image
 * @param {[height: number, width: number]} patch
 * @param {number} channels
 * @param {number} prefix tokens before the patches, each with a position
 * @param {[height: number, width: number]} [stride] from one patch to the next, by default a patch
 */
export const patches = (image, [down, across], channels, prefix = 0, stride = [down, across]) => ({
  channels,
  patch_height: down,
  patch_width: across,
  stride_height: stride[0],
  stride_width: stride[1],
  prefix,
  positions:
    prefix +
    [down, across].reduce((all, side, i) => all * (Math.floor((image[i] - side) / stride[i]) + 1), 1),
});

/**
 * The class that a model was saved from, such as BertForTokenClassification; empty if the config names none.
 * @param {Config} config
 * @returns {string}
 */
export function architectureOf({ architectures }) {
  const first = Array.isArray(architectures) ? architectures[0] : undefined;
  return typeof first === 'string' ? first : '';
}

/**
 * A list of sizes, each from 1 to 128.
 * @param {Config} config
 * @param {string} key
 * @param {number[]} fallback
 * @param {number} most how many
 * @returns {number[]}
 */
export function integers(config, key, fallback, most) {
  const value = config[key] ?? fallback;
  const isList = Array.isArray(value) && value.length >= 1 && value.length <= most;
  if (isList && value.every((item) => Number.isInteger(item) && item >= 1 && item <= 128)) return value;
  throw new ConfigError(
    `${key} in the configuration is ${JSON.stringify(value)}, but must be 1 to ${most} integers from 1`,
    { path: key, value },
  );
}
