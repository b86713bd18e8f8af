/**
 * Jina embeddings v3 without its adapters (`model_type: jina_embeddings_v3`): XLM-R with rotary positions. Reference: transformers'
 * JinaEmbeddingsV3Model and its heads.
 */
import { ROTARY } from '../core/abi.js';
import { byClass, pooler } from './heads.js';
import { robertaHeads } from './roberta.js';
import { ropeOf } from './rope.js';
import { BASE, lengthOf } from './sizes.js';
import { tokenFamily } from './token_family.js';

export const jina = tokenFamily({
  modelTypes: ['jina_embeddings_v3'],
  classes: ['JinaEmbeddingsV3'],
  prefixes: ['', 'roberta.'],
  sizes: {
    ...BASE,
    width: ['hidden_size', 1024],
    layers: ['num_hidden_layers', 24],
    heads: ['num_attention_heads', 16],
    inner: ['intermediate_size', 4096],
    vocabulary: ['vocab_size', 250002],
    types: ['type_vocab_size', 1],
  },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-5],
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    TYPE_TABLE: 'embeddings.token_type_embeddings.weight',
  },
  norm: 'emb_ln',
  layer: 'encoder.layers.#.',
  parts: {
    qkv: 'mixer.Wqkv',
    out: 'mixer.out_proj',
    norm1: 'norm1',
    up: 'mlp.fc1',
    down: 'mlp.fc2',
    norm2: 'norm2',
  },
  keys: {
    read: ['max_position_embeddings', 'rope_parameters', 'rope_scaling', 'rope_theta', 'tie_word_embeddings'],
    // The layout of the older files, whose weights carry adapters for tasks.
    fixed: { lora_adaptations: [[]], position_embedding_type: ['absolute'] },
    harmless: ['attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout_prob', 'default_theta'],
  },
  harmless: [
    ...['embeddings.position_ids', 'embeddings.token_type_ids', 'rotary_emb.', 'pooler.'],
    ...['lm_head.bias', 'lm_head.decoder.bias'],
  ],
  read(config, { fields }) {
    const width = fields.width / fields.heads;
    return {
      kind: { rotary: ROTARY.HALVES, rotary_width: width },
      rotary: [ropeOf(config, { width, base: 20000 })],
      blueprint: { maxLength: lengthOf(config, 8194) },
    };
  },
  top: ({ config, prefix }) => byClass(config, robertaHeads(config), pooler(`${prefix}pooler.dense`)),
});
