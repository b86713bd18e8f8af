/**
 * torch.nn.TransformerEncoder (`model_type: torch_transformer_encoder`, our own name: PyTorch writes no config.json):
 * rows come in as `inputs_embeds`, pre- or post-norm, queries, keys and values in one `in_proj`.
 */
import { STEM } from '../core/abi.js';
import { boolean, oneOf } from '../formats/config.js';
import { describe, kind, POST, PRE } from './blueprint.js';
import { layers } from './layer_placements.js';
import { pair, single } from './placements.js';
import { activation, epsilon, sizes } from './sizes.js';

const SIZES = /** @type {const} */ ({
  width: ['hidden_size'],
  layers: ['num_hidden_layers'],
  heads: ['num_attention_heads'],
  inner: ['intermediate_size', 2048],
});

const PARTS = { out: 'self_attn.out_proj', norm1: 'norm1', up: 'linear1', down: 'linear2', norm2: 'norm2' };

/**
 * The layers of a torch.nn.TransformerEncoder.
 * @param {import('./blueprint.js').ModelDescription} description
 * @param {(layer: number) => string} prefix
 */
export const torchLayers = (description, prefix) => [
  ...description.layer_kind.flatMap((_, index) => [
    single(`${prefix(index)}self_attn.in_proj_weight`, 'QKV_WEIGHT', { index }),
    single(`${prefix(index)}self_attn.in_proj_bias`, 'QKV_BIAS', { index, required: false }),
  ]),
  ...layers(description, prefix, PARTS),
];

/** Where a config's own key `norm` puts the norms. @param {import('./sizes.js').Config} config */
export const normsOf = (config) =>
  oneOf(config, 'norm', ['post', 'pre'], { fallback: 'post' }) === 'pre' ? PRE : POST;

/** @type {import('./index.js').Family} */
export const torchEncoder = {
  modelTypes: ['torch_transformer_encoder'],
  blueprint(config) {
    const { layers: depth, ...own } = sizes(config, SIZES);
    const act = activation(config, ['hidden_act', 'relu'], ['relu', 'gelu']);
    const norm_epsilon = epsilon(config, ['layer_norm_eps', 1e-5]);
    const stack = Array(depth).fill(kind({ ...own, activation: act, norms: normsOf(config), norm_epsilon }));
    const final = boolean(config, 'final_norm', { fallback: false });
    const description = describe({ stem: STEM.EMBEDDINGS, stack, final_norm: final ? 1 : 0 });
    return {
      description,
      placements: [
        ...torchLayers(description, (i) => `layers.${i}.`),
        ...(final ? pair('norm', 'FINAL_NORM') : []),
      ],
      outputs: [],
      tasks: ['feature-extraction'],
    };
  },
};
