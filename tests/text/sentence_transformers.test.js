/** What modules.json and the files beside it say, in the forms that sentence-transformers has written. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ConfigError, FormatError, UnsupportedError } from '../../bindings/errors.js';
import { readList } from '../../bindings/text/sentence_modules.js';
import { parseModules } from '../../bindings/text/sentence_transformers.js';

const MODELS = new URL('../goldens/data/models/', import.meta.url);

/** @param {string} name Of a golden with a modules.json. */
function parseGolden(name) {
  const readJson = (/** @type {string} */ path) => {
    try {
      return JSON.parse(readFileSync(new URL(`${name}/${path}`, MODELS), 'utf8'));
    } catch {
      return null;
    }
  };
  return parseModules({ list: readList(readJson('modules.json')), readJson });
}

const module = (/** @type {string} */ kind, /** @type {string} */ path) => ({
  idx: 0,
  name: '0',
  path,
  type: `sentence_transformers.models.${kind}`,
});
const THREE = [module('Transformer', ''), module('Pooling', '1_Pooling'), module('Normalize', '2_Normalize')];
const MEAN = { word_embedding_dimension: 8, pooling_mode_mean_tokens: true };

/**
 * @param {Record<string, any>} files By path; 1_Pooling is there unless it is given.
 * @param {any} [modules]
 */
const parse = async (files = {}, modules = THREE) =>
  parseModules({
    list: readList(modules),
    readJson: async (path) => ({ '1_Pooling/config.json': MEAN, ...files })[path] ?? null,
  });
const pooling = async (/** @type {object} */ config) =>
  (await parse({ '1_Pooling/config.json': config })).pooling?.modes;

test('the folders of the goldens', async () => {
  const plain = {
    folder: '',
    after: [{ kind: 'Normalize' }],
    dimensions: null,
    lowerCase: false,
    defaultPrompt: null,
    normalize: true,
  };
  const expected = {
    minilm: { ...plain, pooling: { modes: ['mean'], includePrompt: true }, maxLength: 256 },
    st_mean_normalize: { ...plain, pooling: { modes: ['mean'], includePrompt: true } },
    st_cls_normalize: { ...plain, pooling: { modes: ['cls'], includePrompt: true } },
    st_mpnet_mean: { ...plain, pooling: { modes: ['mean'], includePrompt: true } },
    st_dense_tanh: {
      ...plain,
      pooling: { modes: ['cls'], includePrompt: true },
      after: [
        { kind: 'Dense', path: '2_Dense', in: 32, out: 20, bias: true, activation: 'TANH' },
        { kind: 'Normalize' },
      ],
    },
  };
  for (const [name, values] of Object.entries(expected)) {
    const { prompts, ...found } = await parseGolden(name);
    assert.deepEqual({ ...found, ...values }, found, name);
    assert.deepEqual({ ...prompts }, { query: '', document: '' });
  }
  const folders = readdirSync(MODELS).filter((name) => name === 'minilm' || name.startsWith('st_'));
  assert.deepEqual(folders.sort(), Object.keys(expected).sort());
});

test('poolings are concatenated in the order of sentence-transformers', async () => {
  const all = [
    'lasttoken',
    'weightedmean_tokens',
    'mean_sqrt_len_tokens',
    'mean_tokens',
    'max_tokens',
    'cls_token',
  ];
  assert.deepEqual(await pooling(Object.fromEntries(all.map((name) => [`pooling_mode_${name}`, true]))), [
    'cls',
    'max',
    'mean',
    'mean_sqrt_len',
    'weightedmean',
    'lasttoken',
  ]);
  assert.deepEqual(await pooling({ pooling_mode_max_tokens: true, pooling_mode_mean_tokens: false }), [
    'max',
  ]);
  assert.deepEqual(await pooling({ word_embedding_dimension: 8 }), ['mean']);
});

test('poolings may be named, as since version 6', async () => {
  assert.deepEqual(await pooling({ embedding_dimension: 8, pooling_mode: 'cls', include_prompt: true }), [
    'cls',
  ]);
  assert.deepEqual(await pooling({ pooling_mode: ['mean_sqrt_len_tokens', 'cls'] }), [
    'mean_sqrt_len',
    'cls',
  ]);
  for (const mode of ['median', '', [], ['cls', 'x'], 5, {}]) {
    await assert.rejects(pooling({ pooling_mode: mode }), ConfigError, JSON.stringify(mode));
  }
});

test('modules count by their class, wherever versions keep it, and an empty folder of Normalize is enough', async () => {
  const modules = [
    { type: 'sentence_transformers.base.modules.transformer.Transformer', path: '' },
    { type: 'sentence_transformers.sentence_transformer.modules.pooling.Pooling', path: '1_Pooling' },
    { type: 'sentence_transformers.base.modules.dense.Dense', path: '2_Dense' },
    { type: 'sentence_transformers.models.Dense', path: '3_Dense' },
  ];
  const dense = {
    in_features: 8,
    out_features: 32,
    bias: false,
    activation_function: 'torch.nn.modules.linear.Identity',
  };
  const found = await parse(
    { '2_Dense/config.json': dense, '3_Dense/config.json': { in_features: 32, out_features: 8 } },
    modules,
  );
  assert.equal(found.normalize, false);
  assert.deepEqual(found.after, [
    { kind: 'Dense', path: '2_Dense', in: 8, out: 32, bias: false, activation: 'IDENTITY' },
    { kind: 'Dense', path: '3_Dense', in: 32, out: 8, bias: true, activation: 'TANH' },
  ]);
  assert.equal((await parse({}, [module('Transformer', '')])).pooling, null);
});

test('the Normalize of version 6 has settings, those before it are not asked for any', async () => {
  const normalize = (/** @type {string} */ type) => [...THREE.slice(0, 2), { type, path: '2_Normalize' }];
  const files = { '2_Normalize/config.json': { module_input_name: 'token_embeddings' } };
  const latest = normalize('sentence_transformers.base.modules.normalize.Normalize');
  assert.equal((await parse({}, latest)).normalize, true);
  await assert.rejects(
    parse(files, latest),
    /2_Normalize\/config\.json: module_input_name is "token_embeddings"/,
  );
  assert.equal((await parse(files)).normalize, true);
});

test('length, lowering and prompts are read', async () => {
  const found = await parse({
    'sentence_bert_config.json': { max_seq_length: 128, do_lower_case: true },
    'config_sentence_transformers.json': {
      prompts: { query: 'query: ', topic: null },
      default_prompt_name: 'query',
    },
  });
  assert.deepEqual([found.maxLength, found.lowerCase, found.defaultPrompt], [128, true, 'query']);
  assert.deepEqual({ ...found.prompts }, { query: 'query: ', document: '', topic: '' });
  assert.equal(Object.getPrototypeOf(found.prompts), null);
  const none = await parse({
    'sentence_bert_config.json': { max_seq_length: null },
    'config_sentence_transformers.json': { prompts: null },
  });
  assert.deepEqual(
    [none.maxLength, none.defaultPrompt, Object.keys(none.prompts)],
    [null, null, ['query', 'document']],
  );
});

test('a module that is not known is named', async () => {
  for (const kind of ['CNN', 'LSTM', 'WeightedLayerPooling', 'Router', 'toString']) {
    await assert.rejects(
      parse({}, [...THREE.slice(0, 2), module(kind, '2_X')]),
      (/** @type {any} */ error) => error instanceof UnsupportedError && error.message.includes(kind),
    );
  }
});

test('modules in another order or place than they can be are refused', async () => {
  const [transformer, pool, normalize] = THREE;
  const orders = [
    [pool, transformer],
    [transformer, normalize, pool],
    [transformer, normalize],
    [transformer, pool, pool],
    [transformer, pool, normalize, transformer],
    [],
  ];
  for (const modules of orders) await assert.rejects(parse({}, modules), UnsupportedError);
  for (const path of ['..', '../x', 'a/b', '', '/x', 'a\\b', '%2e', 5, null]) {
    await assert.rejects(
      parse({}, [transformer, module('Pooling', /** @type {any} */ (path))]),
      UnsupportedError,
      String(path),
    );
  }
  await assert.rejects(
    parse({}, [module('Transformer', '../x'), pool]),
    /"..\/x"; expected the top folder or a plain/,
  );
  await assert.rejects(
    parse({}, [{ type: 'custom_st.Transformer', path: '' }, pool]),
    /"custom_st.Transformer"; expected .* of sentence_transformers/,
  );
});

test('wrong files are typed errors', async () => {
  for (const modules of [null, {}, 'text', 5]) await assert.rejects(parse({}, modules), FormatError);
  for (const modules of [[null], [5], [{}], [{ type: 5, path: '' }]])
    await assert.rejects(parse({}, modules), UnsupportedError);
  await assert.rejects(
    parseModules({ list: readList(THREE), readJson: () => null }),
    /1_Pooling\/config.json is missing/,
  );
  /** @type {[string, object][]} */
  const wrong = [
    ['1_Pooling/config.json', []],
    ['1_Pooling/config.json', { pooling_mode_cls_token: 'yes' }],
    ['1_Pooling/config.json', { ...MEAN, include_prompt: 1 }],
    ['sentence_bert_config.json', { max_seq_length: 0 }],
    ['sentence_bert_config.json', { max_seq_length: '128' }],
    ['sentence_bert_config.json', { do_lower_case: 1 }],
    ['config_sentence_transformers.json', { prompts: { query: 5 } }],
    ['config_sentence_transformers.json', { prompts: 'query' }],
    ['config_sentence_transformers.json', { prompts: {}, default_prompt_name: 'passage' }],
    ['config_sentence_transformers.json', { prompts: {}, default_prompt_name: 'toString' }],
  ];
  for (const [path, value] of wrong) await assert.rejects(parse({ [path]: value }), ConfigError, path);
  const dense = { in_features: 8, out_features: 8, activation_function: 'torch.nn.modules.activation.Tanh' };
  const withDense = (/** @type {object} */ config) =>
    parse({ '2_Dense/config.json': { ...dense, ...config } }, [
      ...THREE.slice(0, 2),
      module('Dense', '2_Dense'),
    ]);
  assert.equal((await withDense({})).after.length, 1);
  for (const name of ['torch.nn.modules.activation.Softmax', 'Tanh', 'my.module.Tanh', 'Tanhshrink', '', 5]) {
    await assert.rejects(withDense({ activation_function: name }), UnsupportedError);
  }
  for (const config of [{ in_features: 0 }, { out_features: null }, { bias: 'no' }]) {
    await assert.rejects(withDense(config), ConfigError);
  }
});
