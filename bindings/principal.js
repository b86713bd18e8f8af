/**
 * Principal components of a cloud of vectors, on plain arrays: its axes are the leading eigenvectors of its covariance, by Lanczos'
 * method with full orthogonalisation. Sums in double precision.
 */
import { allocate } from './arrays.js';
import { InputError, ShapeError, show } from './errors.js';
import { matrixOf } from './similarity.js';
import { Tensor } from './tensor.js';

/** @import { NumberArray } from './arrays.js' */

/** Steps between two looks at how far the axes are; each look doubles them. */
const STEPS = 16;
/** What an axis may miss, of the largest eigenvalue. */
const PRECISION = 1e-12;

/** @param {Float64Array} a @param {Float64Array} b */
function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** a += factor b @param {Float64Array} a @param {Float64Array} b @param {number} factor */
function addTo(a, b, factor) {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}

/**
 * Where rows stand along the directions in which they spread most, as scikit-learn's PCA(count, svd_solver='full').fit_transform
 * gives it, by its rule for signs: the entry of largest magnitude of a component is positive. Components that rows do not spread
 * along are zeros.
 *
 * Pearson 1901, "On lines and planes of closest fit to systems of points in space".
 * @param {Tensor} rows [n, D] float32, float64 or int8
 * @param {number} count of components, at most n and D
 * @returns {Tensor<'float32'> & { readonly components: Tensor<'float32'>, readonly variance: Tensor<'float32'> }} [n, count]; with
 *   components [count, D], the directions, of unit length, and variance [count], how much rows spread along each (the sum of
 *   squares over n - 1)
 * @throws {InputError} what is no Tensor of those dtypes, values that are no finite numbers, a count that is none or too many;
 *   {ShapeError} what is no matrix, or is empty
 * @example
 * const { last_hidden_state } = await encoder.forward(inputs);
 * const places = principalComponents(last_hidden_state.slice(0), 2); // [T, 2]
 */
export function principalComponents(rows, count) {
  const [data, [n, width]] = matrixOf('rows', rows);
  const most = Math.min(n, width);
  if (most === 0) {
    throw new ShapeError(`rows has shape [${n}, ${width}]; expected at least one number`, {
      path: 'rows',
      value: rows.shape,
    });
  }
  if (!Number.isInteger(count) || count < 1 || count > most) {
    const message = `count is ${show(count)}; expected an integer from 1 to ${most}, as rows are [${n}, ${width}]`;
    throw new InputError(message, { path: 'count', value: count });
  }
  const bad = data.findIndex((/** @type {number} */ x) => !Number.isFinite(x));
  if (bad >= 0) {
    throw new InputError(
      `rows holds ${data[bad]} in row ${Math.floor(bad / width)}; expected finite numbers`,
      {
        path: 'rows',
        value: data[bad],
      },
    );
  }
  const { axes, scores } = principal(data, n, width, count);
  const [out, components] = [allocate(Float32Array, n * count), allocate(Float32Array, count * width)];
  const variance = new Float32Array(count);
  for (const [c, values] of scores.entries()) {
    components.set(axes[c], c * width);
    for (let row = 0; row < n; row++) out[row * count + c] = values[row];
    variance[c] = dot(values, values) / Math.max(1, n - 1);
  }
  return Object.assign(new Tensor('float32', out, [n, count]), {
    components: new Tensor('float32', components, [count, width]),
    variance: new Tensor('float32', variance, [count]),
  });
}

/**
 * The axes of rows, and where rows stand along each; fewer where rows span less.
 * @param {NumberArray} data [n, width]
 * @param {number} n
 * @param {number} width
 * @param {number} count
 * @returns {{ axes: Float64Array[], scores: Float64Array[] }} of each axis: [width], [n]
 */
export function principal(data, n, width, count) {
  const mean = new Float64Array(width);
  for (let i = 0; i < data.length; i++) mean[i % width] += data[i] / n;
  const rows = Array.from({ length: n }, (_, row) =>
    Float64Array.from({ length: width }, (_, i) => data[row * width + i] - mean[i]),
  );
  const axes = n ? principalAxes(rows, count) : [];
  return { axes, scores: axes.map((axis) => Float64Array.from(rows, (row) => dot(row, axis))) };
}

/**
 * @param {Float64Array[]} rows Vectors whose mean is 0.
 * @param {number} count
 * @returns {Float64Array[]} Unit vectors, the one along which rows spread most first; fewer where rows span less. The entry of
 *   largest magnitude of each is positive, as in scikit-learn's PCA.
 */
function principalAxes(rows, count) {
  const width = rows[0].length;
  /** Of rows, weighted. @param {(row: Float64Array, i: number) => number} weight */
  const sumOf = (weight) => {
    const sum = new Float64Array(width);
    rows.forEach((row, i) => {
      addTo(sum, row, weight(row, i));
    });
    return sum;
  };
  const most = Math.min(rows.length, width);
  /** @type {Float64Array[]} */
  const basis = [];
  /** @type {number[][]} */
  const lines = []; // of the symmetric matrix that the covariance is in this basis
  // Any vector of the rows' span that is not by chance at right angles to an axis.
  let next = sumOf((_, i) => 1 + ((i * 0.6180339887498949) % 1));
  let [length, largest, check] = [Math.sqrt(dot(next, next)), 0, STEPS];
  while (basis.length < most && length > PRECISION * largest) {
    const unit = next.map((x) => x / length);
    basis.push(unit);
    next = sumOf((row) => dot(row, unit));
    lines.push(basis.map((one) => dot(one, next)));
    largest = Math.max(largest, Math.sqrt(dot(next, next)));
    for (let again = 0; again < 2; again++) for (const one of basis) addTo(next, one, -dot(one, next));
    length = Math.sqrt(dot(next, next));
    if (basis.length === check && isDone(eigenvectors(lines).slice(0, count), length, largest)) break;
    if (basis.length === check) check *= 2;
  }
  return eigenvectors(lines)
    .slice(0, count)
    .map((weights) => {
      const axis = new Float64Array(width);
      basis.forEach((one, i) => {
        addTo(axis, one, weights[i]);
      });
      const top = axis.reduce((best, x, i) => (Math.abs(x) > Math.abs(axis[best]) ? i : best), 0);
      return axis[top] < 0 ? axis.map((x) => -x) : axis;
    });
}

/** What the vectors miss is their last entry times what is left. @param {Float64Array[]} vectors @param {number} left @param {number} largest */
const isDone = (vectors, left, largest) =>
  vectors.every((vector) => Math.abs(vector[vector.length - 1]) * left <= PRECISION * largest);

/**
 * Of a symmetric matrix, by Jacobi's rotations.
 * @param {number[][]} lines Its lower half.
 * @returns {Float64Array[]} Unit vectors, that of the largest eigenvalue first.
 */
function eigenvectors(lines) {
  const size = lines.length;
  const matrix = lines.map((_, i) =>
    Float64Array.from({ length: size }, (_, j) => (j <= i ? lines[i][j] : lines[j][i])),
  );
  const vectors = lines.map((_, i) => Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60; sweep++) {
    let turned = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) turned = rotate(matrix, vectors, p, q) || turned;
    }
    if (!turned) break;
  }
  const order = lines.map((_, i) => i).sort((a, b) => matrix[b][b] - matrix[a][a]);
  return order.map((i) => vectors[i]);
}

/**
 * Makes the entry (p, q) zero, unless it is nothing beside the diagonal.
 * @param {Float64Array[]} matrix
 * @param {Float64Array[]} vectors a row each
 * @param {number} p
 * @param {number} q
 */
function rotate(matrix, vectors, p, q) {
  const entry = matrix[p][q];
  if (Math.abs(entry) <= 1e-16 * Math.sqrt(Math.abs(matrix[p][p] * matrix[q][q]))) return false;
  const angle = Math.atan2(2 * entry, matrix[p][p] - matrix[q][q]) / 2;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const turn = (/** @type {Float64Array} */ a, /** @type {Float64Array} */ b) => {
    for (let i = 0; i < a.length; i++)
      [a[i], b[i]] = [cosine * a[i] + sine * b[i], cosine * b[i] - sine * a[i]];
  };
  turn(matrix[p], matrix[q]);
  turn(vectors[p], vectors[q]);
  for (const row of matrix)
    [row[p], row[q]] = [cosine * row[p] + sine * row[q], cosine * row[q] - sine * row[p]];
  [matrix[p][q], matrix[q][p]] = [0, 0];
  return true;
}
