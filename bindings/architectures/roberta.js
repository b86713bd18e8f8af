/**
 * RoBERTa and its kin (`model_type: roberta, xlm-roberta, camembert, data2vec-text`): BERT whose positions are counted from
 * the padding token's id. Reference: transformers' RobertaModel and its heads.
 */
import { ACTIVATION } from '../core/abi.js';
import { PRE } from './blueprint.js';
import { byClass, maskedWords, pooler, questions, sequence, tokens } from './heads.js';
import { BERT_PARTS } from './layer_placements.js';
import { BASE, paddingOf } from './sizes.js';
import { tokenFamily } from './token_family.js';

/** @satisfies {Partial<import('./token_family.js').TokenFamily>} */
const ROBERTA = {
  sizes: {
    ...BASE,
    vocabulary: ['vocab_size', 50265],
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
    read: ['pad_token_id', 'tie_word_embeddings'],
    // Files of Jina's own code have adapters for tasks.
    fixed: { lora_adaptations: [[]], position_embedding_type: ['absolute'] },
    harmless: ['attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout_prob'],
  },
  harmless: [
    'embeddings.position_ids',
    'embeddings.token_type_ids',
    'pooler.',
    'lm_head.bias',
    'lm_head.decoder.bias',
  ],
  read: (/** @type {import('./sizes.js').Config} */ config) => ({
    blueprint: { padding: paddingOf(config, 1) },
  }),
  top: (/** @type {{ config: import('./sizes.js').Config, prefix: string }} */ { config, prefix }) =>
    byClass(config, robertaHeads(config), pooler(`${prefix}pooler.dense`)),
};

export const roberta = tokenFamily({
  ...ROBERTA,
  modelTypes: ['roberta', 'xlm-roberta', 'camembert', 'data2vec-text'],
  classes: ['Roberta', 'XLMRoberta', 'Camembert', 'Data2VecText'],
  prefixes: ['', 'roberta.', 'data2vec_text.'],
});

/** With norms in front of each half, and one behind the layers. Reference: transformers' RobertaPreLayerNormModel. */
export const robertaPreLayerNorm = tokenFamily({
  ...ROBERTA,
  modelTypes: ['roberta-prelayernorm'],
  classes: ['RobertaPreLayerNorm'],
  prefixes: ['', 'roberta_prelayernorm.'],
  norms: PRE,
  finalNorm: 'LayerNorm',
  parts: { ...BERT_PARTS, norm1: 'attention.LayerNorm', norm2: 'intermediate.LayerNorm' },
});

/** The heads of RoBERTa, which other families have too. @param {import('./sizes.js').Config} config */
export const robertaHeads = (config) => ({
  ForSequenceClassification: sequence([
    { module: 'classifier.dense', activation: ACTIVATION.TANH },
    { module: 'classifier.out_proj' },
  ]),
  ForTokenClassification: tokens('classifier'),
  ForMaskedLM: maskedWords(
    config,
    { module: 'lm_head.dense', activation: ACTIVATION.GELU, norm: 'lm_head.layer_norm' },
    'lm_head.decoder',
    { bias: 'lm_head.bias' },
  ),
  ForQuestionAnswering: questions('qa_outputs'),
});
