// What callers give as arrays: how it is read, what is refused, and in what words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import { arrayName, isShape, numbersOf, ownArray, refuser, tensorOf } from '../bindings/arrays.js';
import { show } from '../bindings/errors.js';
import { Tensor } from '../bindings/tensor.js';

const foreign = (/** @type {string} */ code) => vm.runInContext(code, vm.createContext({}));
const KINDS = ['Int8', 'Uint8', 'Int16', 'Uint16', 'Int32', 'Uint32', 'Float32', 'Float64'];

test('typed arrays are known by name in every realm, and nothing else is one', () => {
  for (const kind of [...KINDS, 'Uint8Clamped', 'BigInt64', 'BigUint64']) {
    const array = foreign(`new ${kind}Array(3)`);
    assert.equal(arrayName(array), `${kind}Array`);
    const own = ownArray(array);
    assert.ok(own instanceof Reflect.get(globalThis, `${kind}Array`));
    assert.equal(own.buffer, array.buffer, 'the memory is the same');
  }
  const own = new Float32Array(2);
  assert.equal(ownArray(own), own);
  assert.equal(arrayName(Buffer.alloc(2)), 'Uint8Array');
  assert.equal(Object.getPrototypeOf(ownArray(Buffer.alloc(2))), Uint8Array.prototype);
  const liar = { [Symbol.toStringTag]: 'Float32Array', length: 4, byteLength: 16 };
  for (const other of [
    liar,
    [],
    {},
    new DataView(new ArrayBuffer(4)),
    new ArrayBuffer(4),
    null,
    3,
    'Float32Array',
  ])
    assert.equal(arrayName(other), undefined);
});

test('numbers are read with their shape from all that stands for them', () => {
  const read = (/** @type {any} */ value) => numbersOf(value, refuser('x', value));
  for (const kind of KINDS) {
    const array = foreign(`${kind}Array.of(1, 2)`);
    assert.deepEqual(read(array).shape, [2]);
    assert.deepEqual(Array.from(read(array).data), [1, 2]);
  }
  for (const value of [
    [
      [1, 2, 3],
      [4, 5, 6n],
    ],
    foreign('[[1, 2, 3], [4, 5, 6]]'),
    { data: new BigInt64Array([1n, 2n, 3n, 4n, 5n, 6n]), shape: [2, 3] },
    { data: [1, 2, 3, 4, 5, 6], shape: foreign('[2, 3]') },
    new Tensor('uint8', Uint8Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
  ]) {
    const { data, shape } = read(value);
    assert.deepEqual(
      [Array.from(data), shape],
      [
        [1, 2, 3, 4, 5, 6],
        [2, 3],
      ],
    );
  }
  assert.deepEqual(read([]), { data: new Float64Array(0), shape: [0] });
  assert.deepEqual(read([[], []]), { data: new Float64Array(0), shape: [2, 0] });
});

test('what is no array of numbers is refused in words that name it', () => {
  const cyclic = /** @type {any[]} */ ([]);
  cyclic.push(cyclic);
  const given = Float32Array.of(1);
  structuredClone(given.buffer, { transfer: [given.buffer] });
  /** @type {[any, RegExp, string?][]} */
  const wrong = [
    [undefined, /^x is undefined; expected a Tensor or nested arrays of numbers$/],
    [Symbol('s'), /^x is Symbol\(s\); expected/],
    [[1, 'a'], /^x\[1\] is "a"; expected a number$/],
    [[[1, 2], [3]], /^x\[1\] has 1 values; expected 2 values, as the lists beside it$/, 'ShapeError'],
    [[[1, 2], 3], /^x\[1\] is 3; expected a list of 2, as those beside it$/, 'ShapeError'],
    [cyclic, /expected lists nested at most 64 deep$/],
    [
      Array(2 ** 14).fill(Array(2 ** 13).fill(0)),
      /expected nested lists of at most 2\^26 values$/,
      'ShapeError',
    ],
    [given, /expected an array whose memory was not given away$/],
    [
      { data: new Float32Array(3), shape: [2, 2] },
      /^x has 3 values; expected 4 values, as its shape \[2, 2\] says$/,
      'ShapeError',
    ],
    [
      { data: new Float32Array(4), shape: [2, 2.5] },
      /^x is \[2, 2\.5\]; expected a shape that is a list/,
      'ShapeError',
    ],
    [{ data: [[1]], shape: [1] }, /expected data that is not nested$/],
    [{ shape: [1] }, /^x is \{shape\}; expected a Tensor/],
  ];
  for (const [value, message, name = 'InputError'] of wrong)
    assert.throws(() => numbersOf(value, refuser('x', value)), { name, message, path: 'x' });
  assert.throws(() => tensorOf([1], refuser('x', [1])), { name: 'InputError' });
});

test('a shape is a list of at most 64 sizes', () => {
  for (const shape of [[], [0], [2 ** 53 - 1], Array(64).fill(1)]) assert.ok(isShape(shape));
  for (const shape of [
    [-1],
    [1.5],
    ['1'],
    [2 ** 53],
    Array(65).fill(1),
    Array(1),
    new Uint32Array(2),
    null,
    Array(2 ** 32 - 1),
  ])
    assert.ok(!isShape(shape));
});

test('a list inside itself is shown in a few words', () => {
  const doubly = /** @type {any[]} */ ([]);
  doubly.push(doubly, doubly);
  assert.ok(show(doubly).length <= 81);
  assert.equal(show([[1, [2]], 'a']), '[[1, [2]], "a"]');
  assert.ok(show(Array(2 ** 32 - 1)).startsWith('[undefined, undefined'));
});
