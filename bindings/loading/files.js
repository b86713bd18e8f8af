/** The files of a model's folder: text, JSON and weights, from any source. */
import { FormatError, InputError, UnsupportedError } from '../errors.js';
import { parseJson } from '../formats/json.js';
import { parseIndex } from '../formats/safetensors.js';
import { openWeights } from '../formats/tensors.js';

/**
 * @typedef {object} SourceFile
 * @property {number} size in bytes
 * @property {() => AsyncIterable<Uint8Array>} stream its bytes in order; a chunk may be reused once the next is asked for
 *
 * @typedef {object} Source where a model's files are found
 * @property {string} name for errors
 * @property {(file: string) => Promise<SourceFile | null>} find a file by its path in the model's folder
 */

/** The file that holds a model's weights. */
export const WEIGHTS = 'model.safetensors';
/** Bytes of a JSON or text file; the largest tokenizers have 17 MB. */
const MOST_TEXT = 1 << 26;
/** A vocabulary of LIMITS.vocabulary tokens and as many merges have fewer values. */
const JSON_LIMITS = { length: MOST_TEXT, depth: 32, values: 2 ** 23 };

/**
 * @param {Source} files
 * @param {string} name
 * @returns {Promise<string | null>} the file's text, or null if there is no such file
 */
export async function findText(files, name) {
  const file = await files.find(name);
  if (!file) return null;
  if (file.size > MOST_TEXT) {
    throw new FormatError(`${name} has ${file.size} bytes; expected at most ${MOST_TEXT}`, {
      path: name,
      value: file.size,
    });
  }
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of file.stream()) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

/** @param {Source} files @param {string} name */
export async function requireText(files, name) {
  const text = await findText(files, name);
  if (text !== null) return text;
  throw new InputError(`there is no ${name} in ${files.name}; expected a model's folder`, { path: name });
}

/**
 * @param {Source} files
 * @returns {Promise<import('../formats/tensors.js').Weights[]>} model.safetensors, or the shards that its index names
 */
export async function openAllWeights(files) {
  const whole = await files.find(WEIGHTS);
  if (whole) return [await openWeights(whole, WEIGHTS)];
  const index = await findText(files, `${WEIGHTS}.index.json`);
  if (index === null) {
    if (!(await files.find('pytorch_model.bin'))) {
      throw new InputError(`there is no ${WEIGHTS} in ${files.name}`, { path: WEIGHTS });
    }
    throw new UnsupportedError(
      `${files.name} has its weights in pytorch_model.bin only; convert them once in Python: model = AutoModel.from_pretrained(folder); model.save_pretrained(folder, safe_serialization=True)`,
      { path: 'pytorch_model.bin' },
    );
  }
  const shards = parseIndex(index, `${WEIGHTS}.index.json`).files;
  return Promise.all(
    shards.map(async (name) => {
      const file = await files.find(name);
      if (file) return openWeights(file, name);
      throw new FormatError(`there is no ${name} in ${files.name}, which ${WEIGHTS}.index.json names`, {
        path: name,
      });
    }),
  );
}

/**
 * @param {Source} files
 * @param {string} name
 * @returns {Promise<any>} the parsed file, or null if there is no such file
 * @throws {FormatError} a file that is not JSON, or is nested deeper or holds more values than any tokenizer's
 */
export async function findJson(files, name) {
  const text = await findText(files, name);
  return text === null ? null : parseJson(text, name, JSON_LIMITS);
}
