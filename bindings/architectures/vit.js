/**
 * ViT and DeiT (`model_type: vit, deit`): patches with learned positions and one or two prefix tokens, pre-norm.
 * Reference: transformers' ViTModel, DeiTModel and their heads for image classification.
 */
import { boolean } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { byClass, pictures, pooler } from './heads.js';
import { ROTARY_KEYS } from './ledger.js';
import { patchFamily } from './patch_family.js';
import { activation, architectureOf, epsilon, imageSize, sizes } from './sizes.js';

/** DeiT has a second token. @param {import('./sizes.js').Config} config */
const isDeit = (config) =>
  (config.model_type ?? architectureOf(config)).toString().toLowerCase().startsWith('deit');
const TOKENS = ['embeddings.cls_token', 'embeddings.distillation_token'];

export const vit = patchFamily({
  modelTypes: ['vit', 'deit'],
  classes: ['ViT', 'DeiT'],
  keys: {
    read: [
      ...['hidden_size', 'num_hidden_layers', 'num_attention_heads', 'intermediate_size', 'hidden_act'],
      ...['layer_norm_eps', 'image_size', 'patch_size', 'num_channels', 'qkv_bias', 'pooler_act'],
    ],
    fixed: {},
    harmless: [
      ...['attention_probs_dropout_prob', 'encoder_stride', 'hidden_dropout_prob', 'pooler_output_size'],
      'tie_word_embeddings',
      ...ROTARY_KEYS,
    ],
  },
  // What stands for patches that are left out in training, and the pooler of classes that do without.
  harmless: ['embeddings.mask_token', 'pooler.'],
  prefixes: ['', 'vit.', 'deit.'],
  positions: 'embeddings.position_embeddings',
  projection: 'embeddings.patch_embeddings.projection',
  layer: 'encoder.layer.#.',
  parts: {
    query: 'attention.attention.query',
    key: 'attention.attention.key',
    value: 'attention.attention.value',
    out: 'attention.output.dense',
    norm1: 'layernorm_before',
    up: 'intermediate.dense',
    down: 'output.dense',
    norm2: 'layernorm_after',
  },
  norm: 'layernorm',
  read(config) {
    const { layers, channels, ...own } = sizes(config, {
      width: ['hidden_size', 768],
      layers: ['num_hidden_layers', 12],
      heads: ['num_attention_heads', 12],
      inner: ['intermediate_size', 3072],
      channels: ['num_channels', 3],
    });
    const act = activation(config, ['hidden_act', 'gelu']);
    const norm_epsilon = epsilon(config, ['layer_norm_eps', 1e-12]);
    return {
      image: imageSize(config, 'image_size', 224),
      patch: imageSize(config, 'patch_size', 16),
      channels,
      qkvBias: boolean(config, 'qkv_bias', { fallback: true }),
      tokens: TOKENS.slice(0, isDeit(config) ? 2 : 1).map((name) => [name, 1]),
      stack: Array(layers).fill(kind({ ...own, activation: act, norms: PRE, norm_epsilon })),
    };
  },
  top({ config, prefix }) {
    const heads = {
      ForImageClassificationWithTeacher: {
        top: pictures(['cls_classifier', 'distillation_classifier']),
        marks: ['cls_classifier', 'distillation_classifier'],
      },
      ForImageClassification: { top: pictures(['classifier']), marks: ['classifier'] },
    };
    return byClass(
      config,
      heads,
      pooler(`${prefix}pooler.dense`, activation(config, ['pooler_act', 'tanh'])),
    );
  },
});
