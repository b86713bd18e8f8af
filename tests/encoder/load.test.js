/** Loading: every kind of source, and every way in which a model's files can be wrong. */
import assert from 'node:assert/strict';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { load, Tensor } from '../../web/index.js';
import { readTensorFile } from '../goldens/models.js';
import { config, folder, minilm, models, rejects, safetensors } from './fixtures.js';

const ids = { input_ids: [[1, 2, 3, 4]] };

/** @param {any} source @param {import('../../bindings/public.js').LoadOptions} [options] */
async function firstRow(source, options) {
  const encoder = await load(source, options);
  const { last_hidden_state: rows } = await encoder.forward(ids);
  encoder.dispose();
  return rows.data.join();
}

test('a folder, its files in a Map, Blobs, File objects, a file URL and tensors in memory give the same bits', async () => {
  const expected = await firstRow(`${models}bert_base`);
  const files = folder('bert_base');
  assert.equal(await firstRow(files), expected);
  assert.equal(
    await firstRow(new Map([...files].map(([name, bytes]) => [name, new Blob([bytes])]))),
    expected,
  );
  assert.equal(await firstRow(new URL(`file://${models}bert_base`)), expected);
  if (typeof File === 'function') {
    assert.equal(await firstRow([...files].map(([name, bytes]) => new File([bytes], name))), expected);
  }
  const tensors = Object.fromEntries(readTensorFile(`${models}bert_base/model.safetensors`));
  assert.equal(await firstRow({ config: config('bert_base', {}), tensors }), expected);
});

test('a URL is read from a server, with progress in bytes', async () => {
  const server = createServer((request, response) => {
    const path = `${models}bert_base${new URL(request.url ?? '', 'http://x').pathname}`;
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    response.writeHead(size === undefined ? 404 : 200, size === undefined ? {} : { 'content-length': size });
    if (size === undefined) response.end();
    else createReadStream(path).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  /** @type {number[]} */
  const loaded = [];
  let total = 0;
  /** @param {{ loaded: number, total: number }} state */
  const progress = (state) => {
    loaded.push(state.loaded);
    total = state.total;
  };
  assert.equal(
    await firstRow(`http://127.0.0.1:${port}/`, { progress }),
    await firstRow(`${models}bert_base`),
  );
  assert.equal(loaded.at(-1), total);
  assert.deepEqual(
    loaded,
    [...loaded].sort((a, b) => a - b),
  );
  await rejects(load(`http://127.0.0.1:${port}/none/`), 'InputError', /no config\.json in http/);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rejects(load(`http://127.0.0.1:${port}/`), 'NetworkError', /could not be fetched/);
});

test('weights in shards load like one file', async () => {
  const tensors = [...readTensorFile(`${models}bert_base/model.safetensors`)];
  const halves = [tensors.slice(0, 9), tensors.slice(9)];
  /** @param {[string, Tensor][]} part */
  const file = (part) =>
    safetensors(
      Object.fromEntries(
        part.map(([name, { data, shape }]) => [
          name,
          { dtype: 'F32', shape, data: new Uint8Array(/** @type {Float32Array} */ (data).buffer) },
        ]),
      ),
    );
  const map = Object.fromEntries(
    halves.flatMap((part, i) => part.map(([name]) => [name, `model-0000${i + 1}-of-00002.safetensors`])),
  );
  const source = folder('bert_base', {
    'model.safetensors': null,
    'model.safetensors.index.json': { metadata: {}, weight_map: map },
    'model-00001-of-00002.safetensors': file(halves[0]),
    'model-00002-of-00002.safetensors': file(halves[1]),
  });
  assert.equal(await firstRow(source), await firstRow(`${models}bert_base`));
});

/** @type {[string, any, string, RegExp][]} what is wrong, the source, the error */
const wrong = [
  ['a missing folder', '/nowhere/at/all', 'InputError', /no folder "\/nowhere\/at\/all"/],
  ['a number as source', 3, 'InputError', /source is 3; expected a folder, a URL/],
  ['null as source', null, 'InputError', /source is null/],
  ['no config', folder('bert_base', { 'config.json': null }), 'InputError', /no config\.json/],
  ['a config that is no JSON', folder('bert_base', { 'config.json': '{' }), 'FormatError', /config\.json/],
  [
    'a tokenizer nested a million deep',
    folder('bert_base', { 'tokenizer.json': `{"model":${'['.repeat(1e6)}${']'.repeat(1e6)}}` }),
    'FormatError',
    /tokenizer\.json is nested deeper than 32/,
  ],
  [
    'modules.json of ten million values',
    folder('bert_base', { 'modules.json': `[${'0,'.repeat(1e7)}0]` }),
    'FormatError',
    /modules\.json has more than 8388608 values/,
  ],
  [
    'a tokenizer that is no JSON',
    folder('bert_base', { 'tokenizer.json': '{"model":' }),
    'FormatError',
    /tokenizer\.json is not JSON/,
  ],
  ['a config that is a list', folder('bert_base', { 'config.json': '[]' }), 'FormatError', /config\.json/],
  ['no weights', folder('bert_base', { 'model.safetensors': null }), 'InputError', /no model\.safetensors/],
  [
    'only a pickle',
    folder('bert_base', {
      'model.safetensors': null,
      'case.safetensors': null,
      'pytorch_model.bin': 'x',
    }),
    'UnsupportedError',
    /convert/,
  ],
  [
    'an empty file',
    folder('bert_base', { 'model.safetensors': new Uint8Array(0) }),
    'FormatError',
    /0 bytes/,
  ],
  [
    'a truncated file',
    folder('bert_base', {
      'model.safetensors': /** @type {Uint8Array} */ (folder('bert_base').get('model.safetensors')).subarray(
        0,
        -5,
      ),
    }),
    'FormatError',
    /bytes where its header describes/,
  ],
  ...[
    [{ model_type: 'gpt5' }, 'UnsupportedError', /"gpt5" is not supported; known: bert/],
    [{ model_type: undefined, architectures: undefined }, 'ConfigError', /model_type is undefined/],
    [{ hidden_size: 48 }, 'ShapeError', /has shape \[.*\]; the config asks for/],
    [{ hidden_size: 1e9 }, 'ConfigError', /hidden_size.*1000000000.*8192/],
    [{ num_attention_heads: 5 }, 'ConfigError', /num_attention_heads.*5.*divide/],
    [{ num_hidden_layers: 'two' }, 'ConfigError', /num_hidden_layers.*"two"/],
    [{ num_hidden_layers: 3 }, 'FormatError', /no tensor "encoder\.layer\.2/],
    [{ hidden_act: 'prelu' }, 'UnsupportedError', /hidden_act.*"prelu"/],
    [{ layer_norm_eps: -1 }, 'ConfigError', /layer_norm_eps.*-1/],
    [
      { position_embedding_type: 'relative_key' },
      'UnsupportedError',
      /position_embedding_type.*relative_key/,
    ],
    [{ is_decoder: true }, 'UnsupportedError', /is_decoder/],
  ].map(
    ([changes, name, message]) =>
      /** @type {any} */ ([
        `a config with ${Object.keys(changes)[0]} ${Object.values(changes)[0]}`,
        folder('bert_base', { 'config.json': config('bert_base', /** @type {any} */ (changes)) }),
        name,
        message,
      ]),
  ),
  [
    'integer weights',
    { config: config('bert_base', {}), tensors: { x: new Tensor('int32', new Int32Array(1), [1]) } },
    'InputError',
    /tensors\["x"\] is Int32Array of 4 bytes; expected a float32 Tensor/,
  ],
  [
    'weights of a dtype that is not read',
    folder('bert_base', {
      'model.safetensors': safetensors({
        'embeddings.word_embeddings.weight': {
          dtype: 'I8',
          shape: [128, 32],
          data: new Uint8Array(128 * 32),
        },
      }),
    }),
    'UnsupportedError',
    /dtype I8; weights may be F32, F64, F16 or BF16/,
  ],
];

for (const [what, source, name, message] of wrong) {
  test(`${what} is refused`, () => rejects(load(source), name, message));
}

/** @type {[string, any, RegExp][]} */
const wrongOptions = [
  [
    'an unknown option',
    { treads: 2 },
    /unknown option "treads" \(did you mean "threads"\?\); known are dtype/,
  ],
  ['NaN', { maxTokens: NaN }, /"maxTokens" must be an integer.* not NaN/],
  ['no tokens', { maxTokens: 0 }, /"maxTokens" must be an integer from 1 to 1048576, not 0/],
  ['another dtype', { dtype: 'f64' }, /"dtype" must be one of 'f32', 'int8', not "f64"/],
  ['another build', { simd: 'avx' }, /"simd" must be one of 'auto', 'base', 'relaxed', 'wide', not "avx"/],
  ['options that are no object', 5, /options must be an object, not 5/],
];

for (const [what, options, message] of wrongOptions) {
  test(`${what} in the options is refused`, () =>
    rejects(load(`${models}bert_base`, options), 'InputError', message));
}

test('loading stops when its signal aborts', async () => {
  const controller = new AbortController();
  const progress = () => controller.abort();
  await rejects(load(`${models}bert_base`, { signal: controller.signal, progress }), 'AbortError', /aborted/);
});

test('loading MiniLM keeps resident memory under 1.6 times its file plus 60 MB', async () => {
  const { spawnSync } = await import('node:child_process');
  const program = `import { load } from './web/index.js';
    await load(process.argv[1]);
    console.log(process.resourceUsage().maxRSS * 1024);`;
  const cwd = new URL('../..', import.meta.url);
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program, minilm], { cwd });
  const file = statSync(`${minilm}/model.safetensors`).size;
  assert.ok(Number(stdout) > file, 'the child measured nothing');
  assert.ok(Number(stdout) < 1.6 * file + 60e6, `${Number(stdout) / 1e6} MB for a file of ${file / 1e6} MB`);
});

test('an encoder shown to people says what it is', async () => {
  for (const [name, text] of [
    ['bert_base', /^Encoder bert \(.*\), vectors of \d+, texts of \d+ tokens, base build, \d+ MB$/],
    ['vit', /^Encoder vit \(.*\), vectors of \d+, base build, \d+ MB$/],
    ['seed001_d2l_mha', /^Encoder d2l_multihead_attention \(.*\), base build, \d+ MB$/],
  ]) {
    const encoder = await load(`${models}${name}`, { simd: 'base' });
    assert.match(String(encoder), /** @type {RegExp} */ (text));
    assert.match(inspect({ encoder }), /^\{\s+encoder: Encoder /);
    encoder.dispose();
    assert.equal(String(encoder), 'Encoder (disposed)');
  }
});
