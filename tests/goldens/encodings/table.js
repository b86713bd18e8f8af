/**
 * Runs cases of the encodings' reference outputs through `encodings()`. A function that no table maps is an error, not a
 * skip. Not here: reading files, comparing.
 */
import { absolute, features } from './absolute.js';
import { bias } from './bias.js';
import { learned } from './learned.js';
import { rotary } from './rotary.js';

/** @typedef {import('../../../bindings/tensor.js').Tensor} Tensor */

/** @type {Record<string, import('./entries.js').Entry>} */
const table = { ...absolute, ...features, ...learned, ...rotary, ...bias };

/**
 * @param {any} pe the encodings to call
 * @param {{ function: string, params: any }} entry of index.json
 * @param {Map<string, Tensor>} inputs
 * @returns {Record<string, Tensor>} the outputs by name
 * @throws {Error} for a function that is not mapped, and whatever the call throws
 */
export function runEntry(pe, { function: name, params }, inputs) {
  if (!Object.hasOwn(table, name)) throw new Error(`no entry maps the function ${name} to a call`);
  return table[name](pe, params, Object.fromEntries(inputs));
}
