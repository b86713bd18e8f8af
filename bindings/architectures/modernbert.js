/**
 * ModernBERT (`model_type: modernbert`): pre-norm without biases, rotary positions, layers that see all and layers that see
 * their neighbours. Reference: transformers' ModernBertModel and its heads.
 */
import { NORM_PLACES, POOL, ROTARY, ROWS } from '../core/abi.js';
import { boolean, integer, LIMITS, oneOf } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { byClass, maskedWords, questions, sequence, tokens } from './heads.js';
import { fullLayers, ropeOf } from './rope.js';
import { activation, lengthOf } from './sizes.js';
import { tokenFamily } from './token_family.js';

export const modernbert = tokenFamily({
  modelTypes: ['modernbert'],
  classes: ['ModernBert'],
  prefixes: ['', 'model.'],
  sizes: {
    width: ['hidden_size', 768],
    layers: ['num_hidden_layers', 22],
    heads: ['num_attention_heads', 12],
    inner: ['intermediate_size', 1152],
    vocabulary: ['vocab_size', 50368],
  },
  activation: ['hidden_activation', 'gelu'],
  epsilon: ['norm_eps', 1e-5],
  tables: { TOKEN_TABLE: 'embeddings.tok_embeddings.weight' },
  norm: 'embeddings.norm',
  finalNorm: 'final_norm',
  layer: 'layers.#.',
  parts: {
    qkv: 'attn.Wqkv',
    out: 'attn.Wo',
    norm1: 'attn_norm',
    up: 'mlp.Wi',
    down: 'mlp.Wo',
    norm2: 'mlp_norm',
  },
  keys: {
    read: [
      ...[
        'max_position_embeddings',
        'attention_bias',
        'mlp_bias',
        'norm_bias',
        'decoder_bias',
        'classifier_bias',
      ],
      ...['classifier_pooling', 'classifier_activation', 'global_attn_every_n_layers', 'layer_types'],
      ...['local_attention', 'global_rope_theta', 'local_rope_theta', 'rope_parameters', 'rope_scaling'],
      'tie_word_embeddings',
    ],
    fixed: {},
    harmless: [
      ...['attention_dropout', 'embedding_dropout', 'mlp_dropout', 'classifier_dropout', 'cls_token_id'],
      ...[
        'deterministic_flash_attn',
        'initializer_cutoff_factor',
        'sparse_prediction',
        'sparse_pred_ignore_index',
      ],
      ...[
        'reference_compile',
        'repad_logits_with_grad',

        'position_embedding_type',
        'layer_norm_eps',
      ],
    ],
  },
  harmless: ['rotary_emb.', 'layers.#.attn.rotary_emb.inv_freq'],
  read(config, { fields }) {
    const { layers, vocabulary: _, ...own } = fields;
    const width = own.width / own.heads;
    const every = integer(config, 'global_attn_every_n_layers', { min: 1, max: 128, fallback: 3 });
    const reach = Math.floor(
      integer(config, 'local_attention', { max: LIMITS.positions, fallback: 128 }) / 2,
    );
    const make = (/** @type {boolean} */ isFull, /** @type {boolean} */ isFirst) =>
      kind(
        /** @type {any} */ ({
          ...{ ...own, gated: 1, rotary: ROTARY.HALVES, rotary_width: width },
          norms: isFirst ? NORM_PLACES.BEFORE_FEED_FORWARD : PRE,
          rotary_table: isFull ? 0 : 1,
          ...(!isFull && { left: reach, right: reach }),
        }),
      );
    const full = fullLayers(config, layers, (i) => i % every === 0);
    const kinds = [make(true, false), make(false, false)];
    const has = (/** @type {string} */ key) => boolean(config, key, { fallback: false });
    const [attention, network] = [has('attention_bias'), has('mlp_bias')];
    const of = (/** @type {string} */ type, /** @type {number} */ theta, /** @type {string} */ key) =>
      ropeOf(config, { width, base: theta, type, keys: [key] });
    return {
      stack: full.map((isFull, i) => (i === 0 ? make(isFull, true) : kinds[isFull ? 0 : 1])),
      rotary: [
        of('full_attention', 160000, 'global_rope_theta'),
        of('sliding_attention', 10000, 'local_rope_theta'),
      ],
      layers: {
        biases: { qkv: attention, out: attention, up: network, down: network, norms: has('norm_bias') },
        rows: ROWS.GATE_UP,
      },
      blueprint: { maxLength: lengthOf(config, 8192) },
    };
  },
  top({ config }) {
    const act = activation(config, ['classifier_activation', 'gelu']);
    const bias = boolean(config, 'classifier_bias', { fallback: false });
    const normBias = boolean(config, 'norm_bias', { fallback: false });
    const head = { module: 'head.dense', activation: act, norm: 'head.norm', bias, normBias };
    const classifier = { module: 'classifier' };
    const pooling = oneOf(config, 'classifier_pooling', ['cls', 'mean'], { fallback: 'cls' });
    return byClass(config, {
      ForSequenceClassification: sequence([head, classifier], {
        pooling: pooling === 'cls' ? POOL.FIRST : POOL.MEAN,
      }),
      ForTokenClassification: tokens([head, classifier]),
      ForMaskedLM: maskedWords(config, head, 'decoder', {
        biased: boolean(config, 'decoder_bias', { fallback: true }),
      }),
      ForQuestionAnswering: questions([head, classifier]),
    });
  },
});
