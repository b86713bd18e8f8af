/**
 * The encoder of Whisper (`model_type: whisper`): two convolutions over a spectrogram, a table of positions, pre-norm layers whose
 * keys have no bias. Reference: transformers' WhisperEncoder and WhisperForAudioClassification.
 */
import { FINAL_NORM, POOL } from '../core/abi.js';
import { kind, PRE } from './blueprint.js';
import { byClass, sequence } from './heads.js';
import { single } from './placements.js';
import { activation, sizes } from './sizes.js';
import { convolution, soundFamily } from './sound_family.js';

export const whisper = soundFamily({
  modelTypes: ['whisper'],
  classes: ['Whisper'],
  sizes: {
    width: [['d_model', 'hidden_size'], 384],
    layers: [['encoder_layers', 'num_hidden_layers'], 4],
    heads: [['encoder_attention_heads', 'num_attention_heads'], 6],
    inner: ['encoder_ffn_dim', 1536],
    positions: ['max_source_positions', 1500],
  },
  activation: ['activation_function', 'gelu'],
  epsilon: 1e-5,
  keys: {
    read: ['num_mel_bins'],
    fixed: { is_encoder_decoder: [true, false], use_weighted_layer_sum: [false] },
    harmless: [
      // The decoder's, training's, and what the encoder does not read.
      ...['activation_dropout', 'apply_spec_augment', 'attention_dropout', 'classifier_proj_size'],
      ...['decoder_attention_heads', 'decoder_ffn_dim', 'decoder_layerdrop', 'decoder_layers', 'dropout'],
      ...['encoder_layerdrop', 'forced_decoder_ids', 'init_std', 'mask_feature_length'],
      ...['mask_feature_min_masks', 'mask_feature_prob', 'mask_time_length', 'mask_time_min_masks'],
      ...[
        'mask_time_prob',
        'max_target_positions',
        'median_filter_width',
        'num_key_value_heads',
        'scale_embedding',
      ],
      ...['tie_word_embeddings', 'vocab_size'],
    ],
  },
  harmless: ['decoder.', 'proj_out.weight'],
  prefixes: ['', 'model.'],
  marks: 'encoder.conv1.weight',
  layer: 'encoder.layers.#.',
  parts: {
    query: 'self_attn.q_proj',
    key: 'self_attn.k_proj',
    value: 'self_attn.v_proj',
    out: 'self_attn.out_proj',
    norm1: 'self_attn_layer_norm',
    up: 'fc1',
    down: 'fc2',
    norm2: 'final_layer_norm',
  },
  norm: 'encoder.layer_norm',
  read(config, _, { layers, positions, ...own }) {
    const { bins } = sizes(config, { bins: ['num_mel_bins', 80] });
    const plain = { outputs: own.width, kernel: 3, padding: 1, norm: 0 };
    const act = activation({ hidden_act: 'gelu' }, ['hidden_act']);
    return {
      stack: Array(layers).fill(kind(/** @type {any} */ ({ ...own, norms: PRE }))),
      model: {
        positions,
        table_width: own.width,
        frame_inputs: bins,
        convolutions: 2,
        frame: [1, 2].map((stride) => ({ ...plain, stride, activation: act })),
        final_norm: FINAL_NORM.ROWS,
      },
      biases: { qkv: true, key: false },
      sound: { input: 'input_features', exact: 2 * positions },
      placements: (at) => [
        ...convolution(`${at}encoder.conv1`, 0, [own.width, bins, 3]),
        ...convolution(`${at}encoder.conv2`, 1, [own.width, own.width, 3]),
        single(`${at}encoder.embed_positions.weight`, 'POSITION_TABLE'),
      ],
    };
  },
  top: (config) =>
    byClass(config, {
      ForAudioClassification: sequence([{ module: 'projector' }, { module: 'classifier' }], {
        pooling: POOL.MEAN,
        late: 1,
        task: 'audio-classification',
      }),
    }),
});
