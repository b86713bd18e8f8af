/**
 * The feature extractor of a model: samples become the tensors that it reads, as transformers' feature extractors make them. Not
 * here: where samples come from (input.js), and which keys a class has (classes.js).
 */
import { allocate } from '../arrays.js';
import { ConfigError, UnsupportedError } from '../errors.js';
import { boolean, integer, number } from '../formats/config.js';
import { Tensor } from '../tensor.js';
import { classOfExtractor } from './classes.js';

/**
 * @typedef {import('../core/instance.js').Instance} Instance
 * @typedef {import('../formats/config.js').Config} Config
 * @typedef {Record<string, Tensor>} Features by the names of a forward's inputs
 *
 * @typedef {object} FeatureExtractor
 * @property {number} samplingRate of the samples that it takes
 * @property {number} maxSamples that it reads of one; the rest is cut
 * @property {(core: Instance, batch: readonly Float32Array[]) => Features} process makes the inputs of a batch
 */

/**
 * @param {Config} config preprocessor_config.json, parsed
 * @param {Config} [model] config.json, whose model_type says which class it is where `config` names none
 * @returns {FeatureExtractor}
 * @throws {ConfigError} a value that is missing or wrong; {UnsupportedError} a class, or a step, that is not supported
 */
export function createFeatureExtractor(config, model = {}) {
  return Object.freeze(READERS[classOfExtractor(config, model)](config));
}

/** @type {Record<string, (config: Config) => FeatureExtractor>} */
const READERS = { Whisper: readWhisper, AST: readSpectrograms, Wav2Vec2: readSamples };

const rateOf = (/** @type {Config} */ config) =>
  integer(config, 'sampling_rate', { min: 1, max: 1e6, fallback: 16000 });

/** @param {Config} config @returns {FeatureExtractor} */
function readWhisper(config) {
  const samplingRate = rateOf(config);
  const mels = integer(config, 'feature_size', { min: 1, max: 1024, fallback: 80 });
  const hop = integer(config, 'hop_length', { min: 1, max: 65536, fallback: 160 });
  const size = integer(config, 'n_fft', { min: 2, max: 65536, fallback: 400 });
  const length = samplingRate * integer(config, 'chunk_length', { min: 1, max: 3600, fallback: 30 });
  // The last frame, centred on the end, is dropped.
  const frames = Math.floor((length + 2 * Math.floor(size / 2) - size) / hop);
  if (length <= size / 2 || frames < 1) {
    throw new UnsupportedError(
      `config: chunk_length gives ${length} samples, which are too few for n_fft ${size} and hop_length ${hop}`,
      { path: 'chunk_length', value: config.chunk_length },
    );
  }
  const sizes = { length, frames, reach: size, size, hop, mels, kaldi: 0 };
  // The filters reach 8 kHz whatever the rate.
  const filters = filtersOf(sizes, samplingRate, [0, 8000]);
  return {
    samplingRate,
    maxSamples: length,
    process: (core, batch) => {
      const data = spectra(core, batch, filters(core), sizes, [-4, 4]);
      return { input_features: new Tensor('float32', data, [batch.length, mels, frames]) };
    },
  };
}

/** @param {Config} config @returns {FeatureExtractor} */
function readSpectrograms(config) {
  const samplingRate = rateOf(config);
  const mels = integer(config, 'num_mel_bins', { min: 1, max: 1024, fallback: 128 });
  const frames = integer(config, 'max_length', { min: 1, max: 65536, fallback: 1024 });
  const mean = number(config, 'mean', { fallback: -4.2677393 });
  const deviation = number(config, 'std', { fallback: 4.5689974 });
  if (deviation === 0) throw new ConfigError('config: std is 0', { path: 'std', value: 0 });
  const normalizes = boolean(config, 'do_normalize', { fallback: true });
  const [reach, size, hop] = [400, 512, 160];
  const sizes = { length: reach + (frames - 1) * hop, frames, reach, size, hop, mels, kaldi: 1 };
  const filters = filtersOf(sizes, samplingRate, [20, Math.floor(samplingRate / 2)]);
  return {
    samplingRate,
    maxSamples: sizes.length,
    process: (core, batch) => {
      const data = spectra(core, batch, filters(core), sizes, normalizes ? [mean, 2 * deviation] : [0, 1]);
      return { input_values: new Tensor('float32', data, [batch.length, frames, mels]) };
    },
  };
}

/** @param {Config} config @returns {FeatureExtractor} */
function readSamples(config) {
  const normalizes = boolean(config, 'do_normalize', { fallback: true });
  const masks = boolean(config, 'return_attention_mask', { fallback: false });
  return {
    samplingRate: rateOf(config),
    maxSamples: Infinity,
    process: (core, batch) => {
      const length = Math.max(...batch.map((one) => one.length));
      const data = allocate(Float32Array, batch.length * length);
      const mask = new Int32Array(masks ? data.length : 0);
      for (const [i, one] of batch.entries()) {
        const row = data.subarray(i * length, (i + 1) * length);
        row.set(one);
        if (masks) mask.fill(1, i * length, i * length + one.length);
        // Without a mask the padding counts as samples.
        if (normalizes)
          core.invoke('wf_standardize', [{ out: row }, row, length, masks ? one.length : length]);
      }
      const shape = [batch.length, length];
      return {
        input_values: new Tensor('float32', data, shape),
        ...(masks && { attention_mask: new Tensor('int32', mask, shape) }),
      };
    },
  };
}

/**
 * @typedef {object} Sizes of log-mel spectra, by the names of wf_log_mel
 * @property {number} length
 * @property {number} frames
 * @property {number} reach
 * @property {number} size
 * @property {number} hop
 * @property {number} mels
 * @property {number} kaldi 0 or 1
 */

/**
 * Mel filters, computed when they are first needed.
 * @param {Sizes} sizes
 * @param {number} rate
 * @param {[low: number, high: number]} range in hertz
 */
function filtersOf({ size, mels, kaldi }, rate, [low, high]) {
  const bins = Math.floor(size / 2) + 1;
  if (high <= low) {
    throw new UnsupportedError(
      `config: sampling_rate is ${rate}; the filters reach from ${low} to ${high} hertz`,
      {
        path: 'sampling_rate',
        value: rate,
      },
    );
  }
  /** @type {Float64Array | undefined} */
  let filters;
  return (/** @type {Instance} */ core) => {
    if (filters) return filters;
    filters = new Float64Array(mels * bins);
    core.invoke('wf_mel_filters', [{ out: filters }, mels, bins, rate, low, high, kaldi]);
    return filters;
  };
}

/**
 * @param {Instance} core
 * @param {readonly Float32Array[]} batch
 * @param {Float64Array} filters
 * @param {Sizes} sizes
 * @param {[mean: number, deviation: number]} scale
 */
function spectra(core, batch, filters, { length, frames, reach, size, hop, mels, kaldi }, [mean, deviation]) {
  const each = frames * mels;
  const data = allocate(Float32Array, batch.length * each);
  const space = new Float64Array(8 * size + 2 + mels);
  for (const [i, one] of batch.entries()) {
    const x = one.subarray(0, length);
    const out = data.subarray(i * each, (i + 1) * each);
    const sizes = [x.length, length, frames, reach, size, hop, mels, kaldi, mean, deviation];
    core.invoke('wf_log_mel', [{ out }, { out: space }, x, filters, ...sizes]);
  }
  return data;
}
