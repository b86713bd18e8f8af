/**
 * A case of the feature extractors: samples become log-mel spectra or normalised samples. The case has parts of what the reference
 * gives, named by slices as Python writes them, and sums over all of it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFeatureExtractor } from '../../bindings/audio/extractor.js';
import { Instance } from '../../bindings/core/instance.js';
import { loadCore } from '../../web/core.js';
import { readTensorFile } from './models.js';

/** What is held to more than the case's own tolerance: features equal the reference's within this. */
const MOST = 1e-4;

/** @param {string} slice such as 0:154:2 or 0::2 @param {number} count of all @param {number} most of those that are taken */
function placesOf(slice, count, most) {
  const [start, end, step] = slice.split(',')[0].split(':').map(Number);
  const places = [];
  for (let at = start; at < (end || count) && places.length < most; at += step) places.push(at);
  return places;
}

/** @param {any} given a tensor's name, or parts of tensors @param {Map<string, any>} tensors @returns {Float32Array[]} */
function samplesOf(given, tensors) {
  const parts = typeof given === 'string' ? [{ audio: given }] : given;
  return parts.map((/** @type {any} */ { audio, slice = [], scale = 1, offset = 0 }) =>
    Float32Array.from(tensors.get(audio).data.subarray(...slice), (x) => Math.fround(x * scale) + offset),
  );
}

/**
 * @param {{ name: string, calls: any[] }} entry
 * @param {string} folder
 * @param {'base' | 'relaxed' | undefined} build
 * @returns {Promise<import('./run.js').Difference>}
 */
export async function runFeatureCase({ name, calls }, folder, build) {
  const tensors = readTensorFile(join(folder, 'case.safetensors'));
  const core = await Instance.create(await loadCore({ simd: build ?? 'auto' }));
  let nearest = { name, worst: 0, tolerance: MOST, where: 'nothing' };
  for (const [i, { kind, samples, options, expected, tol }] of calls.entries()) {
    const where = `call ${i}, ${kind}`;
    const file = join(folder, kind, 'preprocessor_config.json');
    const own = { feature_extractor_type: 'Wav2Vec2FeatureExtractor', ...options, padding: undefined };
    const config = kind === 'wav2vec2' ? own : JSON.parse(readFileSync(file, 'utf8'));
    const found = createFeatureExtractor(config).process(core, samplesOf(samples, tensors));
    const { data, shape } = /** @type {import('../../web/index.js').Tensor<'float32'>} */ (
      found.input_features ?? found.input_values
    );
    const [height, width] = shape.slice(-2);
    assert.deepEqual([height, width], expected.stats.shape, where);
    if (expected.attention_lengths) {
      const mask = /** @type {import('../../web/index.js').Tensor<'int32'>} */ (found.attention_mask);
      const lengths = Array.from({ length: height }, (_, y) =>
        mask.data.subarray(y * width, (y + 1) * width),
      );
      assert.deepEqual(
        lengths.map((row) => row.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0)),
        expected.attention_lengths,
      );
    }
    const byRow = kind === 'ast';
    const compare = (/** @type {string} */ slice, /** @type {any} */ wanted) => {
      const places = placesOf(slice, byRow ? height : width, wanted.shape[byRow ? 0 : 1]);
      const of = (/** @type {number} */ y, /** @type {number} */ x) =>
        byRow ? data[places[y] * width + x] : data[y * width + places[x]];
      const [, columns] = wanted.shape;
      return wanted.data.reduce(
        (/** @type {number} */ most, /** @type {number} */ value, /** @type {number} */ at) =>
          Math.max(most, Math.abs(of(Math.floor(at / columns), at % columns) - value) || 0),
        0,
      );
    };
    const worst = Math.max(
      compare(expected.frames ?? expected.columns, tensors.get(expected.tensor)),
      expected.tail ? compare(expected.tail_frames, tensors.get(expected.tail)) : 0,
      meanDifference(data, expected.stats),
    );
    const tolerance = Math.min(tol, MOST);
    if (worst / tolerance >= nearest.worst / nearest.tolerance) nearest = { name, worst, tolerance, where };
  }
  return nearest;
}

/** Of the sums over all values, as much as the values differ on average at least. @param {ArrayLike<number>} data @param {any} stats */
function meanDifference(data, { sum, sum_weighted: weighted, min, max }) {
  const found = { sum: 0, weighted: 0, least: Infinity, most: -Infinity };
  for (let i = 0; i < data.length; i++) {
    found.sum += data[i];
    found.weighted += data[i] * ((i % 997) + 1);
    found.least = Math.min(found.least, data[i]);
    found.most = Math.max(found.most, data[i]);
  }
  const means = [found.sum - sum, (found.weighted - weighted) / 499].map((x) => Math.abs(x) / data.length);
  return Math.max(...means, Math.abs(found.least - min), Math.abs(found.most - max));
}
