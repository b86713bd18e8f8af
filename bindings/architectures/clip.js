/**
 * CLIP, both towers (`model_type: clip`) and each alone (`clip_text_model`, `clip_vision_model`): pre-norm, texts causal and
 * pooled at their end, pictures at the class token. Reference: transformers' CLIPModel, its towers with and without projection,
 * and CLIPForImageClassification.
 */
import { FINAL_NORM, POOL } from '../core/abi.js';
import { integer, LIMITS } from '../formats/config.js';
import { addHead, kind, lastWidth, PRE } from './blueprint.js';
import { sequence } from './heads.js';
import { patchFamily } from './patch_family.js';
import { pair } from './placements.js';
import { architectureOf, BASE, imageSize } from './sizes.js';
import { tokenFamily } from './token_family.js';
import { TOWER_PARTS, TOWER_TABLES, twoTowers } from './towers.js';

/** @typedef {import('../formats/config.js').Config} Config */

const isClassifier = (/** @type {Config} */ config) =>
  architectureOf(config).endsWith('ForImageClassification');

/**
 * The pooled row, and behind it the projection, if the class or, where none is named, the file has it.
 * @param {Config} config
 * @param {string} module of the projection
 * @param {string} name of what it gives
 * @param {Omit<import('./blueprint.js').Output, 'name' | 'heads'>} pooled
 * @returns {import('./heads.js').TopOf}
 */
const projected = (config, module, name, pooled) => (description, tensors) => {
  const saved = architectureOf(config);
  const projects = saved ? saved.endsWith('WithProjection') : tensors.has(`${module}.weight`);
  const placements = [];
  /** @type {number[]} */
  const heads = [];
  if (projects) {
    const outputs = integer(config, 'projection_dim', { min: 1, max: LIMITS.hidden, fallback: 512 });
    heads.push(addHead(description, { inputs: lastWidth(description), outputs }));
    placements.push(...pair(module, 'HEAD', { index: heads[0], bias: false }));
  }
  return {
    placements,
    outputs: [{ ...pooled, name: projects ? name : 'pooler_output', heads }],
    tasks: [],
  };
};

export const clipText = tokenFamily({
  modelTypes: ['clip_text_model'],
  classes: ['CLIPText'],
  prefixes: ['text_model.', ''],
  sizes: {
    ...BASE,
    width: ['hidden_size', 512],
    heads: ['num_attention_heads', 8],
    inner: ['intermediate_size', 2048],
    vocabulary: ['vocab_size', 49408],
    positions: ['max_position_embeddings', 77],
  },
  activation: ['hidden_act', 'quick_gelu'],
  epsilon: ['layer_norm_eps', 1e-5],
  norms: PRE,
  tables: TOWER_TABLES,
  finalNorm: 'final_layer_norm',
  layer: 'encoder.layers.#.',
  parts: TOWER_PARTS,
  keys: {
    read: ['eos_token_id', 'projection_dim'],
    fixed: {},
    harmless: ['attention_dropout', 'initializer_factor', 'tie_word_embeddings'],
  },
  harmless: ['embeddings.position_ids'],
  read: () => ({ kind: { right: 0 }, blueprint: { pooling: 'pooler' } }),
  top({ config }) {
    // The first configs say 2, which no text has: their texts end with the largest id.
    const end = integer(config, 'eos_token_id', { max: LIMITS.vocabulary, fallback: 49407 });
    const at = end === 2 ? 'largest' : end;
    return projected(config, 'text_projection', 'text_embeds', { poolings: [POOL.TOKEN], at });
  },
});

export const clipVision = patchFamily({
  modelTypes: ['clip_vision_model'],
  classes: ['CLIPVision'],
  prefixes: ['vision_model.', ''],
  sizes: { ...BASE, channels: ['num_channels', 3] },
  activation: ['hidden_act', 'quick_gelu'],
  epsilon: ['layer_norm_eps', 1e-5],
  positions: 'embeddings.position_embedding.weight',
  projection: 'embeddings.patch_embedding',
  layer: 'encoder.layers.#.',
  parts: TOWER_PARTS,
  norm: 'post_layernorm',
  keys: {
    read: ['image_size', 'patch_size', 'projection_dim'],
    fixed: {},
    harmless: ['attention_dropout', 'initializer_factor', 'tie_word_embeddings'],
  },
  // The norm of the pooled row is there in classes that pool otherwise.
  harmless: ['embeddings.position_ids', 'post_layernorm.'],
  read(config, _, { layers, channels, ...own }) {
    return {
      image: imageSize(config, 'image_size', 224),
      patch: imageSize(config, 'patch_size', 32),
      channels,
      biases: {},
      tokens: [['embeddings.class_embedding', 1]],
      embeddingNorm: 'pre_layrnorm',
      stack: Array(layers).fill(kind(/** @type {any} */ ({ ...own, norms: PRE }))),
      ...(isClassifier(config)
        ? { finalNorm: FINAL_NORM.NONE, pooling: 'mean', more: { skip: 1 } }
        : { finalNorm: FINAL_NORM.POOLED, pooling: 'pooler' }),
    };
  },
  top({ config }) {
    if (isClassifier(config))
      return sequence([{ module: 'classifier' }], { pooling: POOL.MEAN, task: 'image-classification' });
    return projected(config, 'visual_projection', 'image_embeds', { poolings: [POOL.FIRST] });
  },
});

export const clip = twoTowers({
  modelType: 'clip',
  name: 'CLIP',
  keys: {
    read: ['text_config', 'text_config_dict', 'vision_config', 'vision_config_dict', 'projection_dim'],
    fixed: {},
    harmless: ['initializer_factor', 'logit_scale_init_value', 'tie_word_embeddings'],
  },
  text: clipText,
  vision: clipVision,
  common: ({ projection_dim: width }) => ({ projection_dim: width ?? 512 }),
  hasBias: false,
  apply: 'softmax',
});
