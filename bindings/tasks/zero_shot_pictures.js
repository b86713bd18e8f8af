/**
 * Classes that a model was not trained for, of pictures: a model of two towers says how near a picture is to each label put into
 * a sentence. Source: transformers' ZeroShotImageClassificationPipeline.
 */
import { UnsupportedError } from '../errors.js';
import { logitsOf } from '../run/towers.js';
import { Tensor } from '../tensor.js';
import { askedOf, noTokenizer, visionOf } from './asked.js';
import { outputOf } from './embed_options.js';
import { piecesOf, vectorsOf } from './pieces.js';
import { functionsToApply } from './rows.js';
import { labelsOf, sentenceOf } from './zero_shot.js';

/**
 * @import { Class, ClassifyOptions } from '../public.js'
 * @import { Parts } from './parts.js'
 * @typedef {import('./pieces.js').Reading} Reading
 */

/**
 * @param {Parts} parts of two towers
 * @param {any} input one picture or several
 * @param {ClassifyOptions & Omit<Reading, 'limit'> & { labels: string[], hypothesisTemplate: string }} options
 * @param {number} limit tokens of a text
 * @param {import('../run/pace.js').Breath} breathe
 * @returns {Promise<Class[][]>} for each picture, the best first
 */
export async function classifyPictures(parts, input, options, limit, breathe) {
  const { labels: given, hypothesisTemplate, multiLabel, functionToApply, topK } = options;
  const { model, vision, tokenizer, instance } = parts;
  const { similarity } = model.blueprint;
  if (!vision || !similarity) throw new UnsupportedError('this model has no tower that reads pictures');
  if (multiLabel) {
    throw new UnsupportedError(
      'multiLabel is for texts; functionToApply "sigmoid" judges each label of a picture alone',
      { path: 'multiLabel', value: true },
    );
  }
  if (!tokenizer) throw noTokenizer();
  const labels = labelsOf(given);
  const count = labels.length;
  const reading = { ...options, limit };
  // Pictures first: they are what may be wrong.
  const pictures = await unitVectors(visionOf(parts), input, reading, breathe);
  const texts = labels.map((label) => sentenceOf(hypothesisTemplate, label));
  const sentences = await unitVectors(parts, texts, reading, breathe);
  const { logits_per_image: logits } = logitsOf({ model, vision, instance }, sentences, pictures);
  const apply = functionsToApply[functionToApply ?? similarity.apply];
  return Array.from({ length: pictures.shape[0] }, (_, i) => {
    const row = Array.from({ length: count }, (__, n) => Number(logits.data[i * count + n]));
    const scores = apply(row);
    const classes = labels.map((label, n) => ({ label, score: scores[n] }));
    return classes.sort((a, b) => b.score - a.score).slice(0, topK ?? count);
  });
}

/**
 * What a tower makes of texts or pictures, [n, D] of unit length.
 * @param {Parts} parts
 * @param {any} input
 * @param {Reading} reading
 * @param {import('../run/pace.js').Breath} breathe
 */
async function unitVectors(parts, input, reading, breathe) {
  const { model } = parts;
  const output = { ...outputOf(model, ['pooler']), normalize: true };
  const width = model.outputWidth(output);
  /** @type {number[]} */
  const values = [];
  for await (const piece of piecesOf(parts, askedOf(parts, input), reading, breathe)) {
    const [vectors] = await vectorsOf(parts, piece, [output], breathe);
    for (const value of vectors) values.push(value);
  }
  return new Tensor('float32', Float32Array.from(values), [values.length / width, width]);
}
