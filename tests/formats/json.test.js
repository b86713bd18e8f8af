/** JSON within limits, and vocabularies read straight from it: the same as JSON.parse makes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FormatError } from '../../bindings/errors.js';
import { parseJson } from '../../bindings/formats/json.js';

const LIMITS = { length: 1 << 20, depth: 8, values: 1000 };
const TABLE = ['model', 'vocab'];

/** What is parsed with the table asked for, and whether it was read by itself. @param {string} text */
function parsed(text) {
  const value = /** @type {any} */ (parseJson(text, 'tokenizer.json', { ...LIMITS, table: TABLE }));
  const vocab = value?.model?.vocab;
  if (!(vocab instanceof Map)) return { value, direct: false };
  const object = Object.create(null);
  for (const [key, id] of vocab) object[key] = id;
  value.model.vocab = object;
  return { value, direct: true };
}

/** As JSON.parse makes it, its vocab without a prototype. @param {string} text @param {boolean} bare */
function expected(text, bare) {
  const value = JSON.parse(text);
  if (bare) value.model.vocab = Object.assign(Object.create(null), value.model.vocab);
  return value;
}

const around = (/** @type {string} */ vocab) =>
  `{"added": [{"id": 1, "vocab": 2}], "model": {"type": "BPE", "vocab": ${vocab}, "merges": ["a b"]}, "end": null}`;

test('a vocabulary becomes a Map with the keys and ids of JSON.parse', () => {
  const direct = [
    '{"a":0}',
    '{"a": 0, "b": 12, "##c": 305419896}',
    ' {\n\t"a" :\r\n 0 ,\n "b":1 } ',
    '{"\\u0120a": 0, "\\"": 1, "\\\\": 2, "\\ud83d\\ude00": 3, "é😀": 4, "": 5, "\\n": 6, "/\\/": 7}',
    '{"a": 1, "b": 2, "a": 3}',
    '{"__proto__": 4, "constructor": 5, "10": 6, "9": 7}',
    '{"}": 0, "{": 1, ",": 2, ":": 3, "\\\\\\"": 4}',
    '{"\u2028": 1, "\u007f": 2, "\ufeff": 3}',
  ];
  for (const vocab of direct) {
    const text = around(vocab);
    const { value, direct: read } = parsed(text);
    assert.equal(read, true, vocab);
    assert.deepEqual(value, expected(text, true), vocab);
  }
});

test('what is no table of whole numbers is left to JSON.parse', () => {
  const others = [
    '{}',
    '{"a": -1}',
    '{"a": 1.5}',
    '{"a": 1e3}',
    '{"a": 1234567890123}',
    '{"a": "1"}',
    '{"a": {"b": 1}}',
  ];
  for (const vocab of [...others, '[1]', '5', 'null', '"a table"', '[["a", -1.5]]'])
    assert.deepEqual(parsed(around(vocab)), { value: expected(around(vocab), false), direct: false }, vocab);
});

test('only at its place, and the last of several counts', () => {
  const places = [
    '{"vocab": {"a": 1}}',
    '{"other": {"vocab": {"a": 1}}}',
    '{"model": [{"vocab": {"a": 1}}]}',
    '{"model": {"inner": {"vocab": {"a": 1}}}}',
    '{"model": {"vocab": {"a": 1}, "vocab": 7}}',
    '{"model": {"vocab": {"a": 1}}, "model": {"vocab": "b"}}',
    '[{"vocab": {"a": 1}}]',
  ];
  for (const text of places) assert.deepEqual(parsed(text), { value: JSON.parse(text), direct: false }, text);
  const twice = '{"model": {"vocab": {"a": 1}, "vocab": {"b": 2}}}';
  assert.deepEqual(parsed(twice).value, JSON.parse(twice));
});

test('what JSON.parse refuses is refused, with its words', () => {
  const wrong = [
    '{"a": 01}',
    '{"a": 1,}',
    '{"a": 1 "b": 2}',
    '{"a" 1}',
    '{"a\nb": 1}',
    '{"a\tb": 1}',
    '{"\\x": 1}',
    '{"\\u12": 1}',
    '{"a": 1]',
    "{'a': 1}",
    '{"a": +1}',
    '{"a": 1',
    '{"a',
    '{"a\\',
    '{"a": 1}}',
    '{"a": 1}, "b"',
    '{"a":\u00a01}',
  ];
  for (const vocab of wrong) {
    const text = around(vocab);
    /** @type {any} */
    let cause;
    assert.throws(
      () => JSON.parse(text),
      (error) => {
        cause = error;
        return true;
      },
    );
    assert.throws(
      () => parsed(text),
      (error) =>
        error instanceof FormatError && error.message === `tokenizer.json is not JSON: ${cause.message}`,
      vocab,
    );
  }
});

test('a vocabulary counts among the values', () => {
  const vocab = JSON.stringify(Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`t${i}`, i])));
  assert.throws(() => parsed(around(vocab)), /has more than 1000 values/);
});
