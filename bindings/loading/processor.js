/**
 * What prepares pictures and recordings, and spells what is heard, of a model's files. One that is bad does not stop the model: it is
 * what calls that need it throw.
 */
import { createFeatureExtractor } from '../audio/extractor.js';
import { ConfigError, FormatError, UnsupportedError } from '../errors.js';
import { parseConfig } from '../formats/config.js';
import { isTimm } from '../vision/preprocessor_config.js';
import { createImageProcessor } from '../vision/processor.js';
import { findText, MOST_CONFIG } from './files.js';
import { findTokenizer } from './tokenizer.js';

/**
 * @typedef {import('./files.js').Source} Source
 * @typedef {import('../formats/config.js').Config} Config
 */

/**
 * @template T
 * @param {() => Promise<T | null>} find
 * @returns {Promise<(() => T) | null>} null if there is none
 */
async function late(find) {
  try {
    const found = await find();
    return found && (() => found);
  } catch (error) {
    if (![ConfigError, FormatError, UnsupportedError].some((kind) => error instanceof kind)) throw error;
    return () => {
      throw error;
    };
  }
}

/** @param {Source} files @param {Config} config timm keeps its preparation in there */
export const findProcessor = (files, config) =>
  late(async () => {
    const found = (await findConfig(files, 'image_processor')) ?? (isTimm(config) ? config : null);
    return found && createImageProcessor(found, config);
  });

/** @param {Source} files @param {Config} config */
export const findExtractor = (files, config) =>
  late(async () => {
    const found = await findConfig(files, 'feature_extractor');
    return found && createFeatureExtractor(found, config);
  });

/** @param {Source} files @param {Config} config */
export const findLetters = (files, config) => late(() => findTokenizer(files, config));

/**
 * As transformers looks for it: a part of processor_config.json, or a file of its own.
 * @param {Source} files
 * @param {string} key of the part
 * @returns {Promise<Config | null>}
 */
async function findConfig(files, key) {
  const whole = await findText(files, 'processor_config.json', MOST_CONFIG);
  const part = whole === null ? undefined : parseConfig(whole, 'processor_config.json')[key];
  if (part && typeof part === 'object') return /** @type {any} */ (part);
  const own = await findText(files, 'preprocessor_config.json', MOST_CONFIG);
  return own === null ? null : parseConfig(own, 'preprocessor_config.json');
}
