/**
 * ViT and its kin (`model_type: vit, deit, vit_mae, vit_msn, ijepa`): patches with learned positions behind none, one or two
 * tokens, pre-norm. Of a masked autoencoder all patches are read, in their order. Reference: transformers' ViTModel, DeiTModel,
 * ViTMAEModel without masking, ViTMSNModel, IJepaModel and their heads for image classification.
 */
import { POOL } from '../core/abi.js';
import { boolean } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { byClass, nothing, pictures, pooler, sequence } from './heads.js';
import { VIT_PARTS } from './layer_placements.js';
import { patchFamily } from './patch_family.js';
import { activation, BASE, imageSize } from './sizes.js';

/**
 * @param {string[]} tokens of the prefix
 * @returns {Omit<import('./patch_family.js').SizedFamily, 'modelTypes' | 'classes' | 'top'>}
 */
const vitOf = (tokens) => ({
  sizes: { ...BASE, channels: ['num_channels', 3] },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-12],
  keys: {
    read: ['image_size', 'patch_size', 'qkv_bias', 'pooler_act'],
    fixed: {},
    harmless: [
      ...['attention_probs_dropout_prob', 'encoder_stride', 'hidden_dropout_prob', 'pooler_output_size'],
      'tie_word_embeddings',
    ],
  },
  // What stands for patches that are left out in training, and the pooler of classes that do without.
  harmless: ['embeddings.mask_token', 'pooler.'],
  prefixes: ['', 'vit.', 'deit.', 'ijepa.'],
  positions: 'embeddings.position_embeddings',
  projection: 'embeddings.patch_embeddings.projection',
  layer: 'encoder.layer.#.',
  parts: VIT_PARTS,
  norm: 'layernorm',
  read(config, _, { layers, channels, ...own }) {
    return {
      image: imageSize(config, 'image_size', 224),
      patch: imageSize(config, 'patch_size', 16),
      channels,
      biases: { qkv: boolean(config, 'qkv_bias', { fallback: true }) },
      tokens: tokens.map((name) => [name, 1]),
      stack: Array(layers).fill(kind(/** @type {any} */ ({ ...own, norms: PRE }))),
      pooling: tokens.length ? 'cls' : 'mean',
    };
  },
});

/** @param {import('./heads.js').HeadOf} classes @param {Record<string, import('./heads.js').HeadOf>} [others] */
const topOf =
  (classes, others = {}) =>
  (/** @type {{ config: import('./sizes.js').Config, prefix: string }} */ { config, prefix }) => {
    const act = activation(config, ['pooler_act', 'tanh']);
    const heads = { ...others, ForImageClassification: classes };
    return byClass(config, heads, pooler(`${prefix}pooler.dense`, { activation: act }));
  };

const CLS = 'embeddings.cls_token';
const ofToken = pictures(['classifier']);

export const vit = patchFamily({
  ...vitOf([CLS]),
  modelTypes: ['vit'],
  classes: ['ViT'],
  top: topOf(ofToken),
});

export const deit = patchFamily({
  ...vitOf([CLS, 'embeddings.distillation_token']),
  modelTypes: ['deit'],
  classes: ['DeiT'],
  top: topOf(ofToken, {
    ForImageClassificationWithTeacher: pictures(['cls_classifier', 'distillation_classifier']),
  }),
});

const MAE = vitOf([CLS]);
export const vitMae = patchFamily({
  ...MAE,
  modelTypes: ['vit_mae'],
  classes: ['ViTMAE'],
  keys: {
    read: ['image_size', 'patch_size', 'qkv_bias'],
    fixed: {},
    harmless: [
      ...(MAE.keys?.harmless ?? []),
      ...['decoder_hidden_size', 'decoder_intermediate_size', 'decoder_num_attention_heads'],
      ...['decoder_num_hidden_layers', 'mask_ratio', 'norm_pix_loss'],
    ],
  },
  top: () => nothing,
});

export const vitMsn = patchFamily({
  ...vitOf([CLS]),
  epsilon: /** @type {const} */ (['layer_norm_eps', 1e-6]),
  modelTypes: ['vit_msn'],
  classes: ['ViTMSN'],
  top: topOf(ofToken),
});

export const ijepa = patchFamily({
  ...vitOf([]),
  modelTypes: ['ijepa'],
  classes: ['IJepa'],
  top: topOf(sequence([{ module: 'classifier' }], { pooling: POOL.MEAN, task: 'image-classification' })),
});
