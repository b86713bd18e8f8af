/** Tensor and similarity, against what NumPy gives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { InputError, ShapeError } from '../bindings/errors.js';
import { similarity } from '../bindings/similarity.js';
import { Tensor } from '../bindings/tensor.js';

const count24 = () =>
  new Tensor(
    'int32',
    Int32Array.from({ length: 24 }, (_, i) => i),
    [2, 3, 4],
  );

test('tolist nests as the shape says', () => {
  assert.deepEqual(new Tensor('float32', new Float32Array([1, 2, 3, 4, 5, 6]), [3, 2]).tolist(), [
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  assert.deepEqual(new Tensor('bool', new Uint8Array([1, 0]), [2]).tolist(), [true, false]);
  assert.deepEqual(new Tensor('int64', new BigInt64Array([1n]), [1]).tolist(), [1n]);
  assert.deepEqual(new Tensor('float64', new Float64Array(0), [2, 0, 3]).tolist(), [[], []]);
  assert.equal(new Tensor('float64', new Float64Array([7]), []).tolist(), 7);
});

test('slice takes indices, ranges and whole axes as NumPy does', () => {
  const t = count24();
  assert.deepEqual(t.slice().tolist(), t.tolist());
  assert.deepEqual(t.slice(1, 2, 3).tolist(), 23);
  assert.deepEqual(t.slice(-1, -3, -4).tolist(), 12);
  assert.deepEqual(t.slice(null, 1).tolist(), [
    [4, 5, 6, 7],
    [16, 17, 18, 19],
  ]);
  assert.deepEqual(t.slice(0, [1, 3], [-3, -1]).tolist(), [
    [5, 6],
    [9, 10],
  ]);
  assert.deepEqual(t.slice(null, null, 0).tolist(), [
    [0, 4, 8],
    [12, 16, 20],
  ]);
  assert.deepEqual(t.slice(1, [-100, 100], [2, 3]).tolist(), [[14], [18], [22]]);
  assert.deepEqual(t.slice(null, [2, 1]).shape, [2, 0, 4]);
});

test('a slice is a copy', () => {
  const t = count24();
  t.slice(0).data[0] = 99;
  assert.equal(t.data[0], 0);
});

test('slices beyond the tensor, or of the wrong kind, are typed errors', () => {
  const t = count24();
  for (const ranges of [[2], [-3], [0, 3], [0, 0, 0, 0]]) assert.throws(() => t.slice(...ranges), ShapeError);
  for (const range of [0.5, NaN, '1', [1], [0, 1.5], [0, NaN], [0, 1, 2], {}, 1n]) {
    if (range !== undefined)
      assert.throws(() => t.slice(/** @type {any} */ (range)), InputError, String(range));
  }
});

test('a tensor that contradicts itself is refused, naming what was found', () => {
  const f = new Float32Array(6);
  const make =
    (/** @type {any[]} */ ...args) =>
    () =>
      new Tensor(args[0], args[1], args[2]);
  assert.throws(make('float16', f, [6]), /dtype is "float16"; expected float32, /);
  assert.throws(make('toString', f, [6]), InputError);
  assert.throws(make('float64', f, [6]), /data is Float32Array of 24 bytes; expected a Float64Array/);
  assert.throws(make('float32', [1, 2], [2]), InputError);
  for (const shape of [
    [5],
    [2, 2],
    [7],
    [-6],
    [6.5],
    ['6'],
    [6, NaN],
    6,
    null,
    undefined,
    Array(65).fill(1),
  ]) {
    assert.throws(make('float32', f, shape), ShapeError, String(shape));
  }
});

test('similarity of rows is their cosine', () => {
  const a = new Tensor('float32', new Float32Array([3, 4, 0, -5, 0, 0]), [3, 2]);
  const b = new Tensor('float64', new Float64Array([0.3, 0.4, 1, 0]), [2, 2]);
  const cosines = similarity(a, b);
  assert.equal(cosines.dtype, 'float32');
  assert.deepEqual(
    cosines.tolist(),
    [
      [1, 0.6],
      [-0.8, 0],
      [0, 0],
    ].map((row) => row.map(Math.fround)),
  );
  assert.deepEqual(similarity(a).slice(0).tolist(), [1, Math.fround(-0.8), 0]);
  assert.deepEqual(similarity(a, new Tensor('float32', new Float32Array(0), [0, 2])).shape, [3, 0]);
});

test('similarity sums in double precision', () => {
  // numpy.float64: 1e8, then 1e4 squares of 1; in single precision they vanish.
  const row = new Float32Array(10001).fill(1);
  row[0] = 1e4;
  const unit = new Float32Array(10001);
  unit[0] = 1;
  const tensor = new Tensor('float32', new Float32Array([...row, ...unit]), [2, 10001]);
  assert.equal(similarity(tensor).data[1], Math.fround(1e4 / Math.sqrt(1e8 + 1e4)));
});

test('similarity refuses what is not two matrices of one width', () => {
  const a = new Tensor('float32', new Float32Array(6), [3, 2]);
  assert.throws(() => similarity(/** @type {any} */ ([[1, 2]])), InputError);
  assert.throws(() => similarity(a, /** @type {any} */ (null)), InputError);
  assert.throws(() => similarity(new Tensor('int64', new BigInt64Array(1), [1, 1])), InputError);
  assert.throws(() => similarity(new Tensor('float32', new Float32Array(6), [6])), ShapeError);
  assert.throws(() => similarity(a, new Tensor('float32', new Float32Array(6), [2, 3])), ShapeError);
});

test('a tensor is a list of its rows', () => {
  const rows = [...count24().slice(1)];
  assert.deepEqual(
    rows.map((row) => [row instanceof Tensor, row.shape, row.tolist()]),
    [
      [true, [4], [12, 13, 14, 15]],
      [true, [4], [16, 17, 18, 19]],
      [true, [4], [20, 21, 22, 23]],
    ],
  );
  assert.equal(rows[0].data.buffer.byteLength, 16, 'a row is a copy, of its own size');
  assert.deepEqual([...rows[0]], [12, 13, 14, 15]);
  assert.deepEqual([...new Tensor('bool', new Uint8Array([1, 0]), [2])], [true, false]);
  assert.deepEqual([...new Tensor('float32', new Float32Array(0), [0, 3])], []);
  assert.throws(() => [...new Tensor('int8', new Int8Array(1), [])], ShapeError);
});

test('a tensor in JSON is nested arrays', () => {
  const json = (/** @type {Tensor} */ tensor) => JSON.stringify({ tensor });
  assert.equal(json(count24().slice([0, 1], null, [0, 2])), '{"tensor":[[[0,1],[4,5],[8,9]]]}');
  assert.equal(
    json(new Tensor('float64', Float64Array.of(0.1, NaN, Infinity), [3])),
    '{"tensor":[0.1,null,null]}',
  );
  assert.equal(json(new Tensor('bool', Uint8Array.of(1, 0), [2])), '{"tensor":[true,false]}');
  const large = BigInt64Array.of(-3n, 2n ** 60n);
  assert.equal(json(new Tensor('int64', large, [2])), '{"tensor":[-3,"1152921504606846976"]}');
  assert.equal(json(new Tensor('uint8', Uint8Array.of(7), [])), '{"tensor":7}');
});

test('a tensor shown to people says what it is, with its first and last values', () => {
  const small = new Tensor('float32', Float32Array.of(0.1, -2, 1e-9, NaN), [2, 2]);
  assert.equal(String(small), 'Tensor float32 [2, 2] [[0.1, -2], [1e-9, NaN]]');
  assert.equal(inspect({ small }), '{ small: Tensor float32 [2, 2] [[0.1, -2], [1e-9, NaN]] }');
  const long = new Tensor(
    'int32',
    Int32Array.from({ length: 100 }, (_, i) => i),
    [100],
  );
  assert.equal(String(long), 'Tensor int32 [100] [0, 1, 2, …, 97, 98, 99]');
  assert.equal(
    String(new Tensor('int64', BigInt64Array.of(2n ** 60n), [])),
    'Tensor int64 [] 1152921504606846976',
  );
  assert.equal(String(new Tensor('bool', Uint8Array.of(1, 0), [2])), 'Tensor bool [2] [true, false]');
  assert.equal(String(new Tensor('int8', new Int8Array(0), [2, 0])), 'Tensor int8 [2, 0] [[], []]');
});
