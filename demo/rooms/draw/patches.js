/** The 7 × 7 patches of a drawing, and their orders. */
import { SIDE } from './strokes.js';

export const PATCH = 4;
/** Patches a side. */
export const GRID = SIDE / PATCH;
export const PATCHES = GRID * GRID;

/**
 * An order of the patches by its number: always the same one (Fisher and Yates's shuffle; the numbers are Marsaglia's xorshift).
 * @param {number} seed from 1
 * @returns {number[]} which patch stands at each place
 */
export function orderOf(seed) {
  const order = Array.from({ length: PATCHES }, (_, i) => i);
  let state = (Math.imul(seed, 2654435761) ^ 88675123) >>> 0 || 1;
  for (let i = PATCHES - 1; i > 0; i--) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const at = (state >>> 0) % (i + 1);
    [order[i], order[at]] = [order[at], order[i]];
  }
  return order;
}

/** @param {Uint8Array} pixels @param {readonly number[]} order @returns {Uint8Array} */
export function shuffled(pixels, order) {
  const out = new Uint8Array(pixels.length);
  order.forEach((from, to) => {
    for (let y = 0; y < PATCH; y++)
      for (let x = 0; x < PATCH; x++) out[pixelOf(to, x, y)] = pixels[pixelOf(from, x, y)];
  });
  return out;
}

/** @param {number} patch @param {number} x @param {number} y */
const pixelOf = (patch, x, y) => (Math.floor(patch / GRID) * PATCH + y) * SIDE + (patch % GRID) * PATCH + x;
