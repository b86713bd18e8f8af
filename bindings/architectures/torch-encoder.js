/**
 * torch.nn.TransformerEncoder (`model_type: torch_transformer_encoder`, our own name: PyTorch writes no config.json):
 * rows come in as `inputs_embeds`, pre- or post-norm, queries, keys and values in one `in_proj`.
 */
import { PLACE, SLOT, STEM } from '../core/abi.js';
import { boolean, integer, LIMITS, number, oneOf } from '../formats/config.js';
import { activationOf, describe, headCount, layer, pair, single } from './blueprint.js';

const PARTS = { out: 'self_attn.out_proj', norm1: 'norm1', up: 'linear1', down: 'linear2', norm2: 'norm2' };

/** @type {import('./index.js').Family} */
export const torchEncoder = {
  modelTypes: ['torch_transformer_encoder'],
  blueprint(config) {
    const width = integer(config, 'hidden_size', { min: 1, max: LIMITS.hidden });
    const description = describe({
      stem: STEM.EMBEDDINGS,
      place: oneOf(config, 'norm', ['post', 'pre'], { fallback: 'post' }) === 'pre' ? PLACE.PRE : PLACE.POST,
      width,
      layers: integer(config, 'num_hidden_layers', { min: 1, max: LIMITS.layers }),
      heads: headCount(config, 'num_attention_heads', width),
      feed_forward: integer(config, 'intermediate_size', { min: 1, max: LIMITS.feedForward, fallback: 2048 }),
      activation: activationOf(oneOf(config, 'hidden_act', ['relu', 'gelu'], { fallback: 'relu' })),
      norm_epsilon: number(config, 'layer_norm_eps', { min: 0, max: 1, fallback: 1e-5 }),
      final_norm: boolean(config, 'final_norm', { fallback: false }) ? 1 : 0,
    });
    return {
      description,
      placements: [
        ...Array.from({ length: description.layers }, (_, i) => [
          single(`layers.${i}.self_attn.in_proj_weight`, SLOT.QKV_WEIGHT, [3 * width, width], { index: i }),
          single(`layers.${i}.self_attn.in_proj_bias`, SLOT.QKV_BIAS, [3 * width], {
            index: i,
            required: false,
          }),
          ...layer(`layers.${i}.`, i, PARTS, description),
        ]).flat(),
        ...(description.final_norm
          ? pair('norm', [SLOT.FINAL_NORM_WEIGHT, SLOT.FINAL_NORM_BIAS], { shape: [width] })
          : []),
      ],
      outputs: [],
      tasks: ['feature-extraction'],
    };
  },
};
