/** Vectors in fewer bits. */

/**
 * Each vector scaled so that its largest value is 127.
 * @param {Float32Array} vectors [n, width]
 * @param {number} width
 */
export function toInt8(vectors, width) {
  const out = new Int8Array(vectors.length);
  for (let row = 0; row < vectors.length; row += width) {
    let largest = 0;
    for (let i = 0; i < width; i++) largest = Math.max(largest, Math.abs(vectors[row + i]));
    for (let i = 0; i < width && largest; i++) out[row + i] = Math.round((vectors[row + i] / largest) * 127);
  }
  return out;
}

/**
 * A bit a value, set if positive, eight to an int8 minus 128: sentence-transformers' `binary`.
 * @param {Float32Array} vectors [n, width], width a multiple of 8
 */
export function toBinary(vectors) {
  const out = new Int8Array(vectors.length / 8);
  for (let i = 0; i < out.length; i++) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) byte = byte * 2 + (vectors[i * 8 + bit] > 0 ? 1 : 0);
    out[i] = byte - 128;
  }
  return out;
}
