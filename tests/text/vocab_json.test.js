/** Vocabularies without a tokenizer.json: vocab.json with merges.txt, vocab.json of letters, and vocab.txt of MPNet and ESM. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FormatError, UnsupportedError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';

/** @param {string} name @param {string} file */
const golden = (name, file) =>
  JSON.parse(
    readFileSync(new URL(`../goldens/data/tokenizers/${name}/${file}.json`, import.meta.url), 'utf8'),
  );
/** @param {string} name */
const vocabularyOf = (name) => {
  const { vocab, merges } = golden(name, 'tokenizer').model;
  const lines = merges.map((/** @type {string[]} */ merge) => merge.join(' '));
  return { vocabJson: vocab, merges: `#version: 0.2\n${lines.join('\n')}\n` };
};

for (const name of ['bytebpe-roberta', 'clip']) {
  test(`vocab.json and merges.txt of ${name} give what its tokenizer.json gives`, () => {
    const tokenizer = createTokenizer({
      ...vocabularyOf(name),
      tokenizerConfig: golden(name, 'tokenizer_config'),
    });
    for (const { text, ids, offsets, decoded } of golden(name, 'cases').singles) {
      const encoding = tokenizer.encode(text);
      assert.deepEqual([Array.from(encoding.ids), encoding.offsets.flat()], [ids, offsets], text);
      if (decoded !== undefined) assert.equal(tokenizer.decode(ids, { skipSpecialTokens: true }), decoded);
    }
  });
}

// What follows is what transformers 4.57.1 gives.
test('DeBERTa frames texts as BERT does', () => {
  const { vocabJson, merges } = vocabularyOf('bytebpe-roberta');
  const names = new Map(
    Object.entries({
      '<s>': '[CLS]',
      '</s>': '[SEP]',
      '<pad>': '[PAD]',
      '<unk>': '[UNK]',
      '<mask>': '[MASK]',
    }),
  );
  const vocab = Object.fromEntries(
    Object.entries(vocabJson).map(([token, id]) => [names.get(token) ?? token, id]),
  );
  const tokenizer = createTokenizer({
    vocabJson: vocab,
    merges,
    tokenizerConfig: { tokenizer_class: 'DebertaTokenizer' },
  });
  const { ids, typeIds, offsets } = tokenizer.encode(' The [MASK]x', { pair: 'world' });
  assert.deepEqual(Array.from(ids), [0, 1216, 1800, 91, 2, 90, 280, 1408, 2]);
  assert.equal(typeIds.join(''), '000001111');
  assert.deepEqual(offsets.slice(0, 4), [
    [0, 0],
    [0, 4],
    [4, 11],
    [11, 12],
  ]);
});

test('vocab.txt of MPNet: two separators, and a mask that takes the space before it', () => {
  const words = ['<s>', '<pad>', '</s>', '[UNK]', 'hello', 'world', 'w', '##x', ',', 'apfel', '!', '<mask>'];
  const tokenizer = createTokenizer({ vocab: words.join('\n'), config: { model_type: 'mpnet' } });
  assert.deepEqual(Array.from(tokenizer.encode('Hello, wx Äpfel!').ids), [0, 4, 8, 6, 7, 9, 10, 2]);
  const { ids, offsets } = tokenizer.encode('hello <mask> world', { pair: 'world' });
  assert.deepEqual(Array.from(ids), [0, 4, 11, 5, 2, 2, 5, 2]);
  assert.deepEqual(offsets[2], [5, 12]);
});

const LETTERS = Object.fromEntries(
  ['<pad>', '<s>', '</s>', '<unk>', '|', ..."ETAONIHSRDLU'"].map((token, id) => [token, id]),
);
const FRAMES = [6, 6, 0, 6, 11, 11, 11, 0, 4, 4, 9, 0, 0, 5, 3, 3, 1, 4];

test('vocab.json of letters: a token a letter, and one text of many frames', () => {
  const tokenizer = createTokenizer({
    vocabJson: LETTERS,
    tokenizerConfig: { tokenizer_class: 'Wav2Vec2CTCTokenizer' },
  });
  /** @type {[string, number[]][]} */
  const texts = [
    ["THE <pad> ÄT'S", [6, 11, 5, 0, 3, 6, 17, 12]],
    ['the <s>it</s> A|B', [3, 3, 3, 1, 3, 3, 2, 7, 4, 3]],
    ['<unk>  T', [3, 6]],
  ];
  for (const [text, ids] of texts) assert.deepEqual(Array.from(tokenizer.encode(text).ids), ids, text);
  assert.equal(tokenizer.decode(FRAMES), 'TTH NE<unk><s>');
  assert.equal(tokenizer.decode(FRAMES, { skipSpecialTokens: true }), 'TH NE');
  assert.equal(tokenizer.decode([4, 0, 5, 4]), 'E');
  assert.equal(tokenizer.decode([2, 2, 0, 2, 5]), '</s></s>E');
  assert.equal(tokenizer.decode([]), '');
  assert.equal(tokenizer.special.pad, 0);
});

// What transformers 5.24 gives; its files list the space between words among the special tokens.
test('words stay apart without special tokens, and ids without a letter are unknown', () => {
  const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  const config = {
    tokenizer_class: 'Wav2Vec2CTCTokenizer',
    added_tokens_decoder: { 4: { ...plain, content: '|', special: true } },
  };
  const holes = Object.fromEntries(
    Object.entries(LETTERS).map(([letter, id]) => [letter, id > 9 ? id + 3 : id]),
  );
  /** @type {[Record<string, number>, number[], string, string][]} */
  const cases = [
    [LETTERS, [4, 5, 4, 4, 6, 4, 40, 41, 5], 'E T <unk>E', 'E T E'],
    [LETTERS, [5, 21, 0, 6, 22], 'E<unk>T<unk>', 'ET'],
    [holes, [5, 10, 11, 0, 12, 13], 'E<unk><unk>I', 'EI'],
  ];
  for (const [vocabJson, ids, all, letters] of cases) {
    const tokenizer = createTokenizer({ vocabJson, tokenizerConfig: config });
    assert.equal(tokenizer.decode(ids), all);
    assert.equal(tokenizer.decode(ids, { skipSpecialTokens: true }), letters);
    assert.throws(() => tokenizer.decode([-1]), /ids\[0\] is -1/);
  }
});

test('letters in capitals are spoken small, and those of one language of many are read', () => {
  const settings = { tokenizer_class: 'Wav2Vec2CTCTokenizer', do_lower_case: true, target_lang: 'eng' };
  const tokenizer = createTokenizer({ vocabJson: { eng: LETTERS }, tokenizerConfig: settings });
  assert.deepEqual(Array.from(tokenizer.encode('the <s>it</s> A|B').ids), [6, 11, 5, 1, 10, 6, 2, 7, 4, 3]);
  assert.deepEqual(tokenizer.encode('ß ŉT').offsets, [
    [0, 1],
    [0, 1],
    [1, 2],
    [2, 3],
    [2, 3],
    [3, 4],
  ]);
  assert.equal(tokenizer.decode(FRAMES), 'tth ne<unk><s>');
  const other = { ...settings, target_lang: 'fra' };
  assert.throws(
    () => createTokenizer({ vocabJson: { eng: LETTERS }, tokenizerConfig: other }),
    /no vocabulary of "fra"/,
  );
  const words = { ...settings, target_lang: undefined, word_delimiter_token: '||' };
  assert.throws(() => createTokenizer({ vocabJson: LETTERS, tokenizerConfig: words }), UnsupportedError);
});

test('a vocab.json of another kind, or without what it needs, is refused', () => {
  const { vocabJson, merges } = vocabularyOf('bytebpe-roberta');
  const roberta = { tokenizerConfig: { tokenizer_class: 'RobertaTokenizer' } };
  assert.throws(
    () => createTokenizer({ vocabJson, merges }),
    /a model of type undefined, which is not read without tokenizer\.json/,
  );
  assert.throws(() => createTokenizer({ vocabJson, ...roberta }), /without tokenizer\.json and merges\.txt/);
  const gpt = { tokenizerConfig: { tokenizer_class: 'GPT2Tokenizer' } };
  assert.throws(() => createTokenizer({ vocabJson, merges, ...gpt }), UnsupportedError);
  const renamed = { tokenizerConfig: { tokenizer_class: 'RobertaTokenizer', cls_token: '[CLS]' } };
  assert.throws(() => createTokenizer({ vocabJson, merges, ...renamed }), FormatError);
  assert.throws(() => createTokenizer({ vocabJson, merges: 'no such', ...roberta }), /merges "no such"/);
  for (const bad of [{ a: -1 }, { a: 'b' }, {}]) {
    assert.throws(() => createTokenizer({ vocabJson: bad, merges, ...roberta }), FormatError);
  }
});
