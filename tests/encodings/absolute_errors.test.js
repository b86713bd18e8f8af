/**
 * Every option of every absolute and rotary encoding refuses what it cannot take, with a typed error that names the option.
 * A function has one set of good options and, for each option, values that must be refused.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { encodings } from '../../bindings/encodings.js';
import { DisposedError, InputError, ShapeError } from '../../bindings/errors.js';
import { Tensor } from '../../bindings/tensor.js';

const pe = /** @type {any} */ (await encodings());
after(() => pe.dispose());

/** @param {...number} shape */
const floats = (...shape) =>
  new Tensor('float32', new Float32Array(shape.reduce((n, size) => n * size, 1)).fill(0.5), shape);

const integers = new Tensor('int32', new Int32Array(4), [2, 2]);
const NO_SIZE = [0, -1, 1.5, '3', null, Number.NaN, 2 ** 40, [2]];
const NO_COUNT = [-1, 1.5, '3', null, Number.NaN];
const NO_NUMBER = [Number.NaN, '1', null, [1], Number.POSITIVE_INFINITY];
const NO_POSITIVE = [...NO_NUMBER, 0, -1];
const NO_TENSOR = [null, 3, [1, 2], new Float32Array(4), integers, {}, floats(1, 1, 1, 1, 1)];
const NO_FLAG = [0, 'true', null];
const NO_CHOICE = ['nothing', 0, null, ['bias']];
const NO_NUMBERS = [null, 3, 'ab', [], [Number.NaN], [1, '2'], [[1, 2], [3]], [1e300], {}];
const NO_IDS = [...NO_NUMBERS, [0.5], [2 ** 31]];
const NO_PAIR = [0, [2], [2, 0], [2, 3, 4], '2', null, [2, '3'], 1e9];
const NO_SCALING = [
  ...[null, 3, {}, { type: 'longer' }, { type: 'linear' }, { type: 'linear', factor: 0 }],
  ...[
    { type: 'linear', factor: 2, fast: 3 },
    { type: 'dynamic', factor: 2 },
    { type: 'yarn', factor: 2 },
  ],
  ...[
    { type: 'yarn', originalLength: 8 },
    { type: 'yarn', factor: 2, originalLength: 8, truncate: 1 },
  ],
  { type: 'llama3', factor: 8, originalLength: 8, lowFactor: 4, highFactor: 4 },
  { type: 'longrope', factor: 4, originalLength: 8, shortFactors: [1], longFactors: [1, 1] },
  { type: 'longrope', factor: 4, originalLength: 8, shortFactors: [1, 0], longFactors: [1, 1] },
  ...[
    { type: 'proportional', fraction: 2 },
    { type: 'proportional', fraction: 0 },
  ],
];

const grid = { height: 2, width: 3 };
const noGrid = { height: NO_SIZE, width: NO_SIZE };
const pooled = { x: floats(2, 4, 2, 2), table: floats(5, 4) };
const weights = Object.fromEntries(
  ['query', 'key', 'value', 'output'].flatMap((name) => [
    [`${name}Weight`, floats(4, 4)],
    [`${name}Bias`, floats(4)],
  ]),
);
const noWeights = Object.fromEntries(
  ['query', 'key', 'value', 'output'].flatMap((name) => [
    [`${name}Weight`, [...NO_TENSOR, floats(4, 5)]],
    [`${name}Bias`, [...NO_TENSOR, floats(5)]],
  ]),
);

/**
 * @typedef {object} Rules
 * @property {string} [call] the function, where it is not the key
 * @property {Record<string, unknown>} good
 * @property {Record<string, unknown[]>} bad
 * @property {string[]} needs options that may not be left out
 */

/** @type {Record<string, Rules>} */
const FUNCTIONS = {
  sincos1d: {
    good: { length: 3, dim: 4 },
    bad: {
      ...{ length: NO_SIZE, dim: [...NO_SIZE, 5], base: NO_POSITIVE, layout: NO_CHOICE, order: NO_CHOICE },
      ...{ divisor: NO_CHOICE, odd: NO_CHOICE, guard: NO_FLAG, offset: NO_NUMBER, scale: NO_NUMBER },
      ...{ padding: NO_NUMBER, maxLength: NO_SIZE, preset: NO_CHOICE },
    },
    needs: ['length', 'dim'],
  },
  'sincos1d of positions': {
    call: 'sincos1d',
    good: { positions: [[0.5, -1]], dim: 4 },
    bad: { positions: NO_NUMBERS, length: [2], maxLength: [2] },
    needs: ['positions', 'dim'],
  },
  timestep: {
    good: { timesteps: [1, 2], dim: 6 },
    bad: {
      ...{ timesteps: NO_NUMBERS, dim: [...NO_SIZE, 1], order: NO_CHOICE, shift: [...NO_NUMBER, 3] },
      ...{ scale: [...NO_NUMBER, 1e300], base: NO_POSITIVE, preset: NO_CHOICE },
    },
    needs: ['timesteps', 'dim'],
  },
  sincos2d: {
    good: { ...grid, dim: 8 },
    bad: {
      ...{ ...noGrid, dim: [...NO_SIZE, 6], base: NO_POSITIVE, axes: NO_CHOICE, layout: NO_CHOICE },
      ...{ divisor: NO_CHOICE, guard: NO_FLAG, tokens: NO_CHOICE, prefix: NO_COUNT, preset: NO_CHOICE },
    },
    needs: ['height', 'width', 'dim'],
  },
  sincos3d: {
    good: { ...grid, frames: 2, dim: 16 },
    bad: {
      ...{ ...noGrid, frames: NO_SIZE, dim: [...NO_SIZE, 12], base: NO_POSITIVE, split: NO_CHOICE },
      ...{ axes: NO_CHOICE, spatialScale: NO_POSITIVE, temporalScale: NO_POSITIVE, byFrame: NO_FLAG },
      ...{ prefix: NO_COUNT, preset: NO_CHOICE },
    },
    needs: ['height', 'width', 'frames', 'dim'],
  },
  sineGrid: {
    good: { ...grid, features: 4 },
    bad: {
      ...{ ...noGrid, features: [...NO_SIZE, 3], base: NO_POSITIVE, normalize: NO_FLAG, scale: NO_POSITIVE },
      ...{ epsilon: NO_POSITIVE, offset: NO_NUMBER, axes: NO_CHOICE, channelsFirst: NO_FLAG },
      ...{ mask: [...NO_IDS, [[2]], [[0.5]], [1, 1], [[1, 1]]], preset: NO_CHOICE },
    },
    needs: ['height', 'width', 'features'],
  },
  resizeTable: {
    good: { table: floats(5, 3), to: [3, 2], prefix: 1 },
    bad: {
      ...{
        table: [...NO_TENSOR, floats(5)],
        from: [...NO_PAIR, 3, [2, 3]],
        to: NO_PAIR,
        prefix: [...NO_COUNT, 5],
      },
      ...{ mode: NO_CHOICE, antialias: NO_FLAG, alignCorners: NO_FLAG, scaleOffset: [...NO_NUMBER, -1] },
      ...{ sizes: [null, 3, [], [[2]], [[2, 0]]], maxLength: [4], fill: ['first'], preset: NO_CHOICE },
    },
    needs: ['table', 'to'],
  },
  'resizeTable of a batch': {
    call: 'resizeTable',
    good: {
      table: floats(4, 3),
      sizes: [
        [3, 2],
        [1, 1],
      ],
      maxLength: 7,
    },
    bad: { to: [3], maxLength: [...NO_SIZE, 5], fill: NO_CHOICE, mode: [...NO_CHOICE, 'linear'] },
    needs: ['table'],
  },
  learnedTable: {
    good: { table: floats(4, 3), x: floats(2, 3, 3) },
    bad: {
      table: [...NO_TENSOR, floats(4)],
      x: [...NO_TENSOR, floats(5, 3), floats(3, 4)],
      offset: [...NO_COUNT, 2],
      length: [3],
    },
    needs: ['table'],
  },
  positionIds: {
    good: { inputIds: [[5, 1]], padding: 1 },
    bad: { inputIds: [...NO_IDS, [[[1]]]], padding: NO_COUNT, length: [2], offset: [0], preset: NO_CHOICE },
    needs: ['inputIds', 'padding'],
  },
  rowColumn: {
    good: { row: floats(2, 3), column: floats(3, 3) },
    bad: {
      ...{
        row: [...NO_TENSOR, floats(2)],
        column: [...NO_TENSOR, floats(3, 4)],
        height: [...NO_SIZE, 3],
        width: [...NO_SIZE, 4],
      },
      ...{
        rowIds: [[0]],
        columnIds: [[0]],
        x: [...NO_TENSOR, floats(5, 3)],
        combine: NO_CHOICE,
        order: NO_CHOICE,
      },
      ...{ resize: NO_CHOICE, keepAspect: NO_FLAG, channelsFirst: NO_FLAG, preset: NO_CHOICE },
    },
    needs: ['row', 'column'],
  },
  'rowColumn of ids': {
    call: 'rowColumn',
    good: { row: floats(2, 3), column: floats(3, 3), rowIds: [0, 1], columnIds: [2, 2] },
    bad: {
      rowIds: [null, [2], [-1], [0.5]],
      columnIds: [null, [3, 0], [0]],
      height: [2],
      channelsFirst: [true],
    },
    needs: ['rowIds', 'columnIds'],
  },
  conditionalPosition: {
    good: { ...grid, x: floats(1, 7, 4), weight: floats(4, 1, 3, 3), bias: floats(4), prefix: 1 },
    bad: {
      ...{
        x: [...NO_TENSOR, floats(1, 6, 4)],
        weight: [...NO_TENSOR, floats(4, 1, 2, 2), floats(4, 1, 11, 11), floats(3, 1, 3, 3)],
      },
      ...{ bias: [...NO_TENSOR, floats(3)], stride: NO_SIZE, residual: NO_FLAG, prefix: NO_COUNT },
    },
    needs: ['x', 'height', 'width', 'weight'],
  },
  fourier: {
    good: { sizes: [2, 3], bands: 2 },
    bad: {
      ...{
        sizes: [null, [0], [1.5], [2, 2, 2, 2], [2 ** 20, 2 ** 20]],
        bands: NO_SIZE,
        maxResolution: [0, '3', [8], [8, 0], [8, 8, 8]],
      },
      ...{
        spacing: NO_CHOICE,
        base: [...NO_POSITIVE, 10],
        grid: NO_CHOICE,
        offset: [...NO_NUMBER, 1],
        reference: [[2], [0, 2], 3],
      },
      ...{
        normalize: NO_CHOICE,
        layout: NO_CHOICE,
        concatPositions: NO_FLAG,
        sineOnly: NO_FLAG,
        preset: NO_CHOICE,
      },
      positions: [...NO_NUMBERS, [new Array(65).fill(1)]],
    },
    needs: ['sizes', 'bands'],
  },
  nerf: {
    good: { x: [[0.5, 1]], octaves: 3 },
    bad: {
      x: [...NO_NUMBERS, new Array(65).fill(1)],
      octaves: [...NO_SIZE, 33],
      includeInput: NO_FLAG,
      spacing: NO_CHOICE,
    },
    needs: ['x', 'octaves'],
  },
  randomFourier: {
    good: { coordinates: [[0.5, 1]], matrix: floats(2, 3) },
    bad: {
      coordinates: NO_NUMBERS,
      matrix: [...NO_TENSOR, floats(3, 3)],
      center: NO_FLAG,
      height: [2],
      channelsFirst: [true],
    },
    needs: ['coordinates', 'matrix'],
  },
  applyRope: {
    good: { x: floats(1, 2, 3, 4), cos: floats(3, 4), sin: floats(3, 4) },
    bad: {
      ...{
        x: [...NO_TENSOR, floats(1, 2, 5, 4)],
        cos: [...NO_TENSOR, floats(3, 6), floats(3, 3), floats(2, 4)],
        sin: [...NO_TENSOR, floats(3, 2)],
      },
      ...{
        layout: NO_CHOICE,
        repeat: [...NO_FLAG, false],
        order: NO_CHOICE,
        prefix: [...NO_COUNT, 3],
        tables: NO_CHOICE,
      },
    },
    needs: ['x', 'cos', 'sin'],
  },
};

/** Functions whose result is not one tensor. @type {Record<string, Rules & { results: string[] }>} */
const SEVERAL = {
  rope: {
    results: ['cos', 'sin'],
    good: { length: 3, dim: 4 },
    bad: {
      ...{
        length: NO_SIZE,
        dim: [...NO_SIZE, 3],
        base: NO_POSITIVE,
        offset: NO_NUMBER,
        layout: NO_CHOICE,
        repeat: NO_FLAG,
      },
      ...{ positions: NO_NUMBERS, frequencies: [...NO_NUMBERS, [1]] },
    },
    needs: ['length', 'dim'],
  },
  rope2d: {
    results: ['cos', 'sin'],
    good: { ...grid, dim: 8 },
    bad: {
      ...{
        ...noGrid,
        dim: [...NO_SIZE, 6, 7],
        axes: NO_CHOICE,
        grid: NO_CHOICE,
        offset: NO_NUMBER,
        normalize: NO_CHOICE,
      },
      ...{
        reference: [[2], [0, 2], 3],
        bands: NO_CHOICE,
        base: NO_POSITIVE,
        maxResolution: NO_POSITIVE,
        stagger: NO_FLAG,
      },
      ...{
        periodRange: [[1], [0, 1], null],
        periods: [[1], [1, 0], null],
        layout: NO_CHOICE,
        repeat: NO_FLAG,
      },
      ...{
        frequencies: [...NO_NUMBERS, [1, 2], floats(2, 3), floats(3, 4)],
        merge: [...NO_SIZE, 2],
        frames: NO_SIZE,
      },
      ...{ last: NO_COUNT, preset: NO_CHOICE },
    },
    needs: ['height', 'width', 'dim'],
  },
  ropeSections: {
    results: ['cos', 'sin'],
    good: {
      positions: [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      dim: 8,
      sections: [1, 1, 2],
    },
    bad: {
      ...{
        positions: [...NO_NUMBERS, [1, 2], [[1, 2]]],
        dim: [...NO_SIZE, 7],
        sections: [null, [1, 1, 1], [-1, 3, 2], 4],
      },
      ...{ mode: NO_CHOICE, base: NO_POSITIVE, layout: NO_CHOICE, repeat: NO_FLAG, height: [2] },
    },
    needs: ['positions', 'dim', 'sections'],
  },
  convolutionalPosition: {
    results: ['output', 'weight'],
    good: { x: floats(2, 5, 4), direction: floats(4, 2, 3), length: floats(1, 1, 3), bias: floats(4) },
    bad: {
      ...{
        x: [...NO_TENSOR, floats(2, 5, 3)],
        direction: [...NO_TENSOR, floats(4, 3, 3)],
        length: [...NO_TENSOR, floats(1, 1, 4)],
      },
      ...{ bias: [...NO_TENSOR, floats(3)], residual: NO_FLAG },
    },
    needs: ['x', 'direction', 'length'],
  },
  attentionPoolTable: {
    results: ['tokens', 'output'],
    good: { ...pooled, ...weights, heads: 2 },
    bad: {
      ...{
        x: [...NO_TENSOR, floats(2, 4, 2, 3)],
        table: [...NO_TENSOR, floats(5, 3)],
        from: [3, [2, 3], null],
        resize: NO_FLAG,
      },
      ...{
        mode: NO_CHOICE,
        antialias: NO_FLAG,
        alignCorners: NO_FLAG,
        scaleOffset: NO_NUMBER,
        heads: [...NO_SIZE, 3],
      },
      ...{ ...noWeights, preset: NO_CHOICE },
    },
    needs: ['x', 'table', 'heads', 'queryWeight', 'outputWeight'],
  },
};

/**
 * @param {string} name of the function
 * @param {string} option
 * @returns {(error: any) => true}
 */
const namesOption = (name, option) => (error) => {
  assert.ok(error instanceof InputError || error instanceof ShapeError, String(error.stack));
  assert.ok(error.message.startsWith(name) && error.message.includes(option), error.message);
  return true;
};

for (const [key, { call: name = key, good, bad, needs }] of Object.entries({ ...FUNCTIONS, ...SEVERAL })) {
  test(`${key} takes good options, and refuses each bad one by name`, () => {
    assert.doesNotThrow(() => pe[name](good));
    for (const [option, values] of Object.entries(bad)) {
      for (const value of values) {
        const options = { ...good, [option]: value };
        // A bad size may first be seen in the tensor that no longer fits it.
        assert.throws(() => pe[name](options), namesOption(name, ''), `${option}: ${JSON.stringify(value)}`);
      }
    }
    for (const option of needs) {
      const { [option]: _, ...rest } = good;
      assert.throws(() => pe[name](rest), InputError, `without ${option}`);
    }
  });

  test(`${key} refuses options that it does not know, and what are no options`, () => {
    assert.throws(() => pe[name]({ ...good, lenght: 7 }), namesOption(name, 'lenght'));
    for (const options of [undefined, null, 7, 'window', []])
      assert.throws(() => pe[name](options), InputError);
  });
}

test('single values that are refused name the option, the value and the rule', () => {
  for (const [key, { call: name = key, good, bad }] of Object.entries({ ...FUNCTIONS, ...SEVERAL })) {
    for (const option of [
      'dim',
      'base',
      'layout',
      'guard',
      'repeat',
      'prefix',
      'preset',
      'octaves',
      'bands',
    ]) {
      for (const value of bad[option] ?? []) {
        assert.throws(
          () => pe[name]({ ...good, [option]: value }),
          (/** @type {any} */ error) => {
            assert.equal(error.path, option, error.message);
            assert.match(error.message, new RegExp(`option "${option}" must be .*, not `));
            return true;
          },
        );
      }
    }
  }
});

for (const [name, { good }] of Object.entries(FUNCTIONS).filter(([, { call }]) => !call)) {
  test(`${name} fills \`out\` and refuses one that does not fit`, () => {
    const result = pe[name](good);
    const room = new result.data.constructor(result.data.length).fill(7);
    assert.equal(pe[name]({ ...good, out: room }).data, room);
    assert.deepEqual(room, result.data);
    assert.deepEqual(
      pe[name]({ ...good, out: new Tensor(result.dtype, room, [room.length]) }).shape,
      result.shape,
    );
    for (const out of [new Float32Array(1e5), new Float64Array(room.length), {}, 3, null]) {
      assert.throws(() => pe[name]({ ...good, out }), namesOption(name, '"out"'));
    }
  });
}

for (const [name, { good, results }] of Object.entries(SEVERAL)) {
  test(`${name} fills the entries of \`out\` and refuses those that do not fit`, () => {
    const all = pe[name](good);
    for (const key of results) {
      const room = new Float32Array(all[key].data.length).fill(7);
      assert.equal(pe[name]({ ...good, out: { [key]: room } })[key].data, room);
      assert.deepEqual(room, all[key].data);
      for (const out of [{ [key]: new Float32Array(1e5) }, { [key]: 3 }, room, 3, null]) {
        assert.throws(() => pe[name]({ ...good, out }), namesOption(name, '"out"'));
      }
    }
  });
}

test('rope refuses scalings that are incomplete, unknown or out of range', () => {
  for (const scaling of NO_SCALING) {
    for (const call of [
      () => pe.rope({ length: 3, dim: 4, scaling }),
      () => pe.ropeFrequencies({ dim: 4, scaling }),
    ]) {
      assert.throws(call, InputError, JSON.stringify(scaling));
    }
  }
  const dynamic = { type: 'dynamic', factor: 2, originalLength: 8 };
  assert.throws(() => pe.ropeFrequencies({ dim: 2, scaling: dynamic }), /dynamic scaling divides by 0/);
  assert.throws(() => pe.ropeFrequencies({ dim: 3 }), /"dim" must be even, not 3/);
});

test('results beyond the core are refused before any memory is taken', () => {
  const side = 2 ** 20;
  const huge = { height: side, width: side };
  for (const run of [
    () => pe.sincos1d({ length: side, dim: side }),
    () => pe.sincos2d({ ...huge, dim: 4 }),
    () => pe.sincos3d({ ...huge, frames: side, dim: 8 }),
    () => pe.sineGrid({ ...huge, features: 2 }),
    () => pe.rope2d({ ...huge, dim: 4 }),
    () => pe.ropeSections({ ...huge, dim: 4, sections: [1, 1, 0] }),
    () => pe.fourier({ sizes: [side, side], bands: 1 }),
    () => pe.randomFourier({ ...huge, matrix: floats(2, 1) }),
    () => pe.rowColumn({ row: floats(2, 3), column: floats(2, 3), ...huge, resize: 'linear' }),
    () => pe.resizeTable({ table: floats(4, 3), to: [32768, 32768] }),
  ]) {
    assert.throws(run, InputError);
  }
});

test('a failed call leaves the encodings usable, disposed ones refuse every call', async () => {
  const other = /** @type {any} */ (await encodings());
  assert.throws(() => other.sincos1d({ length: 3, dim: 5 }), InputError);
  assert.deepEqual(other.sincos1d({ length: 1, dim: 4 }).tolist(), [[0, 1, 0, 1]]);
  other.dispose();
  other.dispose();
  for (const name of Object.keys({ ...FUNCTIONS, ...SEVERAL }).filter((key) => !key.includes(' '))) {
    assert.throws(() => other[name]({}), DisposedError);
  }
  assert.deepEqual(pe.sincos1d({ length: 1, dim: 4 }).tolist(), [[0, 1, 0, 1]]);
});

test('encodings refuses options that it does not know', async () => {
  await assert.rejects(encodings(/** @type {any} */ ({ sind: 'base' })), InputError);
  await assert.rejects(encodings(/** @type {any} */ ({ simd: 'fast' })), InputError);
});
