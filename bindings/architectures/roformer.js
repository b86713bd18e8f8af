/**
 * RoFormer (`model_type: roformer`): BERT whose queries and keys turn by neighbouring pairs of channels, instead of learned
 * positions. Reference: transformers' RoFormerModel and its heads.
 */
import { ROTARY } from '../core/abi.js';
import { byClass, maskedWords, questions, sequence, tokens } from './heads.js';
import { BERT_PARTS } from './layer_placements.js';
import { BASE, lengthOf } from './sizes.js';
import { tokenFamily } from './token_family.js';

export const roformer = tokenFamily({
  modelTypes: ['roformer'],
  classes: ['RoFormer'],
  prefixes: ['', 'roformer.'],
  sizes: {
    ...BASE,
    table: ['embedding_size', 'width'],
    vocabulary: ['vocab_size', 50000],
    types: ['type_vocab_size', 2],
  },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-12],
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    TYPE_TABLE: 'embeddings.token_type_embeddings.weight',
  },
  norm: 'embeddings.LayerNorm',
  projection: 'embeddings_project',
  layer: 'encoder.layer.#.',
  parts: BERT_PARTS,
  keys: {
    read: ['max_position_embeddings', 'tie_word_embeddings'],
    fixed: { rotary_value: [false] },
    harmless: [
      ...['attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout_prob', 'summary_activation'],
      ...['summary_last_dropout', 'summary_type', 'summary_use_proj'], // of multiple choice
    ],
  },
  harmless: [
    ...['encoder.embed_positions.weight', 'embeddings.position_ids', 'pooler.'],
    ...['cls.predictions.bias', 'cls.predictions.decoder.bias'],
  ],
  read(config, { fields }) {
    const width = fields.width / fields.heads;
    const rope = { pairs: width / 2, base: 10000, gain: 1, method: 0, options: [0, 0, 0, 0, 0] };
    return {
      kind: { rotary: ROTARY.PAIRS, rotary_width: width },
      rotary: [{ ...rope, exact: true }],
      blueprint: { maxLength: lengthOf(config, 1536) },
    };
  },
  top({ config, activation }) {
    const words = 'cls.predictions.transform';
    const transform = { module: `${words}.dense`, activation, norm: `${words}.LayerNorm` };
    return byClass(config, {
      ForSequenceClassification: sequence([
        { module: 'classifier.dense', activation },
        { module: 'classifier.out_proj' },
      ]),
      ForTokenClassification: tokens('classifier'),
      ForMaskedLM: maskedWords(config, transform, 'cls.predictions.decoder', {
        bias: 'cls.predictions.bias',
      }),
      ForQuestionAnswering: questions('qa_outputs'),
    });
  },
});
