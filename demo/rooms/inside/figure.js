/** What the whole net's picture holds: colours of numbers, distances, wires, answers; small enough to be made at build. */
import { apartOf, rowOf, statesOf } from './pair.js';

/**
 * @import { Pair, Reading } from './pair.js'
 * @import { Tensor } from '../../../bindings/tensor.js'
 *
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

/** @param {Pair} pair @returns {Figure} */
export function figureOf({ words, order, isTurned, twin, told, blind }) {
  const [a, b, blindA, blindB] = [told.a, told.b, blind.a, blind.b].map(statesOf);
  const places = /** @type {Tensor} */ (told.a.trace.embeddings.position);
  const apart = (/** @type {Tensor[]} */ first, /** @type {Tensor[]} */ second) =>
    first.map((state, s) => twin.map((to, from) => apartOf(rowOf(state, from), rowOf(second[s], to))));
  const ofWords = (/** @type {number[][]} */ shares) =>
    words.map((_, i) => shares[i + 1].map((x) => Number(x.toFixed(4))));
  return {
    words,
    known: told.a.known.slice(1, -1),
    order,
    isTurned,
    width: a[0].shape[1],
    strips: {
      a: joined(a.map((state, s) => colours(state, largest(state, b[s])))),
      place: colours(places, largest(places)),
      b: joined(a.map((state, s) => arranged(colours(b[s], largest(state, b[s])), twin))),
      blind: joined(blindA.map((state) => colours(state, largest(state)))),
    },
    apart: { told: apart(a, b), blind: apart(blindA, blindB) },
    wires: joined(told.a.trace.layers.map(({ attention }) => meanOf(attention))),
    shares: {
      a: ofWords(told.a.shares),
      b: ofWords(twin.map((to) => told.b.shares[to])),
      blind: ofWords(blind.a.shares),
    },
  };
}

/** @param {Tensor[]} tensors */
function largest(...tensors) {
  let most = 1e-12;
  for (const { data } of tensors) for (const x of data) most = Math.max(most, Math.abs(Number(x)));
  return most;
}

/** The colour map's steps of numbers, 0 in the middle. @param {Tensor} tensor @param {number} most */
const colours = ({ data }, most) =>
  Uint8Array.from(/** @type {Float32Array} */ (data), (x) => Math.round(127.5 + (127.5 * x) / most));

/** @param {Uint8Array} rows [T, D] @param {number[]} order */
function arranged(rows, order) {
  const width = rows.length / order.length;
  return joined(order.map((from) => rows.subarray(from * width, (from + 1) * width)));
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The mean over heads in 255ths. @param {Tensor} maps [H, T, T] */
function meanOf({ data, shape: [heads, tokens] }) {
  return Uint8Array.from({ length: tokens ** 2 }, (_, i) => {
    let sum = 0;
    for (let head = 0; head < heads; head++) sum += Number(data[head * tokens ** 2 + i]);
    return Math.round((255 * sum) / heads);
  });
}

/** @param {Uint8Array} bytes */
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
/** @param {string} text */
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** As JSON. @param {Figure} figure */
export function pack({ strips, wires, apart, ...rest }) {
  const shorter = (/** @type {number[][]} */ rows) =>
    rows.map((row) => row.map((x) => Number(x < ROUNDING ? x.toPrecision(2) : x.toFixed(5))));
  return {
    ...rest,
    apart: { told: shorter(apart.told), blind: shorter(apart.blind) },
    wires: base64(wires),
    strips: mapped(strips, base64),
  };
}

/** @param {ReturnType<typeof pack>} packed @returns {Figure} */
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
const mapped = (strips, change) =>
  /** @type {Record<keyof Figure['strips'], B>} */ (
    Object.fromEntries(Object.entries(strips).map(([key, strip]) => [key, change(strip)]))
  );

/** The first state in which a token and its twin differ; -1 if none. @param {Figure} figure @param {number} token */
export const partsAt = ({ apart }, token) => apart.told.findIndex((row) => row[token] > ROUNDING);

/** A distance as it is drawn. @param {number} apart */
export const apartText = (apart) => (apart < ROUNDING ? '0' : apart.toFixed(2));

/** A distance as it is read out. @param {number} apart */
export const apartInWords = (apart) =>
  apart >= ROUNDING ? apart.toFixed(2) : apart === 0 ? '0' : `${apart.toExponential(0)}, rounding,`;
