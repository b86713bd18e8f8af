/**
 * Swin (`model_type: swin`): windows that shift every other layer, a relative position bias for each, and patch merging
 * between stages. Reference: transformers' SwinModel and SwinForImageClassification.
 */
import { BIAS, POOL, STEM } from '../core/abi.js';
import { ConfigError } from '../errors.js';
import { boolean, integer, number } from '../formats/config.js';
import { findPrefix } from './bind.js';
import { describe, kind, PRE } from './blueprint.js';
import { both, byClass, pooled, sequence } from './heads.js';
import { layers, pair, single } from './placements.js';
import { activation, epsilon, imageSize, patches } from './sizes.js';

const PARTS = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  out: 'attention.output.dense',
  norm1: 'layernorm_before',
  up: 'intermediate.dense',
  down: 'output.dense',
  norm2: 'layernorm_after',
};

/** The norms of the stem and of merging are made without the config's epsilon: torch's default. */
const EPSILON = 1e-5;

/** @param {import('./sizes.js').Config} config @param {string} key @param {number[]} fallback @returns {number[]} */
function numbers(config, key, fallback) {
  const value = config[key] ?? fallback;
  const isList = Array.isArray(value) && value.length >= 1 && value.length <= 4;
  if (isList && value.every((item) => Number.isInteger(item) && item >= 1 && item <= 128)) return value;
  throw new ConfigError(
    `${key} in the configuration is ${JSON.stringify(value)}, but must be 1 to 4 integers from 1`,
    { path: key, value },
  );
}

/**
 * The stages: each has two kinds of layer, of which every second is shifted.
 * @param {import('./sizes.js').Config} config
 */
function stagesOf(config) {
  const width = integer(config, 'embed_dim', { min: 1, max: 2048, fallback: 96 });
  const depths = numbers(config, 'depths', [2, 2, 6, 2]);
  const heads = numbers(config, 'num_heads', [3, 6, 12, 24]);
  const even = heads.length === depths.length && heads.every((count, i) => count === heads[0] * 2 ** i);
  if (!even || width % heads[0]) {
    throw new ConfigError(
      `num_heads in the configuration is [${heads}], but must double with each of the ${depths.length} stages and divide their widths`,
      { path: 'num_heads', value: heads },
    );
  }
  const window = integer(config, 'window_size', { min: 2, max: 64, fallback: 7 });
  const inner = Math.trunc(width * number(config, 'mlp_ratio', { min: 0.01, max: 64, fallback: 4 }));
  const fields = {
    activation: activation(config, ['hidden_act', 'gelu']),
    norms: PRE,
    norm_epsilon: epsilon(config, ['layer_norm_eps', 1e-5]),
    bias: BIAS.WINDOW,
    window,
  };
  return depths.map((depth, stage) => {
    const sizes = { width: width * 2 ** stage, heads: heads[stage], inner: inner * 2 ** stage };
    const kinds = [0, Math.floor(window / 2)].map((shift) => kind({ ...fields, ...sizes, shift }));
    return Array.from({ length: depth }, (_, i) => ({ kind: kinds[i % 2], module: `${stage}.blocks.${i}.` }));
  });
}

/** @type {import('./index.js').Family} */
export const swin = {
  modelTypes: ['swin'],
  blueprint(config, tensors, path) {
    if (boolean(config, 'use_absolute_embeddings', { fallback: false })) {
      throw new ConfigError('use_absolute_embeddings in the configuration is true, but must be false', {
        value: true,
      });
    }
    const stages = stagesOf(config);
    const stack = stages.flat();
    const [image, patch] = [imageSize(config, 'image_size', 224), imageSize(config, 'patch_size', 4)];
    const channels = integer(config, 'num_channels', { min: 1, max: 16, fallback: 3 });
    const description = describe({
      ...patches(image, patch, channels),
      stem: STEM.PATCHES,
      positions: 0,
      stack: stack.map((layer) => layer.kind),
      embedding_norm: 1,
      embedding_norm_epsilon: EPSILON,
      merge_norm_epsilon: EPSILON,
      final_norm: 1,
    });
    const prefix = findPrefix(tensors, ['', 'swin.'], 'embeddings.patch_embeddings.projection.weight', path);
    const projection = `${prefix}embeddings.patch_embeddings.projection`;
    const at = (/** @type {number} */ i) => `${prefix}encoder.layers.${stack[i].module}`;
    const shape = [description.width, channels, ...patch];
    const classifier = sequence([{ module: 'classifier' }], {
      pooling: POOL.MEAN,
      task: 'image-classification',
    });
    const top = both(pooled(POOL.MEAN), byClass(config, { ForImageClassification: classifier }))(
      description,
      tensors,
    );
    return {
      description,
      ...top,
      placements: [
        ...pair(projection, 'PATCH', { shape, bias: false }),
        ...pair(`${prefix}embeddings.norm`, 'EMBEDDING_NORM'),
        ...layers(description, at, PARTS, { qkvBias: false }),
        ...stack.map((_, index) =>
          single(`${at(index)}attention.self.relative_position_bias_table`, 'WINDOW_TABLE', { index }),
        ),
        ...stages
          .slice(1)
          .flatMap((_, index) => [
            ...pair(`${prefix}encoder.layers.${index}.downsample.norm`, 'MERGE_NORM', { index }),
            single(`${prefix}encoder.layers.${index}.downsample.reduction.weight`, 'MERGE_WEIGHT', { index }),
          ]),
        ...pair(`${prefix}layernorm`, 'FINAL_NORM'),
        ...top.placements,
      ],
      tasks: ['image-feature-extraction', ...top.tasks],
      pooling: 'mean',
      image,
    };
  },
};
