/** Structs of 32-bit fields between JavaScript and C, by the layouts in layouts.js. */

/** @import { FieldType, Struct } from './layouts.js' */

/** @param {Struct} struct @returns {number} 32-bit words of a struct */
export const sizeOf = (struct) =>
  Object.values(struct).reduce((/** @type {number} */ sum, type) => sum + wordsOf(type), 0);

/** @param {FieldType} type @returns {number} */
function wordsOf(type) {
  if (typeof type === 'number') return type;
  return typeof type === 'string' ? 1 : sizeOf(type[0]) * type[1];
}

/**
 * Lays values out as a C struct; what is missing is 0, and so is false.
 * @param {Struct} struct
 * @param {Record<string, any>} values
 * @returns {Uint32Array}
 */
export function encode(struct, values) {
  const words = new Uint32Array(sizeOf(struct));
  let at = 0;
  for (const [field, type] of Object.entries(struct)) {
    const value = values[field];
    if (type === 'f') new Float32Array(words.buffer)[at] = value;
    else if (type === 'u') words[at] = value;
    else if (typeof type === 'number') words.set(value ?? [], at);
    else
      words.set(
        (value ?? []).flatMap((/** @type {any} */ one) => [...encode(type[0], one)]),
        at,
      );
    at += wordsOf(type);
  }
  return words;
}

/**
 * Reads a struct of unsigned fields.
 * @template {Struct} S
 * @param {S} struct
 * @param {Uint32Array} words
 * @returns {Record<keyof S, number>}
 */
export const decode = (struct, words) =>
  /** @type {any} */ (Object.fromEntries(Object.keys(struct).map((field, i) => [field, words[i]])));
