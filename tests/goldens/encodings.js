/**
 * One case of the encodings' reference outputs: its function and inputs go through the table of public calls
 * (encodings/table.js), every output is compared. An `error` case passes if the library's input error is thrown.
 */
import { join } from 'node:path';
import { encodings, InputError } from '../../web/index.js';
import { runEntry } from './encodings/table.js';
import { compare, nearest, readTensorFile } from './models.js';

/** @typedef {import('./run.js').Difference} Difference */
/** @typedef {import('../../web/index.js').Tensor} Tensor */

/**
 * @param {any} pe the encodings to call
 * @param {any} entry of index.json
 * @param {string} folder of index.json
 * @returns {Difference | string} a sentence where an error is expected
 */
export function runEncodingCase(pe, entry, folder) {
  const tensors = readTensorFile(join(folder, `${entry.family}.safetensors`));
  const tensor = (/** @type {any} */ { key }) => /** @type {Tensor} */ (tensors.get(key));
  const inputs = new Map(Object.entries(entry.inputs ?? {}).map(([name, one]) => [name, tensor(one)]));
  if (entry.expect === 'throws') return expectError(() => runEntry(pe, entry, inputs));
  const outputs = runEntry(pe, entry, inputs);
  return nearest(
    Object.entries(entry.outputs).map(([name, one]) => compare(name, outputs[name], tensor(one), one.tol)),
  );
}

/**
 * @param {{ folder: string, build?: 'base' | 'relaxed' }} options
 * @returns {Promise<{ run: (entry: any) => Promise<Difference | string>, dispose: () => void }>}
 */
export async function encodingCases({ folder, build }) {
  const pe = await encodings({ simd: build ?? 'auto' });
  return { run: async (entry) => runEncodingCase(pe, entry, folder), dispose: () => pe.dispose() };
}

/** @param {() => unknown} action @returns {string} the error's message */
function expectError(action) {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('no error was thrown');
}
