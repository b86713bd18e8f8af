/**
 * What a task is asked about: texts, pictures, recordings, or the inputs of a forward. They are told apart and checked here, all of them,
 * before any is read or fetched.
 */
import { hears } from '../architectures/blueprint.js';
import { checkRecording } from '../audio/input.js';
import { STEM } from '../core/abi.js';
import { InputError, show, UnsupportedError } from '../errors.js';
import { isInputs } from '../run/input_names.js';
import { checkTexts } from '../text/texts.js';
import { checkImage } from '../vision/input.js';

/**
 * @typedef {object} Asked one of inputs, texts, pictures and recordings
 * @property {number} count of the texts, pictures or recordings; what inputs hold is seen when they are read
 * @property {boolean} isList whether a list was given, for errors
 * @property {Record<string, any>} [inputs]
 * @property {import('../text/texts.js').Pair[]} [texts]
 * @property {any[]} [pictures]
 * @property {any[]} [recordings]
 */

/**
 * The parts of the tower that a call is for, of a model that has two: one reads strings, the other all else that may be a
 * picture.
 * @param {import('./parts.js').Parts} parts
 * @param {any} input
 * @returns {import('./parts.js').Parts}
 */
export function towerFor(parts, input) {
  if (!parts.vision) return parts;
  const first = Array.isArray(input) ? input[0] : input;
  const hasPixels = isInputs(input) && (input.pixel_values ?? null) !== null;
  if (hasPixels && (input.input_ids ?? null) !== null) {
    const message = 'inputs have input_ids and pixel_values; expected one of them, or both for forward';
    throw new InputError(message, { path: 'input_ids', value: input });
  }
  const sees = isInputs(input) ? hasPixels : first !== undefined && typeof first !== 'string';
  return sees ? visionOf(parts) : parts;
}

/**
 * The tower that reads pictures; what follows the pooling of texts is of theirs.
 * @param {import('./parts.js').Parts} parts
 * @returns {import('./parts.js').Parts}
 */
export const visionOf = (parts) => ({
  ...parts,
  model: parts.vision ?? parts.model,
  vision: null,
  stages: [{ ...parts.stages[0], heads: [] }],
});

/**
 * @param {import('./parts.js').Parts} parts
 * @param {any} input
 * @param {{ pairs?: boolean }} [options] pairs: texts may have a second one
 * @returns {Asked}
 * @throws {InputError} what the model does not read
 */
export function askedOf({ model, config, tokenizer, processor, extractor }, input, options) {
  const { stem } = model.description;
  const isList = Array.isArray(input);
  if (isInputs(input)) return { inputs: input, count: 1, isList };
  if (stem === STEM.TOKENS) {
    const texts = checkTexts(input, options);
    if (!tokenizer) throw noTokenizer();
    return { texts, count: texts.length, isList };
  }
  if (hears(model.blueprint)) {
    const recordings = isList ? input : [input];
    for (let i = 0; i < recordings.length; i++)
      checkRecording(recordings[i], isList ? `recordings[${i}]` : 'the recording');
    if (!extractor)
      throw noExtractor(model.blueprint.spectrogram ? 'input_values' : 'input_values or input_features');
    return { recordings, count: recordings.length, isList };
  }
  if (stem !== STEM.PATCHES) {
    const kind = config.model_type ?? 'model';
    throw new UnsupportedError(`this ${kind} reads neither texts nor pictures; forward takes its inputs`);
  }
  const pictures = isList ? input : [input];
  for (let i = 0; i < pictures.length; i++) checkImage(pictures[i], isList ? `images[${i}]` : 'the image');
  if (!processor) {
    throw new UnsupportedError(
      'this model has no preprocessor_config.json, which says how pictures are prepared; pass {pixel_values} instead',
    );
  }
  return { pictures, count: pictures.length, isList };
}

/** @param {string} names of the inputs */
const noExtractor = (names) =>
  new UnsupportedError(
    `this model has no preprocessor_config.json, which says how recordings are prepared; pass {${names}} instead`,
  );

/** That texts need a file that the model's folder does not have. */
export const noTokenizer = () =>
  new UnsupportedError(
    'this model came without a tokenizer.json, vocab.txt or vocab.json, so that texts cannot be read; add it, or pass {input_ids, attention_mask} instead',
  );

/**
 * Refuses a second text where options stand.
 * @param {unknown} options
 * @param {string} [advice] what else to do
 */
export function refuseSecondText(options, advice = '') {
  if (typeof options !== 'string' && !Array.isArray(options)) return;
  const message = `the second argument is ${show(options)}; expected options: several texts are one array${advice}`;
  throw new InputError(message, { path: 'options', value: options });
}
