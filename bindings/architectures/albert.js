/**
 * ALBERT (`model_type: albert`): groups of layers that share their weights, behind tables of fewer columns.
 * Reference: transformers' AlbertModel and its heads.
 */
import { ACTIVATION } from '../core/abi.js';
import { integer, LIMITS } from '../formats/config.js';
import { byClass, maskedWords, pooler, questions, sequence, tokens } from './heads.js';
import { tokenFamily } from './token_family.js';

export const albert = tokenFamily({
  modelTypes: ['albert'],
  classes: ['Albert'],
  prefixes: ['', 'albert.'],
  sizes: {
    width: ['hidden_size', 4096],
    table: ['embedding_size', 128],
    layers: ['num_hidden_layers', 12],
    heads: ['num_attention_heads', 64],
    inner: ['intermediate_size', 16384],
    vocabulary: ['vocab_size', 30000],
    positions: ['max_position_embeddings', 512],
    types: ['type_vocab_size', 2],
  },
  activation: ['hidden_act', 'gelu_new'],
  epsilon: ['layer_norm_eps', 1e-12],
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    POSITION_TABLE: 'embeddings.position_embeddings.weight',
    TYPE_TABLE: 'embeddings.token_type_embeddings.weight',
  },
  norm: 'embeddings.LayerNorm',
  projection: 'encoder.embedding_hidden_mapping_in',
  projects: 'always',
  layer: 'encoder.albert_layer_groups.#.',
  parts: {
    query: 'attention.query',
    key: 'attention.key',
    value: 'attention.value',
    out: 'attention.dense',
    norm1: 'attention.LayerNorm',
    up: 'ffn',
    down: 'ffn_output',
    norm2: 'full_layer_layer_norm',
  },
  keys: {
    read: ['num_hidden_groups', 'inner_group_num', 'tie_word_embeddings'],
    fixed: { position_embedding_type: ['absolute'] },
    harmless: [
      ...[
        'attention_probs_dropout_prob',
        'classifier_dropout_prob',
        'hidden_dropout_prob',
        'down_scale_factor',
      ],
      ...['gap_size', 'net_structure_type', 'num_memory_blocks', 'use_cache'],
    ],
  },
  harmless: [
    'embeddings.position_ids',
    'embeddings.token_type_ids',
    'pooler.',
    'predictions.bias',
    'predictions.decoder.bias',
  ],
  read(config, { fields }) {
    const groups = integer(config, 'num_hidden_groups', { min: 1, max: fields.layers, fallback: 1 });
    const most = Math.floor(LIMITS.layers / fields.layers);
    const inside = integer(config, 'inner_group_num', { min: 1, max: most, fallback: 1 });
    const groupOf = (/** @type {number} */ i) => Math.floor(i / (fields.layers / groups));
    const names = Array.from({ length: fields.layers * inside }, (_, i) => {
      return `${groupOf(Math.floor(i / inside))}.albert_layers.${i % inside}`;
    });
    return { shared: names.map((name) => names.indexOf(name)), numbers: names };
  },
  top({ config, prefix, activation }) {
    const pool = { module: `${prefix}pooler`, activation: ACTIVATION.TANH, pooler: true };
    const transform = { module: 'predictions.dense', activation, norm: 'predictions.LayerNorm' };
    const heads = {
      ForTokenClassification: tokens('classifier'),
      ForMaskedLM: maskedWords(config, transform, 'predictions.decoder', { bias: 'predictions.bias' }),
      ForSequenceClassification: sequence([pool, { module: 'classifier' }]),
      ForQuestionAnswering: questions('qa_outputs'),
    };
    return byClass(config, heads, pooler(pool.module));
  },
});
