/**
 * Classes that a model was not trained for: a model of natural language inference says how well a text entails each label put
 * into a sentence. Source: transformers' ZeroShotClassificationPipeline.
 */
import { InputError, show, UnsupportedError } from '../errors.js';
import { fromEncodings } from '../run/sequences.js';
import { vectorsOf } from './pieces.js';
import { softmax, textsOf } from './rows.js';

/**
 * @import { Class } from '../public.js'
 * @import { Parts } from './parts.js'
 */

/**
 * @param {Parts} parts
 * @param {unknown} input
 * @param {{ labels: string[], multiLabel: boolean, hypothesisTemplate: string, topK?: number }} options
 * @param {number} limit tokens of a text and a label
 * @param {import('../run/pace.js').Breath} breathe
 * @returns {Promise<Class[][]>}
 */
export async function classifyByLabels(
  parts,
  input,
  { labels: given, multiLabel, hypothesisTemplate, topK },
  limit,
  breathe,
) {
  const { model, tokenizer } = parts;
  const labels = labelsOf(given);
  const entailment = entailmentOf(parts);
  const texts = textsOf(input);
  const output = model.blueprint.outputs.find(({ name }) => name === 'logits');
  if (!tokenizer || !output) throw new UnsupportedError('labels need a model that reads texts');
  const width = model.outputWidth(output);
  const results = [];
  for (const text of texts) {
    const encodings = labels.map((label) =>
      tokenizer.inputOf(
        tokenizer.encode(text, {
          pair: sentenceOf(hypothesisTemplate, label),
          truncation: 'only_first',
          maxLength: limit,
        }),
      ),
    );
    const sequences = fromEncodings(encodings, model.blueprint.padding);
    const piece = { first: 0, count: labels.length, sequences, owners: [...labels.keys()], truncated: [] };
    const [logits] = await vectorsOf(parts, piece, [output], breathe);
    const of = (/** @type {number} */ column) => labels.map((_, i) => logits[i * width + column]);
    const contradiction = entailment === 0 ? width - 1 : 0;
    const [yes, no] = [of(entailment), of(contradiction)];
    const scores =
      multiLabel || labels.length === 1 ? yes.map((value, i) => softmax([no[i], value])[1]) : softmax(yes);
    const classes = labels.map((label, i) => ({ label, score: scores[i] }));
    results.push(classes.sort((a, b) => b.score - a.score).slice(0, topK ?? classes.length));
  }
  return results;
}

/** Labels as they are given: a single text may hold several. @param {string[]} given */
export function labelsOf(given) {
  const labels =
    given.length === 1
      ? given[0]
          .split(',')
          .map((label) => label.trim())
          .filter(Boolean)
      : given;
  if (labels.length) return labels;
  throw new InputError(`labels are ${show(given)}; expected one at least`, { path: 'labels', value: given });
}

/** A label in its sentence. @param {string} template @param {string} label */
export const sentenceOf = (template, label) => template.replace(/\{0?\}/g, () => label);

/** The column of the label that means yes: it begins with entail, whatever its case. @param {Parts} parts */
function entailmentOf({ model, config }) {
  const names = Object.entries(config.label2id ?? {}).filter(([name]) => /^entail/i.test(name));
  const [[, id] = [null, null]] = names.length
    ? names
    : Object.entries(config.id2label ?? {})
        .filter(([, name]) => /^entail/i.test(String(name)))
        .map(([key, name]) => [String(name), Number(key)]);
  if (typeof id === 'number') return id;
  const labels = Object.values(config.id2label ?? {}).join(', ') || model.blueprint.tasks.join(', ');
  throw new UnsupportedError(
    `labels need a model of natural language inference, with a label "entailment"; this one has ${labels}`,
    { path: 'labels' },
  );
}
