/**
 * MPNet (`model_type: mpnet`): BERT without token types, with a bias by distance that all layers share.
 * Reference: transformers' MPNetModel and its heads.
 */
import { BIAS } from '../core/abi.js';
import { byClass, pooler } from './heads.js';
import { BERT_PARTS } from './layer_placements.js';
import { single } from './placements.js';
import { robertaHeads } from './roberta.js';
import { BASE } from './sizes.js';
import { tokenFamily } from './token_family.js';

export const mpnet = tokenFamily({
  modelTypes: ['mpnet'],
  classes: ['MPNet'],
  prefixes: ['', 'mpnet.'],
  sizes: { ...BASE, vocabulary: ['vocab_size', 30527], positions: ['max_position_embeddings', 512] },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-12],
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    POSITION_TABLE: 'embeddings.position_embeddings.weight',
  },
  norm: 'embeddings.LayerNorm',
  layer: 'encoder.layer.#.',
  parts: {
    ...BERT_PARTS,
    query: 'attention.attn.q',
    key: 'attention.attn.k',
    value: 'attention.attn.v',
    out: 'attention.attn.o',
    norm1: 'attention.LayerNorm',
  },
  keys: {
    read: ['tie_word_embeddings'],
    // Buckets are counted as 32 whatever the config says of the table's rows.
    fixed: { relative_attention_num_buckets: [32] },
    harmless: ['attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout_prob'],
  },
  harmless: ['embeddings.position_ids', 'pooler.', 'lm_head.bias', 'lm_head.decoder.bias'],
  read: (_, { fields, prefix }) => ({
    kind: { bias: BIAS.DISTANCE, bias_buckets: 32, bias_reach: 128 },
    model: { layer_bias: Array(fields.layers).fill(0) },
    placements: [single(`${prefix}encoder.relative_attention_bias.weight`, 'DISTANCE_TABLE')],
    blueprint: { padding: 1 },
  }),
  top: ({ config, prefix }) => byClass(config, robertaHeads(config), pooler(`${prefix}pooler.dense`)),
});
