/** The image processor of a model's files. One that is bad does not stop the model: it is what picture calls throw. */
import { ConfigError, FormatError, UnsupportedError } from '../errors.js';
import { parseConfig } from '../formats/config.js';
import { isTimm } from '../vision/preprocessor_config.js';
import { createImageProcessor } from '../vision/processor.js';
import { findText, MOST_CONFIG } from './files.js';

/**
 * @param {import('./files.js').Source} files
 * @param {import('../formats/config.js').Config} config timm keeps its preparation in there
 * @returns {Promise<(() => import('../vision/processor.js').ImageProcessor) | null>} null if there is none
 */
export async function findProcessor(files, config) {
  try {
    const found = await findConfig(files, config);
    const processor = found && createImageProcessor(found, config);
    return processor && (() => processor);
  } catch (error) {
    if (![ConfigError, FormatError, UnsupportedError].some((kind) => error instanceof kind)) throw error;
    return () => {
      throw error;
    };
  }
}

/**
 * As transformers looks for it: a part of processor_config.json, or a file of its own.
 * @param {import('./files.js').Source} files
 * @param {import('../formats/config.js').Config} config
 * @returns {Promise<import('../formats/config.js').Config | null>}
 */
async function findConfig(files, config) {
  const whole = await findText(files, 'processor_config.json', MOST_CONFIG);
  const part = whole === null ? undefined : parseConfig(whole, 'processor_config.json').image_processor;
  if (part && typeof part === 'object') return /** @type {any} */ (part);
  const own = await findText(files, 'preprocessor_config.json', MOST_CONFIG);
  if (own !== null) return parseConfig(own, 'preprocessor_config.json');
  return isTimm(config) ? config : null;
}
