/** Vectors turned by the library, read as pairs. */
import { Tensor } from '../../../../bindings/tensor.js';

/**
 * @typedef {import('../../../../web/encodings.js').Encodings} Encodings
 * @typedef {import('./hands.js').Pair} Pair
 * @typedef {{ layout?: 'half' | 'interleaved', repeat?: boolean }} Form
 */

/** The two channels of each pair. @param {number} dim @param {Form} form @returns {[number, number][]} */
export function channelsOf(dim, { layout = 'half' }) {
  return Array.from({ length: dim / 2 }, (_, i) =>
    layout === 'half' ? [i, i + dim / 2] : [2 * i, 2 * i + 1],
  );
}

/** The pairs of each vector. @param {ArrayLike<number | bigint>} data @param {number} dim @param {Form} form @returns {Pair[][]} */
export function pairsOf(data, dim, form) {
  const channels = channelsOf(dim, form);
  return Array.from({ length: data.length / dim }, (_, row) =>
    channels.map(([a, b]) => [Number(data[row * dim + a]), Number(data[row * dim + b])]),
  );
}

/**
 * The same vector at each place of a table: hands of length 1 that point to the right, turned.
 * @param {Encodings} core
 * @param {{ cos: Tensor, sin: Tensor }} table
 * @param {number} dim
 * @param {Form} form
 * @returns {Pair[][]}
 */
export function turned(core, { cos, sin }, dim, { layout, repeat }) {
  const places = cos.shape[0];
  const hands = new Float32Array(places * dim);
  for (let row = 0; row < places; row++)
    for (const [right] of channelsOf(dim, { layout })) hands[row * dim + right] = 1;
  const x = new Tensor('float32', hands, [places, dim]);
  return pairsOf(core.applyRope({ x, cos, sin, layout, repeat }).data, dim, { layout });
}

/** The product of two vectors. @param {Pair[]} q @param {Pair[]} k */
export const product = (q, k) => q.reduce((sum, [x, y], i) => sum + x * k[i][0] + y * k[i][1], 0);
