/** What the files of sentence-transformers say of texts and vectors: prompts, lengths, sizes, places of files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../../web/index.js';
import { config, rejects } from './fixtures.js';
import { close, folderOf, MEAN, normalize, POOLING, TEXTS, unit, vectorsOf, WIDTH } from './sentence.js';

test('prompts: the text itself, a name, the default, and never both', async () => {
  const prompts = { prompts: { query: 'query: ' }, default_prompt_name: 'query' };
  const source = () => folderOf([POOLING], { 'config_sentence_transformers.json': prompts });
  const expected = await vectorsOf(
    folderOf([POOLING]),
    {},
    TEXTS.map((text) => `query: ${text}`),
  );
  assert.deepEqual(await vectorsOf(source(), { promptName: 'query' }), expected);
  assert.deepEqual(await vectorsOf(source(), { prompt: 'query: ' }), expected);
  assert.deepEqual(await vectorsOf(source()), expected);
  const literal = await vectorsOf(
    folderOf([POOLING]),
    {},
    TEXTS.map((text) => `query${text}`),
  );
  assert.deepEqual(await vectorsOf(source(), { prompt: 'query' }), literal);
  const encoder = await load(source());
  await rejects(encoder.embed('a', { promptName: 'passage' }), 'InputError', /"passage".*query, document/);
  await rejects(encoder.embed('a', { promptName: 'query', prompt: 'x' }), 'InputError', /promptName/);
  encoder.dispose();
});

test('include_prompt false leaves the tokens of the prompt out of every pooling', async () => {
  const modes = ['cls', 'max', 'mean', 'mean_sqrt_len', 'weightedmean', 'lasttoken'];
  const pooling = { embedding_dimension: WIDTH, pooling_mode: modes, include_prompt: false };
  const encoder = await load(folderOf([['Pooling', '1_Pooling', pooling]]));
  const text = 'query: b c';
  const { last_hidden_state: rows } = await encoder.forward(encoder.tokenize(text));
  const tokens = /** @type {number[][]} */ (rows.slice(0).tolist());
  const kept = tokens.slice(3); // [CLS] query : are passed over
  const sum = (/** @type {number} */ i, weight = (/** @type {number} */ _) => 1) =>
    kept.reduce((all, row, t) => all + row[i] * weight(t + 4), 0);
  const weights = kept.reduce((all, _, t) => all + t + 4, 0);
  const byMode = [
    (/** @type {number} */ i) => kept[0][i],
    (/** @type {number} */ i) => Math.max(...kept.map((row) => row[i])),
    (/** @type {number} */ i) => sum(i) / kept.length,
    (/** @type {number} */ i) => sum(i) / Math.sqrt(kept.length),
    (/** @type {number} */ i) => sum(i, (t) => t) / weights,
    (/** @type {number} */ i) => kept[kept.length - 1][i],
  ];
  const expected = byMode.flatMap((mode) => Array.from({ length: WIDTH }, (_, i) => mode(i)));
  const found = await encoder.embed(['b c'], { prompt: 'query: ' });
  close(/** @type {number[][]} */ (found.tolist()), [expected]);
  await rejects(encoder.embed('b', { prompt: 'a '.repeat(60) }), 'InputError', /the prompt has 61 tokens/);
  await rejects(encoder.embed('b', { prompt: 'a', onTruncate: 'chunk' }), 'InputError', /chunk/);
  encoder.dispose();
});

test('truncate_dim and dimensions cut vectors as they are; normalize asks for unit length again', async () => {
  const files = { 'config_sentence_transformers.json': { truncate_dim: 8 } };
  const source = () => folderOf([POOLING, normalize], files);
  const plain = await vectorsOf(folderOf([POOLING, normalize]));
  assert.deepEqual(
    await vectorsOf(source()),
    plain.map((row) => row.slice(0, 8)),
  );
  assert.deepEqual(
    await vectorsOf(source(), { dimensions: 8 }),
    plain.map((row) => row.slice(0, 8)),
  );
  const encoder = await load(source());
  assert.equal(encoder.dimensions, 8);
  const again = await encoder.embed(TEXTS, { normalize: true });
  close(
    /** @type {number[][]} */ (again.tolist()),
    plain.map((row) => unit(row.slice(0, 8))),
  );
  const whole = await encoder.embed(TEXTS, { dimensions: WIDTH });
  assert.deepEqual(whole.tolist(), plain);
  encoder.dispose();
});

test("max_seq_length counts more than the tokenizer's limit, by each of the seven names of its file", async () => {
  const names = ['bert', 'roberta', 'distilbert', 'camembert', 'albert', 'xlm-roberta', 'xlnet'];
  for (const name of names) {
    for (const [own, limit] of [
      [6, 6],
      [30, 30],
      [1000, Number(config('bert_base', {}).max_position_embeddings)],
    ]) {
      const encoder = await load(
        folderOf([POOLING], {
          [`sentence_${name}_config.json`]: { max_seq_length: own },
          'tokenizer_config.json': { model_max_length: 12, tokenizer_class: 'BertTokenizer' },
        }),
      );
      assert.equal(encoder.maxLength, limit, `${name} ${own}`);
      encoder.dispose();
    }
  }
});

test('what a file asks for and is not done is refused by name', async () => {
  /** @type {[string, object, RegExp][]} */
  const wrong = [
    ['sentence_bert_config.json', { transformer_task: 'fill-mask' }, /transformer_task is "fill-mask"/],
    [
      'sentence_bert_config.json',
      { model_args: { num_hidden_layers: 1 } },
      /model_args\.num_hidden_layers is 1/,
    ],
    ['sentence_bert_config.json', { query_length: 32 }, /query_length is 32; expected none/],
    ['config_sentence_transformers.json', { model_type: 'SparseEncoder' }, /model_type is "SparseEncoder"/],
    ['config_sentence_transformers.json', { truncate_dim: 0 }, /truncate_dim is 0/],
  ];
  for (const [file, settings, message] of wrong) {
    const kind = 'truncate_dim' in settings ? 'ConfigError' : 'UnsupportedError';
    await rejects(load(folderOf([POOLING], { [file]: settings })), kind, message);
  }
  for (const [kind, options] of /** @type {[string, object][]} */ ([
    ['Pooling', MEAN],
    ['LayerNorm', { dimension: 32 }],
  ])) {
    const before = kind === 'Pooling' ? [] : [POOLING];
    const files = folderOf([...before, [kind, `9_${kind}`, { ...options, stray: 1 }]]);
    await rejects(
      load(files),
      'UnsupportedError',
      new RegExp(`9_${kind}/config.json: ${kind} has no option "stray"`),
    );
  }
  const fine = {
    model_args: { trust_remote_code: true },
    transformer_task: 'feature-extraction',
    new_key: 1,
  };
  (await load(folderOf([POOLING], { 'sentence_bert_config.json': fine }))).dispose();
});

test('the model may stand in a folder of its own, and paths may end in a slash of either kind', async () => {
  const files = folderOf([['Pooling', '1_Pooling\\', MEAN]]);
  const expected = await vectorsOf(files);
  const modules = JSON.parse(new TextDecoder().decode(files.get('modules.json')));
  modules[0].path = '0_Transformer/';
  const moved = new Map(
    [...files].map(([name, bytes]) => [/^\w*\.|_config/.test(name) ? `0_Transformer/${name}` : name, bytes]),
  );
  moved.delete('0_Transformer/modules.json');
  moved.set('modules.json', new TextEncoder().encode(JSON.stringify(modules)));
  assert.deepEqual(await vectorsOf(moved), expected);
});
