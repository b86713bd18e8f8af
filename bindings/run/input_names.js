/** Which inputs a model takes, by Hugging Face's names; others are refused. What is in them is read by inputs.js. */
import { classOf } from '../arrays.js';
import { STEM } from '../core/abi.js';
import { InputError, show, UnsupportedError } from '../errors.js';
import { isObject } from '../options/kinds.js';
import { didYouMean, misspelt } from '../options/nearest.js';

/**
 * @typedef {object} Names
 * @property {string} name of the input that a stem reads
 * @property {string[]} others that it may have beside it
 * @property {string} what it is, in words
 */

/** @type {Record<number, Names>} */
const INPUTS = {
  [STEM.TOKENS]: {
    name: 'input_ids',
    others: ['attention_mask', 'token_type_ids', 'task_type_ids', 'mask'],
    what: 'token ids',
  },
  [STEM.EMBEDDINGS]: {
    name: 'inputs_embeds',
    others: ['attention_mask'],
    what: 'rows',
  },
  [STEM.PATCHES]: {
    name: 'pixel_values',
    others: [],
    what: 'pictures',
  },
  [STEM.FRAMES]: { name: 'input_values', others: ['attention_mask'], what: 'samples' },
  [STEM.ATTENTION]: { name: 'queries', others: ['keys', 'values', 'valid_lens'], what: 'rows' },
};

/** What models of patches read that are for spectra of sounds. @type {Names} */
const SPECTRA = { name: 'input_values', others: [], what: 'spectra' };

/** What transformers' forwards take besides, and what would give another result than theirs were it left unread. */
const UNREAD = [
  'position_ids',
  'task_type_ids',
  'head_mask',
  'bool_masked_pos',
  'bbox',
  'encoder_hidden_states',
];

/** Of a model that reads spectrograms. @type {Names} */
const FEATURES = { name: 'input_features', others: ['attention_mask'], what: 'spectrograms' };

/** Every name of an input. */
const NAMES = [
  ...new Set([...Object.values(INPUTS), FEATURES].flatMap(({ name, others }) => [name, ...others])),
];

/** Whether a value is meant as the inputs of a forward: one of its keys is an input's name, or nearly one. @param {unknown} value */
export const isInputs = (value) =>
  isObject(value) &&
  classOf(value) === 'Object' &&
  Object.keys(value).some((key) => misspelt(key, NAMES) !== undefined);

/**
 * Refuses inputs without the one that the model reads, and names that are none but nearly are: what is not asked for is not
 * read, and the result would be another one.
 * @param {import('./model.js').Model} model
 * @param {any} inputs
 */
export function checkInputs({ description: { stem }, blueprint }, inputs) {
  const { maskFill, taskTypes, sound, spectrogram } = blueprint;
  const { name, others, what } =
    sound?.input === FEATURES.name ? FEATURES : spectrogram ? SPECTRA : INPUTS[stem];
  /** @type {Record<string, unknown>} */
  const ofSome = { mask: maskFill, task_type_ids: taskTypes };
  const known = [name, ...others.filter((one) => !(one in ofSome) || ofSome[one] !== undefined)];
  const refuse = (/** @type {string} */ is, hint = '', path = name) => {
    throw new InputError(`${is}; expected {${known.join(', ')}}${hint}`, { path, value: inputs });
  };
  if (!isObject(inputs) || typeof inputs.then === 'function' || inputs.shape !== undefined)
    return refuse(`inputs is ${show(inputs)}`, advice(stem, inputs, spectrogram));
  const given = Object.keys(inputs).filter((key) => inputs[key] !== undefined);
  for (const key of given) {
    if (UNREAD.includes(key) && !known.includes(key) && inputs[key] !== null)
      throw new UnsupportedError(
        `inputs have ${key}, which is not supported; expected {${known.join(', ')}}`,
        {
          path: key,
          value: inputs[key],
        },
      );
    const meant = known.includes(key) ? undefined : misspelt(key, known);
    if (meant !== undefined && inputs[meant] === undefined)
      refuse(`inputs have ${show(key)}${didYouMean(key, known)}`, '', key);
  }
  if (inputs[name] !== undefined) return;
  const other = Object.values(INPUTS).find((one) => one.what !== what && given.includes(one.name));
  const wrong = other ? `: this model reads ${what}, not ${other.what}` : advice(stem, inputs, spectrogram);
  refuse(given.length ? `inputs have no ${name}, only ${given.join(', ')}` : `inputs have no ${name}`, wrong);
}

/** What to do with texts and pictures that a forward is given. @param {number} stem @param {any} inputs @param {boolean} [spectrogram] */
function advice(stem, inputs, spectrogram = false) {
  if (stem === STEM.TOKENS && typeof (Array.isArray(inputs) ? inputs[0] : inputs) === 'string')
    return ': tokenize(texts) makes them';
  return stem === STEM.PATCHES && !spectrogram ? ': embed and classify take pictures as they are' : '';
}
