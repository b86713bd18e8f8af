/** Texts become token ids: one by one, split into chunks, or several as padded tensors. */
import { check } from '../check.js';
import { InputError } from '../errors.js';
import { any, choice, integer } from '../options/table.js';
import { Tensor } from '../tensor.js';
import { checkTexts } from './texts.js';

/**
 * @typedef {import('./tokenizer.js').Tokenizer} Tokenizer
 * @typedef {import('./public.js').Ids} Encoding
 * @import { TokenizedTexts, TokenizeOptions } from '../public.js'
 */

const OPTIONS = {
  pair: any('a second text for each', { optional: true }),
  maxLength: integer('tokens, special ones included', { min: 1, optional: "the model's limit" }),
  onTruncate: choice(['cut', 'error'], 'what happens to texts that are too long', { default: 'cut' }),
};

/**
 * One text; an error about it says where it stands among others.
 * @param {Tokenizer} tokenizer
 * @param {string} text
 * @param {{ pair?: string, maxLength?: number, onTruncate?: 'cut' | 'error', path?: string, padTo?: number }} options path: its
 *   name. padTo: tokens that it gets at least
 * @returns {Encoding}
 */
export function encodeText(tokenizer, text, { path, padTo, ...options }) {
  try {
    return lengthened(tokenizer, tokenizer.ids(text, options), padTo);
  } catch (error) {
    if (!(error instanceof InputError) || path === undefined) throw error;
    const { message, value } = error;
    throw new InputError(`${path}: ${message}`, { path, value, cause: error });
  }
}

/**
 * With padding that counts as text.
 * @template {Pick<Encoding, 'ids' | 'typeIds'>} T
 * @param {Tokenizer} tokenizer
 * @param {T} encoding
 * @param {number} [length]
 * @returns {T}
 */
function lengthened(tokenizer, encoding, length = 0) {
  const count = length - encoding.ids.length;
  if (count <= 0) return encoding;
  const start = tokenizer.paddingSide === 'left' ? count : 0;
  const [ids, typeIds] = [new Int32Array(length).fill(tokenizer.special.pad ?? 0), new Int32Array(length)];
  ids.set(encoding.ids, start);
  typeIds.set(encoding.typeIds, start);
  return { ...encoding, ids, typeIds };
}

/**
 * Splits a text longer than the limit into chunks that each carry the special tokens.
 * @param {Tokenizer} tokenizer
 * @param {string} text
 * @param {number} limit tokens of a chunk, special ones included
 * @param {number} [padTo] tokens that each gets at least
 * @returns {Pick<Encoding, 'ids' | 'typeIds'>[]} at least one
 */
export function splitText(tokenizer, text, limit, padTo) {
  const specials = tokenizer.ids('').ids;
  const sample = tokenizer.ids('a').ids;
  let prefix = 0;
  while (prefix < specials.length && specials[prefix] === sample[prefix]) prefix++;
  const room = limit - specials.length;
  const { ids, typeIds } = tokenizer.ids(text);
  const content = ids.subarray(prefix, ids.length - (specials.length - prefix));
  const chunks = [];
  for (let start = 0; start === 0 || start < content.length; start += room) {
    const part = content.subarray(start, start + room);
    chunks.push({
      ids: Int32Array.from([...specials.subarray(0, prefix), ...part, ...specials.subarray(prefix)]),
      typeIds: typeIds.slice(0, part.length + specials.length),
    });
  }
  return chunks.map((chunk) => lengthened(tokenizer, chunk, padTo));
}

/**
 * Tokens of a prompt in front of a text, special ones included but for those that would close it.
 * @param {Tokenizer} tokenizer
 * @param {string} prompt
 */
export function promptLength(tokenizer, prompt) {
  const { ids } = tokenizer.ids(prompt);
  const closing = tokenizer.ids('').ids.at(-1);
  return ids.at(-1) === closing ? ids.length - 1 : ids.length;
}

/**
 * @param {Tokenizer} tokenizer
 * @param {string | readonly string[]} texts
 * @param {TokenizeOptions} options
 * @param {number} limit tokens of a text
 * @param {number} [padTo] tokens that each gets at least, see encodeText
 * @returns {TokenizedTexts}
 */
export function tokenizeTexts(tokenizer, texts, options, limit, padTo) {
  const { pair, maxLength = limit, onTruncate } = check('tokenize', options, OPTIONS);
  const firsts = checkTexts(texts, { pairAdvice: 'a second text is the option "pair"' });
  const seconds = pair === undefined ? null : checkTexts(pair, { name: 'pair' });
  if (seconds && seconds.length !== firsts.length) {
    throw new InputError(`pair has ${seconds.length} texts; expected ${firsts.length}, one for each text`, {
      path: 'pair',
      value: seconds.length,
    });
  }
  const most = Math.min(maxLength, limit);
  const encodings = firsts.map(({ text }, i) => {
    const path = Array.isArray(texts) ? `texts[${i}]` : undefined;
    return encodeText(tokenizer, text, { pair: seconds?.[i].text, maxLength: most, onTruncate, path, padTo });
  });
  const truncated = encodings.flatMap((encoding, i) => (encoding.truncated ? [i] : []));
  return { ...padEncodings(encodings, tokenizer.special.pad ?? 0), truncated };
}

/**
 * @param {Encoding[]} encodings
 * @param {number} pad the padding token's id
 */
function padEncodings(encodings, pad) {
  const shape = [encodings.length, Math.max(0, ...encodings.map(({ ids }) => ids.length))];
  const make = () => new Int32Array(shape[0] * shape[1]);
  const [ids, mask, types] = [make().fill(pad), make(), make()];
  encodings.forEach((encoding, i) => {
    ids.set(encoding.ids, i * shape[1]);
    types.set(encoding.typeIds, i * shape[1]);
    mask.fill(1, i * shape[1], i * shape[1] + encoding.ids.length);
  });
  return {
    input_ids: new Tensor('int32', ids, shape),
    attention_mask: new Tensor('int32', mask, shape),
    token_type_ids: new Tensor('int32', types, shape),
  };
}
