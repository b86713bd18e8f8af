/**
 * BERT (`model_type: bert`): post-norm, learned positions, token types, a pooler of tanh over [CLS].
 * Reference: transformers' BertModel and its heads.
 */
import { ACTIVATION, POOL, SLOT } from '../core/abi.js';
import { ConfigError } from '../errors.js';
import { boolean, integer, LIMITS, number, oneOf } from '../formats/config.js';
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
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  out: 'attention.output.dense',
  norm1: 'attention.output.LayerNorm',
  up: 'intermediate.dense',
  down: 'output.dense',
  norm2: 'output.LayerNorm',
};

/** @param {import('../formats/config.js').Config} config */
function sizes(config) {
  oneOf(config, 'position_embedding_type', ['absolute'], { fallback: 'absolute' });
  if (boolean(config, 'is_decoder', { fallback: false })) {
    throw new ConfigError('config.json: is_decoder is true; expected an encoder', { value: true });
  }
  const width = integer(config, 'hidden_size', { min: 1, max: LIMITS.hidden, fallback: 768 });
  const epsilon = number(config, 'layer_norm_eps', { min: 0, max: 1, fallback: 1e-12 });
  return describe({
    width,
    layers: integer(config, 'num_hidden_layers', { min: 1, max: LIMITS.layers, fallback: 12 }),
    heads: headCount(config, 'num_attention_heads', width, 12),
    feed_forward: integer(config, 'intermediate_size', { min: 1, max: LIMITS.feedForward, fallback: 3072 }),
    activation: activationOf(oneOf(config, 'hidden_act', ACTIVATION_NAMES, { fallback: 'gelu' })),
    norm_epsilon: epsilon,
    vocabulary: integer(config, 'vocab_size', { min: 1, max: LIMITS.vocabulary, fallback: 30522 }),
    positions: integer(config, 'max_position_embeddings', { min: 1, max: LIMITS.positions, fallback: 512 }),
    types: integer(config, 'type_vocab_size', { min: 1, max: LIMITS.positions, fallback: 2 }),
    embedding_norm: 1,
  });
}

/**
 * Heads by the class that the file was saved from: [outputs, heads, placements, tasks].
 * @param {Blueprint['description']} d
 * @param {string} architecture
 * @param {import('./blueprint.js').TensorList} tensors
 * @param {string} prefix
 * @returns {Pick<Blueprint, 'outputs' | 'placements' | 'tasks'>}
 */
function heads(d, architecture, tensors, prefix) {
  const labels = tensors.get('classifier.weight')?.shape[0] ?? 2;
  if (architecture.endsWith('ForTokenClassification')) {
    d.head = [head({ inputs: d.width, outputs: labels })];
    return {
      placements: headPlacements('classifier', 0, d.head[0]),
      outputs: [{ name: 'logits', pool: null, heads: [0] }],
      tasks: ['token-classification'],
    };
  }
  if (architecture.endsWith('ForMaskedLM') && tensors.has('cls.predictions.bias')) {
    d.head = [
      head({ inputs: d.width, outputs: d.width, activation: d.activation, norm: 1 }),
      head({ inputs: d.width, outputs: d.vocabulary, tied: 1 }),
    ];
    return {
      placements: [
        ...headPlacements('cls.predictions.transform.dense', 0, d.head[0], {
          norm: 'cls.predictions.transform.LayerNorm',
        }),
        single('cls.predictions.bias', SLOT.HEAD_BIAS, [d.vocabulary], { index: 1 }),
      ],
      outputs: [{ name: 'logits', pool: null, heads: [0, 1] }],
      tasks: ['fill-mask'],
    };
  }
  if (!tensors.has(`${prefix}pooler.dense.weight`)) return { placements: [], outputs: [], tasks: [] };
  d.head = [head({ inputs: d.width, outputs: d.width, activation: ACTIVATION.TANH })];
  const pooler = {
    placements: headPlacements(`${prefix}pooler.dense`, 0, d.head[0]),
    outputs: [{ name: 'pooler_output', pool: POOL.FIRST, heads: [0] }],
    tasks: /** @type {string[]} */ ([]),
  };
  if (!architecture.endsWith('ForSequenceClassification')) return pooler;
  d.head.push(head({ inputs: d.width, outputs: labels }));
  return {
    placements: [...pooler.placements, ...headPlacements('classifier', 1, d.head[1])],
    outputs: [...pooler.outputs, { name: 'logits', pool: POOL.FIRST, heads: [0, 1] }],
    tasks: ['text-classification'],
  };
}

/** @type {import('./index.js').Family} */
export const bert = {
  modelTypes: ['bert'],
  blueprint(config, tensors, path) {
    const description = sizes(config);
    const { width, vocabulary, positions, types, layers } = description;
    const prefix = findPrefix(tensors, ['', 'bert.'], 'embeddings.word_embeddings.weight', path);
    const top = heads(description, architectureOf(config), tensors, prefix);
    return {
      description,
      placements: [
        single(`${prefix}embeddings.word_embeddings.weight`, SLOT.TOKEN_TABLE, [vocabulary, width]),
        single(`${prefix}embeddings.position_embeddings.weight`, SLOT.POSITION_TABLE, [positions, width]),
        single(`${prefix}embeddings.token_type_embeddings.weight`, SLOT.TYPE_TABLE, [types, width]),
        ...pair(`${prefix}embeddings.LayerNorm`, [SLOT.EMBEDDING_NORM_WEIGHT, SLOT.EMBEDDING_NORM_BIAS], {
          shape: [width],
        }),
        ...Array.from({ length: layers }, (_, i) =>
          layer(`${prefix}encoder.layer.${i}.`, i, PARTS, description),
        ).flat(),
        ...top.placements,
      ],
      outputs: top.outputs,
      tasks: ['feature-extraction', ...top.tasks],
    };
  },
};
