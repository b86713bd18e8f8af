/**
 * What the tests of relative biases and masks share: values that no option of a kind takes, the checks that each bad one is
 * refused by name, and random sizes and numbers. Not here: which options there are, nor what must hold of an encoding.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InputError, ShapeError } from '../../bindings/errors.js';
import { Tensor } from '../../bindings/tensor.js';
import { floats } from './refusals.js';

/** A tensor whose parts contradict each other. */
const lying = { dtype: 'float32', data: new Float32Array(3), shape: [1000, 1000] };
export const integers = new Tensor('int32', new Int32Array(4), [2, 2]);

export const NO_SIZE = [0, -1, 1.5, '3', null, Number.NaN, 2 ** 40, [2]];
export const NO_PAIR = [0, [2], [2, 0], [2, 3, 4], '2', null, [2, '3'], 1e9];
export const NO_NUMBER = [Number.NaN, '1', null, [1]];
export const NO_TENSOR = [null, 3, [1, 2], new Float32Array(4), integers, lying, {}, floats(7, 7, 7, 7, 7)];
export const NO_LIST = [null, 3, 'ab', [], [1.5], ['1'], [2 ** 31]];
export const NO_FLAG = [0, 'true', null];
export const NO_CHOICE = ['nothing', 0, null, ['bias']];

export const weights = {
  hiddenWeight: floats(4, 2),
  hiddenBias: floats(4),
  outputWeight: floats(3, 4),
  outputBias: floats(3),
};
export const NO_WEIGHTS = {
  hiddenWeight: [...NO_TENSOR, floats(4, 3)],
  hiddenBias: [...NO_TENSOR, floats(5)],
  outputWeight: [...NO_TENSOR, floats(3, 5)],
  outputBias: [...NO_TENSOR, floats(4)],
};

/**
 * @typedef {object} Rules
 * @property {string} [call] the function, where it is not the key
 * @property {Record<string, unknown>} good
 * @property {Record<string, unknown[]>} bad
 * @property {string[]} needs options that may not be left out
 */

/**
 * @param {string} name of the function
 * @param {string} option
 * @returns {(error: any) => true}
 */
const namesOption = (name, option) => (error) => {
  assert.ok(error instanceof InputError || error instanceof ShapeError, String(error.stack));
  assert.equal(error.path, option);
  assert.ok(error.message.startsWith(`${name}: `) && error.message.includes(`"${option}"`), error.message);
  return true;
};

/**
 * @param {any} pe
 * @param {Record<string, Rules>} functions by their names, or by a case's where `call` names the function
 */
export function testBiasRefusals(pe, functions) {
  for (const [key, { call: name = key, good, bad, needs }] of Object.entries(functions)) {
    test(`${key} takes good options, and refuses each bad one by name`, () => {
      const result = pe[name](good);
      assert.ok(result instanceof Tensor);
      for (const [option, values] of Object.entries(bad)) {
        for (const value of values) {
          // Bad sizes may first be seen in the tensor that no longer fits them.
          const options = { ...good, [option]: value };
          assert.throws(() => pe[name](options), namesOption(name, option), `${option}: ${String(value)}`);
        }
      }
      for (const option of needs) {
        const { [option]: _, ...rest } = good;
        assert.throws(() => pe[name](rest), InputError, `without ${option}`);
      }
    });

    test(`${key} fills \`out\` and refuses one that does not fit`, () => {
      const result = pe[name](good);
      const room = new /** @type {any} */ (result.data.constructor)(result.data.length).fill(7);
      assert.equal(pe[name]({ ...good, out: room }).data, room);
      assert.deepEqual(room, result.data);
      const tensor = new Tensor(result.dtype, room, [room.length]);
      assert.deepEqual(pe[name]({ ...good, out: tensor }).shape, result.shape);
      const wrong = [
        new Float32Array(1e5),
        new Float64Array(room.length),
        new Uint8Array(room.length),
        {},
        3,
      ];
      for (const out of [...wrong, null]) {
        assert.throws(() => pe[name]({ ...good, out }), namesOption(name, 'out'));
      }
    });

    test(`${key} refuses options that it does not know, and what are no options`, () => {
      assert.throws(() => pe[name]({ ...good, windw: 7 }), namesOption(name, 'windw'));
      for (const options of [undefined, null, 7, 'window', []]) {
        assert.throws(() => pe[name](options), InputError);
      }
    });
  }
}

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
