/** The package's entry: the public names, bound to what this environment reads and runs. */
import * as platform from '#platform';
import { assemble } from '../bindings/loading/assemble.js';
import { assembleTokenizer } from '../bindings/loading/tokenizer.js';
import { loadCore } from './core.js';
import { openSource } from './source.js';

export * from '../bindings/index.js';

/**
 * Loads an encoder from a Hugging Face folder: config.json, model.safetensors, and where the model has them
 * tokenizer.json (or vocab.txt), tokenizer_config.json and the files of sentence-transformers.
 * @param {string | URL | File[] | FileList | FileSystemDirectoryHandle |
 *   Map<string, ArrayBuffer | ArrayBufferView | Blob> |
 *   { config: object, tensors: Record<string, import('../bindings/tensor.js').Tensor> }} source a folder path (Node), a
 *   URL (in a page also a relative one), the folder's files, or config and tensors in memory
 * @param {import('../bindings/loading/assemble.js').LoadOptions} [options]
 * @returns {Promise<import('../bindings/tasks/encoder.js').Encoder>}
 * @throws {InputError} no such folder, a bad option; {ConfigError}, {FormatError}, {ShapeError} files that do not hold
 *   what they should; {UnsupportedError} a model type or a dtype that is not known; {NetworkError} a server that does not
 *   give a file; {AbortError}; {OutOfMemoryError}
 */
export const load = (source, options) =>
  assemble(source, options, { openSource, loadCore, images: platform });

/**
 * Loads a tokenizer without its model: tokenizer.json (or vocab.txt, or vocab.json with merges.txt), tokenizer_config.json and
 * what else a Hugging Face folder has of it.
 * @param {string | URL | File[] | FileList | FileSystemDirectoryHandle |
 *   Map<string, ArrayBuffer | ArrayBufferView | Blob>} source as for `load`
 * @param {import('../bindings/loading/assemble.js').ReadingOptions} [options]
 * @returns {Promise<import('../bindings/text/tokenizer.js').Tokenizer>}
 * @throws {InputError} no such folder, none of its files, a bad option; {ConfigError}, {FormatError} files that do not hold
 *   what they should; {UnsupportedError} a part, an option or a kind of tokenizer that is not known; {NetworkError} a server
 *   that does not give a file; {AbortError}
 */
export const loadTokenizer = (source, options) => assembleTokenizer(source, options, { openSource });

/**
 * The position encodings of `wasmformer/encodings`, whose files are read when this is called: who only runs models does
 * not wait for them.
 * @type {typeof import('./encodings.js').encodings}
 */
export const encodings = async (options) => (await import('./encodings.js')).encodings(options);
