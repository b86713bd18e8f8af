/**
 * Gemma 3's text model where it sees both ways, as in EmbeddingGemma (`model_type: gemma3_text`): RMS norms before each half and
 * inside it, normed queries and keys, layers that see all and layers that see their neighbours.
 * Reference: transformers' Gemma3TextModel.
 */
import { NORM_FORM, NORM_PLACES, ROTARY } from '../core/abi.js';
import { UnsupportedError } from '../errors.js';
import { boolean, integer, LIMITS, number } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { nothing } from './heads.js';
import { LLAMA_PARTS } from './layer_placements.js';
import { fullLayers, ropeOf } from './rope.js';
import { lengthOf } from './sizes.js';
import { tokenFamily } from './token_family.js';

export const gemma3 = tokenFamily({
  modelTypes: ['gemma3_text'],
  classes: ['Gemma3Text'],
  prefixes: ['', 'model.'],
  sizes: {
    width: ['hidden_size', 2304],
    layers: ['num_hidden_layers', 26],
    heads: ['num_attention_heads', 8],
    key_heads: ['num_key_value_heads', 4],
    head_width: ['head_dim', 256],
    inner: ['intermediate_size', 9216],
    vocabulary: ['vocab_size', 262208],
  },
  activation: ['hidden_activation', 'gelu_pytorch_tanh'],
  epsilon: ['rms_norm_eps', 1e-6],
  tables: { TOKEN_TABLE: 'embed_tokens.weight' },
  finalNorm: 'norm',
  layer: 'layers.#.',
  parts: {
    ...LLAMA_PARTS,
    queryNorm: 'self_attn.q_norm',
    keyNorm: 'self_attn.k_norm',
    inside1: 'post_attention_layernorm',
    norm2: 'pre_feedforward_layernorm',
    inside2: 'post_feedforward_layernorm',
  },
  keys: {
    read: [
      ...[
        'max_position_embeddings',
        'attention_bias',
        'query_pre_attn_scalar',
        'sliding_window',
        'layer_types',
      ],
      ...['sliding_window_pattern', '_sliding_window_pattern', 'use_bidirectional_attention'],
      ...['rope_local_base_freq', 'rope_theta', 'rope_parameters', 'rope_scaling'],
    ],
    fixed: { attn_logit_softcapping: [], final_logit_softcapping: [] },
    harmless: ['attention_dropout', 'tie_word_embeddings', 'cache_implementation'],
  },
  harmless: ['rotary_emb.inv_freq', 'rotary_emb_local.inv_freq'],
  read(config, { fields }) {
    if (!boolean(config, 'use_bidirectional_attention', { fallback: false })) {
      const message =
        'config: use_bidirectional_attention is not true; a model that sees backwards only is no encoder';
      throw new UnsupportedError(message, { path: 'use_bidirectional_attention' });
    }
    const { layers, vocabulary: _, ...own } = fields;
    const width = own.head_width;
    const scalar = number(config, 'query_pre_attn_scalar', { min: 1e-3, max: 1e6, fallback: 256 });
    const reach = Math.floor(integer(config, 'sliding_window', { max: LIMITS.tokens, fallback: 4096 }) / 2);
    const pattern = ['sliding_window_pattern', '_sliding_window_pattern'];
    const every = integer(config, pattern, { min: 1, max: 128, fallback: 6 });
    const make = (/** @type {boolean} */ isFull) =>
      kind(
        /** @type {any} */ ({
          ...own,
          ...{
            gated: 1,
            norm_form: NORM_FORM.RMS,
            head_norm: 1 + NORM_FORM.RMS,
            score_scale: scalar ** -0.5,
          },
          norms: PRE | NORM_PLACES.INSIDE_ATTENTION | NORM_PLACES.INSIDE_FEED_FORWARD,
          ...{ rotary: ROTARY.HALVES, rotary_width: width, rotary_table: isFull ? 0 : 1 },
          ...(!isFull && { left: reach, right: reach }),
        }),
      );
    const kinds = [make(true), make(false)];
    const attention = boolean(config, 'attention_bias', { fallback: false });
    // The older form scales the rotation of layers that see all alone.
    const near = { rope_parameters: config.rope_parameters, rope_theta: config.rope_local_base_freq };
    return {
      stack: fullLayers(config, layers, (i) => (i + 1) % every === 0).map((isFull) => kinds[isFull ? 0 : 1]),
      rotary: [
        ropeOf(config, { width, base: 1e6, type: 'full_attention' }),
        ropeOf(near, { width, base: 10000, type: 'sliding_attention' }),
      ],
      layers: { biases: { qkv: attention, out: attention, up: false, down: false, norms: false }, offset: 1 },
      model: { norm_form: NORM_FORM.RMS, token_scale: Math.sqrt(own.width) },
      blueprint: { maxLength: lengthOf(config, 131072) },
    };
  },
  top: () => nothing,
});
