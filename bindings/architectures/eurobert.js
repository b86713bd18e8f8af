/**
 * EuroBERT (`model_type: eurobert`): layers of Llama's kind that see both ways: RMS norms, gates, rotary positions, fewer heads
 * of keys. Reference: transformers' EuroBertModel and its heads.
 */
import { ACTIVATION, NORM_FORM, POOL, ROTARY } from '../core/abi.js';
import { boolean, integer, oneOf } from '../formats/config.js';
import { PRE } from './blueprint.js';
import { byClass, maskedWords, sequence, tokens } from './heads.js';
import { LLAMA_PARTS } from './layer_placements.js';
import { ropeOf } from './rope.js';
import { BASE, lengthOf } from './sizes.js';
import { tokenFamily } from './token_family.js';

export const eurobert = tokenFamily({
  modelTypes: ['eurobert'],
  classes: ['EuroBert'],
  prefixes: ['', 'model.'],
  sizes: { ...BASE, key_heads: ['num_key_value_heads', 'heads'], vocabulary: ['vocab_size', 128256] },
  activation: ['hidden_act', 'silu'],
  epsilon: ['rms_norm_eps', 1e-5],
  norms: PRE,
  tables: { TOKEN_TABLE: 'embed_tokens.weight' },
  finalNorm: 'norm',
  layer: 'layers.#.',
  parts: LLAMA_PARTS,
  keys: {
    read: [
      ...['max_position_embeddings', 'attention_bias', 'mlp_bias', 'head_dim', 'classifier_pooling'],
      ...['rope_theta', 'rope_parameters', 'rope_scaling', 'tie_word_embeddings'],
    ],
    fixed: { pretraining_tp: [1] },
    harmless: ['attention_dropout', 'mask_token_id'],
  },
  harmless: ['rotary_emb.inv_freq', 'layers.#.self_attn.rotary_emb.inv_freq'],
  read(config, { fields }) {
    const width = integer(config, 'head_dim', { min: 1, max: 1024, fallback: fields.width / fields.heads });
    const has = (/** @type {string} */ key) => boolean(config, key, { fallback: false });
    const [attention, network] = [has('attention_bias'), has('mlp_bias')];
    return {
      kind: {
        ...{ head_width: width, gated: 1, norm_form: NORM_FORM.RMS },
        ...{ score_scale: width ** -0.5, rotary: ROTARY.HALVES, rotary_width: width },
      },
      rotary: [ropeOf(config, { width, base: 10000 })],
      layers: { biases: { qkv: attention, out: attention, up: network, down: network, norms: false } },
      blueprint: { maxLength: lengthOf(config, 8192) },
    };
  },
  top({ config }) {
    const layers = [{ module: 'dense', activation: ACTIVATION.GELU }, { module: 'classifier' }];
    const pooling = oneOf(config, 'classifier_pooling', ['bos', 'mean', 'late'], { fallback: 'late' });
    // Late: logits of every token, of which the mean is taken; the mean before the last layer is the same.
    const options = { pooling: pooling === 'bos' ? POOL.FIRST : POOL.MEAN, late: pooling === 'late' ? 1 : 0 };
    const biased = boolean(config, 'mlp_bias', { fallback: false });
    return byClass(config, {
      ForSequenceClassification: sequence(layers, options),
      ForTokenClassification: tokens('classifier', ['dense']),
      ForMaskedLM: maskedWords(config, null, 'lm_head', { biased, tied: false }),
    });
  },
});
