/**
 * DINOv3's ViT (`model_type: dinov3_vit`): DINOv2 whose patches turn by both their coordinates instead of learned positions.
 * Reference: transformers' DINOv3ViTModel. It has no class for image classification; DINOv3ViTForImageClassification is this
 * library's own: the module `classifier` over pooler_output, the class token behind the last norm.
 */
import { POOL, ROTARY } from '../core/abi.js';
import { ConfigError } from '../errors.js';
import { boolean, integer, LIMITS, number } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { byClass, pooled, sequence } from './heads.js';
import { patchFamily } from './patch_family.js';
import { BASE, imageSize } from './sizes.js';

export const dinov3 = patchFamily({
  modelTypes: ['dinov3_vit'],
  classes: ['DINOv3ViT'],
  sizes: {
    ...BASE,
    width: ['hidden_size', 384],
    heads: ['num_attention_heads', 6],
    inner: ['intermediate_size', 1536],
    channels: ['num_channels', 3],
  },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-5],
  keys: {
    read: [
      ...['image_size', 'patch_size', 'query_bias', 'key_bias', 'value_bias', 'proj_bias', 'mlp_bias'],
      ...['use_gated_mlp', 'num_register_tokens', 'rope_theta'],
    ],
    fixed: {},
    harmless: [
      ...['attention_dropout', 'drop_path_rate', 'layerscale_value', 'tie_word_embeddings'],
      // Of training, and of the class that gives maps of features.
      ...['pos_embed_jitter', 'pos_embed_rescale', 'pos_embed_shift', 'apply_layernorm', 'out_features'],
      ...['out_indices', 'reshape_hidden_states', 'stage_names', '_out_features', '_out_indices'],
    ],
  },
  harmless: ['embeddings.mask_token', 'embeddings.register_tokens', 'rope_embeddings.inv_freq'],
  prefixes: ['', 'dinov3_vit.'],
  positions: '',
  projection: 'embeddings.patch_embeddings',
  layer: 'layer.#.',
  parts: {
    query: 'attention.q_proj',
    key: 'attention.k_proj',
    value: 'attention.v_proj',
    out: 'attention.o_proj',
    norm1: 'norm1',
    norm2: 'norm2',
    up: 'mlp.up_proj',
    down: 'mlp.down_proj',
    scale1: 'layer_scale1.lambda1',
    scale2: 'layer_scale2.lambda1',
  },
  norm: 'norm',
  read(config, _, { layers, channels, ...own }) {
    const has = (/** @type {string} */ key, fallback = true) => boolean(config, key, { fallback });
    const extra = integer(config, 'num_register_tokens', { max: LIMITS.heads, fallback: 0 });
    const width = own.width / own.heads;
    if (width % 4)
      throw new ConfigError(
        `config: heads have ${width} channels; expected a multiple of 4, as two coordinates turn them`,
        {
          path: 'num_attention_heads',
          value: own.heads,
        },
      );
    const theta = number(config, 'rope_theta', { min: 1e-3, max: 1e12, fallback: 100 });
    /** @type {import('./rope.js').Rope} */
    const rope = { pairs: width / 4, gain: 1, base: theta, method: 0, options: [0, 0, 0, 0, 0], map: true };
    const gated = has('use_gated_mlp', false);
    const turning = { rotary: ROTARY.HALVES, rotary_width: width, layer_scale: 1, gated: gated ? 1 : 0 };
    return {
      image: imageSize(config, 'image_size', 224),
      patch: imageSize(config, 'patch_size', 16),
      channels,
      biases: {
        ...{ query: has('query_bias'), key: has('key_bias', false), value: has('value_bias') },
        ...{ out: has('proj_bias'), up: has('mlp_bias'), down: has('mlp_bias') },
      },
      tokens: [['embeddings.cls_token', 1], ...(extra ? [registers(extra)] : [])],
      placed: 0,
      positions: false,
      stack: Array(layers).fill(kind(/** @type {any} */ ({ ...own, ...turning, norms: PRE }))),
      rotary: [rope],
      parts: gated ? { gate: 'mlp.gate_proj' } : {},
    };
  },
  top({ config }) {
    const classes = sequence([{ module: 'classifier' }], { task: 'image-classification' });
    return byClass(config, { ForImageClassification: classes }, pooled(POOL.FIRST));
  },
});

/** @param {number} rows @returns {[string, number]} */
function registers(rows) {
  return ['embeddings.register_tokens', rows];
}
