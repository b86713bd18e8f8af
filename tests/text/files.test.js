/** What the files beside tokenizer.json say, by the class of transformers that reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, FormatError, UnsupportedError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';

const WORDS = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'hello',
  'Hello',
  'é',
  'e',
  '<',
  'user',
  '>',
  'cafe',
  '日',
];
const SPECIAL = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };

/** A tokenizer.json of those words. @param {Record<string, any>} [changes] @returns {Record<string, any>} */
const json = (changes = {}) => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: WORDS.slice(0, 5).map((content, id) => ({ id, content, ...SPECIAL })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: null,
  decoder: null,
  model: {
    ...{
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
  },
  ...changes,
});
/** @param {string} text @param {Omit<Parameters<typeof createTokenizer>[0], 'tokenizer'>} [files] @param {Record<string, any>} [changes] */
const tokensOf = (text, files = {}, changes = {}) => {
  const tokenizer = createTokenizer({ tokenizer: json(changes), ...files });
  return tokenizer.encode(text).tokens;
};

// As BertTokenizerFast and PreTrainedTokenizerFast of transformers 4.57 have it.
test('of a class of BERT the case comes from tokenizer_config.json, whatever tokenizer.json says', () => {
  const cased = { normalizer: { ...json().normalizer, lowercase: false } };
  const config = (/** @type {string} */ name, settings = {}) => ({
    tokenizerConfig: { tokenizer_class: name, ...settings },
  });
  assert.deepEqual(tokensOf('Hello', config('BertTokenizer', { do_lower_case: false })), ['Hello']);
  assert.deepEqual(tokensOf('Hello', config('DistilBertTokenizerFast', { do_lower_case: true }), cased), [
    'hello',
  ]);
  assert.deepEqual(tokensOf('Hello', config('ElectraTokenizer'), cased), ['hello']);
  assert.deepEqual(tokensOf('é', config('BertTokenizer', { strip_accents: false })), ['é']);
  assert.deepEqual(tokensOf('日日', config('BertTokenizer', { tokenize_chinese_chars: false })), ['[UNK]']);
  assert.deepEqual(tokensOf('Hello', config('MPNetTokenizer', { do_lower_case: false })), ['Hello']);
  assert.deepEqual(tokensOf('Hello', config('PreTrainedTokenizerFast', { do_lower_case: true }), cased), [
    'Hello',
  ]);
  assert.deepEqual(tokensOf('Hello', {}, cased), ['Hello']);
  // Where no class is named, the type of the model leads to one.
  assert.deepEqual(tokensOf('Hello', { config: { model_type: 'bert' } }, cased), ['hello']);
  assert.deepEqual(tokensOf('Hello', { config: { model_type: 'xlm-roberta' } }, cased), ['Hello']);
});

test('a class of RoBERTa takes the space before a text, and trimmed offsets, from tokenizer_config.json', () => {
  const bytes = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };
  const changes = {
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor: {
      type: 'RobertaProcessing',
      sep: ['[SEP]', 3],
      cls: ['[CLS]', 2],
      trim_offsets: false,
      add_prefix_space: true,
    },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['x', 0],
        ['y', 0],
        ['z', 0],
        ['w', 0],
      ],
    },
    added_tokens: [],
  };
  const encode = (/** @type {any} */ tokenizerConfig) =>
    createTokenizer({ tokenizer: json(changes), tokenizerConfig }).encode('a b');
  const plain = encode({ tokenizer_class: 'RobertaTokenizer' });
  assert.deepEqual(plain.tokens.slice(1, -1), ['a', 'Ġb']);
  assert.deepEqual(plain.offsets.slice(1, -1), [
    [0, 1],
    [2, 3],
  ]);
  assert.deepEqual(encode({ tokenizer_class: 'RobertaTokenizer', add_prefix_space: true }).tokens[1], 'Ġa');
  assert.deepEqual(encode({ tokenizer_class: 'RobertaTokenizer', trim_offsets: false }).offsets[2], [1, 3]);
  assert.deepEqual(encode({ add_prefix_space: false }).tokens[1], 'a');
  assert.deepEqual(encode({}).tokens[1], 'Ġa');
});

test('tokens that tokenizer.json lacks come from tokenizer_config.json, or from the older files', () => {
  const user = { content: '<user>', ...SPECIAL };
  const config = { tokenizer_class: 'PreTrainedTokenizerFast' };
  const text = 'hello<user>hello';
  assert.deepEqual(tokensOf(text), ['hello', '<', 'user', '>', 'hello']);
  const with_ = (/** @type {any} */ settings, files = {}) =>
    createTokenizer({ tokenizer: json(), tokenizerConfig: { ...config, ...settings }, ...files });
  for (const tokenizer of [
    with_({ added_tokens_decoder: { 14: user } }),
    with_({ additional_special_tokens: ['<user>'] }),
    with_({ additional_special_tokens: [{ __type: 'AddedToken', ...user }] }),
    with_({ extra_special_tokens: { user_token: '<user>' } }),
    with_({ mask_token: '<user>' }),
    with_({}, { addedTokens: { '<user>': 14 } }),
    with_({}, { specialTokensMap: { additional_special_tokens: ['<user>'] } }),
    with_({}, { specialTokensMap: { mask_token: user } }),
  ]) {
    assert.deepEqual(Array.from(tokenizer.encode(text).ids), [5, 14, 5]);
    assert.equal(tokenizer.size, 15);
  }
  // The older files do not count beside added_tokens_decoder.
  const newer = with_(
    { added_tokens_decoder: {} },
    { addedTokens: { '<user>': 14 }, specialTokensMap: { mask_token: user } },
  );
  assert.deepEqual(newer.encode(text).tokens, ['hello', '<', 'user', '>', 'hello']);
  // Ids follow on the vocabulary, as Rust gives them, whatever number the file has.
  assert.deepEqual(Array.from(with_({ added_tokens_decoder: { 99: user } }).encode(text).ids), [5, 14, 5]);
  // Other properties in tokenizer_config.json count; a token of the vocabulary keeps its id.
  const stripping = with_({ added_tokens_decoder: { 4: { content: '[MASK]', ...SPECIAL, lstrip: true } } });
  assert.deepEqual(stripping.encode('hello [MASK]').offsets, [
    [0, 5],
    [5, 12],
  ]);
  const known = with_({ additional_special_tokens: ['cafe'] });
  assert.deepEqual(Array.from(known.encode('xcafex').ids), [1, 12, 1]);
  assert.equal(known.decode([12, 5], { skipSpecialTokens: true }), 'hello');
});

test('special tokens in a text are split as other text is if split_special_tokens says so', () => {
  assert.deepEqual(tokensOf('hello[MASK]'), ['hello', '[MASK]']);
  const files = { tokenizerConfig: { split_special_tokens: true } };
  assert.deepEqual(tokensOf('hello[MASK]', files), ['hello', '[UNK]', '[UNK]', '[UNK]']);
});

test('types do not reach a model whose model_input_names lack them', () => {
  const template = { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] };
  const types = (/** @type {any} */ tokenizerConfig) =>
    createTokenizer({ tokenizer: json({ post_processor: template }), tokenizerConfig })
      .ids('e', { pair: 'e' })
      .typeIds.join('');
  assert.equal(types({}), '00011');
  assert.equal(types({ model_input_names: ['input_ids', 'token_type_ids', 'attention_mask'] }), '00011');
  assert.equal(types({ model_input_names: ['input_ids', 'attention_mask'] }), '00000');
});

test('each key of tokenizer_config.json is read, makes no difference, is refused, or is listed as ignored', () => {
  const make = (/** @type {any} */ tokenizerConfig) =>
    createTokenizer({ tokenizer: json(), tokenizerConfig });
  const { ignored } = make({
    chat_template: '…',
    backend: 'tokenizers',
    my_own_key: 1,
    image_token: '<image>',
    pad_token: '[PAD]',
  });
  assert.deepEqual(ignored, ['my_own_key']);
  for (const settings of [
    { auto_map: { AutoTokenizer: ['tokenization_own.OwnTokenizer', null] } },
    { auto_map: ['tokenization_own.OwnTokenizer', null] },
    { fix_mistral_regex: true },
    { tokenizer_class: 'RoFormerTokenizer' },
    { tokenizer_class: 'BertJapaneseTokenizer' },
  ]) {
    assert.throws(() => make(settings), UnsupportedError, JSON.stringify(settings));
  }
  assert.ok(make({ auto_map: { AutoProcessor: 'x' }, fix_mistral_regex: false }));
  for (const settings of [
    { truncation_side: 'middle' },
    { padding_side: 5 },
    { model_input_names: 'input_ids' },
    { model_input_names: [1] },
    { split_special_tokens: 'yes' },
    { clean_up_tokenization_spaces: 1 },
    { pad_token_type_id: -1 },
    { add_prefix_space: 'no' },
    { tokenizer_class: 'BertTokenizer', do_lower_case: 1 },
    { additional_special_tokens: 'x' },
    { additional_special_tokens: [5] },
    { cls_token: 5 },
    { added_tokens_decoder: [] },
  ]) {
    assert.throws(
      () => make(settings),
      (/** @type {any} */ error) =>
        error instanceof ConfigError && Object.keys(settings).includes(error.path ?? ''),
      JSON.stringify(settings),
    );
  }
  for (const settings of [
    { added_tokens_decoder: { x: { content: 'a' } } },
    { added_tokens_decoder: { '-1': { content: 'a' } } },
    { added_tokens_decoder: { 1: 'a' } },
    { added_tokens_decoder: { 1: { content: 5 } } },
    { added_tokens_decoder: { [2 ** 20]: { content: 'a' } } },
    { cls_token: { content: 5 } },
  ]) {
    assert.throws(() => make(settings), FormatError, JSON.stringify(settings));
  }
  assert.throws(() => make({ cls_token: { content: 'a', own: 1 } }), UnsupportedError);
  assert.throws(() => createTokenizer({ tokenizer: json(), addedTokens: { a: -1 } }), FormatError);
  assert.throws(() => createTokenizer({ tokenizer: json(), addedTokens: [] }), FormatError);
  assert.throws(() => createTokenizer({ tokenizer: json(), specialTokensMap: 'x' }), FormatError);
});

test('tokenizer.json has the keys and the version that are known', () => {
  assert.throws(() => createTokenizer({ tokenizer: json({ version: '2.0' }) }), /version "2\.0"/);
  assert.throws(() => createTokenizer({ tokenizer: json({ own: 1 }) }), /the key "own", which is not known/);
});
