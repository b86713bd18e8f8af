/**
 * DistilBERT (`model_type: distilbert`): BERT without token types and pooler, with names of its own.
 * Reference: transformers' DistilBertModel and its heads.
 */
import { ACTIVATION } from '../core/abi.js';
import { byClass, maskedWords, questions, sequence, tokens } from './heads.js';
import { tokenFamily } from './token_family.js';

export const distilbert = tokenFamily({
  modelTypes: ['distilbert'],
  classes: ['DistilBert'],
  prefixes: ['', 'distilbert.'],
  sizes: {
    width: [['dim', 'hidden_size'], 768],
    layers: [['n_layers', 'num_hidden_layers'], 6],
    heads: [['n_heads', 'num_attention_heads'], 12],
    inner: ['hidden_dim', 3072],
    vocabulary: ['vocab_size', 30522],
    positions: ['max_position_embeddings', 512],
  },
  activation: ['activation', 'gelu'],
  epsilon: 1e-12,
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    POSITION_TABLE: 'embeddings.position_embeddings.weight',
  },
  norm: 'embeddings.LayerNorm',
  layer: 'transformer.layer.#.',
  parts: {
    query: 'attention.q_lin',
    key: 'attention.k_lin',
    value: 'attention.v_lin',
    out: 'attention.out_lin',
    norm1: 'sa_layer_norm',
    up: 'ffn.lin1',
    down: 'ffn.lin2',
    norm2: 'output_layer_norm',
  },
  keys: {
    read: ['tie_word_embeddings'],
    fixed: {},
    // Sinusoids only begin the table of positions, which files hold.
    harmless: ['attention_dropout', 'dropout', 'qa_dropout', 'seq_classif_dropout', 'sinusoidal_pos_embds'],
  },
  harmless: ['embeddings.position_ids'],
  top({ config, activation }) {
    const dense = { module: 'pre_classifier', activation: ACTIVATION.RELU };
    const transform = { module: 'vocab_transform', activation, norm: 'vocab_layer_norm' };
    return byClass(config, {
      ForSequenceClassification: sequence([dense, { module: 'classifier' }]),
      ForTokenClassification: tokens('classifier', [dense.module]),
      ForMaskedLM: maskedWords(config, transform, 'vocab_projector'),
      ForQuestionAnswering: questions('qa_outputs'),
    });
  },
});
