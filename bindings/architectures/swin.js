/**
 * Swin (`model_type: swin`): windows that shift every other layer, a relative position bias for each, and patch merging
 * between stages. Reference: transformers' SwinModel and SwinForImageClassification.
 */
import { PLACE, POOL, SLOT, STEM } from '../core/abi.js';
import { ConfigError } from '../errors.js';
import { boolean, integer, number, oneOf } from '../formats/config.js';
import { findPrefix } from './bind.js';
import {
  ACTIVATION_NAMES,
  activationOf,
  architectureOf,
  describe,
  head,
  headPlacements,
  imageSize,
  layer,
  pair,
  single,
} from './blueprint.js';

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

/** @param {import('../formats/config.js').Config} config @param {string} key @param {number[]} fallback */
function numbers(config, key, fallback) {
  const value = config[key] ?? fallback;
  const isList = Array.isArray(value) && value.length >= 1 && value.length <= 4;
  if (isList && value.every((item) => Number.isInteger(item) && item >= 1 && item <= 128)) return value;
  throw new ConfigError(
    `${key} in the configuration is ${JSON.stringify(value)}, but must be 1 to 4 integers from 1`,
    {
      path: key,
      value,
    },
  );
}

/** @param {import('../formats/config.js').Config} config */
function sizes(config) {
  const width = integer(config, 'embed_dim', { min: 1, max: 2048, fallback: 96 });
  const depth = numbers(config, 'depths', [2, 2, 6, 2]);
  const heads = numbers(config, 'num_heads', [3, 6, 12, 24]);
  const even =
    heads.length === depth.length && heads.every((count, i) => count * width === heads[0] * width * 2 ** i);
  if (!even || width % heads[0]) {
    throw new ConfigError(
      `num_heads in the configuration is [${heads}], but must double with each of the ${depth.length} stages and divide their widths`,
      {
        path: 'num_heads',
        value: heads,
      },
    );
  }
  if (boolean(config, 'use_absolute_embeddings', { fallback: false })) {
    throw new ConfigError('use_absolute_embeddings in the configuration is true, but must be false', {
      value: true,
    });
  }
  const [down, across] = imageSize(config, 'patch_size', 4);
  return describe({
    stem: STEM.PATCHES,
    place: PLACE.PRE,
    width,
    layers: depth.reduce((a, b) => a + b, 0),
    heads: heads[0],
    feed_forward: Math.trunc(width * number(config, 'mlp_ratio', { min: 0.01, max: 64, fallback: 4 })),
    activation: activationOf(oneOf(config, 'hidden_act', ACTIVATION_NAMES, { fallback: 'gelu' })),
    norm_epsilon: number(config, 'layer_norm_eps', { min: 0, max: 1, fallback: 1e-5 }),
    embedding_norm: 1,
    embedding_norm_epsilon: EPSILON,
    final_norm: 1,
    channels: integer(config, 'num_channels', { min: 1, max: 16, fallback: 3 }),
    patch_height: down,
    patch_width: across,
    stages: depth.length,
    depth,
    stage_heads: heads,
    window: integer(config, 'window_size', { min: 2, max: 64, fallback: 7 }),
  });
}

/**
 * The placements of one stage's blocks and of the merging behind it.
 * @param {string} prefix of the stage's modules
 * @param {import('./blueprint.js').Blueprint['description']} d
 * @param {number} stage
 * @param {number} first number of its first layer
 */
function stagePlacements(prefix, d, stage, first) {
  const width = d.width * 2 ** stage;
  const heads = d.stage_heads[stage];
  const sizesOfStage = { width, heads, head_width: d.head_width, feed_forward: d.feed_forward * 2 ** stage };
  const blocks = Array.from({ length: d.depth[stage] }, (_, i) => {
    const block = `${prefix}blocks.${i}.`;
    const table = `${block}attention.self.relative_position_bias_table`;
    return [
      ...layer(block, first + i, PARTS, sizesOfStage, { qkvBias: false }),
      single(table, SLOT.WINDOW_TABLE, [(2 * d.window - 1) ** 2, heads], { index: first + i }),
    ];
  });
  if (stage === d.stages - 1) return blocks.flat();
  const norm = /** @type {[number, number]} */ ([SLOT.MERGE_NORM_WEIGHT, SLOT.MERGE_NORM_BIAS]);
  return [
    ...blocks.flat(),
    ...pair(`${prefix}downsample.norm`, norm, { index: stage, shape: [4 * width] }),
    single(`${prefix}downsample.reduction.weight`, SLOT.MERGE_WEIGHT, [2 * width, 4 * width], {
      index: stage,
    }),
  ];
}

/** @type {import('./index.js').Family} */
export const swin = {
  modelTypes: ['swin'],
  blueprint(config, tensors, path) {
    const description = sizes(config);
    const { width, channels, patch_height: down, patch_width: across, depth, stages } = description;
    const final = width * 2 ** (stages - 1);
    const prefix = findPrefix(tensors, ['', 'swin.'], 'embeddings.patch_embeddings.projection.weight', path);
    const patches = `${prefix}embeddings.patch_embeddings.projection`;
    const classifies = architectureOf(config).endsWith('ForImageClassification');
    if (classifies) {
      description.head = [head({ inputs: final, outputs: tensors.get('classifier.weight')?.shape[0] ?? 1 })];
    }
    const starts = depth.map((_, stage) => depth.slice(0, stage).reduce((a, b) => a + b, 0));
    return {
      description,
      placements: [
        single(`${patches}.weight`, SLOT.PATCH_WEIGHT, [width, channels, down, across]),
        single(`${patches}.bias`, SLOT.PATCH_BIAS, [width], { required: false }),
        ...pair(`${prefix}embeddings.norm`, [SLOT.EMBEDDING_NORM_WEIGHT, SLOT.EMBEDDING_NORM_BIAS], {
          shape: [width],
        }),
        ...starts.flatMap((first, stage) =>
          stagePlacements(`${prefix}encoder.layers.${stage}.`, description, stage, first),
        ),
        ...pair(`${prefix}layernorm`, [SLOT.FINAL_NORM_WEIGHT, SLOT.FINAL_NORM_BIAS], { shape: [final] }),
        ...(classifies ? headPlacements('classifier', 0, description.head[0]) : []),
      ],
      outputs: [
        { name: 'pooler_output', pool: POOL.MEAN, heads: [] },
        ...(classifies ? [{ name: 'logits', pool: POOL.MEAN, heads: [0] }] : []),
      ],
      tasks: ['image-feature-extraction', ...(classifies ? ['image-classification'] : [])],
      pooling: 'mean',
      image: imageSize(config, 'image_size', 224),
    };
  },
};
