/**
 * ViT and DeiT (`model_type: vit, deit`): patches with learned positions and one or two prefix tokens, pre-norm.
 * Reference: transformers' ViTModel, DeiTModel and their heads for image classification.
 */
import { STEM } from '../core/abi.js';
import { findPrefix } from './bind.js';
import { describe, kind, PRE } from './blueprint.js';
import { byClass, pictures, pooler } from './heads.js';
import { layers, pair, single } from './placements.js';
import { activation, epsilon, imageSize, patches, sizes } from './sizes.js';

const SIZES = /** @type {const} */ ({
  width: ['hidden_size', 768],
  layers: ['num_hidden_layers', 12],
  heads: ['num_attention_heads', 12],
  inner: ['intermediate_size', 3072],
  channels: ['num_channels', 3],
});

const PARTS = {
  query: 'attention.attention.query',
  key: 'attention.attention.key',
  value: 'attention.attention.value',
  out: 'attention.output.dense',
  norm1: 'layernorm_before',
  up: 'intermediate.dense',
  down: 'output.dense',
  norm2: 'layernorm_after',
};

/** @type {import('./index.js').Family} */
export const vit = {
  modelTypes: ['vit', 'deit'],
  blueprint(config, tensors, path) {
    const tokens = ['cls_token', 'distillation_token'].slice(0, config.model_type === 'deit' ? 2 : 1);
    const { layers: depth, channels, ...own } = sizes(config, SIZES);
    const [image, patch] = [imageSize(config, 'image_size', 224), imageSize(config, 'patch_size', 16)];
    const act = activation(config, ['hidden_act', 'gelu']);
    const norm_epsilon = epsilon(config, ['layer_norm_eps', 1e-12]);
    const stack = Array(depth).fill(kind({ ...own, activation: act, norms: PRE, norm_epsilon }));
    const stem = { stem: STEM.PATCHES, ...patches(image, patch, channels, tokens.length) };
    const description = describe({ ...stem, stack, final_norm: 1 });
    const prefix = findPrefix(tensors, ['', 'vit.', 'deit.'], 'embeddings.cls_token', path);
    const projection = `${prefix}embeddings.patch_embeddings.projection`;
    const top = byClass(
      config,
      {
        ForImageClassificationWithTeacher: pictures(['cls_classifier', 'distillation_classifier']),
        ForImageClassification: pictures(['classifier']),
      },
      pooler(`${prefix}pooler.dense`, activation(config, ['pooler_act', 'tanh'])),
    )(description, tensors);
    return {
      description,
      ...top,
      placements: [
        ...tokens.map((name, part) => single(`${prefix}embeddings.${name}`, 'PREFIX_TABLE', { part })),
        single(`${prefix}embeddings.position_embeddings`, 'POSITION_TABLE'),
        ...pair(projection, 'PATCH', { shape: [own.width, channels, ...patch], bias: false }),
        ...layers(description, (i) => `${prefix}encoder.layer.${i}.`, PARTS, { qkvBias: false }),
        ...pair(`${prefix}layernorm`, 'FINAL_NORM'),
        ...top.placements,
      ],
      tasks: ['image-feature-extraction', ...top.tasks],
      pooling: 'cls',
      image,
    };
  },
};
