/** The files of a model's folder: text, JSON and weights, from any source. */
import { FormatError, InputError } from '../errors.js';
import { parseJson } from '../formats/json.js';
import { parseIndex } from '../formats/safetensors.js';
import { refuseStandIn } from '../formats/stand_ins.js';
import { openWeights } from '../formats/tensors.js';
import { findElsewhere, findOtherWeights } from './other_weights.js';

/**
 * @typedef {object} SourceFile
 * @property {number | null} size in bytes, where it is certain before the file is read: on disk and in memory. Null for what
 *   servers send: the length that they announce may be that of the compressed bytes
 * @property {() => AsyncIterable<Uint8Array>} stream its bytes in order, from the first one at each call; a chunk may be
 *   reused once the next is asked for
 * @property {() => void} [cancel] lets go of a file that is not read
 *
 * @typedef {object} Source where a model's files are found
 * @property {string} name for errors
 * @property {(file: string) => Promise<SourceFile | null>} find a file by its path in the model's folder
 * @property {(files: string[]) => void} [ahead] says that these will be asked for, to sources that take their time
 * @property {(file: string) => string | undefined} [whyNot] what came in place of a file that was not found
 * @property {() => Promise<string[]>} [list] the names in the folder, where they can be known
 * @property {() => Promise<Map<string, number> | undefined>} [sizes] bytes of the files that a load will read, where they can be known
 * @property {string} [advice] what to do if it turns out to be no model's folder
 */

/** The file that holds a model's weights. */
export const WEIGHTS = 'model.safetensors';
const INDEX = `${WEIGHTS}.index.json`;
/** Milliseconds that a server may be silent. */
export const TIMEOUT = 60_000;
/** Bytes of a JSON or text file; the largest tokenizers have 17 MB. */
const MOST_TEXT = 1 << 26;
/** Bytes of a config.json; with 1000 classes it has some 70 KB. */
export const MOST_CONFIG = 1 << 20;
/** A vocabulary of LIMITS.vocabulary tokens and as many merges have fewer values. */
const JSON_LIMITS = { length: MOST_TEXT, depth: 32, values: 2 ** 23 };

/**
 * @param {Source} files
 * @param {string} name
 * @param {number} [most] bytes: beyond them nothing is read
 * @returns {Promise<string | null>} the file's text, or null if there is no such file
 * @throws {FormatError} a file that is too long, empty, or another than it should be
 */
export async function findText(files, name, most = MOST_TEXT) {
  const file = await files.find(name);
  if (!file) return null;
  refuseLonger(file.size ?? 0, most, name);
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of file.stream()) {
    length += chunk.length;
    refuseLonger(length, most, name);
    text += decoder.decode(chunk, { stream: true });
  }
  if (length === 0) throw new FormatError(`${name} is empty`, { path: name });
  text += decoder.decode();
  if (/^\ufffd\ufffd|\0/.test(text.slice(0, 64)))
    throw new FormatError(`${name} is not UTF-8; it may be UTF-16: save it as UTF-8`, { path: name });
  refuseStandIn(text, name);
  return text;
}

/** @param {number} length @param {number} most @param {string} path */
function refuseLonger(length, most, path) {
  if (length <= most) return;
  throw new FormatError(`${path} has ${length} bytes or more; expected at most ${most}`, {
    path,
    value: length,
  });
}

/** That a folder has no config.json, and what it is instead. @param {Source} files @returns {Promise<never>} */
export async function refuseNoConfig(files) {
  const message = `${absence(files, 'config.json')}; expected a model's folder`;
  throw new InputError(message + (await findElsewhere(files)), { path: 'config.json' });
}

/** That there is no such file, and what came instead. @param {Source} files @param {string} name */
export function absence(files, name) {
  const why = files.whyNot?.(name);
  return `there is no ${name} in ${files.name}${why ? ` (${why})` : ''}`;
}

/**
 * @param {Source} files
 * @returns {Promise<import('../formats/tensors.js').Weights[]>} model.safetensors, or the shards that its index names
 */
export async function openAllWeights(files) {
  const whole = await files.find(WEIGHTS);
  if (whole) return [await openWeights(whole, WEIGHTS)];
  const index = await findText(files, INDEX);
  if (index === null) {
    const message = absence(files, WEIGHTS) + (await findOtherWeights(files));
    throw new InputError(message, { path: WEIGHTS });
  }
  const shards = [];
  for (const name of parseIndex(index, INDEX).files) shards.push(await openNamed(files, name, INDEX));
  return shards;
}

/**
 * Weights that another file names; they are opened again when they are read.
 * @param {Source} files
 * @param {string} name
 * @param {string} by the file that names them
 */
export async function openNamed(files, name, by) {
  const file = await files.find(name);
  if (file) return openWeights(file, name, { later: true });
  throw new FormatError(`${absence(files, name)}, which ${by} names`, { path: name });
}

/**
 * @param {Source} files
 * @param {string} name
 * @param {string[]} [table] the keys that lead to an object of whole numbers, which becomes a Map
 * @returns {Promise<any>} the parsed file, or null if there is no such file
 * @throws {FormatError} a file that is not JSON, or is nested deeper or holds more values than any tokenizer's
 */
export async function findJson(files, name, table) {
  const text = await findText(files, name);
  return text === null ? null : parseJson(text, name, { ...JSON_LIMITS, table });
}
