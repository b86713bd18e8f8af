// The checker of options: what tables say holds, and every refusal names the option, its value and the rule.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, read } from '../bindings/check.js';
import { evaluate } from '../bindings/options/shapes.js';
import * as option from '../bindings/options/table.js';

/** @param {number[]} shape */
const tensor = (...shape) => ({
  dtype: 'float32',
  data: new Float32Array(shape.reduce((n, size) => n * size, 1)),
  shape,
});

/** @param {option.Table} table @param {unknown} options @param {string} path @param {RegExp} [message] */
const refuses = (table, options, path, message = /must (be|have) .+, not /) =>
  assert.throws(() => check('f', options, table), { code: /^ERR_(INPUT|SHAPE)$/, path, message });

/** For each kind an entry, values that it takes, and values that it refuses. @type {[option.Rule, unknown[], unknown[]][]} */
const KINDS = [
  [option.integer('', { min: 1, max: 8 }), [1, 8], [0, 9, 1.5, '1', null, Number.NaN, [1], {}]],
  [option.integer('', { above: 2, multiple: 2 }), [4, 6], [2, 5]],
  [option.integer('', { min: 1, or: ['auto', Infinity] }), [3, 'auto', Infinity], [0, 'none', -Infinity]],
  [option.number('', { above: 0 }), [0.5, 1e300], [0, -1, Infinity, Number.NaN, '1', null]],
  [option.number('', { infinite: true }), [-Infinity, 0], [Number.NaN, null]],
  [option.flag(), [true, false], [0, 'true', null]],
  [option.choice(['a', 'b']), ['a', 'b'], ['c', 0, null, ['a'], 'toString']],
  [option.text(), ['', 'a'], [1, null, ['a']]],
  [option.callback(), [() => {}], [{}, null, 'f']],
  [option.signal(), [new AbortController().signal], [{}, true, null]],
  [option.object(), [{}, new Map()], [null, [], 3, new Float32Array(1)]],
  [option.any(), [null, 3, 'a'], []],
];

test('each kind takes its values as they are, and refuses all others by name', () => {
  for (const [rule, good, bad] of KINDS) {
    for (const value of good) assert.equal(check('f', { it: value }, { it: rule }).it, value);
    for (const value of bad) {
      refuses({ it: rule }, { it: value }, 'it', /^f: option "it" must be .+, not /);
      assert.throws(
        () => check('f', { it: value }, { it: rule }),
        (/** @type {any} */ error) => Object.is(error.value, value),
      );
    }
  }
});

test('lists, pairs and arrays are read from all that stands for them', () => {
  const table = {
    pair: option.pair('', { min: 1 }),
    pairs: option.pairs('', { min: 1 }),
    choices: option.choices(['a', 'b'], '', { single: true }),
    texts: option.texts('', { single: true }),
    integers: option.integers(),
    numbers: option.numbers(),
    floats: option.floats('[A, B]'),
  };
  const good = {
    ...{ pair: 3, pairs: [2, [1, 4]], choices: 'b', texts: 'x' },
    ...{ integers: [1, 2n], numbers: [[0.5], [2]], floats: tensor(2, 3) },
  };
  const { values, shapes, sizes } = read('f', good, table);
  assert.deepEqual(values.pair, [3, 3]);
  assert.deepEqual(values.pairs, [
    [2, 2],
    [1, 4],
  ]);
  assert.deepEqual([values.choices, values.texts], [['b'], ['x']]);
  assert.deepEqual(values.integers, Int32Array.of(1, 2));
  assert.deepEqual(values.numbers, Float64Array.of(0.5, 2));
  assert.equal(values.floats, good.floats.data);
  assert.deepEqual(shapes, { integers: [2], numbers: [2, 1], floats: [2, 3] });
  assert.deepEqual(sizes, { A: 2, B: 3 });
  /** @type {Record<string, unknown[]>} */
  const bad = {
    pair: [0, [1], [1, 0], '3', null],
    pairs: [[], 3, [[1]], null],
    choices: ['c', ['a', 'a'], 3, null],
    texts: [3, [3], null],
    integers: [[], [0.5], ['1'], [[1, 2]], [2 ** 31], 'ab', null, {}],
    numbers: [[], [Infinity], ['1'], [[1, 2], [3]], null, {}],
    floats: [null, [1], new Float32Array(6), { ...tensor(2, 3), shape: [2, 4] }, {}],
  };
  for (const [key, list] of Object.entries(bad))
    for (const value of list) refuses(table, { ...good, [key]: value }, key);
});

test('what is no object and what no table knows is refused', () => {
  for (const options of [undefined, null, 3, 'a', [], new Float32Array(2)])
    assert.throws(() => check('f', options, {}), {
      code: 'ERR_INPUT',
      message: /^f: options must be an object/,
    });
  refuses({ a: option.flag() }, { a: true, b: 1 }, 'b', /^f: unknown option "b"; known are a$/);
});

test('defaults may be values, expressions or functions of other options, and keep to the rule', () => {
  const table = {
    to: option.integer('', { min: 'from', default: 'from + 2 step' }),
    from: option.integer('', { min: 0, max: 9 }),
    step: option.integer('', { min: 1, default: 1 }),
    size: option.pair('', { min: 1, default: (/** @type {any} */ { from }) => [from, 4] }),
  };
  assert.deepEqual({ ...check('f', { from: 3 }, table) }, { to: 5, from: 3, step: 1, size: [3, 4] });
  refuses(table, { from: 3, to: 2 }, 'to', /from 3|least 3/);
  refuses(table, { from: 0 }, 'size');
  refuses(table, {}, 'from', /must be an integer from 0 to 9, not undefined/);
});

test('a preset sets what the caller leaves out', () => {
  const table = {
    preset: option.choice(['x'], '', { sets: { x: { base: 2, form: 'b' } }, optional: true }),
    base: option.number('', { default: 1 }),
    form: option.choice(['a', 'b'], '', { default: 'a', only: { list: false } }),
    list: option.text('', { optional: true }),
  };
  assert.deepEqual(
    { ...check('f', { preset: 'x', base: 3 }, table) },
    { preset: 'x', base: 3, form: 'b', list: undefined },
  );
  refuses(table, { preset: 'toString' }, 'preset');
  // A preset gives way to what excludes its options; the caller's own options do not.
  assert.equal(check('f', { preset: 'x', list: '' }, table).form, undefined);
  refuses(table, { preset: 'x', list: '', form: 'b' }, 'form', /must be left out with list/);
});

test('options that others exclude are refused, those that others leave idle are not', () => {
  const table = {
    length: option.integer('', { min: 1, only: { positions: false } }),
    positions: option.numbers('', { optional: true }),
    form: option.choice(['plain', 'masked'], '', { default: 'plain' }),
    mask: option.integers('', { only: { form: 'masked' } }),
    gain: option.number('', { when: { form: 'masked' }, default: 2 }),
    fill: option.number('', { only: { positions: true }, optional: true }),
  };
  assert.equal(check('f', { length: 2, gain: 3 }, table).gain, undefined);
  refuses(table, { positions: [1], length: 2 }, 'length', /must be left out with positions, not 2/);
  refuses(table, { length: 2, mask: [1] }, 'mask', /must be left out unless form is 'masked'/);
  refuses(table, { length: 2, fill: 1 }, 'fill', /must be left out without positions/);
  refuses(table, { length: 2, form: 'masked' }, 'mask', /must be a list of integers .*, not undefined/);
  refuses(table, { length: 2, gain: 'a' }, 'gain');
});

test('letters of shapes are the same size everywhere, and may be computed of options', () => {
  const table = {
    query: option.floats('[B, T, H D] or [T, H D]'),
    heads: option.integer('', { min: 1, letters: 'H' }),
    table: option.floats('[7, D]', '', {
      must: [['of an even {D}', (_table, _values, sizeOf) => sizeOf('D') % 2 === 0]],
    }),
    scores: option.floats('[2T-1]'),
    bias: option.floats('[..., D]', '', { optional: 'none' }),
    pairs: option.floats('[2, ..., D]', '', { optional: 'none' }),
  };
  const good = { query: tensor(2, 5, 12), heads: 3, table: tensor(7, 4), scores: tensor(9) };
  assert.deepEqual(read('f', good, table).sizes, { B: 2, T: 5, heads: 3, H: 3, D: 4 });
  const shape = /option "\w+" has shape \[.*\]; expected /;
  refuses(table, { ...good, query: tensor(2, 5, 13) }, 'query', shape);
  refuses(table, { ...good, query: tensor(6, 12) }, 'scores', /has shape \[9\]; expected \[11\]/);
  refuses(table, { ...good, bias: tensor(3, 3) }, 'bias', /expected \[\.\.\., D = 4\]/);
  refuses(
    table,
    { ...good, query: tensor(5, 9), table: tensor(7, 3) },
    'table',
    /of an even 3, not \[7, 3\]/,
  );
});

test('sizes are sums, products and quotients', () => {
  const sizes = /** @type {Record<string, number>} */ ({ h: 3, "w'": 4, extra: 2 });
  const of = (/** @type {string} */ text) => evaluate(text, (letter) => sizes[letter]);
  assert.equal(of("(2h-1)(2w'-1) + extra"), 37);
  assert.equal(of("h w' - 1 - extra"), 9);
  assert.equal(of('12/h extra'), 8);
  assert.ok(Number.isNaN(of('2 unknown')));
});
