/** The package's entry: the public names, bound to what this environment reads and runs. */
import { assemble } from '../bindings/loading/assemble.js';
import { assembleTokenizer } from '../bindings/loading/tokenizer.js';
import { loadCore } from './core.js';
import { loadWith } from './loading.js';
import * as platform from './platform.js';
import { startThread } from './start-thread.js';
import { hasWorkers } from './start-worker.js';
import { loadInWorkers } from './workers/pool.js';

export * from '../bindings/index.js';
export { cache } from './cache.js';

/** @import * as Public from '../bindings/public.js' */
/** @import { ReadingOptions } from '../bindings/loading/public.js' */
/** @import { Encoder } from '../bindings/tasks/encoder.js' */
/** @import { Tokenizer } from '../bindings/text/tokenizer.js' */

/**
 * Loads an encoder from a Hugging Face folder: config.json, model.safetensors, and where the model has them
 * tokenizer.json (or vocab.txt), tokenizer_config.json and the files of sentence-transformers.
 * @param {Public.ModelSource} source the id of a model on the Hugging Face hub, a folder's path (Node), its URL (in a page also a
 *   relative one), its files, or config and tensors in memory
 * @param {Public.LoadOptions} [options]
 * @returns {Promise<Encoder>}
 * @throws {InputError} no such folder, a bad option; {ConfigError}, {FormatError}, {ShapeError} files that do not hold
 *   what they should; {UnsupportedError} a model type or a dtype that is not known; {NetworkError} a server that does not
 *   give a file; {IntegrityError} bytes that are not those promised; {AbortError}; {OutOfMemoryError}
 * @example
 * const encoder = await load('./all-MiniLM-L6-v2');
 * const vectors = await encoder.embed(['a text', 'another']);
 */
export const load = (source, options) =>
  /** @type {any} */ (
    options?.worker || needsWorker(options)
      ? loadInWorkers(source, { ...options, worker: options?.worker || true })
      : loadWith((openSource) =>
          assemble(source, options, { openSource, loadCore, startThread, images: platform }),
        )
  );

/** Threads that wait for one another are not for a page's own thread. @param {Public.LoadOptions | undefined} options */
const needsWorker = (options) =>
  hasWorkers && (options?.threads ?? 1) !== 1 && globalThis.document !== undefined;

/**
 * Loads a tokenizer without its model: tokenizer.json (or vocab.txt, or vocab.json with merges.txt), tokenizer_config.json and
 * what else a Hugging Face folder has of it.
 * @param {Public.Folder} source as for `load`
 * @param {ReadingOptions} [options]
 * @returns {Promise<Tokenizer>}
 * @throws {InputError} no such folder, none of its files, a bad option; {ConfigError}, {FormatError} files that do not hold
 *   what they should; {UnsupportedError} a part, an option or a kind of tokenizer that is not known; {NetworkError} a server
 *   that does not give a file; {AbortError}
 */
export const loadTokenizer = (source, options) =>
  loadWith((openSource) => assembleTokenizer(source, options, { openSource }));

/**
 * The position encodings of `wasmformer/encodings`, whose files are read when this is called: who only runs models does
 * not wait for them.
 * @type {typeof import('./encodings.js').encodings}
 */
export const encodings = async (options) => (await import('./encodings.js')).encodings(options);
