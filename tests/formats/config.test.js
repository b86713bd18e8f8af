/** config.json: parsing, limits, and the readers of single values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError, FormatError } from '../../bindings/errors.js';
import { boolean, checkConfig, integer, number, oneOf, parseConfig } from '../../bindings/formats/config.js';

const config = parseConfig(
  '{"hidden_size":32,"eps":1e-12,"act":"gelu","bias":true,"none":null,"text":"32","half":0.5,"huge":1e30,"deep":{"x":[{"y":1}]},"__proto__":{"z":1}}',
);

test('a parsed config has the keys of the file and nothing else', () => {
  assert.equal(Object.getPrototypeOf(config), null);
  assert.equal(Object.getPrototypeOf(/** @type {any} */ (config.deep).x[0]), null);
  assert.equal(config.toString, undefined);
  assert.equal(config.z, undefined);
  assert.deepEqual({ .../** @type {any} */ (Object.entries(config).at(-1)?.[1]) }, { z: 1 });
  assert.throws(() => integer(config, 'constructor'), /config has no constructor/);
});

test('of a repeated key the last counts, as in Python', () => {
  assert.equal(parseConfig('{"a":1,"a":2}').a, 2);
});

test('text that is not a small, shallow JSON object is refused, naming the file', () => {
  const deep = (/** @type {number} */ depth) => `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`;
  assert.equal(typeof parseConfig(deep(8)).a, 'object');
  const texts = [
    '',
    'null',
    '1',
    '"a"',
    '[]',
    '[{}]',
    '{',
    '{"a":NaN}',
    '{"a":1,}',
    "{'a':1}",
    '{}{}',
    '\ufeff{}',
    deep(9),
    deep(100_000),
  ];
  for (const text of [...texts, `{"a":"${'x'.repeat(2 ** 20)}"}`, `{"a":[${'0,'.repeat(300_000)}0]}`]) {
    const isRight = (/** @type {any} */ error) =>
      error instanceof FormatError && error.path === 'sub/config.json';
    assert.throws(() => parseConfig(text, 'sub/config.json'), isRight, text.slice(0, 40));
  }
  assert.throws(() => parseConfig(/** @type {any} */ (undefined)), FormatError);
});

test('values are read within their range', () => {
  assert.equal(integer(config, 'hidden_size', { min: 1, max: 32 }), 32);
  assert.equal(number(config, 'eps', { min: 0 }), 1e-12);
  assert.equal(boolean(config, 'bias'), true);
  assert.equal(oneOf(config, 'act', ['relu', 'gelu']), 'gelu');
});

test('a key may have several names, and null means that it is not set', () => {
  assert.equal(integer(config, ['dim', 'none', 'hidden_size']), 32);
  assert.equal(integer(config, ['none', 'dim'], { fallback: 7 }), 7);
  assert.equal(boolean(config, 'none', { fallback: false }), false);
  assert.throws(() => integer(config, ['none', 'dim']), /config has no none or dim; expected a whole number/);
});

test('a wrong value is refused, naming the key, the value and what was expected', () => {
  const wrong = (
    /** @type {() => unknown} */ read,
    /** @type {string} */ key,
    /** @type {unknown} */ value,
    /** @type {RegExp} */ text,
  ) =>
    assert.throws(
      read,
      (/** @type {any} */ error) =>
        error instanceof ConfigError &&
        error.path === key &&
        Object.is(error.value, value) &&
        text.test(error.message),
    );
  wrong(
    () => integer(config, 'hidden_size', { max: 31 }),
    'hidden_size',
    32,
    /hidden_size is 32; expected a whole number from 0 to 31/,
  );
  wrong(() => integer(config, 'hidden_size', { min: 33 }), 'hidden_size', 32, /from 33/);
  wrong(() => integer(config, 'half', { fallback: 1 }), 'half', 0.5, /0\.5/);
  wrong(() => integer(config, 'huge'), 'huge', 1e30, /1e\+30/);
  wrong(() => integer(config, 'text'), 'text', '32', /"32"/);
  wrong(() => integer(config, 'bias'), 'bias', true, /true/);
  wrong(() => number(config, 'eps', { min: 1 }), 'eps', 1e-12, /a number from 1 to/);
  wrong(() => number(config, 'text'), 'text', '32', /expected a number/);
  wrong(() => boolean(config, 'hidden_size'), 'hidden_size', 32, /expected true or false/);
  wrong(
    () => oneOf(config, 'act', ['relu', 'silu']),
    'act',
    'gelu',
    /act is "gelu"; expected one of "relu", "silu"/,
  );
  wrong(() => integer({ x: NaN }, 'x'), 'x', NaN, /NaN/);
});

test('a config in memory is copied and checked like a file', () => {
  class Config {
    hidden_size = 32;
    nested = { a: [1] };
  }
  const given = new Config();
  const copy = checkConfig(given);
  given.nested.a[0] = 2;
  assert.equal(Object.getPrototypeOf(copy), null);
  assert.deepEqual(/** @type {any} */ (copy.nested).a, [1]);
  for (const value of [null, undefined, 1, 'text', []]) assert.throws(() => checkConfig(value), ConfigError);
  /** @type {any} */
  const loop = {};
  loop.loop = loop;
  for (const value of [loop, { f: () => 1 }, { n: 1n }, { s: Symbol('s') }]) {
    assert.throws(() => checkConfig(value), FormatError);
  }
});

test('any JSON is parsed, or refused with a FormatError', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 10 }), (text) => {
      try {
        assert.equal(JSON.stringify(parseConfig(text)), JSON.stringify(JSON.parse(text)));
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }),
  );
});
