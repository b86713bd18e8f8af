/**
 * Swin (`model_type: swin`): windows that shift every other layer, a relative position bias for each, and patch merging
 * between stages. Reference: transformers' SwinModel and SwinForImageClassification.
 */
import { boolean, integer, number } from '../formats/config.js';
import { PRE } from './blueprint.js';
import { BERT_PARTS } from './layer_placements.js';
import { activation, epsilon, imageSize, integers } from './sizes.js';
import { windowFamily } from './window_family.js';

export const swin = windowFamily({
  modelTypes: ['swin'],
  class: 'Swin',
  keys: {
    read: [
      ...['image_size', 'patch_size', 'num_channels', 'embed_dim', 'depths', 'num_heads', 'window_size'],
      ...['num_attention_heads', 'mlp_ratio', 'hidden_act', 'layer_norm_eps', 'use_absolute_embeddings'],
      'qkv_bias',
    ],
    fixed: {},
    harmless: [
      // Training; what a backbone gives out; what follows from depths and embed_dim.
      ...['attention_probs_dropout_prob', 'drop_path_rate', 'encoder_stride', 'hidden_dropout_prob'],
      ...['_out_features', '_out_indices', 'out_features', 'out_indices', 'stage_names'],
      ...['hidden_size', 'num_hidden_layers', 'num_layers', 'tie_word_embeddings'],
    ],
  },
  harmless: ['embeddings.mask_token', 'encoder.layers.#.blocks.#.attention.self.relative_position_index'],
  prefixes: ['', 'swin.'],
  projection: 'embeddings.patch_embeddings.projection',
  embeddingNorm: 'embeddings.norm',
  positions: 'embeddings.position_embeddings',
  stage: 'encoder.layers.#.',
  layer: 'blocks.#.',
  parts: {
    ...BERT_PARTS,
    table: 'attention.self.relative_position_bias_table',
    norm1: 'layernorm_before',
    norm2: 'layernorm_after',
  },
  merge: { norm: 'downsample.norm', reduction: 'downsample.reduction' },
  norm: 'layernorm',
  epsilon: 1e-5, // torch's default: the config's is not passed on to these norms
  read(config) {
    const width = integer(config, 'embed_dim', { min: 1, max: 2048, fallback: 96 });
    return {
      image: imageSize(config, 'image_size', 224),
      patch: imageSize(config, 'patch_size', 4),
      channels: integer(config, 'num_channels', { min: 1, max: 16, fallback: 3 }),
      width,
      depths: integers(config, 'depths', [2, 2, 6, 2], 4),
      heads: integers(config, config.num_heads ? 'num_heads' : 'num_attention_heads', [3, 6, 12, 24], 4),
      window: integer(config, 'window_size', { min: 2, max: 64, fallback: 7 }),
      inner: Math.trunc(width * number(config, 'mlp_ratio', { min: 0.01, max: 64, fallback: 4 })),
      absolute: boolean(config, 'use_absolute_embeddings', { fallback: false }),
      qkvBias: boolean(config, 'qkv_bias', { fallback: true }),
      fields: {
        activation: activation(config, ['hidden_act', 'gelu']),
        norms: PRE,
        norm_epsilon: epsilon(config, ['layer_norm_eps', 1e-5]),
      },
    };
  },
});
