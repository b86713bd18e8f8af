/** The options of an encoding on the command line: numbers, words, lists, JSON, or tables in .npy files. */
import { readFile } from 'node:fs/promises';
import { InputError } from '../../bindings/errors.js';
import { parseOption, TextError } from '../option-text.js';
import { UsageError } from './arguments.js';

/**
 * @typedef {import('../documentation.js').DocumentedOption} DocumentedOption
 */

/** What stands behind an option, by its kind. */
const PLACEHOLDERS = /** @type {Record<string, string | undefined>} */ ({
  ...{
    integer: 'N',
    number: 'N',
    flag: undefined,
    choice: 'NAME',
    choices: 'NAME,…',
    pair: 'N[,N]',
    pairs: 'JSON',
  },
  ...{ integers: 'N,N,…|FILE', numbers: 'N,N,…|FILE', floats: 'FILE', object: 'JSON' },
});

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
      return kind === 'flag'
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
export async function readOption(option, text, TensorClass) {
  if (text === true) return text;
  const mayBeFile = ['pair', 'integers', 'numbers', 'floats'].includes(option.kind);
  if (mayBeFile && text.endsWith('.npy')) return TensorClass.fromNpy(await readNpy(text));
  try {
    const value = parseOption(option, text);
    return option.kind === 'floats' ? new TensorClass('float32', value.data, value.shape) : value;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new UsageError(`--${flagOf(option.name)} is "${text}"; expected ${error.message}`);
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
