/** What a tokenizer.json may not have: unknown parts and options, wrong values, ids outside the vocabulary. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FormatError, UnsupportedError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';

const TELLING = { type: 'Unigram', unk_id: 0, vocab: [['<unk>', 0]] };

/** @param {Record<string, any>} parts of a tokenizer.json */
const make = (parts) => createTokenizer({ tokenizer: { model: TELLING, ...parts } });
/** @param {any} [kind] @returns {(error: any) => boolean} */
const refused = (kind) => (error) =>
  (kind ? error instanceof kind : error instanceof FormatError || error instanceof UnsupportedError) &&
  error.path === 'tokenizer.json';
/** @param {any[]} normalizers */
const sequence = (normalizers) => ({ type: 'Sequence', normalizers });

test('a part, an option or a value that is not known is refused by name', () => {
  const split = { type: 'Split', pattern: { String: 'a' }, behavior: 'Isolated', invert: false };
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  /** @type {[Record<string, any>, RegExp][]} */
  const cases = [
    [
      { normalizer: { type: 'Lowercase', locale: 'tr' } },
      /normalizer Lowercase has the option "locale", which is not known: "tr"/,
    ],
    [{ normalizer: { type: 'Uppercase' } }, /normalizer Uppercase is not known; expected BertNormalizer, /],
    [{ normalizer: { type: 'toString' } }, /normalizer toString is not known/],
    [
      { normalizer: sequence([{ type: 'Strip', strip_left: true }]) },
      /Strip has strip_right undefined; expected true or false/,
    ],
    [{ normalizer: { type: 'Sequence', normalizers: [], own: 1 } }, /Sequence has the option "own"/],
    [{ normalizer: { type: 'Replace', pattern: { String: '' }, content: '' } }, /empty pattern/],
    [
      { normalizer: { type: 'Replace', pattern: { String: 'a', Regex: 'b' }, content: '' } },
      /expected \{String\} or \{Regex\}/,
    ],
    [{ normalizer: { type: 'Precompiled', precompiled_charsmap: '*' } }, /is not base64/],
    [{ normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } }, /charsmap of 3 bytes/],
    [
      { normalizer: { type: 'Precompiled', precompiled_charsmap: '/////w==' } },
      /of which 4294967295 are its trie/,
    ],
    [{ normalizer: { type: 'Precompiled', precompiled_charsmap: 'BAAAAAAAAAD/' } }, /not UTF-8/],
    [{ pre_tokenizer: { ...split, behavior: 'isolated' } }, /behavior "isolated"; expected one of Removed, /],
    [{ pre_tokenizer: { ...split, invert: undefined } }, /has invert undefined/],
    [{ pre_tokenizer: { type: 'UnicodeScripts' } }, /pre_tokenizer UnicodeScripts is not known/],
    [{ pre_tokenizer: { type: 'FixedLength', length: 0 } }, /has length 0; expected a whole number from 1/],
    [{ pre_tokenizer: { type: 'CharDelimiterSplit', delimiter: 'ab' } }, /expected a single character/],
    [{ pre_tokenizer: { type: 'Sequence', pretokenizers: [bytes, bytes] } }, /ByteLevel comes twice/],
    [{ pre_tokenizer: { type: 'Metaspace', replacement: '𝒜' } }, /expected one up to U\+FFFF/],
    [
      {
        pre_tokenizer: {
          type: 'Metaspace',
          replacement: '_',
          add_prefix_space: false,
          prepend_scheme: 'first',
        },
      },
      /expected never/,
    ],
    [{ decoder: { type: 'Strip', content: 'x', start: -1, stop: 0 } }, /has start -1/],
    [
      { model: { type: 'BPE', vocab: { a: 0 }, merges: [], dropout: 0.1 } },
      /dropout 0\.1, which makes tokens random/,
    ],
    [{ model: { type: 'BPE', vocab: { a: 0 }, merges: ['a b'] } }, /merges "a b"; expected "b" in the vocab/],
    [{ model: { type: 'BPE', vocab: { a: 0, b: 1 }, merges: [['a', 'b']] } }, /expected "ab" in the vocab/],
    [{ model: { type: 'BPE', vocab: { a: 0 }, merges: ['a'] } }, /has the merge "a"; expected two tokens/],
    [{ model: { type: 'BPE', vocab: { a: 0 }, merges: ['a a a'] } }, /expected two tokens/],
    [{ model: { type: 'BPE', vocab: { a: 0 }, merges: [['a', 5]] } }, /expected two tokens/],
    [
      {
        model: { type: 'BPE', vocab: { a: 0 }, merges: [], byte_fallback: true, end_of_word_suffix: '</w>' },
      },
      /expected one of them/,
    ],
    [{ model: { type: 'Unigram', vocab: [['a', 0]], unk_id: 1 } }, /has unk_id 1; expected an id below 1/],
    [{ model: { type: 'Unigram', vocab: [['a', '0']] } }, /expected \[token, score\]/],
    [{ model: { type: 'WordLevel', vocab: { a: 0 }, unk_token: 5 } }, /has unk_token 5; expected a string/],
    [
      { model: { type: 'WordLevel', vocab: { ['x'.repeat(2000)]: 0 } } },
      /a token of 2000 characters; expected at most 1024/,
    ],
    [{ added_tokens: [{ id: 0, content: 'x'.repeat(2000) }] }, /has 2000 characters; expected at most 1024/],
    [{ added_tokens: [{ id: 0, content: 'x', own: true }] }, /added token 0 has the option "own"/],
    [{ added_tokens: [{ id: 0, content: 'x', special: 1 }] }, /has special 1; expected true or false/],
  ];
  for (const [parts, message] of cases) {
    assert.throws(
      () => make(parts),
      (/** @type {any} */ error) => {
        assert.match(error.message, message);
        return refused()(error);
      },
      JSON.stringify(parts).slice(0, 200),
    );
  }
});

test('ids outside the vocabulary are refused: of the vocabulary, of added tokens, and around texts', () => {
  const cls = (/** @type {any} */ id) => ({ type: 'BertProcessing', cls: ['<unk>', id], sep: ['<unk>', 0] });
  const template = (/** @type {any} */ id) => ({
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: 'x', type_id: 0 } }],
    pair: [],
    special_tokens: { x: { id: 'x', ids: [id], tokens: ['x'] } },
  });
  for (const id of [1, 2 ** 20, -1, 0.5, '0', null]) {
    assert.throws(() => make({ post_processor: cls(id) }), refused(FormatError), String(id));
    assert.throws(() => make({ post_processor: template(id) }), refused(FormatError), String(id));
  }
  assert.ok(make({ post_processor: template(0) }));
  for (const id of [-1, 0.5, 2 ** 20, '0', null]) {
    assert.throws(() => make({ model: { type: 'WordLevel', vocab: { a: id } } }), refused(FormatError));
    assert.throws(() => make({ added_tokens: [{ id, content: 'x' }] }), refused(FormatError));
  }
  const gap = make({ model: { type: 'WordLevel', vocab: { a: 5, '<unk>': 2 ** 20 - 1 } } });
  assert.equal(gap.size, 2 ** 20);
  assert.deepEqual(gap.tokens([5, 7]), ['a', '']);
  assert.equal(gap.decode([5, 7, 5]), 'a a');
});

/** Of a tokenizer.json the objects whose keys have meanings; tables by token have not. @param {any} json @returns {any[]} */
function described(json) {
  if (typeof json !== 'object' || json === null) return [];
  const inside = Object.entries(json).flatMap(([key, value]) => {
    if (key === 'vocab' || key === 'merges') return [];
    return key === 'special_tokens' ? Object.values(value) : described(value);
  });
  return Array.isArray(json) ? inside : [json, ...inside];
}

const goldens = new URL('../goldens/data/tokenizers/', import.meta.url);
for (const name of readdirSync(goldens)) {
  const file = new URL(`${name}/tokenizer.json`, goldens);
  if (!existsSync(file)) continue;
  test(`${name}: a stray key anywhere in its tokenizer.json is refused`, () => {
    const tokenizer = JSON.parse(readFileSync(file, 'utf8'));
    createTokenizer({ tokenizer });
    for (const object of described(tokenizer)) {
      object.stray = 1;
      assert.throws(
        () => createTokenizer({ tokenizer }),
        /stray|expected \{String\} or \{Regex\}/,
        JSON.stringify(object),
      );
      delete object.stray;
    }
  });
}
