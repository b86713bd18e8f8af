/** The regular expressions of a tokenizer.json: which are run, as the Rust tokenizers run them, and which are refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnsupportedError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';

const TELLING = { type: 'Unigram', unk_id: 0, vocab: [['<unk>', 0]] };

/** @param {Record<string, any>} parts of a tokenizer.json */
const make = (parts) => createTokenizer({ tokenizer: { model: TELLING, ...parts } });
/** @param {string} source @param {string} text */
const split = (source, text) =>
  make({
    pre_tokenizer: { type: 'Split', pattern: { Regex: source }, behavior: 'Isolated', invert: false },
  }).encode(text).tokens;

test('a pattern of the file is run if nothing is required after what repeats without limit', () => {
  assert.deepEqual(split('[0-9]+|[a-z]+', 'ab12-c'), ['ab', '12', '-', 'c']);
  assert.deepEqual(split('\\d{1,3}', '12345'), ['123', '45']);
  assert.deepEqual(split('a(?:bc|d)?e*', 'abceeadax'), ['abcee', 'ad', 'a', 'x']);
  assert.deepEqual(split('[^\\S\\n]+', 'a \t\nb'), ['a', ' \t', '\nb']);
  assert.deepEqual(split('(?i:AB)|\\x{1F600}+|\\u00e9', 'aBAbé😀😀'), ['aB', 'Ab', 'é', '😀😀']);
  assert.deepEqual(split('\\p{^L}+|\\P{N}', 'a1b'), ['a', '1', 'b']);
  assert.deepEqual(split('\\p{Han}+|\\[|\\.', '日本[a.b]'), ['日本', '[', 'a', '.', 'b]']);
});

test('a pattern that might be searched for long, or is not understood, is refused with what is wrong', () => {
  /** @type {[string, RegExp][]} */
  const cases = [
    ['(a+)+$', /unescaped \$/],
    ['(a+)+', /a repeated group/],
    ['(?:a|b)*', /a repeated group/],
    ['a*b', /something required after an unlimited repeat/],
    ['\\s+(?!\\S)', /something required after/],
    ['a(?=b)', /an assertion/],
    ['a*', /matches nothing/],
    ['a|', /matches nothing/],
    ['', /empty pattern/],
    ['a{0,2}', /matches nothing/],
    ['a{300}', /too many ways/],
    ['a{1,50}b{1,50}c', /too many ways/],
    ['a{2000}', /a repeat from 2000/],
    ['a++', /a repeat of a repeat/],
    ['a+?', /a repeat of a repeat/],
    ['(?<=a)b', /a group of its own kind/],
    ['(?<name>a)', /a group of its own kind/],
    ['(?>a)', /a group of its own kind/],
    ['(a', /a parenthesis that is not closed/],
    ['a)', /a closing parenthesis/],
    ['[a', /an end before its time/],
    ['[]', /an empty class/],
    ['[a[b]]', /a class within a class/],
    ['[a&&b]', /a class within a class/],
    ['[[:alpha:]]', /a class within a class/],
    ['[\\d-z]', /a range of what is not single characters/],
    ['^a', /an unescaped \^/],
    ['a{', /a brace that is no repeat/],
    ['\\b', /the escape \\b/],
    ['\\1', /the escape \\1/],
    ['\\xff', /the escape \\x/],
    ['\\ud800', /the escape \\u/],
    ['\\p{Emoji}', /the property Emoji/],
    ['\\p{L', /a property without its name/],
    ['(?i:é)', /a letter beyond ASCII/],
    [`${'('.repeat(20)}a${')'.repeat(20)}`, /groups deeper than 16/],
    ['a\\', /an end before its time/],
  ];
  for (const [source, message] of cases) {
    assert.throws(
      () => split(source, 'a'),
      (/** @type {any} */ error) => {
        assert.match(error.message, message);
        return error instanceof UnsupportedError && error.path === 'tokenizer.json';
      },
      source,
    );
  }
});
