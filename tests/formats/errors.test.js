/** The errors: names, codes, what they carry, and values in messages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import * as errors from '../../bindings/errors.js';

/** @type {Map<string, any>} */
const exported = new Map(Object.entries(errors));

const codes = {
  InputError: 'ERR_INPUT',
  ConfigError: 'ERR_CONFIG',
  FormatError: 'ERR_FORMAT',
  ShapeError: 'ERR_SHAPE',
  UnsupportedError: 'ERR_UNSUPPORTED',
  IntegrityError: 'ERR_INTEGRITY',
  NetworkError: 'ERR_NETWORK',
  OutOfMemoryError: 'ERR_OUT_OF_MEMORY',
  WorkerError: 'ERR_WORKER',
  DisposedError: 'ERR_DISPOSED',
  AbortError: 'ERR_ABORT',
};

test('each error has its name, its code and its details', () => {
  for (const [name, code] of Object.entries(codes)) {
    const cause = new Error('first');
    const error = new (exported.get(name))('what', {
      path: 'p',
      value: 3,
      cause,
    });
    assert.ok(error instanceof errors.WasmformerError && error instanceof Error);
    assert.equal(error.name, name);
    assert.equal(error.code, code);
    assert.deepEqual([error.message, error.path, error.value, error.cause], ['what', 'p', 3, cause]);
    assert.match(String(error.stack), new RegExp(`^${name}: what`));
    assert.match(inspect(error), new RegExp(code));
  }
  assert.equal(exported.size, Object.keys(codes).length + 2);
});

test('an error without details has none', () => {
  const error = new errors.InputError('what');
  assert.equal('cause' in error, false);
  assert.deepEqual([error.path, error.value], [undefined, undefined]);
});

test('any value is shown in a few words, whatever it does when asked', () => {
  const shown = [
    [1, '1'],
    [-0, '-0'],
    [NaN, 'NaN'],
    [3n, '3n'],
    ['a"b', '"a\\"b"'],
    [null, 'null'],
    [undefined, 'undefined'],
    [[1, 'a', [null]], '[1, "a", [null]]'],
    [{}, '{}'],
    [{ one: 1, two: 2 }, '{one, two}'],
    [Object.create(null), '{}'],
    [new Float32Array(2), 'Float32Array of 8 bytes'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
  ];
  for (const [value, text] of shown) assert.equal(errors.show(value), text);
  const trap = () => {
    throw new Error('trap');
  };
  const hostile = new Proxy({}, { get: trap, getPrototypeOf: trap, ownKeys: trap });
  /** @type {any[]} */
  const loop = [];
  loop.push(loop);
  for (const value of ['x'.repeat(1e6), Array(1e5).fill('long text'), 10n ** 500n, hostile, loop]) {
    assert.ok(errors.show(value).length < 100);
  }
});
