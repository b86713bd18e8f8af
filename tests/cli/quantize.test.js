// `wasmformer quantize`: a model in 8 bits gives the bits that its own files give with dtype int8.
import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { load } from '../../web/index.js';
import { bits } from '../compare.js';
import { folder as filesOf, minilm, models, rejects, safetensors } from '../encoder/fixtures.js';
import { inputsOf, readTensorFile } from '../goldens/models.js';
import { run } from './command.js';

const WEIGHTS = 'model.safetensors';
const folder = mkdtempSync(join(tmpdir(), 'wasmformer-'));
after(() => rmSync(folder, { recursive: true }));

/** @param {string} model @param {string} name of the folder to write */
async function quantized(model, name) {
  const out = join(folder, name);
  const { code, stderr } = await run(['quantize', model, out]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /model\.safetensors: [\d.]+ MB, in place of [\d.]+ MB/);
  return out;
}

for (const name of [
  'bert_base',
  'bert_f16',
  'modernbert',
  'swin',
  'clip_quickgelu',
  'wav2vec2_base',
  't5_v11_gated_gelu',
  'seed001_d2l_self',
]) {
  test(`${name}: the same bits as of its own files`, async () => {
    const out = await quantized(models + name, name);
    const tensors = readTensorFile(`${models}${name}/case.safetensors`);
    const inputs = inputsOf(tensors);
    const found = [];
    for (const from of [models + name, out]) {
      const encoder = await load(from, { dtype: 'int8' });
      const outputs = /** @type {any} */ (await encoder.forward(inputs));
      found.push(bits(outputs.last_hidden_state ?? outputs.logits_per_image ?? outputs.output));
    }
    assert.equal(found[0], found[1]);
    assert.ok(statSync(join(out, WEIGHTS)).size < statSync(join(models, name, WEIGHTS)).size);
  });
}

test('MiniLM takes 25 MB, keeps what stands beside it, and loads as float32, too', async () => {
  const out = await quantized(minilm, 'minilm');
  assert.ok(statSync(join(out, WEIGHTS)).size <= 25e6);
  for (const file of ['modules.json', '1_Pooling/config.json', 'tokenizer.json', 'sentence_bert_config.json'])
    assert.equal(readFileSync(join(out, file), 'utf8'), readFileSync(join(minilm, file), 'utf8'));
  const texts = ['a text', 'another one, which is longer'];
  const vectors = [];
  for (const [from, dtype] of /** @type {const} */ ([
    [minilm, 'int8'],
    [out, 'int8'],
    [minilm, 'f32'],
    [out, 'f32'],
  ]))
    vectors.push(await (await load(from, { dtype })).embed(texts));
  assert.equal(bits(vectors[0]), bits(vectors[1]));
  for (let row = 0; row < 2; row++) {
    const [own, kept] = [vectors[2], vectors[3]].map(({ data }) => data.slice(row * 384, (row + 1) * 384));
    assert.ok(own.reduce((sum, x, i) => sum + x * kept[i], 0) > 0.999);
  }
  const encoder = await load(out);
  const info = encoder.weights().find(({ name }) => name === 'embeddings.word_embeddings.weight');
  assert.deepEqual(info, { name: 'embeddings.word_embeddings.weight', shape: [30522, 384], dtype: 'int8' });
  const { stdout } = await run(['info', out]);
  assert.match(String(stdout), /parameters +22,713,216 in F32 and I8/);
});

test('what is written once is not quantised again, and nothing is written over', async () => {
  const out = await quantized(`${models}bert_base`, 'once');
  const again = await quantized(out, 'twice');
  assert.deepEqual(readFileSync(join(again, WEIGHTS)), readFileSync(join(out, WEIGHTS)));
  const { code, stderr } = await run(['quantize', `${models}bert_base`, out]);
  assert.equal(code, 2);
  assert.match(stderr, /model\.safetensors is there already; name another folder/);
  assert.deepEqual(
    readdirSync(out).filter((name) => name.endsWith('.partial')),
    [],
  );
  assert.equal((await run(['quantize', out])).code, 2);
  const missing = await run(['quantize', join(folder, 'nothing'), join(folder, 'new')]);
  assert.equal(missing.code, 1);
  assert.ok(!existsSync(join(folder, 'new')));
});

test('every model that load takes is written, and how near it comes is said, or why that is not known', async () => {
  for (const name of ['vit', 'timm_vit', 'esm2', 'albert', 'st_dense_tanh', 'swinv2', 'seed001_d2l_ones']) {
    const { code, stderr } = await run(['quantize', models + name, join(folder, `all-${name}`)]);
    assert.equal(code, 0, `${name}: ${stderr}`);
    assert.match(
      stderr,
      /mean cosine to what it gives in float32 is 0\.99|not compared: (?:it takes|this model has no prepro)/,
    );
    (await load(join(folder, `all-${name}`), { dtype: 'int8' })).dispose();
  }
});

test('a model that comes too far from its float32 is refused with the figure, and leaves no weights', async () => {
  // Attention so sharp, and branches so large, that what is nearly equal changes places.
  const [own, out] = [join(folder, 'sharp'), join(folder, 'sharp-int8')];
  cpSync(`${models}bert_base`, own, { recursive: true });
  const tensors = Object.fromEntries(readTensors(new Uint8Array(readFileSync(join(own, WEIGHTS))), WEIGHTS));
  for (const [name, { data }] of Object.entries(tensors)) {
    const values = new Float32Array(data.slice().buffer);
    if (!/dense\.weight|query|key/.test(name)) continue;
    tensors[name].data = new Uint8Array(values.map((x) => 1e4 * x).buffer);
  }
  writeFileSync(join(own, WEIGHTS), safetensors(tensors));
  const { code, stderr } = await run(['quantize', own, out]);
  assert.equal(code, 1);
  assert.match(stderr, /does not bear 8 bits: the mean cosine .* is 0\.\d{5}, .*expected 0\.98 or more/);
  assert.ok(!existsSync(join(out, WEIGHTS)));
});

test('8 bits of another form, or without their scales, are refused by name', async () => {
  const out = await quantized(`${models}bert_base`, 'odd');
  const whole = new Uint8Array(readFileSync(join(out, WEIGHTS)));
  const tensors = Object.fromEntries(readTensors(whole, WEIGHTS));
  const name = 'encoder.layer.0.output.dense.weight';
  const key = Object.keys(tensors).find((one) => one.endsWith(name)) ?? '';
  const scale = `${key}_scale_hadamard128`;
  /** @param {Record<string, any>} changed */
  const loaded = (changed) =>
    load(filesOf('bert_base', { [WEIGHTS]: safetensors(changed) }), { dtype: 'int8' });
  const { [scale]: scales, ...without } = tensors;
  const hint = /dtype I8; weights may be F32, F64, F16 or BF16, or I8 as `wasmformer quantize` writes them/;
  await rejects(loaded(without), 'UnsupportedError', hint);
  await rejects(loaded({ ...without, [`${key}_scale`]: scales }), 'UnsupportedError', hint);
  await rejects(
    loaded({ ...without, [scale]: scales }),
    'FormatError',
    /comes behind .*; expected the scales first/,
  );
  const short = { ...scales, shape: [scales.shape[0] - 1], data: scales.data.slice(4) };
  await rejects(loaded({ ...tensors, [scale]: short }), 'ShapeError', /expected F32 \[32\], a scale a row/);
  const stray = key.replace('dense.weight', 'LayerNorm.weight_scale_hadamard128');
  await rejects(
    loaded({ ...tensors, [stray]: scales }),
    'UnsupportedError',
    /LayerNorm.weight_scale_hadamard128/,
  );
  const cut = load(filesOf('bert_base', { [WEIGHTS]: whole.slice(0, whole.length - 10) }), { dtype: 'int8' });
  await rejects(cut, 'FormatError', /./);
});
