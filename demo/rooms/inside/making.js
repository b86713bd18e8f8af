/** Makes the whole net's picture of what both networks made of both sentences, and packs it for the page. */
import { mapped, ROUNDING } from './figure.js';
import { apartOf, rowOf, statesOf } from './pair.js';

/**
 * @import { Figure } from './figure.js'
 * @import { Pair } from './pair.js'
 * @import { Tensor } from '../../../bindings/tensor.js'
 */

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
