/**
 * Rules of options beyond their kind and range: sizes that do not fit together, and options that exclude each other, are refused
 * with a typed error that names the option. What tables say of single options: refusals.test.js.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import { InputError, ShapeError } from '../../bindings/errors.js';
import { Tensor } from '../../bindings/tensor.js';
import { encodings } from '../../web/encodings.js';

/** Bad options are not of the functions' types. @type {any} */
const pe = await encodings();
after(() => pe.dispose());

/** @param {...number} shape */
const floats = (...shape) =>
  new Tensor('float32', new Float32Array(shape.reduce((n, size) => n * size, 1)).fill(0.5), shape);
const grid = { height: 2, width: 3 };
const mlp = {
  hiddenWeight: floats(4, 2),
  hiddenBias: floats(4),
  outputWeight: floats(3, 4),
  outputBias: floats(3),
};
const badMlp = { hiddenBias: [floats(5)], outputWeight: [floats(3, 5)], outputBias: [floats(4)] };
/** Weights and biases of a width by the names of their projections. @param {string[]} names @param {number} width */
const linear = (names, width) =>
  Object.fromEntries(
    names.flatMap((name) => [
      [`${name}Weight`, floats(4, width)],
      [`${name}Bias`, floats(width)],
    ]),
  );
const badLinear = (/** @type {string[]} */ names) =>
  Object.fromEntries(Object.entries(linear(names, 5)).map(([name, tensor]) => [name, [tensor]]));
const pooled = ['query', 'key', 'value', 'output'];
const projected = ['query', 'key', 'value', 'positionKey', 'positionQuery'];

/** A function, good options, and what they may not be replaced by. @type {[string, Record<string, unknown>, Record<string, unknown[]>][]} */
// biome-ignore format: a table, a line a case
const CASES = [
  ['sincos1d', { length: 3, dim: 4 }, { dim: [5], odd: ['nothing'] }],
  ['sincos1d', { length: 3, dim: 2, odd: 'zero' }, { dim: [1] }],
  ['sincos1d', { length: 3, dim: 4, preset: 'd2l' }, { length: [10001] }],
  ['sincos1d', { positions: [[0.5, -1]], dim: 4 }, { length: [2], maxLength: [2] }],
  ['sandwich', { length: 1024, heads: 2, dim: 8 }, { dim: [2 ** 18 + 2, 2 ** 20] }],
  ['timestep', { timesteps: [1, 2], dim: 6 }, { shift: [3], scale: [1e300] }],
  ['sincos3d', { ...grid, frames: 2, dim: 16 }, { dim: [12] }],
  ['sincos3d', { ...grid, frames: 2, dim: 16, split: 'quarter' }, { dim: [8, 24] }],
  ['sincos3d', { ...grid, frames: 2, dim: 16, byFrame: true }, { prefix: [1] }],
  ['sineGrid', { ...grid, features: 4, mask: [[1, 1, 1], [1, 1, 0]] }, { height: [3], width: [2], mask: [[1, 1, 1]] }],
  ['fourier', { sizes: [2, 3], bands: 2 },
    { sizes: [[2, 2, 2, 2], [2 ** 20, 2 ** 20]], maxResolution: [[8], [8, 0], [8, 8, 8]] }],
  ['fourier', { sizes: [2, 3], bands: 2 }, { base: [10], offset: [1], reference: [[2], [0, 2], 3] }],
  ['fourier', { sizes: [2, 3], bands: 2, spacing: 'geometric' }, { maxResolution: [8] }],
  ['fourier', { positions: [[1, 2]], bands: 2 }, { positions: [[new Array(65).fill(1)]] }],
  ['nerf', { x: [[0.5, 1]], octaves: 3 }, { x: [new Array(65).fill(1), [2 ** 49]] }],
  ['randomFourier', { coordinates: [[0.5, 1]], matrix: floats(2, 3) },
    { matrix: [floats(3, 3)], height: [2], width: [2], channelsFirst: [true] }],
  ['randomFourier', { ...grid, matrix: floats(2, 3) }, { matrix: [floats(3, 3)] }],
  ['resizeTable', { table: floats(5, 3), to: [3, 2], prefix: 1 },
    { table: [floats(5)], from: [3, [2, 3]], prefix: [5], maxLength: [4], fill: ['first'] }],
  ['resizeTable', { table: floats(5, 3), to: 3, mode: 'linear' }, { to: [[3, 2]], from: [4], scaleOffset: [-1] }],
  ['resizeTable', { table: floats(4, 3), to: 3, alignCorners: true }, { scaleOffset: [0.1] }],
  ['resizeTable', { table: floats(4, 3), sizes: [[3, 2], [1, 1]], maxLength: 7 },
    { to: [3], sizes: [[[2]], [[2, 0]]], maxLength: [5] }],
  ['learnedTable', { table: floats(4, 3), x: floats(2, 3, 3) },
    { table: [floats(4)], x: [floats(5, 3), floats(3, 4)], length: [3] }],
  ['learnedTable', { table: floats(4, 3), offset: 1 }, { offset: [4], length: [4] }],
  ['positionIds', { inputIds: [[5, 1]], padding: 1 }, { inputIds: [[[[1]]]], length: [2], offset: [0] }],
  ['positionIds', { length: 3 }, { padding: [1], preset: ['roberta'] }],
  ['rowColumn', { row: floats(2, 3), column: floats(3, 3) },
    { row: [floats(2)], column: [floats(3, 4)], height: [3], width: [4] }],
  ['rowColumn', { row: floats(2, 3), column: floats(3, 3) }, { columnIds: [[0]], x: [floats(5, 3)] }],
  ['rowColumn', { row: floats(2, 3), column: floats(3, 3), x: floats(6, 3) }, { channelsFirst: [true] }],
  ['rowColumn', { row: floats(2, 3), column: floats(3, 3), rowIds: [0, 1], columnIds: [2, 2] },
    { rowIds: [[2, 0], [-1, 0]], columnIds: [[3, 0], [0]] }],
  ['rowColumn', { row: floats(2, 3), column: floats(3, 3), rowIds: [0, 1], columnIds: [2, 2] },
    { height: [2], channelsFirst: [true] }],
  ['attentionPoolTable', { x: floats(2, 4, 2, 2), table: floats(5, 4) },
    { x: [floats(2, 4, 2, 3)], table: [floats(5, 3)], from: [3, [2, 3]], heads: [2], keyWeight: [floats(4, 4)] }],
  ['attentionPoolTable', { x: floats(2, 4, 2, 2), table: floats(5, 4), heads: 2, ...linear(pooled, 4) },
    { heads: [3], ...badLinear(pooled.slice(1)) }],
  ['convolutionalPosition', { x: floats(2, 5, 4), direction: floats(4, 2, 3), length: floats(1, 1, 3), bias: floats(4) },
    { direction: [floats(4, 3, 3)], length: [floats(1, 1, 4)], bias: [floats(3)] }],
  ['convolutionalPosition', { x: floats(2, 5, 4), weight: floats(4, 2, 3) },
    { weight: [floats(4, 3, 3)], direction: [floats(4, 2, 3)], length: [floats(1, 1, 3)] }],
  ['conditionalPosition', { ...grid, x: floats(1, 7, 4), weight: floats(4, 1, 3, 3), prefix: 1 },
    { x: [floats(1, 6, 4)], weight: [floats(4, 1, 2, 2), floats(4, 1, 11, 11), floats(3, 1, 3, 3)], bias: [floats(3)] }],
  ['conditionalPosition', { ...grid, x: floats(1, 6, 4), weight: floats(4, 1, 3, 3), stride: 2 }, { residual: [true] }],
  ['rope', { length: 3, dim: 4 }, { dim: [3], frequencies: [[1]] }],
  ['rope', { positions: [[0.5, 2]], dim: 4, frequencies: [1, 2] },
    { length: [2], offset: [1], base: [10], scaling: [{ type: 'linear', factor: 2 }] }],
  ['rope2d', { ...grid, dim: 8 },
    { dim: [6, 7], reference: [[2], [0, 2], 3], periodRange: [[1], [0, 1]], periods: [[1], [1, 0]], merge: [2] }],
  ['rope2d', { ...grid, dim: 8 }, { frequencies: [[1, 2], floats(2, 3), floats(3, 4)] }],
  ['rope2d', { ...grid, dim: 8, frequencies: floats(2, 4) },
    { base: [10], bands: ['octaves'], maxResolution: [8], periods: [[1, 2]], periodRange: [[1, 2]], stagger: [true] }],
  ['rope2d', { ...grid, dim: 8, periods: [1, 2] }, { base: [10], bands: ['octaves'], periodRange: [[1, 2]] }],
  ['rope2d', { ...grid, dim: 8, bands: 'octaves' }, { stagger: [true] }],
  ['rope2d', { ...grid, dim: 8, grid: 'pixel' }, { offset: [1] }],
  ['ropeSections', { positions: [[0, 1], [2, 3], [4, 5]], dim: 8, sections: [1, 1, 2] },
    { positions: [[1, 2], [[1, 2]]], dim: [7], sections: [[1, 1, 1], [-1, 3, 2]], height: [2] }],
  ['ropeSections', { ...grid, dim: 8, sections: [1, 1, 2], mode: 'strided' }, { sections: [[2, 2]] }],
  ['applyRope', { x: floats(1, 2, 3, 4), cos: floats(3, 4), sin: floats(3, 4) },
    { cos: [floats(2, 4)], sin: [floats(3, 2), floats(1, 3, 4)], prefix: [3] }],
  ['windowBias', { window: 2, table: floats(9, 3) }, { table: [floats(8, 3), floats(9)] }],
  ['shiftedWindowMask', { height: 4, width: 4, window: 2, shift: 1 }, { shift: [2, [0, 2]] }],
  ['shiftedWindowMask', { height: 4, width: 4, window: 2, clamp: 'shared' }, { window: [[2, 3]] }],
  ['beitBias', { window: 3, trainedWindow: 2, table: floats(12, 3) }, { table: [floats(9, 3)] }],
  ['logCoordinates', { window: 2 }, { trainedWindow: [[2, 0]] }],
  ['continuousBias', { window: 2, ...mlp }, { trainedWindow: [[2, 0]], hiddenWeight: [floats(4, 3)], ...badMlp }],
  ['resizeBias', { table: floats(9, 3), from: 2, to: 3 }, { table: [floats(10, 3)], antialias: [true] }],
  ['decomposedBias', { query: floats(2, 6, 4), heightTable: floats(3, 4), widthTable: floats(5, 4), queryGrid: [2, 3] },
    { query: [floats(2, 7, 4)], heightTable: [floats(3, 5)], widthTable: [floats(5, 5)], table: [floats(3, 4)] }],
  ['decomposedBias', { output: 'axis', table: floats(3, 4), queries: 2, keys: 2 }, { table: [floats(3)], queryGrid: [2] }],
  ['botnetBias', { query: floats(2, 6, 4), heightTable: floats(3, 4), widthTable: floats(5, 4), grid: [2, 3] },
    { query: [floats(2, 7, 4)], heightTable: [floats(4, 4)], widthTable: [floats(4, 4)] }],
  ['levitBias', { grid: 3, table: floats(2, 9), stride: 2 }, { table: [floats(2, 8)], queryGrid: [3] }],
  ['gpsa', { grid: 2, weight: floats(3, 3), bias: floats(3), scores: floats(1, 3, 4, 4), gate: floats(3) },
    { weight: [floats(3, 2)], bias: [floats(4)], scores: [floats(1, 3, 4, 5)], gate: [floats(4)] }],
  ['t5Buckets', { distances: [-1, 0, 5] }, { buckets: [3], maxDistance: [8] }],
  ['t5Buckets', { from: -2, to: 2 }, { to: [-3], distances: [[1]] }],
  ['t5Bias', { table: floats(32, 2), length: 4 }, { table: [floats(3, 2), floats(32)], maxDistance: [8] }],
  ['debertaBuckets', { distances: [-1, 0, 5] }, { maxPosition: [129] }],
  ['gatedBias', { hidden: floats(1, 3, 8), bias: floats(2, 3, 3), gateWeight: floats(8, 4), gateBias: floats(8),
      gateConstant: floats(2) },
    { hidden: [floats(1, 3, 9)], bias: [floats(2, 3, 4)], gateWeight: [floats(7, 4)], gateBias: [floats(7)],
      gateConstant: [floats(3)] }],
  ['disentangled', { hidden: floats(1, 3, 4), relativeEmbeddings: floats(8, 4), heads: 2, positionBuckets: 4,
      maxRelativePositions: 16, shareKey: false, output: 'context', ...linear(projected, 4) },
    { hidden: [floats(3, 4)], relativeEmbeddings: [floats(7, 4), floats(8, 5)], heads: [3], positionBuckets: [1],
      maxRelativePositions: [3], terms: ['c2p', ['c2c'], ['c2p', 'c2p']], ...badLinear(projected) }],
  ['shaw', { query: floats(1, 2, 3, 4), table: floats(4, 4), left: 2, right: 1, key: floats(1, 2, 5, 4), value: floats(1,
      2, 5, 4), valueTable: floats(4, 4), output: 'context' },
    { query: [floats(1, 2, 3)], table: [floats(4, 5), floats(5, 4)], key: [floats(1, 2, 5, 5)],
      value: [floats(1, 2, 6, 4)], valueTable: [floats(5, 4)] }],
  ['transformerXL', { query: floats(3, 1, 2, 4), table: floats(6, 5), positionWeight: floats(8, 5), positionBias: floats(2,
      4) },
    { query: [floats(3, 1, 8)], table: [floats(6), floats(6, 2, 4)], positionWeight: [floats(8, 6)],
      positionBias: [floats(2, 5)] }],
  ['transformerXL', { query: floats(3, 1, 2, 4), table: floats(6, 2, 4) }, { table: [floats(6, 4)] }],
  ['relativeSincos', { dim: 4, from: 3, to: -3 }, { dim: [5], to: [4] }],
  ['relativeSincos', { preset: 'xlnet', dim: 4, queries: 3, keys: 3 }, { from: [3], to: [3] }],
  ['alibi', { heads: 3, length: 4 }, { mask: [new Tensor('int32', new Int32Array(4), [2, 2])] }],
  ['alibi', { slopes: floats(3), length: 4 }, { slopes: [floats(3, 1)], heads: [3], biasMax: [8] }],
  ['alibi', { heads: 3, form: 'bloom', mask: [[1, 1]] },
    { mask: [[0, 1], new Tensor('int32', new Int32Array([0, 2]), [1, 2])] }],
  ['kerple', { length: 3, r1: floats(2), r2: floats(2) },
    { r1: [new Tensor('float32', new Float32Array(2), [2])], r2: [floats(3)] }],
  ['fire', { length: 3, ...mlp, hiddenWeight: floats(4, 1) }, { hiddenWeight: [floats(4, 3)], ...badMlp }],
  ['cope', { query: floats(1, 2, 3, 4), logits: floats(1, 2, 3, 3), table: floats(4, 5) },
    { query: [floats(1, 2, 3)], logits: [floats(1, 3, 3, 3)], table: [floats(5, 5)] }],
  ['paddingMask', { lengths: [1, 2], length: 3 }, { lengths: [[4]] }],
  ['paddingMask', { lengths: [1, 2], as: 'allowed' }, { fill: [-100] }],
  ['segmentMask', { boundaries: [0, 2, 3] },
    { boundaries: [[1, 2], [0, 2, 1], [0], [0, 40000]], lengths: [[3]], segments: [[0, 0]] }],
];

for (const [name, good, bad] of CASES) {
  test(`${name} of ${Object.keys(good).join(', ')} refuses other ${Object.keys(bad).join(', ')}`, () => {
    assert.doesNotThrow(() => pe[name](good));
    for (const [option, values] of Object.entries(bad)) {
      for (const value of values) {
        const refused = (/** @type {any} */ error) => {
          assert.ok(error instanceof InputError || error instanceof ShapeError, String(error.stack));
          assert.equal(error.path, option, error.message);
          assert.ok(
            error.message.startsWith(`${name}: `) && error.message.includes(`"${option}"`),
            error.message,
          );
          return true;
        };
        assert.throws(() => pe[name]({ ...good, [option]: value }), refused, `${option}: ${inspect(value)}`);
      }
    }
  });
}

/** Scalings that are incomplete, unknown or out of range. */
const SCALINGS = [
  ...[{}, { type: 'longer' }, { type: 'linear' }, { type: 'linear', factor: 0 }],
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

test('rope refuses scalings that are incomplete, unknown or out of range', () => {
  const refused = { code: 'ERR_INPUT', path: /^scaling\.\w+$/ };
  for (const scaling of SCALINGS) {
    assert.throws(() => pe.rope({ length: 3, dim: 4, scaling }), refused, JSON.stringify(scaling));
    assert.throws(() => pe.ropeFrequencies({ dim: 4, scaling }), refused, JSON.stringify(scaling));
  }
  for (const scaling of [null, 3])
    assert.throws(() => pe.rope({ length: 3, dim: 4, scaling }), { path: 'scaling' });
  const dynamic = { type: 'dynamic', factor: 2, originalLength: 8 };
  assert.throws(() => pe.ropeFrequencies({ dim: 2, scaling: dynamic }), /dynamic scaling divides by 0/);
  assert.throws(() => pe.ropeFrequencies({ dim: 3 }), /"dim" must be even, not 3/);
});

test('applyRope refuses tables that no layout holds', () => {
  const rotate = (/** @type {number} */ columns) =>
    pe.applyRope({ x: floats(1, 2, 3, 4), cos: floats(3, columns), sin: floats(3, columns) });
  for (const columns of [6, 3]) assert.throws(() => rotate(columns), { code: 'ERR_INPUT', path: 'cos' });
  const tables = { cos: floats(3, 4), sin: floats(3, 4) };
  assert.throws(() => pe.applyRope({ x: floats(1, 2, 3, 4), ...tables, repeat: false }), { path: 'cos' });
});
