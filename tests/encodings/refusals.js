/**
 * What the tests of refused options share: values that no option of a kind takes, and the checks that a function with good
 * options refuses each bad one with a typed error that names it. Not here: which options there are.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputError, ShapeError } from '../../bindings/errors.js';
import { Tensor } from '../../bindings/tensor.js';

/** @param {...number} shape */
export const floats = (...shape) =>
  new Tensor('float32', new Float32Array(shape.reduce((n, size) => n * size, 1)).fill(0.5), shape);

const integers = new Tensor('int32', new Int32Array(4), [2, 2]);

/** Values that an option of the kind refuses. */
export const NO = {
  size: [0, -1, 1.5, '3', null, Number.NaN, 2 ** 40, [2]],
  count: [-1, 1.5, '3', null, Number.NaN],
  number: [Number.NaN, '1', null, [1], Number.POSITIVE_INFINITY],
  positive: [Number.NaN, '1', null, [1], Number.POSITIVE_INFINITY, 0, -1],
  pair: [0, [2], [2, 0], [2, 3, 4], '2', null, [2, '3'], 1e9],
  flag: [0, 'true', null],
  choice: ['nothing', 0, null, ['half']],
  tensor: [null, 3, [1, 2], new Float32Array(4), integers, {}, floats(1, 1, 1, 1, 1)],
  numbers: [null, 3, 'ab', [], [Number.NaN], [1, '2'], [[1, 2], [3]], [1e300], {}],
  ids: [null, 3, 'ab', [], [Number.NaN], [1, '2'], [[1, 2], [3]], {}, [0.5], [2 ** 31]],
};

/**
 * @typedef {object} Rules
 * @property {string} [call] the function, where it is not the key
 * @property {Record<string, unknown>} good
 * @property {Record<string, unknown[]>} bad
 * @property {string[]} needs options that may not be left out
 * @property {string[]} [results] the names of its results, where they are not one tensor
 */

/**
 * @param {string} name of the function
 * @param {string} [option]
 * @returns {(error: any) => true}
 */
const names =
  (name, option = '') =>
  (error) => {
    assert.ok(error instanceof InputError || error instanceof ShapeError, String(error.stack));
    assert.ok(error.message.startsWith(name) && error.message.includes(option), error.message);
    return true;
  };

/** Values whose refusal cannot depend on another option. @param {unknown[]} values */
const wrongInThemselves = (values) =>
  values.filter((value) => value === null || Number.isNaN(value) || value === 'nothing');

/**
 * @param {any} pe
 * @param {Record<string, Rules>} functions by their names
 */
export function testRefusals(pe, functions) {
  for (const [key, { call: name = key, good, bad, needs, results }] of Object.entries(functions)) {
    test(`${key} takes good options, and refuses each bad one`, () => {
      assert.doesNotThrow(() => pe[name](good));
      for (const [option, values] of Object.entries(bad)) {
        for (const value of values) {
          // A bad size may first be seen in the tensor that no longer fits it.
          const run = () => pe[name]({ ...good, [option]: value });
          assert.throws(run, names(name), `${option}: ${JSON.stringify(value)}`);
        }
        for (const value of wrongInThemselves(values)) {
          const run = () => pe[name]({ ...good, [option]: value });
          assert.throws(run, { path: option, message: new RegExp(`option "${option}" must be .+, not `) });
        }
      }
      for (const option of needs) {
        const { [option]: _, ...rest } = good;
        assert.throws(() => pe[name](rest), InputError, `without ${option}`);
      }
    });

    test(`${key} refuses options that it does not know, and what are no options`, () => {
      assert.throws(() => pe[name]({ ...good, lenght: 7 }), names(name, 'lenght'));
      const none = [undefined, null, 7, 'window', []];
      for (const options of none) assert.throws(() => pe[name](options), InputError);
    });

    if (key === name && !results) {
      test(`${key} fills \`out\` and refuses one that does not fit`, () => testOut(pe, name, good));
    }
    if (results) {
      test(`${key} fills the entries of \`out\` and refuses those that do not fit`, () =>
        testOutEntries(pe, name, good, results));
    }
  }
}

/** @param {any} pe @param {string} name @param {Record<string, unknown>} good */
function testOut(pe, name, good) {
  const result = pe[name](good);
  const room = new result.data.constructor(result.data.length).fill(7);
  assert.equal(pe[name]({ ...good, out: room }).data, room);
  assert.deepEqual(room, result.data);
  const tensor = new Tensor(result.dtype, room, [room.length]);
  assert.deepEqual(pe[name]({ ...good, out: tensor }).shape, result.shape);
  for (const out of [new Float32Array(1e5), new Float64Array(room.length), {}, 3, null]) {
    assert.throws(() => pe[name]({ ...good, out }), names(name, '"out"'));
  }
}

/** @param {any} pe @param {string} name @param {Record<string, unknown>} good @param {string[]} results */
function testOutEntries(pe, name, good, results) {
  const all = pe[name](good);
  for (const key of results) {
    const room = new Float32Array(all[key].data.length).fill(7);
    assert.equal(pe[name]({ ...good, out: { [key]: room } })[key].data, room);
    assert.deepEqual(room, all[key].data);
    for (const out of [{ [key]: new Float32Array(1e5) }, { [key]: 3 }, room, 3, null]) {
      assert.throws(() => pe[name]({ ...good, out }), names(name, '"out"'));
    }
  }
}
