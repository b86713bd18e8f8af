/** What the whole net's picture holds: colours of numbers, distances, wires, answers; small enough to be made at build. Not here: how it is made. */

/**
 * @typedef {object} Figure n words, T = n + 2 tokens, S states: all steps but the answers
 * @property {string[]} words
 * @property {boolean[]} known [n]
 * @property {number[]} order see Pair
 * @property {boolean} isTurned
 * @property {number} width D
 * @property {Record<'a' | 'place' | 'b' | 'blind', Uint8Array>} strips steps of the colour map: a, b and blind [S, T, D], place [T, D];
 *   b has the tokens in the first sentence's order
 * @property {Record<'told' | 'blind', number[][]>} apart [S][T]
 * @property {Uint8Array} wires [layers, T, T] shares of attention over all heads, in 255ths
 * @property {Record<'a' | 'b' | 'blind', number[][]>} shares [n][6] of the roles, in the first sentence's order
 */

/** Nearer than this, two vectors are apart by rounding only. */
export const ROUNDING = 1e-5;

/** @param {string} text */
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** @param {ReturnType<typeof import('./making.js').pack>} packed @returns {Figure} */
export const unpack = ({ wires, strips, ...rest }) => ({
  ...rest,
  wires: bytesOf(wires),
  strips: mapped(strips, bytesOf),
});

/**
 * @template A, B
 * @param {Figure['strips'] | Record<keyof Figure['strips'], A>} strips
 * @param {(strip: any) => B} change
 */
export const mapped = (strips, change) =>
  /** @type {Record<keyof Figure['strips'], B>} */ (
    Object.fromEntries(Object.entries(strips).map(([key, strip]) => [key, change(strip)]))
  );

/** The first state in which a token and its twin differ; -1 if none. @param {Figure} figure @param {number} token */
export const partsAt = ({ apart }, token) => apart.told.findIndex((row) => row[token] > ROUNDING);

/** A distance as it is drawn. @param {number} apart */
export const apartText = (apart) => (apart < ROUNDING ? '0' : apart.toFixed(2));

/** A distance as it is read out. @param {number} apart */
export const apartInWords = (apart) =>
  apart > 0 && apart < ROUNDING ? `${apart.toExponential(0)}, rounding` : `${apartText(apart)} apart`;
