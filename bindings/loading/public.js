/** The types of what a load takes and tells, for editors. Not here: code. */

/** @import { Global, Signal } from '../public.js' */

/**
 * How far a load is, in bytes: of the file that is read, and of all files. Where the hub lists the model all files count from the
 * start, of other sources the weights; then `all.loaded / all.total` grows evenly.
 * @typedef {{ file: string, loaded: number, total: number, all: { loaded: number, total: number } }} LoadingState
 */

/**
 * A cache, such as one of a browser's Cache API: keys are addresses, values Responses.
 * @typedef {object} AnyCache
 * @property {(url: string) => Promise<any>} match
 * @property {(url: string, response: any) => Promise<any>} put
 * @property {(url: string) => Promise<any>} delete
 */

/**
 * @typedef {object} ReadingOptions
 * @property {(url: Global<'URL'>, init?: any) => Promise<any>} [fetch] instead of the environment's own
 * @property {Signal} [signal] stops the call, which throws an AbortError
 * @property {number} [timeout] milliseconds that a server may send nothing, 60,000 by default; Infinity sets no limit
 * @property {(state: LoadingState) => void} [progress] told how many bytes are loaded
 * @property {string} [revision] of a model of the hub: a branch, a tag or a commit, main by default
 * @property {string} [token] for models of the hub that are gated or private; it is sent to the hub's own origin alone. In Node by
 *   default the variable HF_TOKEN
 * @property {string} [endpoint] the address of the hub or of a mirror of it, https://huggingface.co by default, in Node HF_ENDPOINT
 * @property {'default' | false | AnyCache} [cache] where files of the hub are kept: by default the browser's Cache API, in Node the
 *   folder of Hugging Face's own tools; false keeps nothing
 * @property {Readonly<Record<string, string>>} [integrity] SHA-256 digests by the names of files, as 64 hexadecimal digits or as
 *   'sha256-' with base64; other bytes are refused. What the hub itself says of its files is always checked
 */
