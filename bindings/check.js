/** Checking the options objects of public calls. */
import { InputError } from './errors.js';

/**
 * Refuses options that nobody reads.
 * @template {object} T
 * @param {T} options
 * @param {string[]} known
 * @returns {T}
 */
export function checkOptions(options, known) {
  if (options === null || typeof options !== 'object') {
    throw new InputError(`options are ${options === null ? 'null' : typeof options}; expected an object`);
  }
  for (const [key, value] of Object.entries(options)) {
    if (!known.includes(key)) {
      throw new InputError(`unknown option "${key}"; known: ${known.join(', ')}`, { path: key, value });
    }
    if (typeof value === 'number' && Number.isNaN(value)) {
      throw new InputError(`option "${key}" is NaN; expected a number`, { path: key, value });
    }
  }
  return options;
}
