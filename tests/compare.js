/** How far numbers are apart: the largest difference, in which a NaN never passes for a small one, cosines, bits. Not a test. */

/**
 * @param {ArrayLike<number | bigint>} found
 * @param {ArrayLike<number | bigint>} expected
 * @param {object} [options]
 * @param {(index: number) => boolean} [options.counts] which elements are compared; all by default
 * @param {boolean} [options.nan] whether NaN agrees with NaN, as where a reference divides 0 by 0; else it agrees with nothing
 * @returns {number} Infinity where an element is NaN, the lengths differ, or elements were there and none was compared
 */
export function largestDifference(found, expected, { counts = () => true, nan = false } = {}) {
  if (found.length !== expected.length) return Infinity;
  let [worst, compared] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    if (!counts(i)) continue;
    compared++;
    const [a, b] = [Number(found[i]), Number(expected[i])];
    if (a === b || (nan && Number.isNaN(a) && Number.isNaN(b))) continue; // equal infinities have no difference
    const difference = Math.abs(a - b);
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Infinity : difference;
  }
  return compared || expected.length === 0 ? worst : Infinity;
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} [width] of a row; all is one by default @returns {number[]} of each row but those of zeros */
export function cosines(a, b, width = a.length) {
  const found = [];
  for (let at = 0; at < a.length; at += width) {
    let [product, left, right] = [0, 0, 0];
    for (let i = at; i < at + width; i++) {
      product += a[i] * b[i];
      left += a[i] ** 2;
      right += b[i] ** 2;
    }
    if (left || right) found.push(product / Math.sqrt(left * right));
  }
  return found;
}

/** @param {{ data: ArrayBufferView }} tensor */
export const bits = ({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
