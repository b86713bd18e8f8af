/** loadTokenizer: the files that a folder may have of a tokenizer, and folders that have none that is read. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, loadTokenizer, Tokenizer } from '../../web/index.js';
import { folder, rejects } from './fixtures.js';

const goldens = fileURLToPath(new URL('../goldens/data/tokenizers/', import.meta.url));

/** The files of a tokenizer in memory. @param {string} name @param {Record<string, any>} [changes] null leaves a file out */
function files(name, changes = {}) {
  const found = new Map(
    readdirSync(goldens + name)
      .filter((file) => file !== 'cases.json')
      .map((file) => [file, new Uint8Array(readFileSync(`${goldens}${name}/${file}`))]),
  );
  for (const [file, content] of Object.entries(changes)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    if (content === null) found.delete(file);
    else found.set(file, new TextEncoder().encode(text));
  }
  return found;
}
/** @param {string} name @param {string} file */
const parsed = (name, file) => JSON.parse(readFileSync(`${goldens}${name}/${file}`, 'utf8'));

test('a folder, its files in a Map and a file URL give the same tokenizer, without a model', async () => {
  const text = 'The old lighthouse keeper';
  const expected = (await loadTokenizer(`${goldens}wordpiece-bert-uncased`)).encode(text);
  assert.equal(expected.tokens.at(0), '[CLS]');
  for (const source of [
    files('wordpiece-bert-uncased'),
    new URL(`file://${goldens}wordpiece-bert-uncased`),
    files('wordpiece-bert-uncased', { 'special_tokens_map.json': null }),
  ]) {
    const tokenizer = await loadTokenizer(source);
    assert.ok(tokenizer instanceof Tokenizer);
    assert.deepEqual(tokenizer.encode(text), expected);
  }
});

test('the older files beside tokenizer.json are asked for if tokenizer_config.json does not stand for them', async () => {
  const user = { content: '<user>', lstrip: false, rstrip: false, normalized: false, single_word: false };
  const { added_tokens_decoder: decoder, ...config } = parsed(
    'wordpiece-bert-uncased',
    'tokenizer_config.json',
  );
  const old = { 'special_tokens_map.json': { mask_token: user }, 'added_tokens.json': { '<bot>': 1907 } };
  const tokenizer = await loadTokenizer(
    files('wordpiece-bert-uncased', { ...old, 'tokenizer_config.json': config }),
  );
  assert.deepEqual(tokenizer.encode('<user><bot>', { addSpecialTokens: false }).tokens, ['<user>', '<bot>']);
  const newer = { ...old, 'tokenizer_config.json': { ...config, added_tokens_decoder: decoder } };
  const other = await loadTokenizer(files('wordpiece-bert-uncased', newer));
  assert.ok(other.encode('<user>').tokens.length > 3);
});

test('vocab.txt, and vocab.json with merges.txt, are read where there is no tokenizer.json', async () => {
  const { vocab, merges } = parsed('bytebpe-roberta', 'tokenizer.json').model;
  const lines = merges.map((/** @type {string[]} */ merge) => merge.join(' ')).join('\n');
  const parts = { 'tokenizer.json': null, 'vocab.json': vocab, 'merges.txt': lines };
  const tokenizer = await loadTokenizer(files('bytebpe-roberta', parts));
  const whole = await loadTokenizer(files('bytebpe-roberta'));
  assert.deepEqual(tokenizer.encode("it's <mask>."), whole.encode("it's <mask>."));
  const bert = await loadTokenizer(files('wordpiece-vocab-only'));
  assert.deepEqual(bert.encode('x').tokens.at(-1), '[SEP]');
});

test('a SentencePiece model alone is refused with the line that converts it', async () => {
  for (const name of ['spiece.model', 'sentencepiece.bpe.model', 'spm.model', 'tokenizer.model']) {
    const source = files('wordpiece-bert-uncased', { 'tokenizer.json': null, [name]: 'x' });
    const message = /AutoTokenizer\.from_pretrained\(folder, use_fast=True\)\.save_pretrained\(folder\)/;
    await rejects(loadTokenizer(source), 'UnsupportedError', message);
    await rejects(load(folder('bert_base', { [name]: 'x' })), 'UnsupportedError', message);
  }
});

test('files on a server are asked for once each', async () => {
  const all = files('wordpiece-vocab-only', { 'tokenizer.json': null });
  /** @type {string[]} */
  const asked = [];
  const tokenizer = await loadTokenizer('http://127.0.0.1/model', {
    fetch: async (url) => {
      const name = String(url).replace(/.*\//, '');
      asked.push(name);
      return new Response(all.get(name) ?? null, { status: all.has(name) ? 200 : 404 });
    },
  });
  assert.equal(tokenizer.encode('x').tokens.at(-1), '[SEP]');
  assert.ok(asked.includes('vocab.txt'));
  assert.equal(new Set(asked).size, asked.length);
});

test('a folder without a tokenizer, a wrong option and a broken file are typed errors', async () => {
  await rejects(
    loadTokenizer(new Map()),
    'InputError',
    /no tokenizer\.json in the files given, nor a vocab\.txt or vocab\.json/,
  );
  await rejects(
    loadTokenizer(`${goldens}clip`, /** @type {any} */ ({ dtype: 'f32' })),
    'InputError',
    /unknown option "dtype"/,
  );
  await rejects(loadTokenizer(new Map(), { timeout: 0 }), 'InputError', /"timeout" must be an integer/);
  const aborted = loadTokenizer(files('clip'), { signal: AbortSignal.abort() });
  await rejects(aborted, 'AbortError', /loading was aborted/);
  const broken = files('clip', { 'tokenizer.json': '{"model":' });
  await rejects(loadTokenizer(broken), 'FormatError', /tokenizer\.json is not JSON/);
  const deep = files('clip', { 'tokenizer.json': `{"model":${'['.repeat(1e5)}${']'.repeat(1e5)}}` });
  await rejects(loadTokenizer(deep), 'FormatError', /tokenizer\.json is nested deeper than 32/);
  await rejects(loadTokenizer(files('clip', { 'config.json': '[]' })), 'FormatError', /config\.json holds/);
});

test('the limit of a model is the smaller of what its files say', async () => {
  const config = { 'config.json': { model_type: 'bert', max_position_embeddings: 100 } };
  const tokenizer = await loadTokenizer(files('wordpiece-bert-uncased', config));
  assert.equal(tokenizer.maxLength, 100);
  assert.equal(tokenizer.encode('a '.repeat(500), { truncation: true }).ids.length, 100);
});
