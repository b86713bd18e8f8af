/**
 * Swin and SwinV2 (`model_type: swin, swinv2`): windows that shift every other layer, a bias by offset for each, and patch
 * merging between stages. Reference: transformers' SwinModel, Swinv2Model and their heads for image classification.
 */
import { NORM_FORM, NORM_PLACES } from '../core/abi.js';
import { ConfigError, show } from '../errors.js';
import { boolean, integer, number } from '../formats/config.js';
import { PRE } from './blueprint.js';
import { BERT_PARTS } from './layer_placements.js';
import { single } from './placements.js';
import { activation, epsilon, imageSize, integers } from './sizes.js';
import { windowFamily } from './window_family.js';

/** @typedef {import('./sizes.js').Config} Config */

const READ = [
  ...['image_size', 'patch_size', 'num_channels', 'embed_dim', 'depths', 'num_heads', 'window_size'],
  ...['num_attention_heads', 'mlp_ratio', 'hidden_act', 'layer_norm_eps', 'use_absolute_embeddings'],
  'qkv_bias',
];
const HARMLESS = [
  // Training; what a backbone gives out; what follows from depths and embed_dim.
  ...['attention_probs_dropout_prob', 'drop_path_rate', 'encoder_stride', 'hidden_dropout_prob'],
  ...['_out_features', '_out_indices', 'out_features', 'out_indices', 'stage_names'],
  ...['hidden_size', 'num_hidden_layers', 'num_layers', 'tie_word_embeddings'],
];
const SELF = 'encoder.layers.#.blocks.#.attention.self.';

const NAMES = {
  projection: 'embeddings.patch_embeddings.projection',
  embeddingNorm: 'embeddings.norm',
  positions: 'embeddings.position_embeddings',
  stage: 'encoder.layers.#.',
  layer: 'blocks.#.',
  merge: { norm: 'downsample.norm', reduction: 'downsample.reduction' },
  norm: 'layernorm',
  epsilon: 1e-5, // torch's default: the config's is not passed on to these norms
};

/** What both say in the same words. @param {Config} config */
function stagesOf(config) {
  return {
    image: imageSize(config, 'image_size', 224),
    patch: imageSize(config, 'patch_size', 4),
    channels: integer(config, 'num_channels', { min: 1, max: 16, fallback: 3 }),
    width: integer(config, 'embed_dim', { min: 1, max: 2048, fallback: 96 }),
    depths: integers(config, 'depths', [2, 2, 6, 2], 4),
    heads: integers(config, config.num_heads ? 'num_heads' : 'num_attention_heads', [3, 6, 12, 24], 4),
    ratio: number(config, 'mlp_ratio', { min: 0.01, max: 64, fallback: 4 }),
    absolute: boolean(config, 'use_absolute_embeddings', { fallback: false }),
    fields: {
      activation: activation(config, ['hidden_act', 'gelu']),
      norm_epsilon: epsilon(config, ['layer_norm_eps', 1e-5]),
    },
  };
}

/** @param {Config} config */
const windowOf = (config) => integer(config, 'window_size', { min: 2, max: 64, fallback: 7 });

/** @param {Config} config */
const biased = (config) => boolean(config, 'qkv_bias', { fallback: true });

export const swin = windowFamily({
  ...NAMES,
  modelTypes: ['swin'],
  class: 'Swin',
  keys: { read: READ, fixed: {}, harmless: HARMLESS },
  harmless: ['embeddings.mask_token', `${SELF}relative_position_index`],
  prefixes: ['', 'swin.'],
  parts: { ...BERT_PARTS, norm1: 'layernorm_before', norm2: 'layernorm_after' },
  bias: (at, index) => [
    single(`${at}attention.self.relative_position_bias_table`, 'WINDOW_TABLE', { index }),
  ],
  read(config) {
    const { fields, ...stages } = stagesOf(config);
    const window = windowOf(config);
    return {
      ...stages,
      windows: stages.depths.map(() => ({ window })),
      biases: { qkv: biased(config) },
      fields: { ...fields, norms: PRE },
    };
  },
});

/** The inner width of the network that makes biases of offsets. */
const HIDDEN = 512;

/** The windows that a model was trained with before, one a stage; 0: its own. @param {Config} config @param {number} stages */
function trainedWindows(config, stages) {
  const found = config.pretrained_window_sizes ?? Array(stages).fill(0);
  const isSize = (/** @type {any} */ size) =>
    Number.isInteger(size) && size >= 0 && size <= 128 && size !== 1;
  if (Array.isArray(found) && found.length >= stages && found.every(isSize)) return found;
  const path = 'pretrained_window_sizes';
  const message = `config: ${path} is ${show(found)}; expected ${stages} sides of windows, 0 for those of the model`;
  throw new ConfigError(message, { path, value: found });
}

export const swinv2 = windowFamily({
  ...NAMES,
  modelTypes: ['swinv2'],
  class: 'Swinv2',
  keys: { read: [...READ, 'pretrained_window_sizes'], fixed: {}, harmless: HARMLESS },
  harmless: [...['embeddings.mask_token', `${SELF}relative_position_index`, `${SELF}relative_coords_table`]],
  prefixes: ['', 'swinv2.'],
  parts: {
    ...BERT_PARTS,
    norm1: '',
    norm2: '',
    inside1: 'layernorm_before',
    inside2: 'layernorm_after',
  },
  mergeForm: 1,
  bias(at, index, { heads }) {
    const network = `${at}attention.self.continuous_position_bias_mlp.`;
    return [
      single(`${network}0.weight`, 'OFFSET_HIDDEN_WEIGHT', { index }),
      single(`${network}0.bias`, 'OFFSET_HIDDEN_BIAS', { index }),
      single(`${network}2.weight`, 'OFFSET_OUT_WEIGHT', { index }),
      single(`${at}attention.self.logit_scale`, 'LOGIT_SCALE', { index, shape: [heads, 1, 1] }),
    ];
  },
  // Windows are those that fit the trained size, whatever the image.
  read(config) {
    const { fields, ...stages } = stagesOf(config);
    const asked = windowOf(config);
    const trained = trainedWindows(config, stages.depths.length);
    const rows = Math.floor(stages.image[0] / stages.patch[0]);
    const sides = stages.depths.map((_, stage) => Math.floor(rows / 2 ** stage));
    const network = { bias_buckets: HIDDEN, head_norm: 1 + NORM_FORM.L2, score_scale: 1 };
    return {
      ...stages,
      windows: sides.map((side, stage) => ({
        ...network,
        window: Math.max(1, Math.min(side, asked)),
        bias_reach: trained[stage],
      })),
      shifts: sides.map((side) => (side <= asked ? 0 : Math.floor(asked / 2))),
      biases: { qkv: biased(config), key: false },
      fields: { ...fields, norms: NORM_PLACES.INSIDE_ATTENTION | NORM_PLACES.INSIDE_FEED_FORWARD },
    };
  },
});
