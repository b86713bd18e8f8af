// Models whose layers are kept in 8 bits: near what PyTorch computes in float32, the same for any kernel, threads and batch.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DTYPE } from '../../bindings/core/abi.js';
import { Instance } from '../../bindings/core/instance.js';
import { load, Tensor } from '../../web/index.js';
import { bits, cosines } from '../compare.js';
import { inputsOf, readTensorFile } from '../goldens/models.js';
import { BUILDS, minilm, models, rejects } from './fixtures.js';
import { generateTexts } from './texts.js';

/** @param {Tensor} tensor */
const floats = ({ data }) => Float32Array.from(data, Number);
const mean = (/** @type {number[]} */ values) => values.reduce((a, b) => a + b) / values.length;

/** Cosine attention times up to 131, of random weights: what is nearly equal changes places. */
const SHARP = ['swinv2'];
/** Cases with weights and inputs of their own, that are to be computed. */
const index = JSON.parse(readFileSync(`${models}index.json`, 'utf8'));
const names = (index.cases ?? index)
  .filter((/** @type {{ notes?: string }} */ { notes = '' }) => !notes.startsWith('NOT required'))
  .map((/** @type {{ name: string }} */ { name }) => name)
  .filter(
    (/** @type {string} */ name) =>
      existsSync(`${models}${name}/model.safetensors`) && existsSync(`${models}${name}/case.safetensors`),
  );

test('every family is near what PyTorch computes in float32', async () => {
  let compared = 0;
  for (const name of names) {
    const tensors = readTensorFile(`${models}${name}/case.safetensors`);
    const expected = tensors.get('out.last_hidden_state');
    const inputs = inputsOf(tensors);
    if (!expected || SHARP.includes(name)) continue;
    const encoder = await load(models + name, { dtype: 'int8' });
    const { last_hidden_state: actual } = await encoder.forward(inputs);
    const width = /** @type {number} */ (expected.shape.at(-1));
    const mask = inputs.attention_mask?.data;
    const rows = (/** @type {Tensor} */ { data }) =>
      Float32Array.from(data, Number).filter((_, i) => !mask || mask[Math.floor(i / width)]);
    const near = mean(cosines(rows(actual), rows(expected), width));
    assert.ok(near >= 0.999, `${name}: cosine ${near}`);
    encoder.dispose();
    compared++;
  }
  assert.ok(compared > 40, `${compared} compared`);
});

test('a decoder that is tied to the table of words multiplies by what is kept of it', async () => {
  for (const name of ['bert_mlm_gamma_beta', 'modernbert_mlm']) {
    const tensors = readTensorFile(`${models}${name}/case.safetensors`);
    const expected = /** @type {Tensor} */ (tensors.get('out.logits'));
    const inputs = inputsOf(tensors);
    const encoder = await load(models + name, { dtype: 'int8' });
    const { logits } = await encoder.forward(inputs);
    assert.deepEqual(logits.shape, expected.shape);
    const mask = inputs.attention_mask.data;
    const near = cosines(logits.data, floats(expected), expected.shape[2]).filter((_, i) => mask[i]);
    assert.ok(mean(near) >= 0.999, `${name}: ${mean(near)}`);
  }
});

test('MiniLM: vectors of sentences and of a thousand other texts are near those of float32', async () => {
  const { sentences } = JSON.parse(readFileSync(`${models}minilm/case.json`, 'utf8'));
  const golden = readTensorFile(`${models}minilm/case.safetensors`);
  const texts = sentences.map((/** @type {{ text: string }} */ { text }) => text);
  const [int8, f32] = [await load(minilm, { dtype: 'int8' }), await load(minilm)];
  const lists = [texts, generateTexts(1000)];
  const expected = [golden.get('out.embeddings')?.data, (await f32.embed(lists[1])).data];
  for (const [i, list] of lists.entries()) {
    const { data } = await int8.embed(list);
    const near = cosines(data, /** @type {Float32Array} */ (expected[i]), 384);
    assert.equal(near.length, list.length);
    assert.ok(mean(near) >= 0.9985, `mean ${mean(near)}`);
    assert.ok(Math.min(...near) >= 0.99, `least ${Math.min(...near)}`);
  }
});

test('kernels, threads, batches and the order of their rows change no bit', async (t) => {
  const ids = (/** @type {number} */ rows, /** @type {number} */ seed) =>
    Array.from({ length: rows }, (_, i) => 999 + ((i * 7919 + seed) % 20000));
  const lists = [ids(61, 1), ids(7, 2), ids(33, 3)];
  for (const build of BUILDS) {
    const found = new Set();
    for (const options of [{}, { threads: 2 }, { threads: 3 }]) {
      const encoder = await load(minilm, { dtype: 'int8', simd: build, ...options });
      assert.equal(encoder.info.dtype, 'int8');
      assert.match(String(encoder), new RegExp(`int8, ${build} build`));
      const alone = [];
      for (const list of lists) {
        const one = new Tensor('int32', Int32Array.from(list), [1, list.length]);
        alone.push(bits((await encoder.forward({ input_ids: one })).last_hidden_state));
      }
      const most = Math.max(...lists.map(({ length }) => length));
      const padded = lists.map((list) => [...list, ...new Array(most - list.length).fill(0)]);
      const mask = lists.map((list) => padded[0].map((_, i) => (i < list.length ? 1 : 0)));
      const all = await encoder.forward({ input_ids: padded, attention_mask: mask });
      const { data, shape } = all.last_hidden_state;
      for (const [i, list] of lists.entries()) {
        const from = i * shape[1] * 384;
        const rows = data.slice(from, from + list.length * 384);
        assert.equal(Buffer.from(rows.buffer).toString('hex'), alone[i], `text ${i} in a batch`);
      }
      found.add(alone.join());
      encoder.dispose();
    }
    const { call } = Instance.prototype;
    t.mock.method(
      Instance.prototype,
      'call',
      /** @this {Instance} @param {string} name @param {number[]} args */
      function (name, ...args) {
        return name === 'wf_int8_dtype' ? DTYPE.INT8_WORDS : call.call(this, name, ...args);
      },
    );
    const words = await load(minilm, { dtype: 'int8', simd: build });
    t.mock.restoreAll();
    const outputs = [];
    for (const list of lists)
      outputs.push(bits((await words.forward({ input_ids: [list] })).last_hidden_state));
    found.add(outputs.join());
    assert.equal(found.size, 1, build);
  }
});

test('weights are given back as they are kept, the rest as it is', async () => {
  const [int8, f32] = [await load(minilm, { dtype: 'int8' }), await load(minilm)];
  assert.deepEqual(int8.weights(), f32.weights());
  let [layers, rest] = [0, 0];
  for (const { name, shape } of f32.weights()) {
    const [kept, own] = [int8.weight(name), f32.weight(name)];
    if (!(shape.length === 2 && /word_embeddings|encoder\.layer\.\d+\..*dense|self/.test(name))) {
      assert.deepEqual(kept, own, name);
      rest++;
      continue;
    }
    const near = cosines(kept.data, own.data, shape[1]);
    assert.ok(Math.min(...near) > 0.9998, `${name}: ${Math.min(...near)}`);
    const some = int8.weight(name, { rows: [3, 5] });
    assert.equal(bits(some), Buffer.from(kept.data.slice(3 * shape[1], 5 * shape[1]).buffer).toString('hex'));
    layers++;
  }
  assert.deepEqual([layers, rest > 40], [37, true]);
});

test('layers and the table of words take a quarter of the memory', async () => {
  const [int8, f32] = [await load(minilm, { dtype: 'int8' }), await load(minilm)];
  assert.ok(f32.memory - int8.memory > 0.73 * 89.4e6, `${f32.memory - int8.memory} bytes less`);
});

test('a value that is no number reaches the output of its text, and of no other', async () => {
  const encoder = await load(`${models}torch_encoder_prenorm_gelu`, { dtype: 'int8' });
  const data = Float32Array.from({ length: 2 * 5 * 40 }, (_, i) => Math.sin(i));
  data[7] = Number.NaN;
  const { last_hidden_state: out } = await encoder.forward({
    inputs_embeds: new Tensor('float32', data, [2, 5, 40]),
  });
  assert.ok(out.data.slice(0, 200).some(Number.isNaN));
  assert.ok(!out.data.slice(200).some(Number.isNaN));
});

test('another dtype is refused by name', async () => {
  const asked = load(minilm, /** @type {any} */ ({ dtype: 'int4' }));
  await rejects(asked, 'InputError', /"dtype" must be one of 'f32', 'int8', not "int4"/);
});
