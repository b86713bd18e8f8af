/**
 * ViT and DeiT (`model_type: vit, deit`): patches with learned positions and one or two prefix tokens, pre-norm.
 * Reference: transformers' ViTModel, DeiTModel and their heads for image classification.
 */
import { boolean } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { byClass, pictures, pooler } from './heads.js';
import { BERT_PARTS } from './layer_placements.js';
import { patchFamily } from './patch_family.js';
import { activation, architectureOf, BASE, imageSize } from './sizes.js';

/** DeiT has a second token. @param {import('./sizes.js').Config} config */
const isDeit = (config) =>
  (config.model_type ?? architectureOf(config)).toString().toLowerCase().startsWith('deit');
const TOKENS = ['embeddings.cls_token', 'embeddings.distillation_token'];

export const vit = patchFamily({
  modelTypes: ['vit', 'deit'],
  classes: ['ViT', 'DeiT'],
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
  prefixes: ['', 'vit.', 'deit.'],
  positions: 'embeddings.position_embeddings',
  projection: 'embeddings.patch_embeddings.projection',
  layer: 'encoder.layer.#.',
  parts: {
    ...BERT_PARTS,
    query: 'attention.attention.query',
    key: 'attention.attention.key',
    value: 'attention.attention.value',
    norm1: 'layernorm_before',
    norm2: 'layernorm_after',
  },
  norm: 'layernorm',
  read(config, _, { layers, channels, ...own }) {
    return {
      image: imageSize(config, 'image_size', 224),
      patch: imageSize(config, 'patch_size', 16),
      channels,
      qkvBias: boolean(config, 'qkv_bias', { fallback: true }),
      tokens: TOKENS.slice(0, isDeit(config) ? 2 : 1).map((name) => [name, 1]),
      stack: Array(layers).fill(kind(/** @type {any} */ ({ ...own, norms: PRE }))),
    };
  },
  top({ config, prefix }) {
    const heads = {
      ForImageClassificationWithTeacher: pictures(['cls_classifier', 'distillation_classifier']),
      ForImageClassification: pictures(['classifier']),
    };
    const act = activation(config, ['pooler_act', 'tanh']);
    return byClass(config, heads, pooler(`${prefix}pooler.dense`, act));
  },
});
