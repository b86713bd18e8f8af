/** Vectors on a map of two directions. Pure. */
import { principalComponents } from '../../../bindings/principal.js';
import { Tensor } from '../../../bindings/tensor.js';
import { nearest } from './recall.js';

/** @typedef {[x: number, y: number]} Place */
/** @import { Vectors } from './recall.js' */

/** A text that is not on the map lands between so many. */
const NEIGHBOURS = 5;
const DIRECTIONS = 5;

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** @param {Float64Array[]} rows */
function meanOf(rows) {
  const mean = new Float64Array(rows[0].length);
  for (const row of rows) for (let k = 0; k < mean.length; k++) mean[k] += row[k] / rows.length;
  return mean;
}

/**
 * The places of vectors along two principal directions: of the topics' means, where there are topics, the pair that keeps topics
 * together best; else the first two of the vectors themselves.
 * @param {Vectors} vectors
 * @param {readonly number[] | null} topics of each
 * @returns {Place[]} from 0 to 1, both directions on one scale, the larger filling it
 */
export function placesOf(vectors, topics) {
  const [n, width] = vectors.shape;
  const rows = Array.from({ length: n }, (_, i) =>
    Float64Array.from(vectors.data.subarray(i * width, (i + 1) * width)),
  );
  const mean = meanOf(rows);
  for (const row of rows) for (let k = 0; k < width; k++) row[k] -= mean[k];
  const names = topics ? [...new Set(topics)] : [];
  const means = names.map((name) => meanOf(rows.filter((_, i) => topics?.[i] === name)));
  const axes = axesOf(topics ? means : rows, topics ? DIRECTIONS : 2);
  const along = axes.map((axis) => rows.map((row) => dot(axis, row)));
  const [x, y] = topics ? bestPair(along, topics) : [along[0], along[1]];
  return fitted(rows.map((_, i) => [x?.[i] ?? 0, y?.[i] ?? 0]));
}

/** The directions along which vectors spread most. @param {Float64Array[]} rows @param {number} most @returns {Float64Array[]} */
function axesOf(rows, most) {
  const [n, width] = [rows.length, rows[0]?.length ?? 0];
  const count = Math.min(most, n, width);
  if (!count) return [];
  const all = new Float64Array(n * width);
  rows.forEach((row, i) => {
    all.set(row, i * width);
  });
  const { data } = principalComponents(new Tensor('float64', all, [n, width]), count).components;
  return Array.from({ length: count }, (_, i) =>
    Float64Array.from(data.subarray(i * width, (i + 1) * width)),
  );
}

/** @param {number[][]} along each direction, the places of all @param {readonly number[]} topics */
function bestPair(along, topics) {
  let [best, most] = [along.slice(0, 2), Number.NEGATIVE_INFINITY];
  for (let i = 0; i < along.length; i++)
    for (let j = i + 1; j < along.length; j++) {
      const kept = togetherness(
        topics.map((_, k) => [along[i][k], along[j][k]]),
        topics,
      );
      if (kept > most) [best, most] = [[along[i], along[j]], kept];
    }
  return best;
}

/**
 * The mean silhouette: how much nearer each is to its own topic than to the nearest other one, from −1 to 1 (Rousseeuw 1987,
 * doi:10.1016/0377-0427(87)90125-7).
 * @param {Place[]} places
 * @param {readonly number[]} topics
 */
function togetherness(places, topics) {
  const names = [...new Set(topics)];
  const silhouettes = places.map(([x, y], i) => {
    const to = (/** @type {number} */ name) => {
      const others = places.filter((_, j) => j !== i && topics[j] === name);
      return others.reduce((sum, [u, v]) => sum + Math.hypot(x - u, y - v), 0) / others.length;
    };
    const own = to(topics[i]);
    const other = Math.min(...names.filter((name) => name !== topics[i]).map(to));
    return (other - own) / Math.max(own, other);
  });
  return silhouettes.reduce((sum, one) => sum + one, 0) / places.length;
}

/** @param {Place[]} places @returns {Place[]} */
function fitted(places) {
  const [xs, ys] = [0, 1].map((k) => places.map((place) => place[k]));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = Math.max(Math.max(...xs) - left, Math.max(...ys) - top) || 1;
  return places.map(([x, y]) => [(x - left) / size, (y - top) / size]);
}

/**
 * Where a text lands: the mean of the places of its nearest, weighted by their cosines.
 * @param {ArrayLike<number>} cosines to those on the map
 * @param {Place[]} places
 * @returns {{ at: Place, near: { index: number, weight: number }[] }} weights sum to 1
 */
export function landing(cosines, places) {
  const indices = nearest(cosines, NEIGHBOURS);
  const raw = indices.map((index) => Math.max(cosines[index], 0));
  const sum = raw.reduce((a, b) => a + b, 0);
  const near = indices.map((index, k) => ({ index, weight: sum ? raw[k] / sum : 1 / indices.length }));
  const at = /** @type {Place} */ (
    [0, 1].map((k) => near.reduce((s, { index, weight }) => s + weight * places[index][k], 0))
  );
  return { at, near };
}
