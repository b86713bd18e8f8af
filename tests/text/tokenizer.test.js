/** The tokenizer of MiniLM against ids that the Rust tokenizers gave, and on wrong arguments. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { InputError, WasmformerError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';

/** @param {string} path From this folder. */
const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const GOLDEN = '../goldens/data/models/minilm';
const golden = JSON.parse(read(`${GOLDEN}/case.json`));
const tokenizer = createTokenizer({
  tokenizer: JSON.parse(read(`${GOLDEN}/tokenizer.json`)),
  tokenizerConfig: JSON.parse(read(`${GOLDEN}/tokenizer_config.json`)),
  config: JSON.parse(read(`${GOLDEN}/config.json`)),
});

test('MiniLM: the ids of all sentences are those of the golden', () => {
  for (const { text, input_ids: ids, tokens } of golden.sentences) {
    const encoding = tokenizer.encode(text, { maxLength: golden.max_seq_length });
    assert.deepEqual(Array.from(encoding.ids), ids, text);
    assert.deepEqual(
      Array.from(encoding.typeIds),
      ids.map(() => 0),
    );
    // The golden leaves out the middle of long lists.
    const listed = tokens.includes('…') ? tokens.indexOf('…') : ids.length;
    assert.deepEqual(tokenizer.tokens(encoding.ids).slice(0, listed), tokens.slice(0, listed));
    assert.equal(encoding.truncated, ids.length === golden.max_seq_length);
  }
});

// Each line as the Python package tokenizers 0.23.3 has it, with MiniLM's tokenizer.json.
/** @type {[string, number[]][]} */
const HARD = [
  [
    '\u039f\u0394\u039f\u03a3 \u03a3\u039f\u03a6\u039f\u03a3',
    [1169, 29722, 29730, 29733, 1173, 29730, 29736, 29730, 29733],
  ], // sigmas
  ['\u{20000}\u{20001}a\u{2a700}', [100, 100, 1037, 100]], // ideographs beyond U+FFFF
  ['a\u0898b \u07fdc', [100, 100]], // accents that came to Unicode after version 8
  ['a\u061db a\u2e5db', [100, 100]], // punctuation that did
  ['x\u1734y', [1060, 2100]], // an accent that is none any more
  ['\u166dk', [100, 1047]], // punctuation that is none any more
  ['\u{16121}a', [100]], // a letter that comes apart since version 16
  ['\u0130stanbul', [9960]],
  ['a\ufeffb a\u000bb a\u0085b a\u200db', [11113, 11113, 11113, 11113]],
  ['\uac00\uac01', [1455, 30006, 29991, 30006, 30020]],
  ['\ufb01ne', [1984, 2638]],
  ['[MASK]ing [mask]', [103, 13749, 1031, 7308, 1033]],
  ['x'.repeat(101), [100]],
];

test('MiniLM: texts that engines treat otherwise than Rust get the ids of Rust', () => {
  for (const [text, ids] of HARD) {
    assert.deepEqual(Array.from(tokenizer.encode(text).ids), [101, ...ids, 102], JSON.stringify(text));
  }
});

test('special ids, size and length are known', () => {
  assert.deepEqual(tokenizer.special, { cls: 101, sep: 102, pad: 0, mask: 103, unk: 100 });
  assert.equal(tokenizer.size, 30522);
  assert.equal(tokenizer.maxLength, 512);
});

test('ids come back as text', () => {
  const { ids } = tokenizer.encode('Hello, unbelievable world!');
  assert.equal(tokenizer.decode(ids), '[CLS] hello, unbelievable world! [SEP]');
  assert.equal(tokenizer.decode(Array.from(ids), { skipSpecialTokens: true }), 'hello, unbelievable world!');
  assert.equal(tokenizer.decode([]), '');
});

test('a longer text is cut at its end and keeps its special tokens', () => {
  const cut = tokenizer.encode('a b c d e', { maxLength: 5 });
  assert.deepEqual(tokenizer.tokens(cut.ids), ['[CLS]', 'a', 'b', 'c', '[SEP]']);
  assert.equal(cut.truncated, true);
  assert.equal(tokenizer.encode('a b c d e', { maxLength: 7 }).truncated, false);
  assert.deepEqual(Array.from(tokenizer.encode('a b', { maxLength: 2 }).ids), [101, 102]);
  assert.equal(tokenizer.encode('a '.repeat(5000)).ids.length, 5002);
});

test('of a pair the longer text is cut first, and types tell them apart', () => {
  /** @param {number} a @param {number} b @param {number} maxLength */
  const counts = (a, b, maxLength) => {
    const { ids, typeIds } = tokenizer.encode('x '.repeat(a), { pair: 'y '.repeat(b), maxLength });
    const second = typeIds.indexOf(1);
    assert.equal(ids[second - 1], 102);
    assert.equal(typeIds.lastIndexOf(0), second - 1);
    return [second - 2, ids.length - second - 1];
  };
  // [tokens of each text, maxLength] to what is left of each, from the Python package ("longest_first").
  const kept = [
    [
      [9, 2, 10],
      [5, 2],
    ],
    [
      [2, 9, 10],
      [2, 5],
    ],
    [
      [9, 9, 10],
      [3, 4],
    ],
    [
      [9, 9, 11],
      [4, 4],
    ],
    [
      [5, 9, 10],
      [3, 4],
    ],
    [
      [9, 5, 10],
      [4, 3],
    ],
    [
      [3, 9, 10],
      [3, 4],
    ],
    [
      [9, 3, 10],
      [4, 3],
    ],
    [
      [0, 9, 6],
      [0, 3],
    ],
    [
      [4, 4, 4],
      [0, 1],
    ],
    [
      [2, 2, 10],
      [2, 2],
    ],
  ];
  for (const [[a, b, maxLength], rest] of kept)
    assert.deepEqual(counts(a, b, maxLength), rest, `${[a, b, maxLength]}`);
});

test('an empty pair is a pair', () => {
  assert.deepEqual(Array.from(tokenizer.encode('hello', { pair: '' }).ids), [101, 7592, 102, 102]);
  assert.deepEqual(Array.from(tokenizer.encode('', { pair: '' }).typeIds), [0, 0, 1]);
});

test('wrong arguments are typed errors that name them', () => {
  for (const text of [undefined, null, 1, 1n, ['a'], {}, Symbol('s')]) {
    assert.throws(() => tokenizer.encode(/** @type {any} */ (text)), /text is .*; expected a string/);
    if (text !== undefined)
      assert.throws(() => tokenizer.encode('a', { pair: /** @type {any} */ (text) }), /pair is /);
  }
  for (const maxLength of [1, 0, -1, 2.5, NaN, -Infinity, '5', null]) {
    assert.throws(() => tokenizer.encode('a', { maxLength: /** @type {any} */ (maxLength) }), InputError);
  }
  assert.throws(() => tokenizer.encode('a', { pair: 'b', maxLength: 2 }), /expected a whole number from 3/);
  assert.throws(() => tokenizer.encode('a', { onTruncate: /** @type {any} */ ('drop') }), InputError);
  assert.throws(
    () => tokenizer.encode('a b c', { maxLength: 4, onTruncate: 'error' }),
    /text has 5 tokens; expected at most 4/,
  );
  for (const ids of [[-1], [30522], [1.5], [NaN], ['1'], [1n], 'text', 5, null, { length: 1 }]) {
    assert.throws(() => tokenizer.tokens(/** @type {any} */ (ids)), InputError);
    assert.throws(() => tokenizer.decode(/** @type {any} */ (ids)), InputError);
  }
});

test('any text gives ids within the vocabulary, and typed errors alone', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes)),
  );
  const options = fc.record(
    { pair: text, maxLength: fc.integer({ min: -2, max: 20 }) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(text, options, (first, given) => {
      try {
        const { ids, typeIds } = tokenizer.encode(first, given);
        assert.ok(ids.every((id) => id >= 0 && id < tokenizer.size));
        assert.ok(typeIds.every((type) => type === 0 || (type === 1 && given.pair !== undefined)));
        assert.equal(typeIds.length, ids.length);
        assert.ok(ids.length <= (given.maxLength ?? Infinity));
        assert.equal(typeof tokenizer.decode(ids), 'string');
      } catch (error) {
        assert.ok(error instanceof WasmformerError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('lone surrogates count as U+FFFD', () => {
  for (const text of ['\ud800', 'a\udc00b', '\udc00\ud800']) {
    const replaced = text.replace(/[\ud800-\udfff]/g, '\ufffd');
    assert.deepEqual(tokenizer.encode(text), tokenizer.encode(replaced));
  }
});
