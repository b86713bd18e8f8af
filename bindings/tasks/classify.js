/** Logits become labels with scores, as transformers' text-, image- and audio-classification pipelines do. */
import { check } from '../check.js';
import { UnsupportedError } from '../errors.js';
import { choice, flag, integer, signal, text, texts } from '../options/table.js';
import { breather } from '../run/pace.js';
import { askedOf, refuseSecondText } from './asked.js';
import { ORIENTATIONS } from './pictures.js';
import { piecesOf, vectorsOf } from './pieces.js';
import { functionsToApply } from './rows.js';
import { classifyByLabels } from './zero_shot.js';
import { classifyPictures } from './zero_shot_pictures.js';

/** @import { Class, ClassifyOptions } from '../public.js' */

/** @param {boolean} sees whether labels are of pictures */
const optionsOf = (sees) => ({
  topK: integer('how many classes to return, the best first', { min: 1, optional: 'all' }),
  functionToApply: choice(['sigmoid', 'softmax', 'none'], 'what makes scores of logits', {
    optional: "as the model's config says",
  }),
  labels: texts('classes of your own, for models of natural language inference and of two towers', {
    single: true,
    optional: "the model's",
  }),
  multiLabel: flag('whether each label is judged alone', { default: false, only: { labels: true } }),
  hypothesisTemplate: text('the sentence that a label is put into', {
    default: sees ? 'This is a photo of {}.' : 'This example is {}.',
    only: { labels: true },
    must: [['with {} where the label stands', (template) => /\{0?\}/.test(template)]],
  }),
  onTruncate: choice(['cut', 'error'], 'what happens to texts that are too long', { default: 'cut' }),
  orientation: choice(ORIENTATIONS, 'whether pictures are turned as their files say', { default: 'apply' }),
  signal: signal('stops the call', { optional: true }),
});

/**
 * @param {import('./parts.js').Parts} parts
 * @param {any} input
 * @param {ClassifyOptions} options
 * @param {number} limit tokens of a text
 * @returns {Promise<Class[][]>} for each input, best first
 */
export async function classifySequences(parts, input, options, limit) {
  const { model, config, vision } = parts;
  const { tasks, outputs, logits = ['logits'], labels: names = config.id2label } = model.blueprint;
  refuseSecondText(options, ', and a pair is {text, pair}');
  const given = check('classify', options, optionsOf(vision !== null));
  if (vision && given.labels) {
    const { labels } = given;
    return classifyPictures(parts, input, { ...given, labels }, limit, breather(given.signal));
  }
  if (!tasks.some((task) => /^(text|image|audio)-classification$/.test(task))) {
    const advice = vision ? ': it takes labels of yours' : '';
    throw new UnsupportedError(
      `this ${config.model_type ?? 'model'} has no classifier, a head that gives labels${advice}; its tasks: ${tasks.join(', ')}`,
    );
  }
  const { topK, functionToApply, orientation, onTruncate, labels: own, signal: stop } = given;
  const breathe = breather(stop);
  if (own !== undefined) return classifyByLabels(parts, input, { ...given, labels: own }, limit, breathe);
  const asked = askedOf(parts, input, { pairs: true });
  const wanted = outputs.filter(({ name }) => logits.includes(name));
  const labels = model.outputWidth(wanted[0]);
  const results = [];
  for await (const piece of piecesOf(parts, asked, { limit, orientation, onTruncate }, breathe)) {
    const values = await vectorsOf(parts, piece, wanted, breathe);
    const means = values[0].map((_, i) => values.reduce((sum, one) => sum + one[i], 0) / values.length);
    for (let at = 0; at < means.length; at += labels) {
      const one = Array.from(means.subarray(at, at + labels));
      results.push(
        classesOf(
          scoresOf(one, config.problem_type, functionToApply, tasks.includes('audio-classification')),
          { ...config, id2label: names },
          topK,
        ),
      );
    }
  }
  return results;
}

/**
 * @param {number[]} scores
 * @param {import('../formats/config.js').Config} config id2label
 * @param {number} [topK]
 * @returns {Class[]} best first
 */
function classesOf(scores, config, topK = scores.length) {
  // timm's name for them: a list.
  const names = /** @type {Record<string, string>} */ (config.id2label ?? config.label_names ?? {});
  return scores
    .map((score, i) => ({ label: names[i] ?? `LABEL_${i}`, score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, topK);
}

/**
 * @param {number[]} logits
 * @param {unknown} problem problem_type of the config
 * @param {ClassifyOptions['functionToApply']} asked instead of what it says
 * @param {boolean} ofSounds whose pipeline has no sigmoid for a single label
 */
const scoresOf = (logits, problem, asked, ofSounds) =>
  functionsToApply[asked ?? usualFunction(logits, problem, ofSounds)](logits);

/** @param {number[]} logits @param {unknown} problem @param {boolean} ofSounds */
function usualFunction(logits, problem, ofSounds) {
  if (problem === 'regression') return 'none';
  return problem === 'multi_label_classification' || (logits.length === 1 && !ofSounds)
    ? 'sigmoid'
    : 'softmax';
}
