/**
 * Runs cases of the encodings' reference outputs through `encodings()`. A function that no table maps is an error, not a
 * skip. Not here: reading files, comparing.
 */
import { encodings } from '../../../web/encodings.js';
import { absolute, features } from './absolute.js';
import { bias } from './bias.js';
import { learned } from './learned.js';
import { rotary } from './rotary.js';

/** @typedef {import('../../../bindings/tensor.js').Tensor} Tensor */

/** @type {Record<string, import('./entries.js').Entry>} */
const table = { ...absolute, ...features, ...learned, ...rotary, ...bias };

/**
 * @param {{ build?: 'base' | 'relaxed', wasm?: WebAssembly.Module | BufferSource }} options the build of the core to run on
 */
export async function createEncodingRunner({ build, wasm } = {}) {
  const pe = /** @type {any} */ (await encodings({ simd: build ?? 'auto', ...(wasm && { wasm }) }));
  return {
    /** @param {string} name of a golden's function */
    has: (name) => Object.hasOwn(table, name),
    /**
     * @param {{ function: string, params: any }} entry of index.json
     * @param {Map<string, Tensor>} inputs
     * @returns {Record<string, Tensor>} the outputs by name
     * @throws {Error} for a function that is not mapped, and whatever the call throws
     */
    run({ function: name, params }, inputs) {
      if (!Object.hasOwn(table, name)) throw new Error(`no entry maps the function ${name} to a call`);
      return table[name](pe, params, Object.fromEntries(inputs));
    },
    dispose: () => pe.dispose(),
  };
}
