/**
 * ViT and DeiT (`model_type: vit, deit`): patches with learned positions and one or two prefix tokens, pre-norm.
 * Reference: transformers' ViTModel, DeiTModel and their heads for image classification.
 */
import { kind, PRE } from './blueprint.js';
import { byClass, pictures, pooler } from './heads.js';
import { patchFamily } from './patch_family.js';
import { activation, epsilon, imageSize, sizes } from './sizes.js';

const TOKENS = ['embeddings.cls_token', 'embeddings.distillation_token'];

export const vit = patchFamily({
  modelTypes: ['vit', 'deit'],
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
      tokens: TOKENS.slice(0, config.model_type === 'deit' ? 2 : 1).map((name) => [name, 1]),
      stack: Array(layers).fill(kind({ ...own, activation: act, norms: PRE, norm_epsilon })),
    };
  },
  top({ config, prefix }) {
    const heads = {
      ForImageClassificationWithTeacher: pictures(['cls_classifier', 'distillation_classifier']),
      ForImageClassification: pictures(['classifier']),
    };
    return byClass(
      config,
      heads,
      pooler(`${prefix}pooler.dense`, activation(config, ['pooler_act', 'tanh'])),
    );
  },
});
