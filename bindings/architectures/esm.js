/**
 * ESM-2 and ESM-1b (`model_type: esm`): proteins, pre-norm, rotary or learned positions, and the scaling that stands for tokens
 * masked in training. Reference: transformers' EsmModel and its heads.
 */
import { ROTARY } from '../core/abi.js';
import { boolean, integer, oneOf } from '../formats/config.js';
import { PRE } from './blueprint.js';
import { byClass, pooler } from './heads.js';
import { BERT_PARTS } from './layer_placements.js';
import { robertaHeads } from './roberta.js';
import { ropeOf } from './rope.js';
import { BASE, paddingOf } from './sizes.js';
import { tokenFamily } from './token_family.js';

export const esm = tokenFamily({
  modelTypes: ['esm'],
  classes: ['Esm'],
  prefixes: ['', 'esm.'],
  sizes: { ...BASE, vocabulary: ['vocab_size'], positions: ['max_position_embeddings', 1026] },
  epsilon: ['layer_norm_eps', 1e-12],
  norms: PRE,
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    POSITION_TABLE: 'embeddings.position_embeddings.weight',
  },
  norm: 'embeddings.layer_norm',
  finalNorm: 'encoder.emb_layer_norm_after',
  layer: 'encoder.layer.#.',
  parts: { ...BERT_PARTS, norm1: 'attention.LayerNorm', norm2: 'LayerNorm' },
  keys: {
    read: [
      ...[
        'position_embedding_type',
        'emb_layer_norm_before',
        'token_dropout',
        'mask_token_id',
        'pad_token_id',
      ],
      ...['rope_theta', 'rope_parameters', 'rope_scaling', 'tie_word_embeddings'],
    ],
    fixed: { is_folding_model: [false], esmfold_config: [], hidden_act: ['gelu'] },
    harmless: ['attention_probs_dropout_prob', 'classifier_dropout', 'hidden_dropout_prob', 'vocab_list'],
  },
  harmless: [
    ...['embeddings.position_ids', 'embeddings.position_embeddings.weight', 'contact_head.', 'pooler.'],
    ...['encoder.layer.#.attention.self.rotary_embeddings.inv_freq', 'rotary_embeddings.inv_freq'],
    ...['encoder.layer.*.attention.self.rotary_embeddings.inv_freq', 'lm_head.bias', 'lm_head.decoder.bias'],
  ],
  read(config, { fields }) {
    const width = fields.width / fields.heads;
    const position = oneOf(config, 'position_embedding_type', ['absolute', 'rotary'], {
      fallback: 'absolute',
    });
    const turns = position === 'rotary';
    const drops = boolean(config, 'token_dropout', { fallback: false });
    const normed = boolean(config, 'emb_layer_norm_before', { fallback: false });
    return {
      ...(turns && {
        kind: { rotary: ROTARY.HALVES, rotary_width: width },
        rotary: [ropeOf(config, { width, base: 10000 })],
      }),
      model: {
        ...(turns && { positions: 0 }),
        embedding_norm: normed ? 1 : 0,
        dropped_token: drops ? 1 + integer(config, 'mask_token_id', { max: fields.vocabulary - 1 }) : 0,
      },
      blueprint: { padding: turns ? undefined : paddingOf(config, 1), maxLength: fields.positions },
    };
  },
  top: ({ config, prefix }) => byClass(config, robertaHeads(config), pooler(`${prefix}pooler.dense`)),
});
