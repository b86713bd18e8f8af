/** Inputs for pictures: tables made by a rule, and noise that is the same on every run. Not trained weights. */
import { Tensor } from '../../../bindings/tensor.js';

/**
 * @param {readonly number[]} shape
 * @param {(...index: number[]) => number} rule the value at an index
 */
export function table(shape, rule) {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length: count }, (_, flat) => {
    let rest = flat;
    const index = [...shape]
      .reverse()
      .map((size) => {
        const place = rest % size;
        rest = Math.floor(rest / size);
        return place;
      })
      .reverse();
    return rule(...index);
  });
  return new Tensor('float32', data, shape);
}

/** Numbers between -1 and 1, from a linear congruential generator modulo 2^32. @param {...number} shape */
export function noise(...shape) {
  let state = 1;
  return table(shape, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A hill of height 1 around zero. @param {...number} offsets */
export const hill = (...offsets) => Math.exp(-offsets.reduce((sum, d) => sum + d * d, 0) / 6);

/** The same numbers in another shape. @param {Tensor} tensor @param {...number} shape */
export const reshape = ({ dtype, data }, ...shape) => new Tensor(dtype, data, shape);
