/**
 * Swin (`model_type: swin`): windows that shift every other layer, a relative position bias for each, and patch merging
 * between stages. Reference: transformers' SwinModel and SwinForImageClassification.
 */
import { ConfigError } from '../errors.js';
import { boolean, integer, number } from '../formats/config.js';
import { PRE } from './blueprint.js';
import { activation, epsilon, imageSize, integers } from './sizes.js';
import { windowFamily } from './window_family.js';

export const swin = windowFamily({
  modelTypes: ['swin'],
  prefixes: ['', 'swin.'],
  projection: 'embeddings.patch_embeddings.projection',
  embeddingNorm: 'embeddings.norm',
  stage: 'encoder.layers.#.',
  layer: 'blocks.#.',
  parts: {
    query: 'attention.self.query',
    key: 'attention.self.key',
    value: 'attention.self.value',
    table: 'attention.self.relative_position_bias_table',
    out: 'attention.output.dense',
    norm1: 'layernorm_before',
    up: 'intermediate.dense',
    down: 'output.dense',
    norm2: 'layernorm_after',
  },
  merge: { norm: 'downsample.norm', reduction: 'downsample.reduction' },
  norm: 'layernorm',
  epsilon: 1e-5, // torch's default: the config's is not passed on to these norms
  read(config) {
    if (boolean(config, 'use_absolute_embeddings', { fallback: false })) {
      const message = 'use_absolute_embeddings in the configuration is true, but must be false';
      throw new ConfigError(message, { value: true });
    }
    const width = integer(config, 'embed_dim', { min: 1, max: 2048, fallback: 96 });
    return {
      image: imageSize(config, 'image_size', 224),
      patch: imageSize(config, 'patch_size', 4),
      channels: integer(config, 'num_channels', { min: 1, max: 16, fallback: 3 }),
      width,
      depths: integers(config, 'depths', [2, 2, 6, 2], 4),
      heads: integers(config, 'num_heads', [3, 6, 12, 24], 4),
      window: integer(config, 'window_size', { min: 2, max: 64, fallback: 7 }),
      inner: Math.trunc(width * number(config, 'mlp_ratio', { min: 0.01, max: 64, fallback: 4 })),
      fields: {
        activation: activation(config, ['hidden_act', 'gelu']),
        norms: PRE,
        norm_epsilon: epsilon(config, ['layer_norm_eps', 1e-5]),
      },
    };
  },
});
