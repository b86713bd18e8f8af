/**
 * ELECTRA (`model_type: electra`): BERT without a pooler, behind tables of fewer columns where the config says so.
 * Reference: transformers' ElectraModel and its heads.
 */
import { ACTIVATION } from '../core/abi.js';
import { byClass, maskedWords, questions, sequence, tokens } from './heads.js';
import { BERT_PARTS } from './layer_placements.js';
import { tokenFamily } from './token_family.js';

export const electra = tokenFamily({
  modelTypes: ['electra'],
  classes: ['Electra'],
  prefixes: ['', 'electra.'],
  sizes: {
    width: ['hidden_size', 256],
    table: ['embedding_size', 128],
    layers: ['num_hidden_layers', 12],
    heads: ['num_attention_heads', 4],
    inner: ['intermediate_size', 1024],
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
  projection: 'embeddings_project',
  layer: 'encoder.layer.#.',
  parts: BERT_PARTS,
  keys: {
    read: ['tie_word_embeddings'],
    fixed: { position_embedding_type: ['absolute'] },
    harmless: [
      ...['attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout_prob', 'summary_activation'],
      ...['summary_last_dropout', 'summary_type', 'summary_use_proj'], // of multiple choice
    ],
  },
  harmless: ['embeddings.position_ids', 'embeddings.token_type_ids', 'generator_lm_head.bias'],
  top({ config }) {
    const dense = { module: 'classifier.dense', activation: ACTIVATION.GELU };
    const words = 'generator_predictions';
    const transform = { module: `${words}.dense`, activation: ACTIVATION.GELU, norm: `${words}.LayerNorm` };
    return byClass(config, {
      ForSequenceClassification: sequence([dense, { module: 'classifier.out_proj' }]),
      ForTokenClassification: tokens('classifier'),
      ForMaskedLM: maskedWords(config, transform, 'generator_lm_head'),
      ForQuestionAnswering: questions('qa_outputs'),
    });
  },
});
