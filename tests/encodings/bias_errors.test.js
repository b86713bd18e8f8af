/**
 * Every option of every relative bias and mask refuses what it cannot take, with a typed error that names the option. A
 * function has one set of good options and, for each option, values that must be refused.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { encodings } from '../../bindings/encodings.js';
import { InputError, ShapeError } from '../../bindings/errors.js';
import { Tensor } from '../../bindings/tensor.js';

const pe = /** @type {any} */ (await encodings());
after(() => pe.dispose());

/** @param {...number} shape */
const floats = (...shape) =>
  new Tensor('float32', new Float32Array(shape.reduce((n, size) => n * size, 1)).fill(0.5), shape);

/** A tensor whose parts contradict each other. */
const lying = { dtype: 'float32', data: new Float32Array(3), shape: [1000, 1000] };
const integers = new Tensor('int32', new Int32Array(4), [2, 2]);

const NO_SIZE = [0, -1, 1.5, '3', null, Number.NaN, 2 ** 40, [2]];
const NO_PAIR = [0, [2], [2, 0], [2, 3, 4], '2', null, [2, '3'], 1e9];
const NO_NUMBER = [Number.NaN, '1', null, [1]];
const NO_TENSOR = [null, 3, [1, 2], new Float32Array(4), integers, lying, {}, floats(7, 7, 7, 7, 7)];
const NO_LIST = [null, 3, 'ab', [], [1.5], ['1'], [2 ** 31]];
const NO_FLAG = [0, 'true', null];
const NO_CHOICE = ['nothing', 0, null, ['bias']];

const weights = {
  hiddenWeight: floats(4, 2),
  hiddenBias: floats(4),
  outputWeight: floats(3, 4),
  outputBias: floats(3),
};
const noWeights = {
  hiddenWeight: [...NO_TENSOR, floats(4, 3)],
  hiddenBias: [...NO_TENSOR.filter((value) => value !== undefined), floats(5)],
  outputWeight: [...NO_TENSOR, floats(3, 5)],
  outputBias: [...NO_TENSOR, floats(4)],
};
const names = ['query', 'key', 'value', 'positionKey', 'positionQuery'];
const projections = Object.fromEntries(
  names.flatMap((name) => [
    [`${name}Weight`, floats(4, 4)],
    [`${name}Bias`, floats(4)],
  ]),
);
const noProjections = Object.fromEntries(
  names.flatMap((name) => [
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
  windowIndex: { good: { window: 2 }, bad: { window: NO_PAIR, sign: NO_CHOICE }, needs: ['window'] },
  windowBias: {
    good: { window: 2, table: floats(9, 3) },
    bad: {
      window: NO_PAIR,
      table: [...NO_TENSOR, floats(8, 3), floats(9)],
      classToken: NO_FLAG,
      tableLayout: NO_CHOICE,
      sign: NO_CHOICE,
    },
    needs: ['window', 'table'],
  },
  shiftedWindowMask: {
    good: { height: 4, width: 4, window: 2, shift: 1 },
    bad: {
      height: NO_SIZE,
      width: NO_SIZE,
      window: NO_PAIR,
      shift: [2, -1, [0, 2], '1', null],
      fill: NO_NUMBER,
      clamp: NO_CHOICE,
    },
    needs: ['height', 'width', 'window'],
  },
  beitIndex: { good: { window: 2 }, bad: { window: NO_PAIR }, needs: ['window'] },
  beitBias: {
    good: { window: 3, trainedWindow: 2, table: floats(12, 3) },
    bad: {
      window: NO_PAIR,
      trainedWindow: NO_PAIR,
      table: [...NO_TENSOR, floats(9, 3)],
      mode: NO_CHOICE,
      tableOrder: NO_CHOICE,
    },
    needs: ['window', 'table'],
  },
  logCoordinates: {
    good: { window: 2 },
    bad: {
      window: NO_PAIR,
      trainedWindow: [-1, [2], [2, 0], '2', null],
      mode: NO_CHOICE,
      oneToken: NO_CHOICE,
    },
    needs: ['window'],
  },
  continuousBias: {
    good: { window: 2, ...weights },
    bad: {
      window: NO_PAIR,
      trainedWindow: [-1, [2, 0]],
      mode: NO_CHOICE,
      oneToken: NO_CHOICE,
      gain: NO_NUMBER,
      ...noWeights,
    },
    needs: ['window', 'hiddenWeight', 'outputWeight'],
  },
  resizeBias: {
    good: { table: floats(9, 3), from: 2, to: 3 },
    bad: {
      table: [...NO_TENSOR, floats(10, 3)],
      from: [...NO_PAIR, 5000],
      to: [...NO_PAIR, 5000],
      extra: [-1, 1.5, '3', null],
      mode: NO_CHOICE,
      antialias: [...NO_FLAG, true],
      preset: NO_CHOICE,
    },
    needs: ['table', 'from', 'to'],
  },
  decomposedBias: {
    good: { query: floats(2, 6, 4), heightTable: floats(3, 4), widthTable: floats(5, 4), queryGrid: [2, 3] },
    bad: {
      query: [...NO_TENSOR, floats(2, 7, 4)],
      heightTable: [...NO_TENSOR, floats(3, 5)],
      widthTable: [...NO_TENSOR, floats(5, 5)],
      queryGrid: NO_PAIR,
      keyGrid: NO_PAIR,
      prefix: [-1, 1.5, '3', null],
      output: NO_CHOICE,
    },
    needs: ['query', 'heightTable', 'widthTable', 'queryGrid'],
  },
  axisPositions: {
    call: 'decomposedBias',
    good: { output: 'axis', table: floats(3, 4), queries: 2, keys: 2 },
    bad: { table: [...NO_TENSOR, floats(3)], queries: NO_SIZE, keys: NO_SIZE },
    needs: ['table', 'queries', 'keys'],
  },
  botnetBias: {
    good: { query: floats(2, 6, 4), heightTable: floats(3, 4), widthTable: floats(5, 4), grid: [2, 3] },
    bad: {
      query: [...NO_TENSOR, floats(2, 7, 4)],
      heightTable: [...NO_TENSOR, floats(4, 4)],
      widthTable: [...NO_TENSOR, floats(4, 4)],
      grid: NO_PAIR,
    },
    needs: ['query', 'heightTable', 'widthTable', 'grid'],
  },
  levitBias: {
    good: { grid: 3, table: floats(2, 9), stride: 2 },
    bad: {
      grid: NO_PAIR,
      table: [...NO_TENSOR, floats(2, 8)],
      stride: NO_SIZE,
      queryGrid: [...NO_PAIR, 3],
      output: NO_CHOICE,
    },
    needs: ['grid', 'table'],
  },
  gpsa: {
    good: { grid: 2, weight: floats(3, 3), bias: floats(3), scores: floats(1, 3, 4, 4), gate: floats(3) },
    bad: {
      grid: NO_PAIR,
      weight: [...NO_TENSOR, floats(3, 2)],
      bias: [...NO_TENSOR, floats(4)],
      scores: [...NO_TENSOR, floats(1, 3, 4, 5)],
      gate: [...NO_TENSOR, floats(4)],
      output: NO_CHOICE,
    },
    needs: ['grid', 'weight', 'bias', 'gate'],
  },
  t5Buckets: {
    good: { distances: [-1, 0, 5] },
    bad: {
      distances: NO_LIST,
      buckets: [...NO_SIZE, 3],
      maxDistance: [...NO_SIZE, 8],
      bidirectional: NO_FLAG,
      preset: NO_CHOICE,
    },
    needs: ['distances'],
  },
  bucketRange: {
    call: 't5Buckets',
    good: { from: -2, to: 2 },
    bad: { from: [0.5, '1', null], to: [0.5, '1', null, -3], distances: [[1]] },
    needs: ['from', 'to'],
  },
  t5Bias: {
    good: { table: floats(32, 2), length: 4 },
    bad: {
      table: [...NO_TENSOR, floats(3, 2), floats(32)],
      length: NO_SIZE,
      queries: NO_SIZE,
      keys: NO_SIZE,
      offset: [-1, 1.5, '3', null],
      maxDistance: [...NO_SIZE, 8],
      bidirectional: NO_FLAG,
      preset: NO_CHOICE,
    },
    needs: ['table'],
  },
  debertaBuckets: {
    good: { distances: [-1, 0, 5] },
    bad: { distances: NO_LIST, bucketSize: [...NO_SIZE, 1], maxPosition: [...NO_SIZE, 129] },
    needs: ['distances'],
  },
  gatedBias: {
    good: {
      hidden: floats(1, 3, 8),
      bias: floats(2, 3, 3),
      gateWeight: floats(8, 4),
      gateBias: floats(8),
      gateConstant: floats(2),
    },
    bad: {
      hidden: [...NO_TENSOR, floats(1, 3, 9)],
      bias: [...NO_TENSOR, floats(2, 3, 4)],
      gateWeight: [...NO_TENSOR, floats(7, 4)],
      gateBias: [...NO_TENSOR, floats(7)],
      gateConstant: [...NO_TENSOR, floats(3)],
    },
    needs: ['hidden', 'bias', 'gateWeight', 'gateBias', 'gateConstant'],
  },
  cope: {
    good: { query: floats(1, 2, 3, 4), logits: floats(1, 2, 3, 3), table: floats(4, 5) },
    bad: {
      query: [...NO_TENSOR, floats(1, 2, 3)],
      logits: [...NO_TENSOR, floats(1, 3, 3, 3)],
      table: [...NO_TENSOR, floats(5, 5)],
    },
    needs: ['query', 'logits', 'table'],
  },
  disentangled: {
    good: {
      hidden: floats(1, 3, 4),
      relativeEmbeddings: floats(8, 4),
      heads: 2,
      positionBuckets: 4,
      maxRelativePositions: 16,
      shareKey: false,
      output: 'context',
      ...projections,
    },
    bad: {
      hidden: [...NO_TENSOR, floats(3, 4)],
      relativeEmbeddings: [...NO_TENSOR, floats(7, 4), floats(8, 5)],
      heads: [...NO_SIZE, 3],
      positionBuckets: [-2, 1, 1.5, '4', null],
      maxRelativePositions: [...NO_SIZE, 3],
      terms: ['c2p', ['c2c'], ['c2p', 'c2p'], null],
      shareKey: NO_FLAG,
      output: NO_CHOICE,
      ...noProjections,
    },
    needs: ['hidden', 'relativeEmbeddings', 'heads', ...names.map((name) => `${name}Weight`)],
  },
  shaw: {
    good: {
      query: floats(1, 2, 3, 4),
      table: floats(4, 4),
      left: 2,
      right: 1,
      key: floats(1, 2, 5, 4),
      value: floats(1, 2, 5, 4),
      valueTable: floats(4, 4),
      output: 'context',
    },
    bad: {
      query: [...NO_TENSOR, floats(1, 2, 3)],
      table: [...NO_TENSOR, floats(4, 5), floats(5, 4)],
      left: [-1, 1.5, '2', null],
      right: [-1, 1.5, '2', null],
      scale: [...NO_NUMBER, Number.POSITIVE_INFINITY],
      key: [...NO_TENSOR, floats(1, 2, 5, 5)],
      value: [...NO_TENSOR, floats(1, 2, 6, 4)],
      valueTable: [...NO_TENSOR, floats(5, 4)],
      output: NO_CHOICE,
    },
    needs: ['query', 'table', 'key', 'value'],
  },
  shawBias: {
    call: 'shaw',
    good: { query: floats(1, 2, 3, 4), table: floats(5, 4), length: 6 },
    bad: { length: NO_SIZE },
    needs: ['query', 'table'],
  },
  relativeSincos: {
    good: { dim: 4, from: 3, to: -3 },
    bad: {
      dim: [...NO_SIZE, 5],
      from: [0.5, '1', null],
      to: [0.5, '1', null, 4],
      layout: NO_CHOICE,
      base: [...NO_NUMBER, 0, -1, Number.POSITIVE_INFINITY],
      clamp: [...NO_NUMBER, 0, -1],
    },
    needs: ['dim', 'from', 'to'],
  },
  relativeSincosXlnet: {
    call: 'relativeSincos',
    good: { preset: 'xlnet', dim: 4, queries: 3, keys: 3 },
    bad: { preset: NO_CHOICE, queries: NO_SIZE, keys: NO_SIZE, causal: NO_FLAG, from: [3], to: [3] },
    needs: ['queries', 'keys'],
  },
  relativeSincosConformer: {
    call: 'relativeSincos',
    good: { preset: 'conformer', dim: 4, length: 3 },
    bad: { length: NO_SIZE },
    needs: ['length'],
  },
  transformerXL: {
    good: {
      query: floats(3, 1, 2, 4),
      table: floats(6, 5),
      positionWeight: floats(8, 5),
      positionBias: floats(2, 4),
    },
    bad: {
      query: [...NO_TENSOR, floats(3, 1, 8)],
      table: [...NO_TENSOR, floats(6)],
      positionWeight: [...NO_TENSOR, floats(8, 6)],
      positionBias: [...NO_TENSOR, floats(2, 5)],
      keys: NO_SIZE,
      preset: NO_CHOICE,
      zeroRow: [-1, 1.5, '3', null],
      scale: NO_NUMBER,
      layout: NO_CHOICE,
    },
    needs: ['query', 'table'],
  },
  alibiSlopes: {
    good: { heads: 3 },
    bad: { heads: [...NO_SIZE, 70000], biasMax: [...NO_NUMBER, 0, -8] },
    needs: ['heads'],
  },
  alibi: {
    good: { heads: 3, length: 4 },
    bad: {
      heads: NO_SIZE,
      length: NO_SIZE,
      form: NO_CHOICE,
      biasMax: [...NO_NUMBER, 0],
      mask: [integers],
    },
    needs: ['heads', 'length'],
  },
  alibiSlopesGiven: {
    call: 'alibi',
    good: { slopes: floats(3), length: 4 },
    bad: { slopes: [...NO_TENSOR, floats(3, 1)], heads: [3], biasMax: [8] },
    needs: ['length'],
  },
  alibiMask: {
    call: 'alibi',
    good: { heads: 3, form: 'bloom', mask: integers },
    bad: { mask: [...NO_LIST, [0, 1], new Tensor('int32', new Int32Array([0, 2]), [1, 2])] },
    needs: ['heads', 'mask'],
  },
  kerple: {
    good: { length: 3, r1: floats(2), r2: floats(2) },
    bad: {
      length: NO_SIZE,
      r1: [...NO_TENSOR, new Tensor('float32', new Float32Array(2), [2])],
      r2: [...NO_TENSOR, floats(3)],
      form: NO_CHOICE,
    },
    needs: ['length', 'r1', 'r2'],
  },
  fire: {
    good: { length: 3, ...weights, hiddenWeight: floats(4, 1) },
    bad: {
      length: NO_SIZE,
      ...noWeights,
      c: NO_NUMBER,
      threshold: NO_NUMBER,
      epsilon: [...NO_NUMBER, 0],
    },
    needs: ['length', 'hiddenWeight', 'outputWeight'],
  },
  sandwich: {
    good: { length: 3, heads: 2 },
    bad: { length: NO_SIZE, heads: NO_SIZE, dim: [...NO_SIZE, 3], base: [...NO_NUMBER, 0] },
    needs: ['length', 'heads'],
  },
  paddingMask: {
    good: { lengths: [1, 2], length: 3 },
    bad: { lengths: [...NO_LIST, [-1], [4]], length: NO_SIZE, as: NO_CHOICE, fill: NO_NUMBER },
    needs: ['lengths'],
  },
  slidingWindowMask: {
    good: { length: 3, window: 1 },
    bad: {
      length: NO_SIZE,
      window: [-1, 0.5, '1', null],
      left: [-1, 0.5, '1', null],
      right: [-1, 0.5, '1', null],
      as: NO_CHOICE,
      fill: NO_NUMBER,
    },
    needs: ['length', 'window'],
  },
  segmentMask: {
    good: { boundaries: [0, 2, 3] },
    bad: {
      boundaries: [...NO_LIST, [1, 2], [0, 2, 1], [0], [0, 40000]],
      lengths: [[3]],
      segments: [[0, 0]],
      as: NO_CHOICE,
      fill: NO_NUMBER,
    },
    needs: ['boundaries'],
  },
  allowedMask: {
    call: 'paddingMask',
    good: { lengths: [1, 2], as: 'allowed' },
    bad: { fill: [-100] },
    needs: ['lengths'],
  },
};

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

for (const [key, { call: name = key, good, bad, needs }] of Object.entries(FUNCTIONS)) {
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
    const room = new /** @type {any} */ (result.data.constructor)(result.data.length);
    assert.equal(pe[name]({ ...good, out: room }).data, room);
    assert.deepEqual(room, result.data);
    const tensor = new Tensor(result.dtype, room, [room.length]);
    assert.deepEqual(pe[name]({ ...good, out: tensor }).shape, result.shape);
    const wrong = [new Float32Array(1e5), new Float64Array(room.length), new Uint8Array(room.length), {}, 3];
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

test('results beyond the core are refused before any memory is taken', () => {
  const sizes = { heads: 1024, length: 2 ** 20 };
  for (const run of [
    () => pe.windowIndex({ window: 32768 }),
    () => pe.alibi(sizes),
    () => pe.sandwich(sizes),
    () => pe.shiftedWindowMask({ height: 2 ** 20, width: 2 ** 20, window: 32768 }),
    () => pe.slidingWindowMask({ length: 2 ** 20, window: 1 }),
  ]) {
    assert.throws(run, InputError);
  }
});
