/** Texts, and pairs of texts, as callers give them: checked, and errors that say what was given instead and what to do. */
import { arrayName, classOf } from '../arrays.js';
import { InputError, show } from '../errors.js';
import { didYouMean } from '../options/nearest.js';

/** @typedef {{ text: string, pair?: string }} Pair a second text beside a text, such as a document for a query */

/**
 * @param {unknown} input a text or an array of texts
 * @param {{ name?: string, pairs?: boolean, pairAdvice?: string }} [options] name: of the argument, for errors. pairs: {text, pair}
 *   is a text, too. pairAdvice: what to do with a pair else
 * @returns {Pair[]}
 * @throws {InputError} what is neither
 */
export function checkTexts(input, { name = 'texts', pairs = false, pairAdvice } = {}) {
  const isList = Array.isArray(input);
  const list = isList ? input : [input];
  const texts = [];
  for (let i = 0; i < list.length; i++) {
    const path = isList ? `${name}[${i}]` : name;
    if (typeof list[i] === 'string') texts.push({ text: list[i] });
    else if (pairs && classOf(list[i]) === 'Object' && 'text' in list[i])
      texts.push(checkPair(list[i], path));
    else throw refusal(list[i], path, { isList, pairs, pairAdvice });
  }
  return texts;
}

/** @param {Record<string, any>} given @param {string} path @returns {Pair} */
function checkPair(given, path) {
  for (const key of Object.keys(given)) {
    if (key === 'text' || key === 'pair') continue;
    const hint = didYouMean(key, ['pair', 'text']);
    throw new InputError(`${path} has ${show(key)}${hint}; expected {text, pair}`, { path, value: given });
  }
  const { text, pair } = given;
  for (const [key, value] of Object.entries({ text, pair })) {
    if (typeof value === 'string' || (key === 'pair' && value === undefined)) continue;
    const at = `${path}.${key}`;
    throw new InputError(`${at} is ${show(value)}; expected a string`, { path: at, value });
  }
  return { text, pair };
}

/** @param {unknown} value @param {string} path @param {{ isList: boolean, pairs: boolean, pairAdvice?: string }} call */
function refusal(value, path, { isList, pairs, pairAdvice = 'pairs are for classify' }) {
  const one = pairs ? 'a string or a pair {text, pair}' : 'a string';
  const expected = isList ? one : `${one}, or an array of them`;
  const isIds = isList && isNumber(value);
  const advice = isIds ? IDS : adviceFor(value, pairs, pairAdvice);
  return new InputError(`${path} is ${show(value)}; expected ${expected}${advice}`, {
    path,
    value,
  });
}

/** The classes of pictures, and of what holds some. */
const PICTURES =
  /^(?:URL|ImageData|ImageBitmap|OffscreenCanvas|VideoFrame|HTML(?:Image|Canvas|Video)Element)$/;
/** What callers name texts when they put them into an object. */
const NAMES = ['text', 'texts', 'input', 'inputs', 'sentence', 'sentences', 'query', 'document', 'documents'];

const IDS = '; token ids are given as {input_ids: [[…]]}';

/** What to do with what is no text. @param {any} value @param {boolean} pairs @param {string} pairAdvice */
function adviceFor(value, pairs, pairAdvice) {
  if (value === null || typeof value !== 'object' || typeof value.then === 'function') return '';
  const kind = classOf(value);
  if (kind === 'Blob' || kind === 'File') return '; this model reads texts: pass await blob.text()';
  if (PICTURES.test(kind) || 'path' in value || ('data' in value && 'width' in value))
    return ': this model reads texts, not pictures or addresses';
  if ((arrayName(value) ?? '').startsWith('Uint8') || kind === 'ArrayBuffer')
    return '; bytes of a text become one by new TextDecoder().decode(bytes)';
  if (arrayName(value) || 'shape' in value || isNumber(firstIn(value))) return IDS;
  if (Array.isArray(value))
    return pairs ? '; a text with a second one is {text, pair}' : '; an array in an array is not a text';
  if (kind.startsWith('HTML')) return `; pass its ${'value' in value ? 'value' : 'textContent'}`;
  if ('text' in value && 'pair' in value) return `; ${pairAdvice}`;
  const key = NAMES.find((name) => name in value);
  if (key) return `; pass its ${key}`;
  return Symbol.iterator in value ? '; an array of what is in it is [...texts]' : '';
}

/** The first value of nested lists, as far as they go. @param {any} value */
function firstIn(value) {
  for (let depth = 0; Array.isArray(value) && depth < 64; depth++) value = value[0];
  return value;
}

/** @param {unknown} value */
const isNumber = (value) => typeof value === 'number' || typeof value === 'bigint';
