/** Padding of encodings to one length. Source: padding.rs of tokenizers. */

/** @import { Encoding } from './public.js' */
/**
 * @typedef {object} Padding
 * @property {number} length tokens that each encoding gets at least
 * @property {'left' | 'right'} side
 * @property {number} id
 * @property {number} typeId
 * @property {string} token
 */

/**
 * @param {Encoding} encoding
 * @param {Padding} padding
 * @returns {Encoding} it, or a longer one; the windows of what was cut are padded, too
 */
export function padded(encoding, padding) {
  const overflowing = encoding.overflowing.map((window) => padded(window, padding));
  const count = padding.length - encoding.ids.length;
  if (count <= 0) return { ...encoding, overflowing };
  const { side, id, typeId, token } = padding;
  const numbers = (/** @type {Int32Array} */ values, /** @type {number} */ value) => {
    const result = new Int32Array(padding.length).fill(value);
    result.set(values, side === 'left' ? count : 0);
    return result;
  };
  /** @type {<T>(values: T[], value: T) => T[]} */
  const list = (values, value) => {
    const more = new Array(count).fill(value);
    return side === 'left' ? [...more, ...values] : [...values, ...more];
  };
  return {
    ids: numbers(encoding.ids, id),
    typeIds: numbers(encoding.typeIds, typeId),
    attentionMask: numbers(encoding.attentionMask, 0),
    specialTokensMask: numbers(encoding.specialTokensMask, 1),
    offsets: list(encoding.offsets, [0, 0]),
    tokens: list(encoding.tokens, token),
    sequenceIds: list(encoding.sequenceIds, null),
    wordIds: list(encoding.wordIds, null),
    truncated: encoding.truncated,
    overflowing,
  };
}
