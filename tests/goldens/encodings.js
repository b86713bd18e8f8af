/**
 * One case of the encodings' reference outputs: its function and inputs go through the table of public calls
 * (encodings/table.js), every output is compared. An `error` case passes if the library's input error is thrown.
 */
import { join } from 'node:path';
import { InputError } from '../../web/index.js';
import { createEncodingRunner } from './encodings/table.js';
import { compare, nearest, readTensorFile } from './models.js';

/** @typedef {import('./run.js').Difference} Difference */

/**
 * @param {{ folder: string, build?: 'base' | 'relaxed' }} options
 * @returns {Promise<{ run: (entry: any) => Promise<Difference | string>, dispose: () => void }>}
 */
export async function encodingCases({ folder, build }) {
  const runner = await createEncodingRunner({ build });
  return {
    dispose: runner.dispose,
    async run(entry) {
      const tensors = readTensorFile(join(folder, `${entry.family}.safetensors`));
      const inputs = new Map(
        Object.entries(entry.inputs ?? {}).map(([name, { key }]) => [
          name,
          /** @type {import('../../web/index.js').Tensor} */ (tensors.get(key)),
        ]),
      );
      if (entry.expect === 'throws') return expectError(() => runner.run(entry, inputs));
      const outputs = runner.run(entry, inputs);
      return nearest(
        Object.entries(entry.outputs).map(([name, { key, tol }]) => {
          const expected = /** @type {import('../../web/index.js').Tensor} */ (tensors.get(key));
          return compare(name, outputs[name], expected, tol);
        }),
      );
    },
  };
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
