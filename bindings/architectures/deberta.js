/**
 * DeBERTa (`model_type: deberta-v2`, of versions 2 and 3, and `deberta`): scores in which content and relative position meet.
 * Reference: transformers' DebertaV2Model, DebertaModel and their heads.
 */
import { BIAS, ROWS, TERMS } from '../core/abi.js';
import { ConfigError, show } from '../errors.js';
import { boolean, integer, LIMITS, oneOf } from '../formats/config.js';
import { byClass, maskedWords, questions, sequence, tokens } from './heads.js';
import { BERT_PARTS } from './layer_placements.js';
import { pair, single } from './placements.js';
import { activation } from './sizes.js';
import { tokenFamily } from './token_family.js';

/** @typedef {import('./sizes.js').Config} Config */

/** Which terms pos_att_type names: a list, or names with bars between them. @param {Config} config */
function termsOf(config) {
  const given = config.pos_att_type ?? [];
  const names =
    typeof given === 'string'
      ? given
          .toLowerCase()
          .split('|')
          .map((name) => name.trim())
      : given;
  const known = /** @type {Record<string, number>} */ ({
    c2p: TERMS.CONTENT_TO_POSITION,
    p2c: TERMS.POSITION_TO_CONTENT,
  });
  if (!Array.isArray(names) || names.some((name) => !Object.hasOwn(known, String(name)) && name !== '')) {
    const message = `config: pos_att_type is ${show(given)}; expected "c2p", "p2c" or both`;
    throw new ConfigError(message, { path: 'pos_att_type', value: given });
  }
  return names.reduce((bits, name) => bits | (known[name] ?? 0), 0);
}

/**
 * What a config says of relative positions.
 * @param {Config} config
 * @param {{ fields: Record<string, number> }} made
 * @param {boolean} buckets whether the class knows buckets
 */
function relativeOf(config, { fields }, buckets) {
  const range = { min: -1, max: LIMITS.positions };
  const reach = integer(config, 'max_relative_positions', { ...range, fallback: -1 });
  const places = integer(config, 'max_position_embeddings', { min: 1, max: LIMITS.positions, fallback: 512 });
  const most = reach < 1 ? places : reach;
  const counted = buckets ? integer(config, 'position_buckets', { ...range, fallback: -1 }) : -1;
  // The terms that are named count for the scale, also where none is used.
  const named = termsOf(config);
  const parts = 1 + Number(!!(named & 1)) + Number(!!(named & 2));
  const terms = boolean(config, 'relative_attention', { fallback: false }) ? named : 0;
  const span = counted > 0 ? counted : most;
  const scale = { score_scale: ((fields.width / fields.heads) * parts) ** -0.5 };
  const bias = {
    bias: BIAS.DISENTANGLED,
    bias_buckets: Math.max(counted, 0),
    bias_reach: most,
    bias_terms: terms,
  };
  return { terms, span, kind: terms ? { ...scale, ...bias } : scale };
}

/**
 * @param {Config} config
 * @param {{ fields: Record<string, number>, prefix: string }} made
 * @param {{ terms: number, span: number }} relative
 */
function tablesOf(config, { fields, prefix }, { terms, span }) {
  const counts = boolean(config, 'position_biased_input', { fallback: true });
  const normed = oneOf(config, 'norm_rel_ebd', ['none', 'layer_norm'], { fallback: 'none' }) === 'layer_norm';
  const table = `${prefix}encoder.rel_embeddings.weight`;
  return {
    model: {
      positions: counts ? fields.positions : 0,
      embedding_norm: 3,
      ...(terms && { relative_rows: 2 * span, relative_norm: normed ? 1 : 0 }),
    },
    placements: terms
      ? [
          single(table, 'RELATIVE_TABLE'),
          ...(normed ? pair(`${prefix}encoder.LayerNorm`, 'RELATIVE_NORM') : []),
        ]
      : [],
    blueprint: { maxLength: fields.positions },
  };
}

/** What versions have in common. @type {Omit<import('./token_family.js').TokenFamily, 'modelTypes' | 'parts'>} */
const COMMON = {
  prefixes: ['', 'deberta.'],
  sizes: {
    width: ['hidden_size', 768],
    table: ['embedding_size', 'width'],
    layers: ['num_hidden_layers', 12],
    heads: ['num_attention_heads', 12],
    inner: ['intermediate_size', 3072],
    vocabulary: ['vocab_size', 50265],
    positions: ['max_position_embeddings', 512],
    types: ['type_vocab_size', 0],
  },
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-7],
  tables: {
    TOKEN_TABLE: 'embeddings.word_embeddings.weight',
    POSITION_TABLE: 'embeddings.position_embeddings.weight',
    TYPE_TABLE: 'embeddings.token_type_embeddings.weight',
  },
  norm: 'embeddings.LayerNorm',
  projection: 'embeddings.embed_proj',
  layer: 'encoder.layer.#.',
  keys: {
    read: [
      ...[
        'max_relative_positions',
        'pos_att_type',
        'position_biased_input',
        'relative_attention',
        'norm_rel_ebd',
      ],
      ...['pooler_hidden_act', 'tie_word_embeddings', 'legacy'],
    ],
    fixed: {},
    harmless: [
      'attention_probs_dropout_prob',
      'cls_dropout',
      'hidden_dropout_prob',
      'pooler_dropout',
      'pooler_hidden_size',
    ],
  },
  harmless: ['embeddings.position_ids', 'encoder.rel_embeddings.weight', 'encoder.LayerNorm.'],
  top({ config, activation: act }) {
    const pool = { module: 'pooler.dense', activation: activation(config, ['pooler_hidden_act', 'gelu']) };
    const legacy = boolean(config, 'legacy', { fallback: true });
    const words = legacy ? 'cls.predictions.transform' : 'lm_predictions.lm_head';
    const transform = { module: `${words}.dense`, activation: act, norm: `${words}.LayerNorm` };
    const [decoder, bias] = legacy
      ? ['cls.predictions.decoder', 'cls.predictions.bias']
      : [words, `${words}.bias`];
    return byClass(config, {
      ForTokenClassification: tokens('classifier'),
      ForMaskedLM: maskedWords(config, transform, decoder, { bias }),
      ForSequenceClassification: sequence([pool, { module: 'classifier' }]),
      ForQuestionAnswering: questions('qa_outputs'),
    });
  },
};

/**
 * The convolution behind the first layer, which the large models of version 2 have.
 * @param {Config} config
 * @param {string} at its modules
 * @param {number} width
 */
function convolutionOf(config, at, width) {
  const kernel = integer(config, 'conv_kernel_size', { max: 63, fallback: 0 });
  const act = activation(config, ['conv_act', 'tanh']);
  if (kernel === 0) return { model: {}, placements: [] };
  if (kernel % 2 === 0) {
    const message = `config: conv_kernel_size is ${kernel}; expected an odd one, or the tokens would be others behind it`;
    throw new ConfigError(message, { path: 'conv_kernel_size', value: kernel });
  }
  return {
    model: { convolution: kernel, convolution_activation: act },
    placements: [
      single(`${at}conv.weight`, 'CONVOLUTION_WEIGHT', { shape: [width, width, kernel] }),
      single(`${at}conv.bias`, 'CONVOLUTION_BIAS'),
      ...pair(`${at}LayerNorm`, 'CONVOLUTION_NORM'),
    ],
  };
}

export const debertaV2 = tokenFamily({
  ...COMMON,
  modelTypes: ['deberta-v2'],
  classes: ['DebertaV2'],
  sizes: {
    ...COMMON.sizes,
    width: ['hidden_size', 1536],
    layers: ['num_hidden_layers', 24],
    heads: ['num_attention_heads', 24],
    inner: ['intermediate_size', 6144],
    vocabulary: ['vocab_size', 128100],
  },
  parts: {
    ...BERT_PARTS,
    query: 'attention.self.query_proj',
    key: 'attention.self.key_proj',
    value: 'attention.self.value_proj',
  },
  keys: {
    ...COMMON.keys,
    read: [...COMMON.keys.read, 'position_buckets', 'share_att_key', 'conv_kernel_size', 'conv_act'],
    fixed: { conv_groups: [1] },
    harmless: COMMON.keys.harmless,
  },
  read(config, made) {
    const relative = relativeOf(config, made, true);
    const shared = boolean(config, 'share_att_key', { fallback: false });
    const tables = tablesOf(config, made, relative);
    const own = Array.from({ length: shared ? 0 : made.fields.layers }, (_, index) => [
      ...(relative.terms & 1
        ? pair(`${made.layer(index)}attention.self.pos_key_proj`, 'POSITION_KEY', { index })
        : []),
      ...(relative.terms & 2
        ? pair(`${made.layer(index)}attention.self.pos_query_proj`, 'POSITION_QUERY', { index })
        : []),
    ]);
    const convolved = convolutionOf(config, `${made.prefix}encoder.conv.`, made.fields.width);
    const bias_terms = relative.terms | (relative.terms && shared ? TERMS.SHARED : 0);
    return {
      ...tables,
      model: { ...tables.model, ...convolved.model },
      kind: { ...relative.kind, bias_terms },
      placements: [...tables.placements, ...own.flat(), ...convolved.placements],
    };
  },
});

export const deberta = tokenFamily({
  ...COMMON,
  modelTypes: ['deberta'],
  classes: ['Deberta'],
  parts: { ...BERT_PARTS, query: undefined, key: undefined, value: undefined, qkv: 'attention.self.in_proj' },
  keys: { ...COMMON.keys, fixed: { talking_head: [false] } },
  read(config, made) {
    const relative = relativeOf(config, made, false);
    const tables = tablesOf(config, made, relative);
    const own = Array.from({ length: made.fields.layers }, (_, index) => {
      const at = `${made.layer(index)}attention.self.`;
      return [
        single(`${at}q_bias`, 'QKV_BIAS', { index, part: 'query' }),
        single(`${at}v_bias`, 'QKV_BIAS', { index, part: 'value' }),
        ...(relative.terms & 1 ? pair(`${at}pos_proj`, 'POSITION_KEY', { index, bias: false }) : []),
        ...(relative.terms & 2 ? pair(`${at}pos_q_proj`, 'POSITION_QUERY', { index }) : []),
      ];
    });
    return {
      ...tables,
      kind: relative.kind,
      layers: { qkvRows: ROWS.BY_HEAD, biases: { qkv: false } },
      placements: [...tables.placements, ...own.flat()],
    };
  },
});
