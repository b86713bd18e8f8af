/** Weights that are read back are those of the file, to the bit, in every model of the goldens and every dtype. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { load } from '../../web/index.js';
import { folder, minilm, models, rejects, safetensors } from './fixtures.js';

const data = fileURLToPath(new URL('../goldens/data/', import.meta.url));
const PARTS = ['models', 'families', 'vision', 'audio', 'towers', 'spectrograms', 'traces'];
const NAMES = { F32: 'float32', F64: 'float64', F16: 'float16', BF16: 'bfloat16' };

/** What a half is worth, by the definition of IEEE 754. @param {number} half */
function fromHalf(half) {
  const [sign, exponent, rest] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
  if (exponent === 31) return rest ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent ? (1 + rest / 1024) * 2 ** (exponent - 15) : (rest / 1024) * 2 ** -14);
}

/** @param {{ dtype: string, data: Uint8Array }} tensor */
function valuesOf({ dtype, data: bytes }) {
  const { buffer } = bytes.slice();
  if (dtype === 'F32') return new Float32Array(buffer);
  if (dtype === 'F64') return Float32Array.from(new Float64Array(buffer));
  if (dtype === 'F16') return Float32Array.from(new Uint16Array(buffer), fromHalf);
  return new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer);
}

const bits = (/** @type {any} */ { buffer, byteOffset, byteLength }) =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * @param {import('../../web/index.js').Encoder} encoder
 * @param {Map<string, any>} tensors of its file
 * @param {string} name
 * @returns {number} how many weights were compared
 */
function compare(encoder, tensors, name) {
  const list = encoder.weights();
  const files = list.filter((weight) => tensors.has(weight.name));
  const others = list.filter((weight) => !tensors.has(weight.name));
  assert.ok(
    others.every((weight) => /^\d+_\w+\//.test(weight.name)),
    `${name}: ${others.map((weight) => weight.name)}`,
  );
  for (const { name: key, shape, dtype } of files) {
    const tensor = tensors.get(key);
    assert.deepEqual(shape, tensor.shape, `${name}: ${key}`);
    assert.equal(dtype, NAMES[/** @type {keyof typeof NAMES} */ (tensor.dtype)]);
    if (/pos_conv_embed.*(?:weight_v|original1)$/.test(key) && !key.includes('layers')) {
      assert.throws(() => encoder.weight(key), /is kept as its weight norm makes it/, `${name}: ${key}`);
      continue;
    }
    const found = encoder.weight(key);
    const expected = valuesOf(tensor);
    assert.deepEqual(found.shape, tensor.shape, `${name}: ${key}`);
    assert.equal(Buffer.compare(bits(found.data), bits(expected)), 0, `${name}: ${key}`);
    const [rows] = shape;
    if (!(rows > 1)) continue;
    const row = expected.length / rows;
    const [from, to] = [rows >> 1, Math.min(rows, (rows >> 1) + 3)];
    const part = encoder.weight(key, { rows: [from, to] });
    assert.deepEqual(part.shape, [to - from, ...shape.slice(1)]);
    const inside = expected.slice(from * row, to * row);
    assert.equal(Buffer.compare(bits(part.data), bits(inside)), 0, `${name}: rows of ${key}`);
  }
  return files.length;
}

test('weights of every family come back as their files hold them', async () => {
  let [count, loaded] = [0, 0];
  for (const part of PARTS) {
    for (const name of readdirSync(data + part)) {
      const file = `${data}${part}/${name}/model.safetensors`;
      // Two that load refuses.
      if (!existsSync(file) || name === 'segformer' || name === 'seed003_vit_literal_seqfirst') continue;
      const encoder = await load(`${data}${part}/${name}`);
      count += compare(encoder, readTensors(new Uint8Array(readFileSync(file)), file), name);
      loaded++;
      encoder.dispose();
    }
  }
  assert.ok(loaded > 150 && count > 7000, `${count} weights of ${loaded} models`);
});

/** A golden whose values are halves at random. @param {string} name @param {'F16' | 'BF16'} dtype */
function halved(name, dtype) {
  const file = /** @type {Uint8Array} */ (folder(name).get('model.safetensors'));
  let seed = 1;
  const tensors = Object.fromEntries(
    [...readTensors(file, name)].map(([key, { shape }]) => {
      const count = shape.reduce((a, b) => a * b, 1);
      const halves = Uint16Array.from({ length: count }, () => {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        // Of F16 all but infinities: subnormals and zeros of both signs among them.
        return dtype === 'F16' ? (seed >>> 16) & 0xbbff : (seed >>> 16) & 0xbfff;
      });
      return [key, { dtype, shape, data: new Uint8Array(halves.buffer) }];
    }),
  );
  const weights = safetensors(tensors);
  return { files: folder(name, { 'model.safetensors': weights }), tensors: readTensors(weights, name) };
}

test('float16 and bfloat16 are converted without a loss, also where the core keeps weights with others added', async () => {
  for (const name of ['bert_base', 'embeddinggemma_text', 'deberta_v1', 't5_v11_gated_gelu']) {
    for (const dtype of /** @type {const} */ (['F16', 'BF16'])) {
      const { files, tensors } = halved(name, dtype);
      const encoder = await load(files);
      assert.ok(compare(encoder, tensors, `${name} in ${dtype}`) > 20);
      encoder.dispose();
    }
  }
});

test('weights of modules stand behind their folder', async () => {
  const encoder = await load(`${models}st_dense_tanh`);
  const names = encoder.weights().map(({ name }) => name);
  const [dense] = names.filter((name) => /^\d_Dense\/linear\.weight$/.test(name));
  assert.ok(dense, names.join(' '));
  const path = `${models}st_dense_tanh/${dense.split('/')[0]}/model.safetensors`;
  const file = readTensors(new Uint8Array(readFileSync(path)), path).get('linear.weight');
  assert.deepEqual(encoder.weight(dense).data, valuesOf(/** @type {any} */ (file)));
  encoder.dispose();
});

test('a large table is read in part and whole', async () => {
  const encoder = await load(minilm);
  const name = 'embeddings.word_embeddings.weight';
  const info = encoder.weights().find((weight) => weight.name === name);
  assert.deepEqual(info, { name, shape: [30522, 384], dtype: 'float32' });
  const whole = encoder.weight(name);
  assert.deepEqual(encoder.weight(name, { rows: [30000, 30002] }).data, whole.slice([30000, 30002]).data);
  const memory = encoder.memory;
  encoder.weight('encoder.layer.3.intermediate.dense.weight');
  assert.ok(encoder.memory - memory <= 1 << 21, 'the core holds a copy of it');
  encoder.dispose();
});

test('what is not there is named', async () => {
  const encoder = await load(`${models}bert_base`);
  const name = 'embeddings.LayerNorm.weight';
  const wrong = /** @type {any} */ (encoder);
  const [rows] = encoder.weight(name).shape;
  /** @type {[() => unknown, string, RegExp][]} */
  const cases = [
    [
      () => wrong.weight('embeddings.LayerNrom.weight'),
      'InputError',
      /reads no weight "embeddings\.LayerNrom\.weight" \(did you mean "embeddings\.LayerNorm\.weight"\?\); weights\(\) lists them/,
    ],
    [() => wrong.weight('cls.predictions.decoder.weight'), 'InputError', /reads no weight "cls\.predictions/],
    [() => wrong.weight(), 'InputError', /reads no weight undefined/],
    [
      () => wrong.weight(name, { rows: [0, rows + 1] }),
      'InputError',
      /rows is \[0, \d+\]; expected \[from, to\] within/,
    ],
    [() => wrong.weight(name, { rows: [-1, 2] }), 'InputError', /rows is \[-1, 2\]/],
    [() => wrong.weight(name, { rows: [2, 1] }), 'InputError', /rows is \[2, 1\]/],
    [() => wrong.weight(name, { rows: [0.5, 1] }), 'InputError', /rows is \[0\.5, 1\]/],
    [() => wrong.weight(name, { rows: 3 }), 'InputError', /rows is 3/],
    [() => wrong.weight(name, { rows: [0, 1, 2] }), 'InputError', /rows is \[0, 1, 2\]/],
    [
      () => wrong.weight(name, { row: [0, 1] }),
      'InputError',
      /unknown option "row" \(did you mean "rows"\?\)/,
    ],
  ];
  for (const [action, kind, message] of cases) await rejects(action, kind, message);
  assert.deepEqual(encoder.weight(name, { rows: [1, 1] }).shape, [0]);
  encoder.dispose();
  await rejects(() => encoder.weights(), 'DisposedError', /disposed/);
  await rejects(() => encoder.weight(name), 'DisposedError', /disposed/);
});
