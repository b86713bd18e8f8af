/** How well shorter vectors find what full ones find. Pure: the build counts with it, and the page, too, once a model is loaded. */
import { similarity } from '../../../bindings/similarity.js';
import { toInt8 } from '../../../bindings/tasks/precision.js';
import { Tensor } from '../../../bindings/tensor.js';

/** Of so many nearest it is counted how many are found again, where there are three times as many. */
const NEAREST = 10;
const MOST_STEPS = 24;

/** @typedef {8 | 1} Bits */
/** @typedef {Tensor<'float32'> | Tensor<'int8'>} Vectors [n, D] */
export const BITS = /** @type {const} */ ([8, 1]);

/** The lengths that are tried: multiples of 16. @param {number} width of a full vector */
export function stepsOf(width) {
  const step = 16 * Math.max(Math.ceil(width / 16 / MOST_STEPS), 1);
  return Array.from({ length: Math.floor(width / step) }, (_, i) => (i + 1) * step);
}

/** @param {number} sentences */
export const soughtOf = (sentences) => Math.max(Math.min(NEAREST, Math.floor(sentences / 3)), 1);

/**
 * The nearest first, of equals the earlier.
 * @param {ArrayLike<number>} cosines
 * @param {number} [count]
 * @param {number} [own] an index that is left out
 * @returns {number[]} indices
 */
export const nearest = (cosines, count = cosines.length, own = -1) =>
  Array.from(cosines, (_, i) => i)
    .filter((i) => i !== own)
    .sort((a, b) => cosines[b] - cosines[a] || a - b)
    .slice(0, count);

/**
 * The first numbers of each vector in fewer bits, as `embed` gives them with `dimensions` and `precision` int8; a bit is kept as 1
 * or −1, so that the cosine of two vectors counts the bits in which they agree.
 * @param {Vectors} vectors float32
 * @param {number} width how many are kept
 * @param {Bits} bits
 */
export function shortened(vectors, width, bits) {
  const [n, full] = vectors.shape;
  const kept = new Float32Array(n * width);
  for (let row = 0; row < n; row++)
    kept.set(vectors.data.subarray(row * full, row * full + width), row * width);
  const data = bits === 8 ? toInt8(kept, width, null) : Int8Array.from(kept, (x) => (x > 0 ? 1 : -1));
  return new Tensor('int8', data, [n, width]);
}

/** @param {Vectors} vectors @param {number} count of its first rows */
const firstRows = ({ dtype, data, shape: [, width] }, count) =>
  /** @type {Vectors} */ (new Tensor(dtype, data.subarray(0, count * width), [count, width]));

/**
 * For each vector its nearest among the sentences, itself left out.
 * @param {Vectors} vectors
 * @param {number} sentences the first so many rows
 * @returns {number[][]}
 */
export function nearestOfAll(vectors, sentences) {
  const cosines = /** @type {Float32Array} */ (similarity(vectors, firstRows(vectors, sentences)).data);
  return Array.from({ length: vectors.shape[0] }, (_, i) =>
    nearest(cosines.subarray(i * sentences, (i + 1) * sentences), soughtOf(sentences), i),
  );
}

/**
 * For each vector which of its nearest the shorter vectors find: bit k is set if its k-th nearest is among theirs.
 * @param {Vectors} vectors float32
 * @param {number[][]} truth of nearestOfAll
 * @param {number} sentences
 * @param {number} width
 * @param {Bits} bits
 */
export function foundAgain(vectors, truth, sentences, width, bits) {
  const found = nearestOfAll(shortened(vectors, width, bits), sentences);
  return Uint16Array.from(truth, (wanted, i) =>
    wanted.reduce((mask, sentence, k) => mask | (Number(found[i].includes(sentence)) << k), 0),
  );
}

/** The share that is found, over all. @param {Uint16Array} masks @param {number} sought how many nearest each has */
export function shareOf(masks, sought) {
  let found = 0;
  for (const mask of masks) for (let bits = mask; bits; bits &= bits - 1) found++;
  return found / (masks.length * sought);
}
