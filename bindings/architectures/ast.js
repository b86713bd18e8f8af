/**
 * The Audio Spectrogram Transformer (`model_type: audio-spectrogram-transformer`): a log-mel spectrum is a picture, mel by frames,
 * of patches that overlap. Reference: transformers' ASTModel and its head for audio classification.
 */
import { POOL } from '../core/abi.js';
import { boolean, integer } from '../formats/config.js';
import { kind, PRE } from './blueprint.js';
import { both, byClass, pooled, sequence } from './heads.js';
import { VIT_PARTS } from './layer_placements.js';
import { patchFamily } from './patch_family.js';
import { BASE } from './sizes.js';

/** The mean of the first two tokens. */
const ofTokens = { pooling: POOL.MEAN, rows: 2 };

export const ast = patchFamily({
  modelTypes: ['audio-spectrogram-transformer'],
  classes: ['AST'],
  sizes: BASE,
  activation: ['hidden_act', 'gelu'],
  epsilon: ['layer_norm_eps', 1e-12],
  keys: {
    read: [...['patch_size', 'qkv_bias', 'frequency_stride', 'time_stride', 'max_length', 'num_mel_bins']],
    fixed: {},
    harmless: ['attention_probs_dropout_prob', 'hidden_dropout_prob', 'tie_word_embeddings'],
  },
  prefixes: ['', 'audio_spectrogram_transformer.'],
  positions: 'embeddings.position_embeddings',
  projection: 'embeddings.patch_embeddings.projection',
  layer: 'encoder.layer.#.',
  parts: VIT_PARTS,
  norm: 'layernorm',
  read(config, _, { layers, ...own }) {
    const sizeOf = (/** @type {string} */ key, /** @type {number} */ fallback) =>
      integer(config, key, { min: 1, max: 1024, fallback });
    const patch = sizeOf('patch_size', 16);
    const frames = integer(config, 'max_length', { min: 1, max: 16384, fallback: 1024 });
    /** @type {[number, number]} */
    const image = [sizeOf('num_mel_bins', 128), frames];
    return {
      image,
      patch: [patch, patch],
      stride: [sizeOf('frequency_stride', 10), sizeOf('time_stride', 10)],
      channels: 1,
      tokens: [
        ['embeddings.cls_token', 1],
        ['embeddings.distillation_token', 1],
      ],
      stack: Array(layers).fill(kind(/** @type {any} */ ({ ...own, norms: PRE }))),
      biases: { qkv: boolean(config, 'qkv_bias', { fallback: true }) },
      pooling: 'pooler',
      more: { spectrogram: true },
    };
  },
  top({ config }) {
    const layers = [{ module: 'classifier.layernorm', bare: true }, { module: 'classifier.dense' }];
    const classes = sequence(layers, { ...ofTokens, task: 'audio-classification' });
    const pooler = pooled(ofTokens.pooling, ofTokens.rows);
    const head = Object.assign(both(pooler, classes), { marks: classes.marks });
    return byClass(config, { ForAudioClassification: head }, pooler);
  },
});
