/**
 * The feature extractors of transformers that are supported, and what becomes of each key that they know. Not here: computing
 * features (extractor.js).
 */
import { ConfigError, show, UnsupportedError } from '../errors.js';
import { refuseUnless } from '../formats/config.js';

/** @typedef {import('../formats/config.js').Config} Config */
/** @typedef {import('../formats/config.js').Keys} Keys */

/** Keys of every class. */
const COMMON = {
  read: ['feature_extractor_type', 'sampling_rate'],
  harmless: [
    'processor_class',
    'return_tensors',
    'image_processor_type', // null where it stands
    '_commit_hash',
    'transformers_version',
  ],
  // Batches are padded on the right with zeros; mono samples have one feature.
  fixed: { padding_side: ['right'], padding_value: [0] },
};

/** @param {Partial<Keys>} own @returns {Keys} */
const keys = ({ read = [], harmless = [], fixed = {} }) => ({
  read: [...COMMON.read, ...read],
  harmless: [...COMMON.harmless, ...harmless],
  fixed: { ...COMMON.fixed, ...fixed },
});

/** @type {Readonly<Record<string, Keys>>} */
export const EXTRACTORS = Object.freeze({
  Whisper: keys({
    read: ['feature_size', 'hop_length', 'chunk_length', 'n_fft'],
    // What follows from the others, which the class computes anew; its forward reads no mask.
    harmless: ['n_samples', 'nb_max_frames', 'mel_filters', 'return_attention_mask'],
    fixed: { dither: [0] },
  }),
  AST: keys({
    read: ['num_mel_bins', 'max_length', 'do_normalize', 'mean', 'std'],
    harmless: ['feature_size', 'return_attention_mask'],
  }),
  Wav2Vec2: keys({
    read: ['do_normalize', 'return_attention_mask'],
    fixed: { feature_size: [1] },
  }),
});

/** Which class a model gets whose files name none. @type {Readonly<Record<string, string>>} */
const OF_MODELS = Object.freeze({
  whisper: 'Whisper',
  'audio-spectrogram-transformer': 'AST',
  wav2vec2: 'Wav2Vec2',
  hubert: 'Wav2Vec2',
  wavlm: 'Wav2Vec2',
  'data2vec-audio': 'Wav2Vec2',
});

/** Names of classes that are others by another name. @type {Readonly<Record<string, string>>} */
const ALIASES = Object.freeze({ AudioSpectrogramTransformer: 'AST' });

/**
 * The class of a preprocessor_config.json, and that it asks for nothing else than what is done.
 * @param {Config} config
 * @param {Config} model config.json
 * @returns {string} one of EXTRACTORS
 */
export function classOfExtractor(config, model) {
  const type = config.feature_extractor_type ?? null;
  if (type !== null && typeof type !== 'string') {
    throw new ConfigError(
      `config: feature_extractor_type is ${show(type)}; expected a name such as "Wav2Vec2FeatureExtractor"`,
      { path: 'feature_extractor_type', value: type },
    );
  }
  const stem = type?.replace(/FeatureExtractor$/, '') ?? OF_MODELS[String(model.model_type)] ?? '';
  const name = ALIASES[stem] ?? stem;
  if (!Object.hasOwn(EXTRACTORS, name) || type === name) {
    throw new UnsupportedError(
      `the feature extractor ${show(type ?? model.model_type)} is not supported; supported are ${Object.keys(EXTRACTORS).join(', ')}`,
      { path: 'feature_extractor_type', value: type },
    );
  }
  refuseUnless(config, EXTRACTORS[name].fixed, 'preprocessor_config.json');
  return name;
}
