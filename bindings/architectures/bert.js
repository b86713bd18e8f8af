/**
 * BERT (`model_type: bert`): post-norm, learned positions, token types, a pooler of tanh over [CLS].
 * Reference: transformers' BertModel and its heads.
 */
import { ACTIVATION } from '../core/abi.js';
import { byClass, maskedWords, pooler, sequence, tokens } from './heads.js';
import { ROTARY_KEYS } from './ledger.js';
import { tokenFamily } from './token_family.js';

export const bert = tokenFamily({
  modelTypes: ['bert'],
  class: 'Bert',
  prefixes: ['', 'bert.'],
  sizes: {
    width: ['hidden_size', 768],
    layers: ['num_hidden_layers', 12],
    heads: ['num_attention_heads', 12],
    inner: ['intermediate_size', 3072],
    vocabulary: ['vocab_size', 30522],
    positions: ['max_position_embeddings', 512],
    types: ['type_vocab_size', 2],
  },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-12],
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    POSITION_TABLE: 'embeddings.position_embeddings.weight',
    TYPE_TABLE: 'embeddings.token_type_embeddings.weight',
  },
  norm: 'embeddings.LayerNorm',
  layer: 'encoder.layer.#.',
  parts: {
    query: 'attention.self.query',
    key: 'attention.self.key',
    value: 'attention.self.value',
    out: 'attention.output.dense',
    norm1: 'attention.output.LayerNorm',
    up: 'intermediate.dense',
    down: 'output.dense',
    norm2: 'output.LayerNorm',
  },
  keys: {
    read: [
      ...['hidden_size', 'num_hidden_layers', 'num_attention_heads', 'intermediate_size', 'vocab_size'],
      ...['max_position_embeddings', 'type_vocab_size', 'hidden_act', 'layer_norm_eps'],
      'tie_word_embeddings',
    ],
    fixed: { position_embedding_type: ['absolute'] },
    harmless: [
      ...['attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout_prob'],
      ...ROTARY_KEYS,
    ],
  },
  // Buffers, the pooler of classes that do without, and the bias that a decoder of its own has twice.
  harmless: [
    ...['embeddings.position_ids', 'embeddings.token_type_ids', 'pooler.'],
    ...['cls.predictions.bias', 'cls.predictions.decoder.bias'],
  ],
  top({ config, prefix, activation }) {
    const pool = { module: `${prefix}pooler.dense`, activation: ACTIVATION.TANH, pooler: true };
    const words = 'cls.predictions.transform';
    const transform = { module: `${words}.dense`, activation, norm: `${words}.LayerNorm` };
    const heads = {
      ForTokenClassification: { top: tokens('classifier'), marks: ['classifier'] },
      ForMaskedLM: {
        top: maskedWords(config, transform, 'cls.predictions.decoder', 'cls.predictions.bias'),
        marks: [transform.module],
      },
      ForSequenceClassification: {
        top: sequence([pool, { module: 'classifier' }]),
        marks: [pool.module, 'classifier'],
      },
    };
    return byClass(config, heads, pooler(pool.module));
  },
});
