/** What a tokenizer's calls are given: texts and ids, checked, and errors that name them. */
import { InputError, show } from '../errors.js';

/** @import { Pipeline, Tokens } from './pipeline.js' */

/** @param {string} path @param {unknown} value @param {string} expected */
export const wrong = (path, value, expected) =>
  new InputError(`${path} is ${show(value)}; expected ${expected}`, { path, value });

/** @param {unknown} text @param {string} name @returns {string} a lone surrogate, which no UTF-8 can hold, is U+FFFD */
export function soundText(text, name) {
  if (typeof text !== 'string') throw wrong(name, text, 'a string');
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/**
 * @param {Pipeline} pipeline
 * @param {string} text
 * @param {string} name of the argument
 * @param {boolean} traced
 * @returns {Tokens}
 */
export function tokensOf(pipeline, text, name, traced) {
  try {
    return pipeline.run(text, traced);
  } catch (cause) {
    // The engine's longest string or array.
    if (!(cause instanceof RangeError)) throw cause;
    throw new InputError(`${name} of ${text.length} characters is too long to tokenize`, {
      path: name,
      cause,
    });
  }
}

/** @param {Tokens[]} tokens @param {number} special tokens around the texts @param {number} limit */
export function tooLong(tokens, special, limit) {
  const length = tokens.reduce((sum, { ids }) => sum + ids.length, special);
  return new InputError(`text has ${length} tokens; expected at most ${limit}`, {
    path: 'text',
    value: length,
  });
}

/**
 * @param {unknown} ids
 * @param {number} size of the vocabulary
 * @returns {number[]}
 */
export function checkIds(ids, size) {
  if (!Array.isArray(ids) && !ArrayBuffer.isView(ids)) throw wrong('ids', ids, 'an array');
  const list = Array.from(/** @type {ArrayLike<number>} */ (/** @type {unknown} */ (ids)));
  const bad = list.findIndex((id) => !(Number.isInteger(id) && id >= 0 && id < size));
  if (bad < 0) return list;
  throw wrong(`ids[${bad}]`, list[bad], `a whole number below ${size}`);
}
