/**
 * The tutorials' models, which have config keys of their own: the ViT of one torch.nn.TransformerEncoderLayer
 * (`model_type: vanilla_vit`), the post-norm token encoder (`vanilla_encoder`), and the multi-head attention of "Dive into
 * Deep Learning" (`d2l_multihead_attention`).
 */
import { POOL, STEM } from '../core/abi.js';
import { UnsupportedError } from '../errors.js';
import { boolean, integer, oneOf } from '../formats/config.js';
import { describe, kind } from './blueprint.js';
import { sequence } from './heads.js';
import { layers } from './layer_placements.js';
import { pair, single } from './placements.js';
import { activation, epsilon, imageSize, patches, sizes } from './sizes.js';
import { normsOf, torchLayers } from './torch-encoder.js';

/**
 * The layers that both encoders have.
 * @param {import('./sizes.js').Config} config
 * @param {number} inner
 */
function stackOf(config, inner) {
  const { layers: depth, ...own } = sizes(config, {
    width: ['hidden_size'],
    layers: ['num_hidden_layers', 1],
    heads: ['num_attention_heads'],
    inner: ['intermediate_size', inner],
  });
  const act = activation(config, ['hidden_act']);
  const norm_epsilon = epsilon(config, ['layer_norm_eps', 1e-5]);
  return Array(depth).fill(kind({ ...own, activation: act, norms: normsOf(config), norm_epsilon }));
}

/** @type {import('./index.js').Family} */
export const vanillaVit = {
  modelTypes: ['vanilla_vit'],
  blueprint(config, tensors) {
    if (!boolean(config, 'batch_first', { fallback: true })) {
      throw new UnsupportedError(
        'batch_first is false in the configuration: attention across the batch is not computed',
        { path: 'batch_first', value: false },
      );
    }
    const image = imageSize(config, 'image_size', 224);
    const channels = integer(config, 'num_channels', { min: 1, max: 16, fallback: 3 });
    const stem = patches(image, imageSize(config, 'patch_size', 16), channels, 1);
    const description = describe({ ...stem, stem: STEM.PATCHES, stack: stackOf(config, 2048) });
    // One layer stands alone in the tutorial; several are a torch.nn.TransformerEncoder's.
    const prefix = (/** @type {number} */ i) =>
      tensors.has('transformer.norm1.weight') ? 'transformer.' : `transformer.layers.${i}.`;
    const linear = sequence([{ module: 'linear' }], { pooling: POOL.MEAN, task: 'image-classification' });
    const top = linear(description, tensors);
    return {
      description,
      ...top,
      placements: [
        single('cls_token', 'PREFIX_TABLE'),
        single('pos_embed', 'POSITION_TABLE'),
        ...pair('patch_embed', 'PATCH'),
        ...torchLayers(description, prefix),
        ...top.placements,
      ],
      tasks: ['image-feature-extraction', ...top.tasks],
      pooling: 'mean',
      image,
      places: 'first rows',
    };
  },
};

/** @type {import('./index.js').Family} */
export const vanillaEncoder = {
  modelTypes: ['vanilla_encoder'],
  blueprint(config) {
    oneOf(config, 'position', ['sinusoid_interleaved'], { fallback: 'sinusoid_interleaved' });
    const { width, ...tables } = sizes(config, {
      width: ['hidden_size'],
      vocabulary: ['vocab_size'],
      positions: ['max_position_embeddings', 5000],
    });
    const description = describe({ stack: stackOf(config, 4 * width), ...tables });
    const parts = {
      qkv: 'attn.to_qkv',
      out: 'attn.to_out',
      norm1: 'norm1',
      up: 'ffn.net.0',
      down: 'ffn.net.2',
      norm2: 'norm2',
    };
    return {
      description,
      placements: [
        single('embedding.weight', 'TOKEN_TABLE'),
        single('pos_encoding.pe', 'POSITION_TABLE'),
        ...layers(description, (i) => `layers.${i}.`, parts),
      ],
      outputs: [],
      tasks: ['feature-extraction'],
      maskFill: -1e10,
    };
  },
};

const parts = /** @type {const} */ (['query', 'key', 'value']);

/** @type {import('./index.js').Family} */
export const d2lAttention = {
  modelTypes: ['d2l_multihead_attention'],
  blueprint(config) {
    oneOf(config, 'mask_value', [-1e6], { fallback: -1e6 });
    const { width: inner, heads } = sizes(config, { width: ['num_hiddens'], heads: ['num_heads'] });
    const given = parts.map((part) => sizes(config, { width: [`${part}_size`, inner] }).width);
    const bias = boolean(config, 'bias', { fallback: false });
    // The core reads rows of one width: shorter ones end in zeros, and so do the rows of their weights.
    const width = Math.max(inner, ...given);
    const attention = kind({ width, heads, head_width: inner / heads, inner: 1, norms: 0 });
    return {
      description: describe({ stem: STEM.ATTENTION, stack: [attention] }),
      placements: [
        ...parts.flatMap((part, i) => [
          single(`W_${part[0]}.weight`, 'QKV_WEIGHT', { part, columns: given[i] }),
          single(`W_${part[0]}.bias`, 'QKV_BIAS', { part, required: bias }),
        ]),
        single('W_o.weight', 'OUT_WEIGHT', { shape: [inner, inner] }),
        single('W_o.bias', 'OUT_BIAS', { shape: [inner], required: bias }),
      ],
      attention: { queries: given[0], keys: given[1], values: given[2], output: inner },
      outputs: [],
      tasks: ['attention'],
    };
  },
};
