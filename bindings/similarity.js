/** Cosine similarity of vectors, on plain arrays. Not a search index: each row is compared with each row. */
import { arrayName, refuser, tensorOf } from './arrays.js';
import { InputError, OutOfMemoryError, ShapeError, show } from './errors.js';
import { Tensor } from './tensor.js';

/** @import { NumberArray } from './arrays.js' */

const COMPARED = ['Float32Array', 'Float64Array', 'Int8Array'];
const TENSOR = 'a Tensor of float32, float64, int8';

/**
 * The cosines of the angles between the rows of `a` and the rows of `b`. Sums run in double precision; a row
 * of zeros has similarity 0 with every row.
 * @param {Tensor} a [n, D] float32, float64 or int8.
 * @param {Tensor} [b] [m, D] of the same; default `a`.
 * @returns {Tensor} [n, m] float32, from -1 to 1.
 * @throws {InputError} If an argument is not a Tensor of one of those dtypes.
 * @throws {ShapeError} If an argument is not a matrix, or the rows differ in length.
 * @throws {OutOfMemoryError} If there is no room for n·m numbers.
 */
export function similarity(a, b = a) {
  const [x, [n, width]] = matrixOf('a', a);
  const [y, [m, widthB]] = b === a ? [x, [n, width]] : matrixOf('b', b);
  if (width !== widthB) {
    throw new ShapeError(`rows of a have ${width} numbers, rows of b ${widthB}`, { value: b.shape });
  }
  let cosines;
  try {
    cosines = new Float32Array(n * m);
  } catch (cause) {
    throw new OutOfMemoryError(`no memory for ${n} x ${m} similarities`, { cause });
  }
  const normsX = norms(x, n, width);
  const normsY = norms(y, m, width);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const norm = normsX[i] * normsY[j];
      if (norm === 0) continue; // a row of zeros; the array holds 0 already
      let sum = 0;
      for (let k = 0; k < width; k++) sum += x[i * width + k] * y[j * width + k];
      cosines[i * m + j] = sum / norm;
    }
  }
  return new Tensor('float32', cosines, [n, m]);
}

/**
 * The Euclidean length of each row.
 * @param {NumberArray} rows [count, width]
 * @param {number} count
 * @param {number} width
 * @returns {Float64Array} [count]
 */
function norms(rows, count, width) {
  return new Float64Array(count).map((_, i) => {
    let sum = 0;
    for (let k = i * width; k < (i + 1) * width; k++) sum += rows[k] * rows[k];
    return Math.sqrt(sum);
  });
}

/**
 * The values and sizes of a matrix.
 * @param {string} name
 * @param {any} tensor
 * @returns {[data: NumberArray, shape: number[]]}
 */
export function matrixOf(name, tensor) {
  const { data, shape } = tensorOf(tensor, refuser(name, tensor, TENSOR));
  if (!COMPARED.includes(arrayName(data) ?? '') || arrayName(tensor.data) !== arrayName(data)) {
    const found = tensor instanceof Tensor ? `a Tensor of ${tensor.dtype}` : show(tensor.data);
    throw new InputError(`${name} is ${found}; expected ${TENSOR}`, { path: name, value: tensor });
  }
  if (shape.length !== 2) {
    throw new ShapeError(`${name} has shape ${show(shape)}; expected [rows, width]`, {
      path: name,
      value: shape,
    });
  }
  return [data, shape];
}
