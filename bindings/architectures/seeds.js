/**
 * The tutorials' models, which have config keys of their own: the ViT of one torch.nn.TransformerEncoderLayer
 * (`model_type: vanilla_vit`), the post-norm token encoder (`vanilla_encoder`), and the multi-head attention of "Dive into
 * Deep Learning" (`d2l_multihead_attention`).
 */
import { PLACE, POOL, SLOT, STEM } from '../core/abi.js';
import { UnsupportedError } from '../errors.js';
import { boolean, integer, LIMITS, number, oneOf } from '../formats/config.js';
import {
  ACTIVATION_NAMES,
  activationOf,
  describe,
  head,
  headCount,
  headPlacements,
  imageSize,
  layer,
  pair,
  single,
} from './blueprint.js';

/** @param {import('../formats/config.js').Config} config @param {number} feedForward */
function common(config, feedForward) {
  const width = integer(config, 'hidden_size', { min: 1, max: LIMITS.hidden });
  return {
    width,
    layers: integer(config, 'num_hidden_layers', { min: 1, max: LIMITS.layers, fallback: 1 }),
    heads: headCount(config, 'num_attention_heads', width),
    feed_forward: integer(config, 'intermediate_size', {
      min: 1,
      max: LIMITS.feedForward,
      fallback: feedForward,
    }),
    activation: activationOf(oneOf(config, 'hidden_act', ACTIVATION_NAMES)),
    norm_epsilon: number(config, 'layer_norm_eps', { min: 0, max: 1, fallback: 1e-5 }),
    place: oneOf(config, 'norm', ['post', 'pre'], { fallback: 'post' }) === 'pre' ? PLACE.PRE : PLACE.POST,
  };
}

/** @type {import('./index.js').Family} */
export const vanillaVit = {
  modelTypes: ['vanilla_vit'],
  blueprint(config, tensors) {
    if (!boolean(config, 'batch_first', { fallback: true })) {
      throw new UnsupportedError(
        'batch_first is false in the configuration: attention across the batch is not computed',
        {
          path: 'batch_first',
          value: false,
        },
      );
    }
    const image = imageSize(config, 'image_size', 224);
    const [down, across] = imageSize(config, 'patch_size', 16);
    const channels = integer(config, 'num_channels', { min: 1, max: 16, fallback: 3 });
    const positions = 1 + Math.floor(image[0] / down) * Math.floor(image[1] / across);
    const description = describe({
      ...common(config, 2048),
      stem: STEM.PATCHES,
      positions,
      channels,
      patch_height: down,
      patch_width: across,
      prefix: 1,
      prefix_positions: 1,
    });
    const { width, layers } = description;
    const labels = tensors.get('linear.weight')?.shape[0] ?? 1;
    description.head = [head({ inputs: width, outputs: labels })];
    const parts = {
      out: 'self_attn.out_proj',
      norm1: 'norm1',
      up: 'linear1',
      down: 'linear2',
      norm2: 'norm2',
    };
    // One layer stands alone in the tutorial; several are a torch.nn.TransformerEncoder's.
    const prefixes = Array.from({ length: layers }, (_, i) =>
      tensors.has('transformer.norm1.weight') ? 'transformer.' : `transformer.layers.${i}.`,
    );
    return {
      description,
      placements: [
        single('cls_token', SLOT.PREFIX_TABLE, [1, width]),
        single('pos_embed', SLOT.POSITION_TABLE, [positions, width]),
        ...pair('patch_embed', [SLOT.PATCH_WEIGHT, SLOT.PATCH_BIAS], {
          shape: [width, channels * down * across],
        }),
        ...prefixes.flatMap((prefix, i) => [
          single(`${prefix}self_attn.in_proj_weight`, SLOT.QKV_WEIGHT, [3 * width, width], { index: i }),
          single(`${prefix}self_attn.in_proj_bias`, SLOT.QKV_BIAS, [3 * width], {
            index: i,
            required: false,
          }),
          ...layer(prefix, i, parts, description),
        ]),
        ...headPlacements('linear', 0, description.head[0]),
      ],
      outputs: [{ name: 'logits', pool: POOL.MEAN, heads: [0] }],
      tasks: ['image-feature-extraction', 'image-classification'],
      pooling: 'mean',
      image,
    };
  },
};

/** @type {import('./index.js').Family} */
export const vanillaEncoder = {
  modelTypes: ['vanilla_encoder'],
  blueprint(config) {
    oneOf(config, 'position', ['sinusoid_interleaved'], { fallback: 'sinusoid_interleaved' });
    const width = integer(config, 'hidden_size', { min: 1, max: LIMITS.hidden });
    const description = describe({
      ...common(config, 4 * width),
      vocabulary: integer(config, 'vocab_size', { min: 1, max: LIMITS.vocabulary }),
      positions: integer(config, 'max_position_embeddings', {
        min: 1,
        max: LIMITS.positions,
        fallback: 5000,
      }),
    });
    const { layers, vocabulary, positions } = description;
    const parts = { out: 'attn.to_out', norm1: 'norm1', up: 'ffn.net.0', down: 'ffn.net.2', norm2: 'norm2' };
    return {
      description,
      placements: [
        single('embedding.weight', SLOT.TOKEN_TABLE, [vocabulary, width]),
        single('pos_encoding.pe', SLOT.POSITION_TABLE, [positions, width]),
        ...Array.from({ length: layers }, (_, i) => [
          ...pair(`layers.${i}.attn.to_qkv`, [SLOT.QKV_WEIGHT, SLOT.QKV_BIAS], {
            index: i,
            shape: [3 * width, width],
          }),
          ...layer(`layers.${i}.`, i, parts, description),
        ]).flat(),
      ],
      outputs: [],
      tasks: ['feature-extraction'],
    };
  },
};

/** @type {import('./index.js').Family} */
export const d2lAttention = {
  modelTypes: ['d2l_multihead_attention'],
  blueprint(config) {
    const width = integer(config, 'num_hiddens', { min: 1, max: LIMITS.hidden });
    oneOf(config, 'mask_value', [-1e6], { fallback: -1e6 });
    const description = describe({
      stem: STEM.ATTENTION,
      width,
      layers: 1,
      heads: headCount(config, 'num_heads', width),
      feed_forward: 1,
    });
    const bias = boolean(config, 'bias', { fallback: false });
    return {
      description,
      placements: ['W_q', 'W_k', 'W_v']
        .flatMap((name, i) =>
          pair(name, [SLOT.QKV_WEIGHT, SLOT.QKV_BIAS], { row: i * width, shape: [width, width], bias }),
        )
        .concat(pair('W_o', [SLOT.OUT_WEIGHT, SLOT.OUT_BIAS], { shape: [width, width], bias })),
      outputs: [],
      tasks: ['attention'],
    };
  },
};
