/**
 * Options of an encoding written as text, as the command line and the page's forms have them: numbers, names, lists, JSON.
 * Not here: files.
 */

import { sizeOfShape } from '../bindings/arrays.js';
import { parseJson } from '../bindings/formats/json.js';

/** @typedef {import('./documentation.js').DocumentedOption} DocumentedOption */

/** A table of a few million numbers may be typed. */
const JSON_LIMITS = { length: 2 ** 26, depth: 8, values: 2 ** 22 };

/** What a text is not. The message is the rule: "a number". */
export class TextError extends Error {}

/**
 * @param {DocumentedOption} option of any kind but 'flag'
 * @param {string} text
 * @returns {any} the value; for 'floats' its numbers and their shape
 * @throws {TextError}
 */
export function parseOption({ kind, choices, single }, text) {
  if (kind === 'choice') return oneOf(text.trim(), choices);
  if (kind === 'integer' || kind === 'number') return numberOf(text);
  if (kind === 'object') return readJson(text);
  if (kind === 'choices' && text.trim() === '') return [];
  if (kind === 'choices') return text.split(',').map((word) => oneOf(word.trim(), choices));
  const list = text.trim().startsWith('[') ? readJson(text) : text.split(',').map(numberOf);
  if ((kind === 'pair' || single) && list.length === 1) return list[0];
  return kind === 'floats' ? unfold(list) : list;
}

/** @param {string} text @param {readonly string[]} choices */
function oneOf(text, choices) {
  if (!choices.includes(text)) throw new TextError(choices.join(', '));
  return text;
}

/** @param {string} text */
function numberOf(text) {
  const value = Number(text.trim().replace(/^([+-]?)inf(inity)?$/i, '$1Infinity'));
  if (text.trim() === '' || Number.isNaN(value)) throw new TextError('a number');
  return value;
}

/** @param {string} text @returns {any} */
function readJson(text) {
  try {
    return parseJson(text, 'it', JSON_LIMITS);
  } catch (error) {
    const { message, cause } = /** @type {Error} */ (error);
    throw new TextError(`JSON (${cause instanceof Error ? cause.message : message})`);
  }
}

/**
 * @param {any} list of numbers, nested
 * @returns {{ data: Float32Array, shape: number[] }}
 */
function unfold(list) {
  const shape = [];
  for (let level = list; Array.isArray(level); level = level[0]) shape.push(level.length);
  const flat = list.flat(shape.length - 1);
  const count = sizeOfShape(shape);
  const isEven = flat.length === count && flat.every((/** @type {unknown} */ one) => typeof one === 'number');
  if (!isEven) throw new TextError('a table: numbers, or lists of one length');
  return { data: Float32Array.from(flat), shape };
}
