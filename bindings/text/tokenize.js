/** Several texts at once: their tokens as padded tensors, long texts cut or split into chunks. */
import { InputError } from '../errors.js';
import { Tensor } from '../tensor.js';

/**
 * @typedef {import('./tokenizer.js').Tokenizer} Tokenizer
 * @typedef {{ ids: Int32Array, typeIds: Int32Array }} Encoding
 */

/**
 * @param {unknown} input a text or an array of texts
 * @param {string} [name] of the argument, for errors
 * @returns {string[]}
 */
export function checkTexts(input, name = 'texts') {
  const texts = Array.isArray(input) ? input : [input];
  texts.forEach((text, i) => {
    if (typeof text === 'string') return;
    const found = text === null ? 'null' : typeof text;
    const where = Array.isArray(input) ? `${name}[${i}]` : name;
    throw new InputError(`${where} is ${found}; expected a string`, { path: where, value: text });
  });
  return texts;
}

/**
 * @param {Tokenizer} tokenizer
 * @param {string | string[]} texts
 * @param {{ pair?: string | string[], maxLength?: number, onTruncate?: 'cut' | 'error', limit: number }} options
 * @returns {{ input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor, truncated: number[] }}
 */
export function tokenizeTexts(tokenizer, texts, { pair, maxLength, onTruncate = 'cut', limit }) {
  const firsts = checkTexts(texts);
  const seconds = pair === undefined ? null : checkTexts(pair, 'pair');
  if (seconds && seconds.length !== firsts.length) {
    throw new InputError(`pair has ${seconds.length} texts; expected ${firsts.length}, one for each text`, {
      path: 'pair',
      value: seconds.length,
    });
  }
  if (!['cut', 'error'].includes(onTruncate)) {
    throw new InputError(`onTruncate is ${JSON.stringify(onTruncate)}; expected cut or error`, {
      path: 'onTruncate',
    });
  }
  const most = lengthLimit(maxLength, limit);
  const encodings = firsts.map((text, i) => {
    try {
      return tokenizer.encode(text, { pair: seconds?.[i], maxLength: most, onTruncate });
    } catch (error) {
      if (!(error instanceof InputError) || !Array.isArray(texts)) throw error;
      const { message, value } = error;
      throw new InputError(`texts[${i}]: ${message}`, { path: `texts[${i}]`, value, cause: error });
    }
  });
  const truncated = encodings.flatMap((encoding, i) => (encoding.truncated ? [i] : []));
  return { ...padEncodings(encodings, tokenizer.special.pad ?? 0), truncated };
}

/** @param {number | undefined} maxLength @param {number} limit */
function lengthLimit(maxLength, limit) {
  if (maxLength === undefined) return limit;
  if (!Number.isInteger(maxLength) || maxLength < 1) {
    throw new InputError(`maxLength is ${maxLength}; expected a positive integer`, {
      path: 'maxLength',
      value: maxLength,
    });
  }
  return Math.min(maxLength, limit);
}

/**
 * Splits texts longer than the limit into chunks that each carry the special tokens.
 * @param {Tokenizer} tokenizer
 * @param {string[]} texts
 * @param {number} limit tokens of a chunk, special ones included
 * @returns {{ inputs: ReturnType<typeof padEncodings>, owners: number[] }} owners: the text that each chunk is of
 */
export function tokenizeChunks(tokenizer, texts, limit) {
  const specials = tokenizer.encode('', {}).ids;
  const sample = tokenizer.encode('a', {}).ids;
  let prefix = 0;
  while (prefix < specials.length && specials[prefix] === sample[prefix]) prefix++;
  const suffix = specials.length - prefix;
  const room = limit - specials.length;
  /** @type {Encoding[]} */
  const chunks = [];
  /** @type {number[]} */
  const owners = [];
  texts.forEach((text, owner) => {
    const { ids, typeIds } = tokenizer.encode(text, {});
    const content = ids.subarray(prefix, ids.length - suffix);
    for (let start = 0; start === 0 || start < content.length; start += room) {
      const part = content.subarray(start, start + room);
      chunks.push({
        ids: Int32Array.from([...specials.subarray(0, prefix), ...part, ...specials.subarray(prefix)]),
        typeIds: typeIds.slice(0, part.length + specials.length),
      });
      owners.push(owner);
    }
  });
  return { inputs: padEncodings(chunks, tokenizer.special.pad ?? 0), owners };
}

/**
 * @param {Encoding[]} encodings
 * @param {number} pad the padding token's id
 * @returns {{ input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor }} int32 [n, longest]
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
