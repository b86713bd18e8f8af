/**
 * BERT (`model_type: bert`) and ERNIE (`ernie`): post-norm, learned positions, token types, a pooler of tanh over [CLS].
 * Reference: transformers' BertModel, ErnieModel and their heads.
 */
import { ACTIVATION } from '../core/abi.js';
import { byClass, maskedWords, pooler, questions, sequence, tokens } from './heads.js';
import { BERT_PARTS } from './layer_placements.js';
import { BASE } from './sizes.js';
import { tokenFamily } from './token_family.js';

export const bert = tokenFamily({
  modelTypes: ['bert', 'ernie'],
  classes: ['Bert', 'Ernie'],
  prefixes: ['', 'bert.', 'ernie.'],
  sizes: {
    ...BASE,
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
  parts: BERT_PARTS,
  keys: {
    read: ['tie_word_embeddings'],
    // A row for a task, which ERNIE may add to every token, is not.
    fixed: { position_embedding_type: ['absolute'], use_task_id: [false] },
    harmless: [
      ...['attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout_prob'],
      'task_type_vocab_size',
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
      ForTokenClassification: tokens('classifier'),
      ForMaskedLM: maskedWords(config, transform, 'cls.predictions.decoder', {
        bias: 'cls.predictions.bias',
      }),
      ForSequenceClassification: sequence([pool, { module: 'classifier' }]),
      ForQuestionAnswering: questions('qa_outputs'),
    };
    return byClass(config, heads, pooler(pool.module));
  },
});
