/**
 * DistilBERT (`model_type: distilbert`): BERT without token types and pooler, with names of its own.
 * Reference: transformers' DistilBertModel and its heads.
 */
import { ACTIVATION } from '../core/abi.js';
import { findPrefix } from './bind.js';
import { describe, kind } from './blueprint.js';
import { byClass, maskedWords, sequence, tokens } from './heads.js';
import { layers, pair, single } from './placements.js';
import { activation, sizes } from './sizes.js';

const SIZES = /** @type {const} */ ({
  width: [['dim', 'hidden_size'], 768],
  layers: [['n_layers', 'num_hidden_layers'], 6],
  heads: [['n_heads', 'num_attention_heads'], 12],
  inner: ['hidden_dim', 3072],
  vocabulary: ['vocab_size', 30522],
  positions: ['max_position_embeddings', 512],
});

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

/** @type {import('./index.js').Family} */
export const distilbert = {
  modelTypes: ['distilbert'],
  blueprint(config, tensors, path) {
    const prefix = findPrefix(tensors, ['', 'distilbert.'], 'embeddings.word_embeddings.weight', path);
    const { layers: depth, vocabulary, positions, ...own } = sizes(config, SIZES);
    const act = activation(config, ['activation', 'gelu']);
    // The class fixes epsilon, kind's own 1e-12; the config has no key for it.
    const stack = Array(depth).fill(kind({ ...own, activation: act }));
    const description = describe({ stack, vocabulary, positions, embedding_norm: 1 });
    const transform = { module: 'vocab_transform', activation: act, norm: 'vocab_layer_norm' };
    const dense = { module: 'pre_classifier', activation: ACTIVATION.RELU };
    const top = byClass(config, {
      ForSequenceClassification: sequence([dense, { module: 'classifier' }]),
      ForTokenClassification: tokens('classifier'),
      ForMaskedLM: maskedWords(transform, 'vocab_projector.bias'),
    })(description, tensors);
    return {
      description,
      ...top,
      placements: [
        single(`${prefix}embeddings.word_embeddings.weight`, 'TOKEN_TABLE'),
        single(`${prefix}embeddings.position_embeddings.weight`, 'POSITION_TABLE'),
        ...pair(`${prefix}embeddings.LayerNorm`, 'EMBEDDING_NORM'),
        ...layers(description, (i) => `${prefix}transformer.layer.${i}.`, PARTS),
        ...top.placements,
      ],
      tasks: ['feature-extraction', ...top.tasks],
    };
  },
};
