/** The options of an encoding on the command line: numbers, words, lists, JSON, or tables in .npy files. */
import { readFile } from 'node:fs/promises';
import { InputError } from '../../bindings/errors.js';
import { UsageError } from './arguments.js';

/**
 * @typedef {import('../documentation.js').DocumentedOption} DocumentedOption
 * @typedef {import('../../bindings/tensor.js').Tensor} Tensor
 */

/** What stands behind an option, by its kind. */
const PLACEHOLDERS = {
  number: 'N',
  boolean: undefined,
  choice: 'NAME',
  choices: 'NAME,…',
  size: 'N[,N]',
  numbers: 'N,N,…|FILE',
  tensor: 'FILE',
  object: 'JSON',
};

/** @param {string} name as in JavaScript @returns {string} as on the command line: maxLength is max-length */
export const flagOf = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * The options as arguments.js reads them; a switch can also be turned off.
 * @param {import('../documentation.js').Documentation} documentation
 * @returns {Record<string, import('./arguments.js').Option>}
 */
export function tableOf({ options }) {
  return Object.fromEntries(
    options.flatMap(({ name, kind, choices, required, about }) => {
      const flag = flagOf(name);
      const option = { about, value: PLACEHOLDERS[kind], required, ...(kind === 'choice' && { choices }) };
      return kind === 'boolean'
        ? [
            [flag, option],
            [`no-${flag}`, option],
          ]
        : [[flag, option]];
    }),
  );
}

/**
 * A negative number is the value of the option before it, and names of options may be spelled as in JavaScript.
 * @param {string[]} words
 * @returns {string[]}
 */
export function joinNegatives(words) {
  /** @type {string[]} */
  const joined = [];
  for (const word of words) {
    const last = joined.length - 1;
    const isNegative = /^-(\d|\.\d|inf)/i.test(word);
    if (isNegative && last >= 0 && /^--[^=]+$/.test(joined[last])) joined[last] += `=${word}`;
    else joined.push(word.replace(/^--[^=]+/, (flag) => `--${flagOf(flag.slice(2))}`));
  }
  return joined;
}

/**
 * @param {DocumentedOption} option
 * @param {string | true} text
 * @param {typeof import('../../bindings/tensor.js').Tensor} TensorClass
 * @returns {Promise<unknown>} what the encoding takes
 * @throws {UsageError} text that is not of the option's kind; {InputError} a file that cannot be read; {FormatError}
 */
export async function readOption({ name, kind, choices }, text, TensorClass) {
  if (text === true || kind === 'choice') return text;
  const flag = flagOf(name);
  if (kind === 'number') return numberOf(flag, text);
  if (kind === 'object') return parseJson(flag, text);
  if (kind === 'choices') return wordsOf(flag, text, choices);
  if (text.endsWith('.npy')) return TensorClass.fromNpy(await readNpy(text));
  const value = text.startsWith('[')
    ? parseJson(flag, text)
    : text.split(',').map((one) => numberOf(flag, one));
  if (kind === 'size') return value.length === 1 ? value[0] : value;
  return kind === 'tensor' ? toTensor(flag, value, TensorClass) : value;
}

/** @param {string} flag @param {string} text */
function numberOf(flag, text) {
  const value = Number(text.trim().replace(/^([+-]?)inf(inity)?$/i, '$1Infinity'));
  if (text.trim() === '' || Number.isNaN(value))
    throw new UsageError(`--${flag} is "${text}"; expected a number`);
  return value;
}

/** @param {string} flag @param {string} text @param {string[]} choices */
function wordsOf(flag, text, choices) {
  const words = text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !choices.includes(word));
  if (wrong !== undefined) throw new UsageError(`--${flag} has "${wrong}"; expected ${choices.join(', ')}`);
  return words;
}

/** @param {string} flag @param {string} text */
function parseJson(flag, text) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(
      `--${flag} is "${text}", which is not JSON: ${/** @type {Error} */ (cause).message}`,
    );
  }
}

/** @param {string} path */
async function readNpy(path) {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (cause);
    const reason = code === 'ENOENT' ? 'there is no such file' : message;
    throw new InputError(`"${path}" cannot be read: ${reason}`, { path, cause });
  }
}

/**
 * Nested lists as a tensor of float32.
 * @param {string} flag
 * @param {any} list
 * @param {typeof import('../../bindings/tensor.js').Tensor} TensorClass
 * @returns {Tensor}
 */
function toTensor(flag, list, TensorClass) {
  const shape = [];
  for (let level = list; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat = list.flat(shape.length - 1);
  const count = shape.reduce((product, size) => product * size, 1);
  const isEven = flat.length === count && flat.every((/** @type {unknown} */ one) => typeof one === 'number');
  if (!isEven)
    throw new UsageError(`--${flag} is no table of numbers: expected lists of one length, or a .npy file`);
  return new TensorClass('float32', Float32Array.from(flat), shape);
}
