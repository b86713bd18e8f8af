/** What the calls of a tokenizer give: offsets, windows, padding, decoded text, and errors that name what was wrong. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { InputError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';

/** @import { EncodeOptions } from '../../bindings/text/public.js' */

/** @param {string} name @param {string} file */
const golden = (name, file) =>
  JSON.parse(
    readFileSync(new URL(`../goldens/data/tokenizers/${name}/${file}.json`, import.meta.url), 'utf8'),
  );
/** @param {string} name @param {object} [settings] */
const make = (name, settings = {}) =>
  createTokenizer({
    tokenizer: golden(name, 'tokenizer'),
    tokenizerConfig: { ...golden(name, 'tokenizer_config'), ...settings },
  });
const bert = make('wordpiece-bert-uncased');

test('offsets are places in the text as it was given, in UTF-16 units, whatever normalizing did', () => {
  const text = 'I 😀 love CAFÉ\u0301 日本, the caf\u0065\u0301!';
  const { offsets, tokens, sequenceIds, wordIds, specialTokensMask } = bert.encode(text);
  const parts = offsets.map(([start, end]) => text.slice(start, end));
  assert.equal(parts[0], '');
  assert.deepEqual(parts.slice(1, 3), ['I', '😀']);
  assert.ok(parts.includes('日') && parts.includes('本'));
  const letters = (/** @type {string} */ value) => value.replaceAll('\u0301', '').replace(/\s/g, '');
  assert.equal(letters(parts.join('')), letters(text));
  assert.equal(tokens[0], '[CLS]');
  assert.deepEqual([sequenceIds[0], sequenceIds[1], wordIds[0], wordIds[1]], [null, 0, null, 0]);
  assert.equal(specialTokensMask.join(''), `1${'0'.repeat(tokens.length - 2)}1`);
});

test('ids alone are those of encode, of a text and of a pair, cut or not', () => {
  for (const name of ['wordpiece-bert-uncased', 'bytebpe-roberta', 'unigram-xlmr', 'spbpe-gemma']) {
    const tokenizer = make(name);
    for (const options of [
      {},
      { pair: 'a river in the village' },
      { maxLength: 7 },
      { pair: 'x', maxLength: 6 },
    ]) {
      const { ids, typeIds, truncated } = tokenizer.encode('The old lighthouse — Größe 😀', options);
      const alone = tokenizer.ids('The old lighthouse — Größe 😀', options);
      assert.deepEqual([alone.ids, alone.typeIds, alone.truncated], [ids, typeIds, truncated]);
    }
  }
});

test('a batch is padded to its longest text, on either side, or to a multiple', () => {
  const texts = ['the', 'the old lighthouse keeper'];
  const lengths = (/** @type {any} */ options) =>
    bert.encodeBatch(texts, options).map(({ ids }) => ids.length);
  const [short, long] = bert.encodeBatch(texts).map(({ ids }) => ids.length);
  assert.ok(short < long);
  assert.deepEqual(lengths({ padding: true }), [long, long]);
  assert.deepEqual(lengths({ padding: 'longest', padToMultipleOf: 16 }), [16, 16]);
  assert.deepEqual(lengths({ padding: 'max_length', maxLength: 40 }), [40, 40]);
  const [left] = bert.encodeBatch(texts, { padding: true, paddingSide: 'left' });
  assert.deepEqual(left.ids.subarray(long - short), bert.encode('the').ids);
  assert.equal(left.attentionMask.join(''), '0'.repeat(long - short) + '1'.repeat(short));
  assert.equal(left.tokens[0], '[PAD]');
  assert.deepEqual(left.offsets[0], [0, 0]);
  const pairs = bert.encodeBatch(texts, { pair: ['a', 'b'], padding: true });
  assert.deepEqual(pairs[1].ids, bert.encode(texts[1], { pair: 'b' }).ids);
  assert.deepEqual(bert.encodeBatch([]), []);
});

test('sides and the type of padding come from tokenizer_config.json, else from tokenizer.json, unless a call says otherwise', () => {
  const text = 'a b c d e f g';
  const config = make('wordpiece-bert-uncased', {
    truncation_side: 'left',
    padding_side: 'left',
    pad_token_type_id: 3,
  });
  assert.deepEqual(config.encode(text, { maxLength: 5 }).ids, bert.encode('e f g').ids);
  assert.deepEqual(config.ids(text, { maxLength: 5 }).ids, bert.encode('e f g').ids);
  assert.deepEqual(
    config.encode(text, { maxLength: 5, truncationSide: 'right' }).ids,
    bert.encode('a b c').ids,
  );
  const padded = config.encode('a', { padding: 'max_length', maxLength: 4 });
  assert.deepEqual([padded.typeIds.join(''), padded.attentionMask.join('')], ['3000', '0111']);
  const tokenizer = {
    ...golden('wordpiece-bert-uncased', 'tokenizer'),
    truncation: { direction: 'Left', max_length: 3, strategy: 'LongestFirst', stride: 0 },
    padding: { strategy: 'BatchLongest', direction: 'Left', pad_id: 0, pad_type_id: 1, pad_token: '[PAD]' },
  };
  const other = createTokenizer({ tokenizer });
  assert.deepEqual(other.encode(text, { maxLength: 5 }).ids, bert.encode('e f g').ids);
  assert.deepEqual(other.encode('a', { padding: 'max_length', maxLength: 4 }).typeIds.join(''), '1000');
  assert.equal(other.encode(text).truncated, false);
});

test('what was cut comes in windows if it is asked for', () => {
  const options = { maxLength: 6, stride: 1, returnOverflowingTokens: true };
  const { ids, overflowing, truncated } = bert.encode('a b c d e f g h i', options);
  assert.equal(truncated, true);
  const texts = [ids, ...overflowing.map((window) => window.ids)].map((list) =>
    bert.tokens(list).slice(1, -1).join(' '),
  );
  assert.deepEqual(texts, ['a b c d', 'd e f g', 'g h i']);
  assert.deepEqual(bert.encode('a b c', { maxLength: 4 }).overflowing, []);
  // Two texts in so many windows each would have them all with all.
  const long = 'a '.repeat(3000);
  assert.throws(
    () => bert.encode(long, { pair: long, maxLength: 5, returnOverflowingTokens: true }),
    (/** @type {any} */ error) => error instanceof InputError && error.path === 'returnOverflowingTokens',
  );
});

test('decoding leaves special tokens out on request, and spaces before marks if the files say so', () => {
  const { ids } = bert.encode('the keeper , [MASK] .');
  assert.equal(bert.decode(ids), '[CLS] the keeper, [MASK]. [SEP]');
  assert.equal(bert.decode(ids, { skipSpecialTokens: true }), 'the keeper,.');
  const unigram = make('unigram-xlmr', { clean_up_tokenization_spaces: false });
  const spaced = unigram.encode('the keeper , no').ids;
  assert.equal(unigram.decode(spaced, { skipSpecialTokens: true }), 'the keeper , no');
  const clean = { skipSpecialTokens: true, cleanUpTokenizationSpaces: true };
  assert.equal(unigram.decode(spaced, clean), 'the keeper, no');
});

test('wrong options are InputErrors that name them', () => {
  /** @type {[any, string][]} */
  const wrong = [
    [{ truncation: 'first' }, 'truncation'],
    [{ truncation: 'only_second', maxLength: 3 }, 'truncation'],
    [{ truncation: 'only_first', maxLength: 6, pair: 'a b c d e f g h i' }, 'truncation'],
    [{ maxLength: 0 }, 'maxLength'],
    [{ maxLength: 1 }, 'maxLength'],
    [{ maxLength: '5' }, 'maxLength'],
    [{ stride: -1 }, 'stride'],
    [{ stride: 3, maxLength: 4 }, 'stride'],
    [{ stride: 2, maxLength: 4 }, 'stride'],
    [{ padding: 'all' }, 'padding'],
    [{ padToMultipleOf: 0 }, 'padToMultipleOf'],
    [{ paddingSide: 'both' }, 'paddingSide'],
    [{ addSpecialTokens: 1 }, 'addSpecialTokens'],
    [{ onTruncate: 'chunk' }, 'onTruncate'],
    [{ maxLength: 3, onTruncate: 'error' }, 'text'],
    [{ pair: 5 }, 'pair'],
    [{ max_length: 5 }, 'max_length'],
  ];
  for (const [options, path] of wrong) {
    assert.throws(
      () => bert.encode('a b c d', options),
      (/** @type {any} */ error) => error instanceof InputError && error.path === path,
      JSON.stringify(options),
    );
  }
  for (const pair of ['a', ['a'], [1, 2]]) {
    assert.throws(() => bert.encodeBatch(['a', 'b'], { pair: /** @type {any} */ (pair) }), InputError);
  }
  assert.throws(() => bert.encodeBatch(/** @type {any} */ ('text')), /texts is "text"; expected an array/);
  assert.throws(() => bert.encodeBatch([/** @type {any} */ (5)]), /text is 5; expected a string/);
  const bare = createTokenizer({
    tokenizer: { model: { type: 'Unigram', unk_id: 0, vocab: [['<unk>', 0]] } },
  });
  assert.throws(() => bare.encode('a', { padding: true }), /no padding token/);
  const unlimited = make('wordpiece-bert-uncased', { model_max_length: 1e30 });
  assert.throws(
    () => unlimited.encode('a', { padding: 'max_length' }),
    /maxLength is undefined; expected a number/,
  );
});

test('names of tokens lead to ids and back', () => {
  assert.equal(bert.tokenToId('[CLS]'), 2);
  assert.equal(bert.tokenToId('no such token'), null);
  assert.deepEqual(bert.tokens([2, 3]), ['[CLS]', '[SEP]']);
});
