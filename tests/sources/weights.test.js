/** Weights on servers and in folders: in shards, in other formats, missing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from '../../web/index.js';
import { rejects } from '../encoder/fixtures.js';
import { answerWell, fetchBy, inShards, modelFiles, serve, streamOf, until, vectorOf } from './server.js';

const SHARDS = 8;

test('shards are read one after the other, none waits open while another is read', async () => {
  const files = inShards(SHARDS);
  const open = new Set();
  /** @type {string[]} */
  const asked = [];
  let most = 0;
  const fetch = fetchBy((path) => {
    const bytes = files.get(path);
    if (!bytes || !path.includes('-of-')) return null;
    asked.push(path);
    open.add(path);
    most = Math.max(most, open.size);
    const pieces = Array.from({ length: 9 }, (_, i) =>
      bytes.slice(i * 4096, i < 8 ? (i + 1) * 4096 : undefined),
    );
    return new Response(streamOf(pieces, () => open.delete(path)));
  }, files);
  /** @type {string[]} */
  const order = [];
  const progress = (/** @type {{ file: string }} */ { file }) => {
    if (order.at(-1) !== file) order.push(file);
  };
  assert.equal(await vectorOf('http://localhost/', { fetch, progress }), await vectorOf(modelFiles()));
  const names = [...files.keys()].filter((name) => name.includes('-of-'));
  assert.deepEqual(order, names);
  assert.deepEqual(asked, [...names, ...names]); // for their headers, then for their values
  assert.equal(most, 1);
  assert.equal(open.size, 0);
});

test('a shard that is not there, and one that goes while others are read', async (context) => {
  const files = inShards(SHARDS);
  const name = 'model-00003-of-8.safetensors';
  assert.ok(files.has(name));
  const { url } = await serve(
    context,
    (answering) => {
      const { path, times, response } = answering;
      if (path === name && times > 1) response.writeHead(404).end();
      else answerWell(answering);
    },
    files,
  );
  await rejects(load(url), 'NetworkError', /model-00003\S+ is there no more: the server answered 404/);
  files.delete(name);
  await rejects(
    load(url),
    'FormatError',
    /no model-00003\S+ in http\S+ \(the server answered 404 Not Found\), which model\.safetensors\.index\.json names/,
  );
});

/** @type {[string, RegExp][]} a file beside config.json, and the advice */
const others = [
  ['pytorch_model.bin', /pytorch_model\.bin only; convert them once in Python: model = AutoModel/],
  ['pytorch_model.bin.index.json', /pytorch_model\.bin\.index\.json only; convert/],
  ['tf_model.h5', /tf_model\.h5 only; convert .* from_tf=True/],
  ['onnx/model.onnx', /onnx\/model\.onnx only; ONNX .* take model\.safetensors from the model/],
  ['model.onnx', /model\.onnx only; ONNX/],
  ['model.gguf', /model\.gguf only; GGUF .* take model\.safetensors/],
];
const noWeights = (/** @type {Record<string, any>} */ more) =>
  modelFiles({ 'model.safetensors': null, ...more });

for (const [name, message] of others) {
  test(`${name} alone: what to do is said, on servers and in folders`, async (context) => {
    const files = noWeights({ [name]: 'x'.repeat(1000) });
    const { url, left } = await serve(
      context,
      (answering) => {
        // The file is large: it is not to be read.
        if (answering.path === name) answering.response.write(answering.bytes);
        else answerWell(answering);
      },
      files,
    );
    for (const source of [url, files]) await rejects(load(source), 'UnsupportedError', message);
    await until(() => left.includes(name), 'the file is let go');
  });
}

test('in a folder weights of other formats are found by any name', async () => {
  for (const name of ['bge-small-q8_0.gguf', 'model_quantized.onnx'])
    await rejects(
      load(noWeights({ [name]: 'x' })),
      'UnsupportedError',
      new RegExp(`weights in ${name} only`),
    );
  await rejects(load(noWeights({ 'training_args.bin': 'x' })), 'InputError', /no model\.safetensors in/);
  await rejects(
    load(noWeights({ 'model.fp16.safetensors': 'x' })),
    'InputError',
    /no model\.safetensors in the files given; there is model\.fp16\.safetensors/,
  );
});

test('what came in place of a file that is needed is said', async () => {
  /** @type {[ResponseInit, string | null, RegExp][]} */
  const answers = [
    [{ status: 403, statusText: 'Forbidden' }, 'no', /\(the server answered 403 Forbidden\)/],
    [{ status: 404 }, 'no', /\(the server answered 404\)/],
    [{ status: 200 }, '<!DOCTYPE html>\n<title>x</title>', /\(the server answered with an HTML page\)/],
    [{ status: 200 }, '', /\(the server answered 200 and no bytes\)/],
    [{ status: 204 }, null, /\(the server answered 204 and no bytes\)/],
  ];
  for (const [init, body, reason] of answers) {
    for (const name of ['config.json', 'model.safetensors']) {
      const fetch = fetchBy((path) =>
        modelFiles().has(path) && path !== name ? null : new Response(body, init),
      );
      const message = new RegExp(`there is no ${name} in http://localhost/ ${reason.source}`);
      await rejects(load('http://localhost/', { fetch }), 'InputError', message);
    }
  }
});

test('what modules.json names must be there', async (context) => {
  const modules = [
    { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
    { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
    { idx: 2, name: '2', path: '2_Dense', type: 'sentence_transformers.models.Dense' },
  ];
  const files = modelFiles({
    'modules.json': modules,
    '1_Pooling/config.json': { word_embedding_dimension: 32, pooling_mode_mean_tokens: true },
    '2_Dense/config.json': {
      in_features: 32,
      out_features: 8,
      bias: true,
      activation_function: 'torch.nn.modules.activation.Tanh',
    },
  });
  const { url } = await serve(context, answerWell, files);
  for (const source of [url, files])
    await rejects(
      load(source),
      'FormatError',
      /no 2_Dense\/model\.safetensors in .*, which modules\.json names/,
    );
});
