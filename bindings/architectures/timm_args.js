/**
 * What a timm model is built with: the arguments of its class, which a table gives by the architecture's name and which the
 * config's model_args override. Not here: what the core makes of them (timm.js).
 */

import { ACTIVATION } from '../core/abi.js';
import { ConfigError, show, UnsupportedError } from '../errors.js';
import { boolean, integer, LIMITS, number } from '../formats/config.js';
import { imageSize } from './sizes.js';
import { ARCHITECTURES, DEFAULTS, REFUSED } from './timm_table.js';

/**
 * @typedef {import('../formats/config.js').Config} Config
 *
 * @typedef {object} Args by the names of VisionTransformer's arguments
 * @property {number | number[]} img_size
 * @property {string} global_pool
 * @property {number} embed_dim
 * @property {number} num_heads
 * @property {boolean} class_token
 * @property {boolean} no_embed_class
 * @property {number} reg_tokens
 * @property {boolean} pre_norm
 * @property {boolean} final_norm
 * @property {boolean | null} fc_norm null: where rows are pooled by more than one token
 * @property {boolean} pool_include_prefix
 * @property {boolean} dynamic_img_size
 * @property {string} act_layer
 * @property {number} eps of the norms
 * @property {boolean} distilled whether the class is VisionTransformerDistilled
 */

/** The core's activations by the names of timm's create_act. @type {Record<string, number>} */
export const ACTIVATIONS = {
  gelu: ACTIVATION.GELU,
  gelu_tanh: ACTIVATION.GELU_TANH,
  quick_gelu: ACTIVATION.QUICK_GELU,
  relu: ACTIVATION.RELU,
  silu: ACTIVATION.SILU,
  swish: ACTIVATION.SILU,
  tanh: ACTIVATION.TANH,
  sigmoid: ACTIVATION.SIGMOID,
  identity: ACTIVATION.IDENTITY,
};

/** @param {string} key */
const flag = (key) => (/** @type {Config} */ args) => ({ [key]: boolean(args, key) });

/** @param {string} key @param {number} min @param {number} max */
const size = (key, min, max) => (/** @type {Config} */ args) => ({ [key]: integer(args, key, { min, max }) });

/** LayerNorm in any of the spellings that timm takes; its epsilon is the class', whatever the architecture has. */
function norm(/** @type {Config} */ args) {
  const name = args.norm_layer || 'layernorm';
  const known = typeof name === 'string' && /^layernorm(fp32)?$/.test(name.replaceAll('_', '').toLowerCase());
  if (known) return { eps: 1e-6 };
  throw unsupported('norm_layer', name, '"layernorm"');
}

/** How arguments in model_args are read. @type {Record<string, (args: Config) => Partial<Args> | Record<string, unknown>>} */
const READ = {
  img_size: (args) => ({ img_size: imageSize(args, 'img_size', 224) }),
  patch_size: (args) => ({ patch_size: imageSize(args, 'patch_size', 16) }),
  in_chans: size('in_chans', 1, 16),
  num_classes: size('num_classes', 0, LIMITS.vocabulary),
  embed_dim: size('embed_dim', 1, LIMITS.hidden),
  depth: size('depth', 1, LIMITS.layers),
  num_heads: size('num_heads', 1, LIMITS.heads),
  reg_tokens: size('reg_tokens', 0, 1024),
  mlp_ratio: (args) => ({ mlp_ratio: number(args, 'mlp_ratio', { min: 0, max: 1024 }) }),
  qk_norm: flag('qk_norm'),
  class_token: flag('class_token'),
  no_embed_class: flag('no_embed_class'),
  pre_norm: flag('pre_norm'),
  final_norm: flag('final_norm'),
  fc_norm: (args) => ({ fc_norm: args.fc_norm === null ? null : boolean(args, 'fc_norm') }),
  pool_include_prefix: flag('pool_include_prefix'),
  dynamic_img_size: flag('dynamic_img_size'),
  init_values: (args) => ({ layer_scale: number(args, 'init_values', { fallback: 0 }) !== 0 }),
  act_layer: (args) => ({ act_layer: args.act_layer ? String(args.act_layer).toLowerCase() : 'gelu' }),
  global_pool: (args) => ({ global_pool: args.global_pool }),
  norm_layer: norm,
};

/** Arguments of training, of the way in which a model is built, and those that the file's tensors tell. */
const HARMLESS = [
  ...['drop_rate', 'pos_drop_rate', 'patch_drop_rate', 'proj_drop_rate', 'attn_drop_rate', 'drop_path_rate'],
  ...['weight_init', 'fix_init', 'scriptable', 'exportable', 'no_jit', 'qkv_bias'],
];

/** Arguments with the one value that changes nothing. @type {Record<string, unknown[]>} */
const NEUTRAL = {
  scale_attn_norm: [false],
  scale_mlp_norm: [false],
  proj_bias: [true],
  pos_embed: ['learn'],
  dynamic_img_pad: [false],
  embed_norm_layer: [null, ''],
  features_only: [false],
  use_naflex: [false, null],
};

/** @param {string} key @param {unknown} value @param {string} [expected] */
const unsupported = (key, value, expected) =>
  new UnsupportedError(
    `config.json: model_args.${key} is ${show(value)}, which is not supported${expected ? `; expected ${expected}` : ''}`,
    { path: key, value },
  );

/** The table's entry of an architecture. @param {unknown} architecture @returns {Partial<Args>} */
function entryOf(architecture) {
  const name = String(architecture);
  if (Object.hasOwn(ARCHITECTURES, name)) return ARCHITECTURES[name];
  const reason = Object.entries(REFUSED).find(([, names]) => names.includes(name))?.[0];
  throw new UnsupportedError(
    `config.json: timm's architecture "${name}" is not supported: ${reason ?? 'it is not among the Vision Transformers known here'}`,
    { path: 'architecture', value: name },
  );
}

/** What timm calls pretrained_cfg; the first configs were that alone. @param {Config} config @returns {Config} */
export const pretrainedOf = (config) => /** @type {Config} */ (config.pretrained_cfg ?? config);

/**
 * The arguments as timm resolves them: model_args before the architecture's before the class'.
 * @param {Config} config
 */
export function readArgs(config) {
  const entry = entryOf(config.architecture);
  const given = /** @type {Config} */ (config.model_args ?? {});
  /** @type {Record<string, any>} */
  const own = {};
  for (const [key, value] of Object.entries(given)) {
    if (Object.hasOwn(READ, key)) Object.assign(own, READ[key](given));
    else if (Object.hasOwn(NEUTRAL, key) ? !NEUTRAL[key].includes(value) : !HARMLESS.includes(key))
      throw unsupported(key, value, NEUTRAL[key] && show(NEUTRAL[key][0]));
  }
  const pool = pretrainedOf(config) === config ? undefined : pretrainedOf(config).global_pool;
  /** @type {Args} */
  const args = {
    ...DEFAULTS,
    ...(pool ? { global_pool: typeof pool === 'string' ? pool : show(pool) } : {}),
    ...entry,
    ...own,
  };
  if (typeof args.act_layer !== 'string' || !Object.hasOwn(ACTIVATIONS, args.act_layer)) {
    throw unsupported('act_layer', args.act_layer, Object.keys(ACTIVATIONS).join(', '));
  }
  checkPooling(args, config.global_pool);
  return { args, own };
}

/**
 * @param {Args} args
 * @param {unknown} told the config's own global_pool: what the saved model had, which building one again does not read
 */
function checkPooling({ global_pool: pool, class_token: hasClass, reg_tokens: registers, distilled }, told) {
  if (!['token', 'avg', 'max', 'map'].includes(pool)) {
    const message = `config.json: global_pool "${pool}" is not supported; expected "token", "avg", "max" or "map"`;
    throw new UnsupportedError(message, { path: 'global_pool', value: pool });
  }
  if (told && told !== pool) {
    const message = `config.json: global_pool is ${show(told)}, but its architecture and model_args make a model of "${pool}"`;
    throw new ConfigError(message, { path: 'global_pool', value: told });
  }
  if (pool === 'token' && !hasClass) {
    const message =
      'config.json: global_pool "token" needs the class token, which class_token false leaves out';
    throw new ConfigError(message, { path: 'class_token', value: false });
  }
  if (distilled && (pool !== 'token' || registers || !hasClass)) {
    const message = 'config.json: a distilled model has a class token, no registers, and global_pool "token"';
    throw new ConfigError(message, { path: 'global_pool', value: pool });
  }
}

/**
 * Names of classes by their numbers: a list, or an object where numbers have gaps.
 * @param {Config} config
 * @returns {Record<string, string> | undefined}
 */
export function labelsOf(config) {
  const names = config.label_names ?? pretrainedOf(config).label_names ?? config.labels;
  if (names === null || typeof names !== 'object') return undefined;
  const entries = Object.entries(names);
  if (entries.every(([, name]) => typeof name === 'string')) return Object.fromEntries(entries);
  const message = `config.json: label_names holds ${show(entries.find(([, name]) => typeof name !== 'string')?.[1])}; expected names`;
  throw new ConfigError(message, { path: 'label_names' });
}
