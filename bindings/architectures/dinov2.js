/**
 * DINOv2 (`model_type: dinov2, dinov2_with_registers`): ViT with layer scale, gated networks in its largest models, and tokens
 * behind [CLS] that have no positions. Reference: transformers' Dinov2Model, Dinov2WithRegistersModel and their heads for image
 * classification.
 */
import { ACTIVATION, POOL } from '../core/abi.js';
import { boolean, integer, LIMITS, number } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { byClass, pooled, sequence } from './heads.js';
import { VIT_PARTS } from './layer_placements.js';
import { patchFamily } from './patch_family.js';
import { BASE, imageSize } from './sizes.js';

const { inner: _, ...SIZES } = BASE;

/**
 * @param {number} patch the class' default
 * @param {boolean} registers whether it has any
 * @returns {Omit<import('./patch_family.js').SizedFamily, 'modelTypes' | 'classes' | 'prefixes'>}
 */
const dinov2Of = (patch, registers) => ({
  sizes: { ...SIZES, channels: ['num_channels', 3] },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-6],
  keys: {
    read: [
      ...['image_size', 'patch_size', 'qkv_bias', 'mlp_ratio', 'use_swiglu_ffn'],
      ...(registers ? ['num_register_tokens'] : []),
    ],
    fixed: {},
    harmless: [
      ...['attention_probs_dropout_prob', 'hidden_dropout_prob', 'drop_path_rate', 'layerscale_value'],
      // Of the class that gives maps of features, and of training.
      ...['apply_layernorm', 'reshape_hidden_states', 'out_features', 'out_indices', 'stage_names'],
      ...['_out_features', '_out_indices', 'use_mask_token', 'tie_word_embeddings'],
    ],
  },
  harmless: ['embeddings.mask_token'],
  positions: 'embeddings.position_embeddings',
  projection: 'embeddings.patch_embeddings.projection',
  layer: 'encoder.layer.#.',
  parts: {
    ...VIT_PARTS,
    norm1: 'norm1',
    norm2: 'norm2',
    up: 'mlp.fc1',
    down: 'mlp.fc2',
    scale1: 'layer_scale1.lambda1',
    scale2: 'layer_scale2.lambda1',
  },
  norm: 'layernorm',
  read(config, _, { layers, channels, ...own }) {
    const gated = boolean(config, 'use_swiglu_ffn', { fallback: false });
    const inner = Math.floor(own.width * number(config, 'mlp_ratio', { min: 1e-3, max: 64, fallback: 4 }));
    const extra = registers ? integer(config, 'num_register_tokens', { max: LIMITS.heads, fallback: 4 }) : 0;
    const network = gated
      ? {
          gated: 1,
          activation: ACTIVATION.SILU,
          inner: Math.floor((Math.floor((inner * 2) / 3) + 7) / 8) * 8,
        }
      : { inner };
    return {
      image: imageSize(config, 'image_size', 224),
      patch: imageSize(config, 'patch_size', patch),
      channels,
      biases: { qkv: boolean(config, 'qkv_bias', { fallback: true }) },
      tokens: [
        ['embeddings.cls_token', 1],
        ...(registers ? [/** @type {[string, number]} */ (['embeddings.register_tokens', extra])] : []),
      ],
      placed: 1,
      stack: Array(layers).fill(
        kind(/** @type {any} */ ({ ...own, ...network, norms: PRE, layer_scale: 1 })),
      ),
      more: {
        places: 'square',
        ...(registers && { resample: { mode: 'bicubic', antialias: true } }),
      },
      parts: gated ? { up: 'mlp.weights_in', down: 'mlp.weights_out' } : {},
    };
  },
  top({ config, read }) {
    const skip = read.tokens.reduce((sum, [, rows]) => sum + rows, 0);
    const options = { poolings: [POOL.TOKEN, POOL.MEAN], skip, task: 'image-classification' };
    return byClass(
      config,
      { ForImageClassification: sequence([{ module: 'classifier' }], options) },
      pooled(POOL.FIRST),
    );
  },
});

export const dinov2 = patchFamily({
  ...dinov2Of(14, false),
  modelTypes: ['dinov2'],
  classes: ['Dinov2'],
  prefixes: ['', 'dinov2.'],
});

export const dinov2WithRegisters = patchFamily({
  ...dinov2Of(16, true),
  modelTypes: ['dinov2_with_registers'],
  classes: ['Dinov2WithRegisters'],
  prefixes: ['', 'dinov2_with_registers.'],
});
