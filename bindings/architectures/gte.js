/**
 * GTE's own architecture (`model_type: new`, in transformers `gte`): BERT with rotary positions and gates.
 * Reference: Alibaba-NLP's NewModel, transformers' GteModel, and their heads.
 */
import { ACTIVATION, ROTARY, ROWS } from '../core/abi.js';
import { byClass, maskedWords, pooler, sequence, tokens } from './heads.js';
import { ropeOf } from './rope.js';
import { BASE, lengthOf } from './sizes.js';
import { tokenFamily } from './token_family.js';

/**
 * @param {{ vocabulary: number, base: number, length: number, words?: number }} defaults of the class. words: the activation of
 *   its head for masked words, by default the layers'
 * @returns {Omit<import('./token_family.js').TokenFamily, 'modelTypes' | 'classes'>}
 */
const gteOf = ({ vocabulary, base, length, words }) => ({
  prefixes: ['', 'new.', 'gte.'],
  sizes: { ...BASE, vocabulary: ['vocab_size', vocabulary], types: ['type_vocab_size', 1] },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-12],
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    TYPE_TABLE: 'embeddings.token_type_embeddings.weight',
  },
  norm: 'embeddings.LayerNorm',
  layer: 'encoder.layer.#.',
  parts: {
    qkv: 'attention.qkv_proj',
    out: 'attention.o_proj',
    norm1: 'attn_ln',
    up: 'mlp.up_gate_proj',
    down: 'mlp.down_proj',
    norm2: 'mlp_ln',
  },
  keys: {
    read: ['max_position_embeddings', 'rope_theta', 'rope_scaling', 'rope_parameters', 'tie_word_embeddings'],
    fixed: {
      ...{ position_embedding_type: ['rope'], layer_norm_type: ['layer_norm'], pack_qkv: [true] },
      ...{ logn_attention_scale: [false], logn_attention_clip1: [false] },
    },
    harmless: [
      ...['attention_probs_dropout_prob', 'hidden_dropout_prob', 'classifier_dropout', 'unpad_inputs'],
      'use_memory_efficient_attention',
    ],
  },
  harmless: ['embeddings.position_ids', 'embeddings.rotary_emb.inv_freq', 'pooler.'],
  read(config, { fields }) {
    const width = fields.width / fields.heads;
    return {
      kind: { gated: 1, rotary: ROTARY.HALVES, rotary_width: width },
      rotary: [ropeOf(config, { width, base })],
      layers: { biases: { up: false }, rows: ROWS.UP_GATE },
      blueprint: { maxLength: lengthOf(config, length) },
    };
  },
  top({ config, prefix, activation }) {
    const pool = { module: `${prefix}pooler.dense`, activation: ACTIVATION.TANH, pooler: true };
    const transform = { module: 'lm_head.dense', activation: words ?? activation, norm: 'lm_head.norm' };
    const heads = {
      ForTokenClassification: tokens('classifier'),
      ForMaskedLM: maskedWords(config, transform, 'lm_head.decoder'),
      ForSequenceClassification: sequence([pool, { module: 'classifier' }]),
    };
    return byClass(config, heads, pooler(pool.module));
  },
});

export const newGte = tokenFamily({
  ...gteOf({ vocabulary: 30528, base: 10000, length: 2048 }),
  modelTypes: ['new'],
  classes: ['New'],
});

export const gte = tokenFamily({
  ...gteOf({ vocabulary: 250048, base: 160000, length: 8192, words: ACTIVATION.GELU }),
  modelTypes: ['gte'],
  classes: ['Gte'],
});
