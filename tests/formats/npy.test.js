/** .npy, as NumPy writes and reads it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { FormatError, InputError, UnsupportedError, WasmformerError } from '../../bindings/errors.js';
import { Tensor } from '../../bindings/tensor.js';

// Files as NumPy writes them; npy_fixtures.py made them.
const fixtures = JSON.parse(readFileSync(new URL('npy_fixtures.json', import.meta.url), 'utf8'));
const bytesOf = (/** @type {string} */ base64) => new Uint8Array(Buffer.from(base64, 'base64'));

for (const [name, { dtype, shape, values, file }] of Object.entries(fixtures.sound)) {
  test(`.npy of NumPy is read, and written byte for byte: ${name}`, () => {
    const tensor = Tensor.fromNpy(bytesOf(file));
    assert.equal(tensor.dtype, dtype);
    assert.deepEqual(tensor.shape, shape);
    const number = (/** @type {string} */ text) => Number(text.replace('inf', 'Infinity'));
    const parse = (/** @type {any} */ value) => (typeof value === 'boolean' ? Number(value) : value);
    const read = dtype === 'int64' ? BigInt : number; // what JSON cannot hold is text
    const expected = values.map((/** @type {any} */ value) =>
      typeof value === 'string' ? read(value) : parse(value),
    );
    assert.deepEqual(Array.from(/** @type {ArrayLike<any>} */ (tensor.data)), expected);
    assert.deepEqual(tensor.toNpy(), bytesOf(file));
  });
}

test('.npy of versions 1, 2 and 3 are read', () => {
  for (const file of /** @type {string[]} */ (Object.values(fixtures.versions))) {
    assert.deepEqual(Tensor.fromNpy(bytesOf(file)).tolist(), [1, 2]);
  }
});

test('.npy is read from the middle of a buffer', () => {
  const file = bytesOf(fixtures.sound.float64.file);
  const buffer = new Uint8Array(file.length + 10);
  buffer.set(file, 3);
  assert.deepEqual(Tensor.fromNpy(buffer.subarray(3, 3 + file.length)).tolist(), [0.1, 1e300]);
});

for (const [name, file] of /** @type {[string, string][]} */ (Object.entries(fixtures.foreign))) {
  test(`.npy with ${name} is refused by name`, () => {
    assert.throws(() => Tensor.fromNpy(bytesOf(file)), UnsupportedError);
  });
}

test('.npy cut short anywhere, or with a byte more, is refused', () => {
  const file = bytesOf(fixtures.sound.float32.file);
  for (let length = 0; length < file.length; length++) {
    assert.throws(() => Tensor.fromNpy(file.subarray(0, length)), FormatError, `${length} bytes`);
  }
  assert.throws(() => Tensor.fromNpy(new Uint8Array([...file, 0])), /25 bytes of data; .* has 24/);
});

test('.npy with any one bit flipped is read to the stated shape, or refused with a typed error', () => {
  const file = bytesOf(fixtures.sound.int16.file);
  for (let bit = 0; bit < file.length * 8; bit++) {
    const bent = file.slice();
    bent[bit >> 3] ^= 1 << (bit & 7);
    try {
      const tensor = Tensor.fromNpy(bent);
      assert.equal(tensor.data.byteLength, 2);
    } catch (error) {
      assert.ok(error instanceof WasmformerError, `bit ${bit}: ${error}`);
    }
  }
});

test('.npy headers that lie about sizes are refused', () => {
  const make = (/** @type {string} */ header) => {
    const text = Buffer.from(`${header}\n`, 'latin1');
    return new Uint8Array(
      Buffer.concat([
        Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length & 255, text.length >> 8]),
        text,
      ]),
    );
  };
  const dict = (/** @type {string} */ shape) => `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}}`;
  assert.deepEqual(Tensor.fromNpy(make(dict('(0,)'))).shape, [0]);
  const shapes = [
    '(4294967296, 4294967296)',
    '(9007199254740993, 0)',
    `(${'9'.repeat(400)}, 0)`,
    '(-1,)',
    '(1.0,)',
    '(3)',
    '[3]',
    '3',
  ];
  for (const shape of [...shapes, '(1 2)', '(,)', '(1,,2)', '(0,)*9', `(${'1,'.repeat(65)})`]) {
    assert.throws(() => Tensor.fromNpy(make(dict(shape))), FormatError, shape);
  }
  for (const header of [
    '',
    '{}',
    'None',
    "{'descr': '<f4'}",
    `${dict('()')}; import os`,
    `{'x': True, ${dict('(0,)').slice(1)}`,
  ]) {
    assert.throws(() => Tensor.fromNpy(make(header)), FormatError, header);
  }
  assert.throws(() => Tensor.fromNpy(/** @type {any} */ ('text')), InputError);
});

test('a tensor comes back from its own .npy, whatever it holds', () => {
  const makers = {
    float32: fc.float32Array(),
    int32: fc.int32Array(),
    uint8: fc.uint8Array(),
    int64: fc.bigInt64Array(),
  };
  for (const [dtype, arrays] of Object.entries(makers)) {
    fc.assert(
      fc.property(/** @type {fc.Arbitrary<any>} */ (arrays), fc.boolean(), (data, isRow) => {
        const tensor = new Tensor(/** @type {any} */ (dtype), data, isRow ? [1, data.length] : [data.length]);
        assert.deepEqual(Tensor.fromNpy(tensor.toNpy()), tensor);
      }),
    );
  }
});
