/**
 * wav2vec 2.0 and its kin (`model_type: wav2vec2, hubert, wavlm, data2vec-audio`): convolutions over samples, positions as
 * convolutions over what they give, layers with norms behind or in front. Reference: transformers' Wav2Vec2Model, HubertModel,
 * WavLMModel, Data2VecAudioModel and their heads.
 */
import { BIAS, FINAL_NORM, FRAME_NORM, POOL } from '../core/abi.js';
import { MAX_CONVOLUTIONS } from '../core/layouts.js';
import { ConfigError, show, UnsupportedError } from '../errors.js';
import { boolean, integer, oneOf } from '../formats/config.js';
import { kind, POST, PRE } from './blueprint.js';
import { byClass, sequence, tokens } from './heads.js';
import { pair, single } from './placements.js';
import { activation, BASE, epsilon } from './sizes.js';
import { convolution, soundFamily } from './sound_family.js';

/** @typedef {import('./sizes.js').Config} Config */

const READ = [
  ...['conv_dim', 'conv_stride', 'conv_kernel', 'conv_bias', 'feat_extract_activation'],
  ...['num_conv_pos_embeddings', 'num_conv_pos_embedding_groups'],
];
const FIXED = { add_adapter: [false], use_weighted_layer_sum: [false] };
const HARMLESS = [
  // Training's, other heads', and those of adapters that are not there.
  ...['activation_dropout', 'adapter_kernel_size', 'adapter_stride', 'apply_spec_augment'],
  ...['attention_dropout', 'classifier_proj_size', 'codevector_dim', 'contrastive_logits_temperature'],
  ...['ctc_loss_reduction', 'ctc_zero_infinity', 'diversity_loss_weight', 'feat_proj_dropout'],
  ...['feat_quantizer_dropout', 'final_dropout', 'hidden_dropout', 'layerdrop', 'mask_feature_length'],
  ...['mask_feature_min_masks', 'mask_feature_prob', 'mask_time_length', 'mask_time_min_masks'],
  ...['mask_time_prob', 'num_adapter_layers', 'num_codevector_groups', 'num_codevectors_per_group'],
  ...['num_ctc_classes', 'num_feat_extract_layers', 'num_negatives', 'output_hidden_size'],
  ...['proj_codevector_dim', 'tdnn_dilation', 'tdnn_dim', 'tdnn_kernel', 'tie_word_embeddings'],
  ...['vocab_size', 'xvector_output_dim', 'conv_pos_batch_norm', 'inputs_to_logits_ratio'],
];

/**
 * A list of sizes, one a convolution.
 * @param {Config} config
 * @param {string} key
 * @param {number[]} fallback
 * @param {number} most
 * @returns {number[]}
 */
function listOf(config, key, fallback, most) {
  const value = config[key] ?? fallback;
  const isSize = (/** @type {any} */ size) => Number.isInteger(size) && size >= 1;
  const isList = Array.isArray(value) && value.length >= 1 && value.every(isSize);
  if (isList && value.length <= MAX_CONVOLUTIONS && value.every((size) => size <= most)) return value;
  const message = `config: ${key} is ${show(value)}; expected 1 to ${MAX_CONVOLUTIONS} whole numbers from 1 to ${most}`;
  throw new (isList ? UnsupportedError : ConfigError)(message, { path: key, value });
}

/** @param {Config} config */
function convolutionsOf(config) {
  const dims = listOf(config, 'conv_dim', Array(7).fill(512), 8192);
  const strides = listOf(config, 'conv_stride', [5, 2, 2, 2, 2, 2, 2], 64);
  const kernels = listOf(config, 'conv_kernel', [10, 3, 3, 3, 3, 2, 2], 64);
  const odd = [strides, kernels].find(({ length }) => length !== dims.length);
  if (odd) {
    const path = odd === strides ? 'conv_stride' : 'conv_kernel';
    const message = `config: ${path} is ${show(odd)}; expected as many as conv_dim has, ${dims.length}`;
    throw new ConfigError(message, { path, value: odd });
  }
  return { dims, strides, kernels };
}

/**
 * @param {string} type
 * @param {string} name what the names of its classes begin with
 * @param {{ read?: string[], fixed?: Record<string, unknown[]>, norm?: string, prefix?: string }} own norm: feat_extract_norm, where it is
 *   no key
 */
const family = (type, name, { read: keys = [], fixed = {}, norm: ownNorm, prefix = type } = {}) =>
  soundFamily({
    modelTypes: [type],
    classes: [name],
    sizes: BASE,
    activation: ['hidden_act', 'gelu'],
    epsilon: ['layer_norm_eps', 1e-5],
    keys: {
      read: [...READ, ...(ownNorm ? [] : ['feat_extract_norm', 'do_stable_layer_norm']), ...keys],
      fixed: { ...FIXED, ...fixed },
      harmless: HARMLESS.filter((key) => !keys.includes(key) && !(key in fixed)),
    },
    harmless: ['masked_spec_embed', 'adapter.', 'quantizer.', 'project_hid.', 'project_q.'],
    prefixes: ['', `${prefix}.`],
    marks: 'feature_extractor.conv_layers.0.conv.weight',
    layer: 'encoder.layers.#.',
    parts: {
      query: 'attention.q_proj',
      key: 'attention.k_proj',
      value: 'attention.v_proj',
      out: 'attention.out_proj',
      norm1: 'layer_norm',
      up: 'feed_forward.intermediate_dense',
      down: 'feed_forward.output_dense',
      norm2: 'final_layer_norm',
    },
    norm: 'encoder.layer_norm',
    read(config, _, { layers, ...fields }) {
      const { dims, strides, kernels } = convolutionsOf(config);
      const form = ownNorm ?? oneOf(config, 'feat_extract_norm', ['group', 'layer'], { fallback: 'group' });
      const stable = ownNorm ? false : boolean(config, 'do_stable_layer_norm', { fallback: false });
      const projected = keys.includes('feat_proj_layer_norm')
        ? boolean(config, 'feat_proj_layer_norm', { fallback: true })
        : true;
      const biased = boolean(config, 'conv_bias', { fallback: false });
      const act = activation(config, ['feat_extract_activation', 'gelu']);
      const normOf = (/** @type {number} */ i) =>
        form === 'layer' ? FRAME_NORM.ROWS : i === 0 ? FRAME_NORM.TIME : FRAME_NORM.NONE;
      const inputs = [1, ...dims];
      const position = positionsOf(config, ownNorm !== undefined, act, fields.width);
      const biases = type === 'wavlm' ? distancesOf(config) : {};
      return {
        stack: Array(layers).fill(
          kind(/** @type {any} */ ({ ...fields, ...biases, norms: stable ? PRE : POST })),
        ),
        model: {
          width: fields.width,
          table_width: dims[dims.length - 1],
          projection: 1,
          frame_inputs: 1,
          convolutions: dims.length,
          frame: dims.map((outputs, i) => ({
            ...{ outputs, kernel: kernels[i], stride: strides[i], padding: 0 },
            ...{ norm: normOf(i), activation: act },
          })),
          feature_norm: projected ? 1 : 0,
          feature_norm_epsilon: epsilon(config, ['layer_norm_eps', 1e-5]),
          features: type === 'hubert' ? 0 : 1,
          position: [position],
          embedding_norm: stable ? 0 : 3,
          final_norm: stable ? FINAL_NORM.ROWS : FINAL_NORM.NONE,
          ...(type === 'wavlm' && { layer_bias: Array(layers).fill(0) }),
        },
        // WavLM's reference gives the mean of all heads as the map of each.
        sound: {
          input: 'input_values',
          masks: true,
          ...(type === 'wavlm' && { averages: true }),
          ...(type !== 'hubert' && { features: true }),
        },
        placements: (at) => [
          ...dims.flatMap((outputs, i) => {
            const module = `${at}feature_extractor.conv_layers.${i}.`;
            const norm = normOf(i) ? `${module}layer_norm` : undefined;
            return convolution(`${module}conv`, i, [outputs, inputs[i], kernels[i]], { bias: biased, norm });
          }),
          ...(projected ? pair(`${at}feature_projection.layer_norm`, 'FEATURE_NORM') : []),
          ...pair(`${at}feature_projection.projection`, 'PROJECTION'),
          ...positionPlacements(`${at}encoder.pos_conv_embed.`, fields.width, position),
          ...(type === 'wavlm' ? gatePlacements(`${at}encoder.layers.`, layers, fields.heads) : []),
        ],
      };
    },
    top(config) {
      const options = { pooling: POOL.MEAN, late: 1, task: 'audio-classification' };
      return byClass(config, {
        ForCTC: tokens('lm_head', [], 'automatic-speech-recognition'),
        ForSequenceClassification: sequence([{ module: 'projector' }, { module: 'classifier' }], options),
        ForAudioFrameClassification: tokens('classifier', ['projector'], 'audio-frame-classification'),
      });
    },
  });

/**
 * The convolutions that give positions: one whose weight is normed, or several without.
 * @param {Config} config
 * @param {boolean} several
 * @param {number} act
 * @param {number} width which the groups divide
 */
function positionsOf(config, several, act, width) {
  const size = (/** @type {string} */ key, /** @type {number} */ max, /** @type {number} */ fallback) =>
    integer(config, key, { min: 1, max, fallback });
  const groups = size('num_conv_pos_embedding_groups', 1024, 16);
  if (width % groups) {
    const message = `config: num_conv_pos_embedding_groups is ${groups}, but must divide the width ${width}`;
    throw new ConfigError(message, { path: 'num_conv_pos_embedding_groups', value: groups });
  }
  return {
    count: several ? size('num_conv_pos_embeddings', 16, 5) : 1,
    kernel: several ? size('conv_pos_kernel_size', 1024, 19) : size('num_conv_pos_embeddings', 1024, 128),
    groups,
    norm: several ? 1 : 0,
    activation: act,
    weight_norm: several ? 0 : 1,
  };
}

/** @param {string} at @param {number} width @param {ReturnType<typeof positionsOf>} position */
function positionPlacements(at, width, { count, kernel, groups, weight_norm: normed }) {
  const shape = [width, width / groups, kernel];
  if (!normed)
    return Array.from({ length: count }, (_, index) => [
      single(`${at}layers.${index}.conv.weight`, 'POSITION_CONVOLUTION_WEIGHT', { index, shape }),
      single(`${at}layers.${index}.conv.bias`, 'POSITION_CONVOLUTION_BIAS', { index }),
    ]).flat();
  const weight = `${at}conv.parametrizations.weight.`;
  return [
    single([`${at}conv.weight_g`, `${weight}original0`], 'POSITION_GAIN'),
    single([`${at}conv.weight_v`, `${weight}original1`], 'POSITION_CONVOLUTION_WEIGHT', { shape }),
    single(`${at}conv.bias`, 'POSITION_CONVOLUTION_BIAS'),
  ];
}

/** @param {Config} config */
function distancesOf(config) {
  const buckets = integer(config, 'num_buckets', { min: 1, max: 65536, fallback: 320 });
  const reach = integer(config, 'max_bucket_distance', { min: 1, max: 65536, fallback: 800 });
  return { bias: BIAS.DISTANCE, bias_buckets: buckets, bias_reach: reach, bias_gated: 1 };
}

/** @param {string} at @param {number} layers @param {number} heads */
const gatePlacements = (at, layers, heads) => [
  single(`${at}0.attention.rel_attn_embed.weight`, 'DISTANCE_TABLE'),
  ...Array.from({ length: layers }, (_, index) => [
    ...pair(`${at}${index}.attention.gru_rel_pos_linear`, 'GATE', { index }),
    single(`${at}${index}.attention.gru_rel_pos_const`, 'GATE_SCALE', { index, shape: [1, heads, 1, 1] }),
  ]).flat(),
];

export const wav2vec2 = family('wav2vec2', 'Wav2Vec2', { fixed: { adapter_attn_dim: [] } });
export const hubert = family('hubert', 'Hubert', {
  read: ['feat_proj_layer_norm'],
  fixed: { conv_pos_batch_norm: [false] },
});
export const wavlm = family('wavlm', 'WavLM', { read: ['num_buckets', 'max_bucket_distance'] });
export const data2vecAudio = family('data2vec-audio', 'Data2VecAudio', {
  read: ['conv_pos_kernel_size'],
  norm: 'layer',
  prefix: 'data2vec_audio',
});
