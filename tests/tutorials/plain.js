// Attention and an encoder layer as the tutorials write them, in plain loops over arrays of rows. Not a test.

/** @typedef {number[][]} Rows [T, D] */
/** @typedef {import('wasmformer').Tensor} Tensor */

/** @param {Tensor} tensor [R, D], or [1, R, D] @returns {Rows} */
export function rowsOf(tensor) {
  const { data, shape } = tensor;
  const width = shape[shape.length - 1];
  return Array.from({ length: data.length / width }, (_, r) =>
    Array.from(data.subarray(r * width, (r + 1) * width), Number),
  );
}

/** x W^T + b. @param {Rows} x @param {Tensor} weight [outputs, inputs] @param {Tensor} [bias] @returns {Rows} */
export function linear(x, weight, bias) {
  const rows = rowsOf(weight);
  return x.map((row) =>
    rows.map((w, o) => w.reduce((sum, one, i) => sum + one * row[i], bias ? Number(bias.data[o]) : 0)),
  );
}

/**
 * Attention of several heads.
 * @param {Rows} q
 * @param {Rows} k
 * @param {Rows} v
 * @param {number} heads
 * @param {(score: number, head: number, query: number, key: number) => number} change of scores, before softmax
 * @returns {{ out: Rows, weights: number[][][] }} [Tq, D], [H, Tq, Tk]
 */
export function attention(q, k, v, heads, change) {
  const width = q[0].length / heads;
  const out = q.map((row) => row.map(() => 0));
  const weights = Array.from({ length: heads }, (_, head) =>
    q.map((query, t) => {
      const part = (/** @type {number[]} */ row) => row.slice(head * width, (head + 1) * width);
      const scores = k.map((key, j) => {
        const dot = part(query).reduce((sum, one, i) => sum + one * part(key)[i], 0);
        return change(dot / Math.sqrt(width), head, t, j);
      });
      const top = Math.max(...scores);
      const powers = scores.map((score) => Math.exp(score - top));
      const sum = powers.reduce((a, b) => a + b, 0);
      powers.forEach((power, j) => {
        for (let i = 0; i < width; i++) out[t][head * width + i] += (power / sum) * v[j][head * width + i];
      });
      return powers.map((power) => power / sum);
    }),
  );
  return { out, weights };
}

/** @param {Rows} x @param {Tensor} weight @param {Tensor} bias @returns {Rows} */
export const norm = (x, weight, bias) =>
  x.map((row) => {
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
    return row.map(
      (one, i) => ((one - mean) / Math.sqrt(variance + 1e-5)) * Number(weight.data[i]) + Number(bias.data[i]),
    );
  });

/** The error function by its series: good to 1e-12 where |x| < 4. @param {number} x */
function erf(x) {
  let term = x;
  let sum = x;
  for (let n = 1; n < 100; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return Math.abs(x) > 4 ? Math.sign(x) : (2 / Math.sqrt(Math.PI)) * sum;
}

/** @param {number} x */
export const gelu = (x) => (x / 2) * (1 + erf(x / Math.SQRT2));

/** @param {Rows} a @param {Rows} b @returns {Rows} */
export const add = (a, b) => a.map((row, r) => row.map((one, i) => one + b[r][i]));
