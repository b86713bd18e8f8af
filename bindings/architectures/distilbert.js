/**
 * DistilBERT (`model_type: distilbert`): BERT without token types and pooler, with names of its own.
 * Reference: transformers' DistilBertModel and its heads.
 */
import { ACTIVATION, POOL, SLOT } from '../core/abi.js';
import { integer, LIMITS, oneOf } from '../formats/config.js';
import { findPrefix } from './bind.js';
import {
  ACTIVATION_NAMES,
  activationOf,
  architectureOf,
  describe,
  head,
  headCount,
  headPlacements,
  layer,
  pair,
  single,
} from './blueprint.js';

/** @typedef {import('./blueprint.js').Blueprint} Blueprint */

const PARTS = {
  query: 'attention.q_lin',
  key: 'attention.k_lin',
  value: 'attention.v_lin',
  out: 'attention.out_lin',
  norm1: 'sa_layer_norm',
  up: 'ffn.lin1',
  down: 'ffn.lin2',
  norm2: 'output_layer_norm',
};

/** The class fixes epsilon; the config has no key for it. */
const EPSILON = 1e-12;

/** @param {import('../formats/config.js').Config} config */
function sizes(config) {
  const width = integer(config, ['dim', 'hidden_size'], { min: 1, max: LIMITS.hidden, fallback: 768 });
  return describe({
    width,
    layers: integer(config, ['n_layers', 'num_hidden_layers'], { min: 1, max: LIMITS.layers, fallback: 6 }),
    heads: headCount(config, ['n_heads', 'num_attention_heads'], width, 12),
    feed_forward: integer(config, 'hidden_dim', { min: 1, max: LIMITS.feedForward, fallback: 3072 }),
    activation: activationOf(oneOf(config, 'activation', ACTIVATION_NAMES, { fallback: 'gelu' })),
    norm_epsilon: EPSILON,
    vocabulary: integer(config, 'vocab_size', { min: 1, max: LIMITS.vocabulary, fallback: 30522 }),
    positions: integer(config, 'max_position_embeddings', { min: 1, max: LIMITS.positions, fallback: 512 }),
    embedding_norm: 1,
  });
}

/**
 * @param {Blueprint['description']} d
 * @param {string} architecture
 * @param {import('./blueprint.js').TensorList} tensors
 * @returns {Pick<Blueprint, 'outputs' | 'placements' | 'tasks'>}
 */
function heads(d, architecture, tensors) {
  const labels = tensors.get('classifier.weight')?.shape[0] ?? 2;
  if (architecture.endsWith('ForSequenceClassification')) {
    d.head = [
      head({ inputs: d.width, outputs: d.width, activation: ACTIVATION.RELU }),
      head({ inputs: d.width, outputs: labels }),
    ];
    return {
      placements: [
        ...headPlacements('pre_classifier', 0, d.head[0]),
        ...headPlacements('classifier', 1, d.head[1]),
      ],
      outputs: [{ name: 'logits', pool: POOL.FIRST, heads: [0, 1] }],
      tasks: ['text-classification'],
    };
  }
  if (architecture.endsWith('ForTokenClassification')) {
    d.head = [head({ inputs: d.width, outputs: labels })];
    return {
      placements: headPlacements('classifier', 0, d.head[0]),
      outputs: [{ name: 'logits', pool: null, heads: [0] }],
      tasks: ['token-classification'],
    };
  }
  if (architecture.endsWith('ForMaskedLM') && tensors.has('vocab_projector.bias')) {
    d.head = [
      head({ inputs: d.width, outputs: d.width, activation: d.activation, norm: 1 }),
      head({ inputs: d.width, outputs: d.vocabulary, tied: 1 }),
    ];
    return {
      placements: [
        ...headPlacements('vocab_transform', 0, d.head[0], { norm: 'vocab_layer_norm' }),
        single('vocab_projector.bias', SLOT.HEAD_BIAS, [d.vocabulary], { index: 1 }),
      ],
      outputs: [{ name: 'logits', pool: null, heads: [0, 1] }],
      tasks: ['fill-mask'],
    };
  }
  return { placements: [], outputs: [], tasks: [] };
}

/** @type {import('./index.js').Family} */
export const distilbert = {
  modelTypes: ['distilbert'],
  blueprint(config, tensors, path) {
    const description = sizes(config);
    const { width, vocabulary, positions, layers } = description;
    const prefix = findPrefix(tensors, ['', 'distilbert.'], 'embeddings.word_embeddings.weight', path);
    const top = heads(description, architectureOf(config), tensors);
    return {
      description,
      placements: [
        single(`${prefix}embeddings.word_embeddings.weight`, SLOT.TOKEN_TABLE, [vocabulary, width]),
        single(`${prefix}embeddings.position_embeddings.weight`, SLOT.POSITION_TABLE, [positions, width]),
        ...pair(`${prefix}embeddings.LayerNorm`, [SLOT.EMBEDDING_NORM_WEIGHT, SLOT.EMBEDDING_NORM_BIAS], {
          shape: [width],
        }),
        ...Array.from({ length: layers }, (_, i) =>
          layer(`${prefix}transformer.layer.${i}.`, i, PARTS, description),
        ).flat(),
        ...top.placements,
      ],
      outputs: top.outputs,
      tasks: ['feature-extraction', ...top.tasks],
    };
  },
};
