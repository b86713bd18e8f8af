/** Vectors on a map of two directions. Pure. */
import { principalComponents } from '../../../bindings/principal.js';
import { Tensor } from '../../../bindings/tensor.js';
import { nearest } from './recall.js';

/** @typedef {[x: number, y: number]} Place */
/** @import { Vectors } from './recall.js' */

/** A text that is not on the map lands between so many. */
const NEIGHBOURS = 5;
const DIRECTIONS = 5;

/**
 * The mean vector of each topic.
 * @param {Vectors} vectors
 * @param {readonly number[]} topics
 */
function meansOf({ data, shape: [n, width] }, topics) {
  const names = [...new Set(topics)];
  const means = new Float32Array(names.length * width);
  for (let i = 0; i < n; i++) {
    const count = topics.filter((name) => name === topics[i]).length;
    const at = names.indexOf(topics[i]) * width;
    for (let k = 0; k < width; k++) means[at + k] += data[i * width + k] / count;
  }
  return new Tensor('float32', means, [names.length, width]);
}

/** How far each vector goes along a direction. @param {Vectors} vectors @param {ArrayLike<number>} axis @returns {number[]} */
const alongOf = ({ data, shape: [n, width] }, axis) =>
  Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < width; k++) sum += data[i * width + k] * axis[k];
    return sum;
  });

/**
 * The places of vectors along two principal directions: of the topics' means, where there are topics, the pair that keeps topics
 * together best; else the first two of the vectors themselves.
 * @param {Vectors} vectors
 * @param {readonly number[] | null} topics of each
 * @returns {Place[]} from 0 to 1, both directions on one scale, the larger filling it
 */
export function placesOf(vectors, topics) {
  const cloud = topics ? meansOf(vectors, topics) : vectors;
  const count = Math.min(topics ? DIRECTIONS : 2, ...cloud.shape);
  const { data } = principalComponents(cloud, count).components;
  const width = vectors.shape[1];
  const along = Array.from({ length: count }, (_, i) =>
    alongOf(vectors, data.subarray(i * width, (i + 1) * width)),
  );
  const [x, y] = topics ? bestPair(along, topics) : along;
  return fitted(x.map((at, i) => [at, y?.[i] ?? 0]));
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
