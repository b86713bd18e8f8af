/** Vectors in fewer bits. Reference: sentence-transformers' quantize_embeddings. */

/**
 * Each vector scaled so that its largest value is 127. With ranges a value's place between the ends of its column, in 256 steps,
 * minus 128: beyond the ends is the end, and of a column whose ends are one everything is its beginning.
 * @param {Float32Array} vectors [n, width]
 * @param {number} width
 * @param {Float32Array | null} ranges [2, width] the least and the largest value of each column
 */
export function toInt8(vectors, width, ranges) {
  const out = new Int8Array(vectors.length);
  if (ranges) return out.map((_, i) => stepOf(vectors[i], i % width, width, ranges) - 128);
  for (let row = 0; row < vectors.length; row += width) {
    let largest = 0;
    for (let i = 0; i < width; i++) largest = Math.max(largest, Math.abs(vectors[row + i]));
    for (let i = 0; i < width && largest; i++) out[row + i] = Math.round((vectors[row + i] / largest) * 127);
  }
  return out;
}

/** A value's place between the ends of its column, in 256 steps. @param {Float32Array} vectors @param {number} width @param {Float32Array} ranges */
export const toUint8 = (vectors, width, ranges) =>
  Uint8Array.from(vectors, (value, i) => stepOf(value, i % width, width, ranges));

/** @param {number} value @param {number} column @param {number} width @param {Float32Array} ranges */
function stepOf(value, column, width, ranges) {
  const least = ranges[column];
  const step = Math.fround((ranges[width + column] - least) / 255);
  return step > 0 ? Math.min(Math.max(Math.trunc((value - least) / step), 0), 255) : 0;
}

/**
 * A bit a value, set if positive, eight to a byte, the first the highest: sentence-transformers' `ubinary`; minus 128 its `binary`.
 * @param {Float32Array} vectors [n, width], width a multiple of 8
 */
export function toBits(vectors) {
  const out = new Uint8Array(vectors.length / 8);
  for (let i = 0; i < out.length; i++)
    for (let bit = 0; bit < 8; bit++) out[i] = out[i] * 2 + (vectors[i * 8 + bit] > 0 ? 1 : 0);
  return out;
}
