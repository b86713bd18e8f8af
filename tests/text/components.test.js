/** tokenizer.json taken apart: templates of special tokens, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FormatError, UnsupportedError, WasmformerError } from '../../bindings/errors.js';
import { createTokenizer } from '../../bindings/text/create_tokenizer.js';

const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'hello', 'world', 'a', 'b', 'c', 'w', '##x'];

/** A sound tokenizer.json of those words. @returns {Record<string, any>} */
const sound = () => ({
  added_tokens: WORDS.slice(0, 5).map((content, id) => ({ id, content, special: true })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: null,
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
  },
});
const BERT = { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] };
const ROBERTA = { ...BERT, type: 'RobertaProcessing', trim_offsets: true, add_prefix_space: false };
const BYTES = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true };
const special = (/** @type {string} */ id, type_id = 0) => ({ SpecialToken: { id, type_id } });
const sequence = (/** @type {string} */ id, type_id = 0) => ({ Sequence: { id, type_id } });
const TEMPLATE = {
  type: 'TemplateProcessing',
  single: [special('[CLS]'), sequence('A'), special('[SEP]')],
  pair: [special('[CLS]'), sequence('A'), special('[SEP]'), sequence('B', 1), special('[SEP]', 1)],
  special_tokens: { '[CLS]': { id: '[CLS]', ids: [2] }, '[SEP]': { id: '[SEP]', ids: [3] } },
};

// The ids and types that the Python package tokenizers 0.23.3 gives for "hello world", alone and with "a b c".
const FRAMED = [
  [2, 5, 6, 3],
  [0, 0, 0, 0],
  [2, 5, 6, 3, 7, 8, 9, 3],
  [0, 0, 0, 0, 1, 1, 1, 1],
];
const BARE = [
  [5, 6],
  [0, 0],
  [5, 6, 7, 8, 9],
  [0, 0, 1, 1, 1],
];
/** @type {Record<string, [any, number[][]]>} */
const PROCESSORS = {
  'a template': [TEMPLATE, FRAMED],
  BertProcessing: [BERT, FRAMED],
  RobertaProcessing: [ROBERTA, [...FRAMED.slice(0, 2), [2, 5, 6, 3, 3, 7, 8, 9, 3], Array(9).fill(0)]],
  ByteLevel: [BYTES, BARE],
  none: [null, BARE],
  'ByteLevel, then a template': [{ type: 'Sequence', processors: [BYTES, TEMPLATE] }, FRAMED],
  'a template, then ByteLevel': [{ type: 'Sequence', processors: [TEMPLATE, BYTES] }, FRAMED],
};

for (const [name, [processor, expected]] of Object.entries(PROCESSORS)) {
  test(`special tokens and types of a post_processor: ${name}`, () => {
    const tokenizer = createTokenizer({ tokenizer: { ...sound(), post_processor: processor } });
    const single = tokenizer.encode('hello world');
    const pair = tokenizer.encode('hello world', { pair: 'a b c' });
    const found = [single.ids, single.typeIds, pair.ids, pair.typeIds].map((list) => Array.from(list));
    assert.deepEqual(found, expected);
  });
}

test('a post_processor that is malformed, unknown or adds tokens twice is refused', () => {
  const refuse = (/** @type {any} */ processor, /** @type {any} */ kind) =>
    assert.throws(() => createTokenizer({ tokenizer: { ...sound(), post_processor: processor } }), kind);
  refuse({ type: 'Sequence', processors: [BERT, TEMPLATE] }, UnsupportedError);
  refuse({ type: 'Other' }, UnsupportedError);
  for (const processor of [
    'BertProcessing',
    5,
    [],
    {},
    { type: 5 },
    { type: 'BertProcessing' },
    { ...BERT, cls: ['[CLS]'] },
  ]) {
    refuse(processor, FormatError);
  }
  for (const id of [-1, 1.5, WORDS.length, '2', null]) refuse({ ...BERT, sep: ['[SEP]', id] }, FormatError);
  const pieces = [
    null,
    {},
    [],
    'x',
    special('[MASK]'),
    special('toString'),
    sequence('C'),
    sequence('A', -1),
    { SpecialToken: { id: '[CLS]' } },
  ];
  for (const piece of pieces) refuse({ ...TEMPLATE, single: [piece] }, FormatError);
  for (const key of Object.keys(TEMPLATE)) refuse({ ...TEMPLATE, [key]: undefined }, FormatError);
  refuse({ ...TEMPLATE, special_tokens: { '[CLS]': { ids: [99] }, '[SEP]': { ids: [3] } } }, FormatError);
  let deep = BYTES;
  for (let i = 0; i < 20; i++) deep = /** @type {any} */ ({ type: 'Sequence', processors: [deep] });
  refuse(deep, FormatError);
});

test('a malformed tokenizer.json is a typed error that names the file, never a TypeError', () => {
  const { model } = sound();
  /** @type {Record<string, any>[]} */
  const wrong = [
    { model: null },
    { model: [] },
    { model: 'WordPiece' },
    { model: { ...model, type: 'WordLevel' } },
    { model: { ...model, type: 5 } },
    { model: { ...model, vocab: null } },
    { model: { ...model, vocab: 'abc' } },
    { model: { ...model, vocab: {} } },
    { model: { ...model, vocab: { hello: -1 } } },
    { model: { ...model, vocab: { hello: 1.5 } } },
    { model: { ...model, vocab: { hello: '1' } } },
    { model: { ...model, vocab: { hello: 2 ** 20 } } },
    { model: { ...model, vocab: [['hello', 1]] } },
    { model: { ...model, continuing_subword_prefix: null } },
    { model: { type: 'Unigram', vocab: [['hello']], unk_id: 0 } },
    { model: { type: 'Unigram', vocab: [5], unk_id: 0 } },
    { model: { type: 'Unigram', vocab: {}, unk_id: 0 } },
    { model: { type: 'BPE', vocab: { a: 0 } } },
    { model: { type: 'BPE', vocab: { a: 0 }, merges: [5] } },
    { model: { type: 'BPE', vocab: { a: 0 }, merges: 'a b' } },
    { added_tokens: {} },
    { added_tokens: [null] },
    { added_tokens: [{ id: 1 }] },
    { added_tokens: [{ id: -1, content: 'x' }] },
    { added_tokens: [{ id: 2 ** 40, content: 'x' }] },
    { normalizer: 'BertNormalizer' },
    { normalizer: { type: 'Other' } },
    { normalizer: { type: 'Replace', content: '' } },
    { normalizer: { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: '' } },
    { normalizer: { type: 'Sequence', normalizers: [{ type: 'Replace', pattern: 5, content: '' }] } },
    { pre_tokenizer: { type: 'Split', pattern: { Regex: '(.*)*x' }, behavior: 'Removed', invert: false } },
    { pre_tokenizer: { type: 'Other' } },
    { decoder: { type: 'Other' } },
    { decoder: { type: 'Replace', pattern: { Regex: '[' }, content: '' } },
  ];
  for (const change of wrong) {
    const isRight = (/** @type {any} */ error) =>
      (error instanceof FormatError || error instanceof UnsupportedError) && error.path === 'tokenizer.json';
    const make = () => createTokenizer({ tokenizer: { ...sound(), ...change } });
    assert.throws(make, isRight, JSON.stringify(change));
  }
  for (const tokenizer of [5, 'text', [], [{}]]) {
    assert.throws(() => createTokenizer({ tokenizer: /** @type {any} */ (tokenizer) }), FormatError);
  }
  assert.throws(() => createTokenizer({ tokenizer: sound(), tokenizerConfig: [] }), FormatError);
});

test('an unknown word without a token for it is a typed error', () => {
  const json = sound();
  json.model.unk_token = '[NONE]';
  const tokenizer = createTokenizer({ tokenizer: json });
  assert.deepEqual(Array.from(tokenizer.encode('hello').ids), [5]);
  assert.throws(() => tokenizer.encode('unknown'), /has no id for the token "\[NONE\]"/);
});

test('truncation and padding of the file are ignored', () => {
  const padding = {
    strategy: { Fixed: 8 },
    direction: 'Right',
    pad_id: 0,
    pad_type_id: 0,
    pad_token: '[PAD]',
  };
  const tokenizer = createTokenizer({
    tokenizer: { ...sound(), truncation: { max_length: 2, strategy: 'LongestFirst', stride: 0 }, padding },
  });
  assert.deepEqual(Array.from(tokenizer.encode('a b c').ids), [7, 8, 9]);
});

test('a file may leave out parts that do nothing', () => {
  const { model } = sound();
  assert.deepEqual(Array.from(createTokenizer({ tokenizer: { model } }).encode('hello').ids), [5]);
});

test('byte-level BPE and Unigram are split by their published expressions', () => {
  const letters = 'helo wrd'.replace(' ', 'Ġ');
  const bpe = {
    normalizer: { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    decoder: { type: 'ByteLevel' },
    model: {
      vocab: Object.fromEntries([...letters, 'he', 'll', 'hell'].map((token, id) => [token, id])),
      merges: ['h e', 'l l', 'he ll'],
    },
  };
  const made = createTokenizer({ tokenizer: bpe });
  assert.deepEqual(made.tokens(made.encode('hello  world').ids), ['hell', 'o', 'Ġ', 'w', 'o', 'r', 'l', 'd']);
  const unigram = {
    normalizer: { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['<unk>', 0],
        ['▁hello', -1],
        ['▁', -2],
        ['he', -3],
        ['l', -3],
        ['o', -3],
      ],
    },
  };
  const other = createTokenizer({ tokenizer: unigram });
  assert.deepEqual(other.tokens(other.encode('hello   hell').ids), ['▁hello', '▁', 'he', 'l', 'l']);
});

test('a tokenizer.json with any one value replaced makes a tokenizer, or a typed error', () => {
  /** @type {(node: any, path?: string[]) => string[][]} */
  const places = (node, path = []) => {
    const keys = typeof node === 'object' && node !== null ? Object.keys(node) : [];
    return keys.flatMap((key) => [[...path, key], ...places(node[key], [...path, key])]);
  };
  const all = places({ ...sound(), post_processor: TEMPLATE });
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
      const json = /** @type {any} */ (structuredClone({ ...sound(), post_processor: TEMPLATE }));
      const parent = path.slice(0, -1).reduce((/** @type {any} */ node, key) => node[key], json);
      parent[/** @type {string} */ (path.at(-1))] = value;
      try {
        const tokenizer = createTokenizer({ tokenizer: json });
        const { ids } = tokenizer.encode('Hello wx, [MASK] unknown', { pair: 'b' });
        assert.ok(ids.every((id) => id >= 0 && id < tokenizer.size));
        tokenizer.decode(ids, { skipSpecialTokens: true });
      } catch (error) {
        assert.ok(error instanceof WasmformerError, `${path.join('.')} = ${JSON.stringify(value)}: ${error}`);
      }
    }),
    { numRuns: 3000 },
  );
});
