/** vocab.txt without a tokenizer.json, and what the tokenizer takes from the files beside it. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ConfigError, FormatError, UnsupportedError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';

/** @param {string} path From this folder. */
const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const GOLDEN = '../goldens/data/models/minilm';
const CACHE = '../../.cache/minilm/vocab.txt';
const isFetched = existsSync(new URL(CACHE, import.meta.url));

/** A vocabulary of a few words, for tokenizers made by hand. */
const WORDS = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'hello',
  'world',
  'w',
  '##x',
  ',',
  'Äpfel',
  'apfel',
  '!',
];
const small = (/** @type {object} */ settings = {}) =>
  createTokenizer({ vocab: `${WORDS.join('\n')}\n`, tokenizerConfig: settings });

test('MiniLM: vocab.txt alone gives the same ids', {
  skip: !isFetched && 'no .cache/minilm; make test fetches it',
}, () => {
  const parse = (/** @type {string} */ name) => JSON.parse(read(`${GOLDEN}/${name}`));
  const [tokenizerConfig, config] = [parse('tokenizer_config.json'), parse('config.json')];
  const other = createTokenizer({ vocab: read(CACHE), tokenizerConfig, config });
  const { sentences, max_seq_length: maxLength } = parse('case.json');
  for (const { text, input_ids: ids } of sentences) {
    assert.deepEqual(Array.from(other.encode(text, { maxLength }).ids), ids, text);
  }
  const tokenizer = createTokenizer({ tokenizer: parse('tokenizer.json'), tokenizerConfig, config });
  const options = { pair: 'A second text, [MASK] it.' };
  assert.deepEqual(other.encode('One.', options), tokenizer.encode('One.', options));
  assert.deepEqual(other.special, tokenizer.special);
});

test('vocab.txt: settings of tokenizer_config.json are heeded', () => {
  const ids = (/** @type {string} */ text, /** @type {object} */ settings = {}) =>
    Array.from(small(settings).encode(text).ids).slice(1, -1);
  assert.deepEqual(ids('Hello, wx Äpfel!'), [5, 9, 7, 8, 11, 12]);
  assert.deepEqual(ids('Hello Äpfel', { do_lower_case: false }), [1, 10]);
  assert.deepEqual(ids('Äpfel', { do_lower_case: false, strip_accents: true }), [1]);
  assert.deepEqual(ids('äpfel', { strip_accents: false }), [1]);
  assert.deepEqual(ids('w你x'), [7, 1, 1]);
  assert.deepEqual(ids('w你x', { tokenize_chinese_chars: false }), [1]);
  assert.deepEqual(ids('[MASK] hello'), [4, 5]);
  const renamed = {
    cls_token: { content: 'hello' },
    sep_token: 'world',
    tokenizer_class: 'BertTokenizerFast',
  };
  assert.deepEqual(Array.from(small(renamed).encode('w').ids), [5, 7, 6]);
  assert.deepEqual(small(renamed).special, { cls: 5, sep: 6, pad: 0, mask: 4, unk: 1 });
});

test('vocab.txt may have lines of Windows, no last line break, and names that JavaScript knows', () => {
  const words = ['[UNK]', '[CLS]', '[SEP]', 'hello', '__proto__', 'constructor'];
  for (const vocab of [words.join('\r\n'), words.join('\n')]) {
    const made = createTokenizer({ vocab, tokenizerConfig: { do_lower_case: false } });
    assert.deepEqual(Array.from(made.encode('hello constructor').ids), [1, 3, 5, 2]);
    assert.equal(made.size, 6);
    assert.deepEqual(made.special, { cls: 1, sep: 2, pad: null, mask: null, unk: 0 });
  }
});

test('vocab.txt of another kind, or without special tokens, is refused', () => {
  const vocab = WORDS.join('\n');
  for (const name of ['BertJapaneseTokenizer', 'RoFormerTokenizer', 'CTRLTokenizer', '']) {
    assert.throws(
      () => createTokenizer({ vocab, tokenizerConfig: { tokenizer_class: name } }),
      UnsupportedError,
    );
  }
  assert.throws(
    () => createTokenizer({ vocab, config: { model_type: 'roformer' } }),
    /"RoFormerTokenizer", which splits words by rules of its own/,
  );
  for (const text of ['', 'hello\nworld', '[UNK]\n[CLS]', 'x\n'.repeat(2 ** 20 + 1)]) {
    assert.throws(() => createTokenizer({ vocab: text }), FormatError);
  }
  assert.throws(() => createTokenizer({ vocab, tokenizerConfig: { do_lower_case: 'yes' } }), ConfigError);
  assert.throws(() => createTokenizer({ vocab, tokenizerConfig: { cls_token: 5 } }), ConfigError);
  assert.throws(() => createTokenizer({}), FormatError);
});

test('maxLength is the smaller of what the files say, if it is sane', () => {
  const of = (/** @type {unknown} */ limit, /** @type {unknown} */ positions) =>
    createTokenizer({
      vocab: WORDS.join('\n'),
      tokenizerConfig: { model_max_length: limit },
      config: { max_position_embeddings: positions },
    }).maxLength;
  assert.equal(of(512, 514), 512);
  assert.equal(of(1e30, 514), 514);
  assert.equal(of(512, undefined), 512);
  for (const value of [1e30, 0, -1, 1.5, '512', null, undefined]) assert.equal(of(value, undefined), null);
});

test('lowerCase lowers a cased tokenizer', () => {
  const files = { vocab: WORDS.join('\n'), tokenizerConfig: { do_lower_case: false } };
  assert.deepEqual(
    Array.from(createTokenizer({ ...files, lowerCase: true }).encode('HELLO [MASK]').ids),
    [2, 5, 4, 3],
  );
});
