/**
 * SigLIP, both towers (`model_type: siglip`, SigLIP 2 of one size of pictures, too) and each alone (`siglip_text_model`,
 * `siglip_vision_model`): pre-norm, texts padded to 64 tokens and pooled at the last of them, pictures by attention. Reference:
 * transformers' SiglipModel, its towers, and SiglipForImageClassification.
 */
import { POOL } from '../core/abi.js';
import { boolean, integer, LIMITS } from '../formats/config.js';
import { attentionPool, poolKind } from './attention_pool.js';
import { addHead, kind, PRE } from './blueprint.js';
import { nothing, sequence } from './heads.js';
import { patchFamily } from './patch_family.js';
import { pair, single } from './placements.js';
import { architectureOf, BASE, imageSize } from './sizes.js';
import { tokenFamily } from './token_family.js';
import { TOWER_PARTS, TOWER_TABLES, twoTowers } from './towers.js';

/** Tokens to which a text is padded. */
const LENGTH = 64;

export const siglipText = tokenFamily({
  modelTypes: ['siglip_text_model'],
  classes: ['SiglipText'],
  prefixes: ['text_model.', ''],
  sizes: { ...BASE, vocabulary: ['vocab_size', 32000], positions: ['max_position_embeddings', LENGTH] },
  activation: ['hidden_act', 'gelu_pytorch_tanh'],
  epsilon: ['layer_norm_eps', 1e-6],
  norms: PRE,
  tables: TOWER_TABLES,
  finalNorm: 'final_layer_norm',
  layer: 'encoder.layers.#.',
  parts: TOWER_PARTS,
  keys: {
    read: ['projection_size'],
    fixed: {},
    harmless: ['attention_dropout', 'tie_word_embeddings'],
  },
  harmless: ['embeddings.position_ids'],
  read(_, { fields: { positions } }) {
    const padTo = Math.min(LENGTH, positions);
    return { blueprint: { pooling: 'pooler', padTo, maxLength: padTo } };
  },
  top:
    ({ config, prefix }) =>
    (description) => {
      const { width: inputs } = description;
      const size = { min: 1, max: LIMITS.hidden, fallback: inputs };
      const index = addHead(description, { inputs, outputs: integer(config, 'projection_size', size) });
      return {
        placements: pair(`${prefix}head`, 'HEAD', { index }),
        outputs: [{ name: 'pooler_output', poolings: [POOL.LAST], heads: [index] }],
        tasks: [],
      };
    },
});

/** @param {import('../formats/config.js').Config} config */
const isClassifier = (config) => architectureOf(config).endsWith('ForImageClassification');
/** @param {import('../formats/config.js').Config} config */
const pools = (config) => boolean(config, 'vision_use_head', { fallback: true }) && !isClassifier(config);

export const siglipVision = patchFamily({
  modelTypes: ['siglip_vision_model'],
  classes: ['SiglipVision'],
  prefixes: ['vision_model.', ''],
  sizes: { ...BASE, channels: ['num_channels', 3] },
  activation: ['hidden_act', 'gelu_pytorch_tanh'],
  epsilon: ['layer_norm_eps', 1e-6],
  positions: 'embeddings.position_embedding.weight',
  projection: 'embeddings.patch_embedding',
  layer: 'encoder.layers.#.',
  parts: TOWER_PARTS,
  norm: 'post_layernorm',
  keys: {
    read: ['image_size', 'patch_size', 'vision_use_head'],
    fixed: {},
    harmless: ['attention_dropout', 'tie_word_embeddings'],
  },
  // The pooling is there in classes that pool otherwise, too.
  harmless: ['embeddings.position_ids', 'head.'],
  read(config, _, { layers, channels, ...own }) {
    const one = kind(/** @type {any} */ ({ ...own, norms: PRE }));
    return {
      image: imageSize(config, 'image_size', 224),
      patch: imageSize(config, 'patch_size', 16),
      channels,
      biases: {},
      tokens: [],
      stack: Array(layers).fill(one),
      ...(pools(config) ? { poolKind: poolKind(one), pooling: 'pooler' } : { pooling: 'mean' }),
    };
  },
  top({ config, prefix }) {
    if (isClassifier(config))
      return sequence([{ module: 'classifier' }], { pooling: POOL.MEAN, task: 'image-classification' });
    if (!pools(config)) return nothing;
    const head = `${prefix}head.`;
    const names = {
      probe: `${head}probe`,
      out: `${head}attention.out_proj`,
      norm: `${head}layernorm`,
      up: `${head}mlp.fc1`,
      down: `${head}mlp.fc2`,
    };
    return (description) =>
      attentionPool(description, names, (index) => [
        single(`${head}attention.in_proj_weight`, 'QKV_WEIGHT', { index }),
        single(`${head}attention.in_proj_bias`, 'QKV_BIAS', { index }),
      ]);
  },
});

export const siglip = twoTowers({
  modelType: 'siglip',
  name: 'Siglip',
  keys: {
    read: ['text_config', 'vision_config'],
    fixed: {},
    harmless: ['initializer_factor', 'tie_word_embeddings'],
  },
  text: siglipText,
  vision: siglipVision,
  hasBias: true,
  apply: 'sigmoid',
});
