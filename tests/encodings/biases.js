/**
 * What the tests of relative biases and masks share: random sizes and numbers. Not here: what must hold of an encoding.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Tensor } from '../../bindings/tensor.js';

export const side = fc.integer({ min: 1, max: 6 });
export const heads = fc.integer({ min: 1, max: 5 });
export const length = fc.integer({ min: 1, max: 24 });
export const RUNS = { numRuns: 60 };

/**
 * Numbers that look random and are the same in every run.
 * @param {number[]} shape
 * @param {number} [seed]
 */
export function noise(shape, seed = 1) {
  const data = new Float32Array(shape.reduce((n, size) => n * size, 1));
  let state = seed >>> 0;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 31 - 1;
  }
  return new Tensor('float32', data, shape);
}

/** @param {number[]} shape @param {number} value */
export const constant = (shape, value) =>
  new Tensor('float32', new Float32Array(shape.reduce((n, size) => n * size, 1)).fill(value), shape);

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b @param {number} tolerance */
export function assertClose(a, b, tolerance) {
  assert.equal(a.length, b.length);
  for (let i = 0; i < a.length; i++) {
    assert.ok(Math.abs(a[i] - b[i]) <= tolerance, `element ${i}: ${a[i]} and ${b[i]}`);
  }
}

/** @param {readonly number[]} shape @returns {(...at: number[]) => number} the place of an element */
export const at =
  (shape) =>
  (...indices) =>
    indices.reduce((place, index, axis) => place * shape[axis] + index, 0);
