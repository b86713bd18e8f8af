/**
 * Traces: that they change no bit of a result, hold every value that PyTorch's hooks do (whose numbers tests/goldens/run.js compares), and
 * what has none.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { load, Tensor } from '../../web/index.js';
import { inputsOf as inputsIn, readTensorFile } from '../goldens/models.js';
import { BUILDS, models, rejects } from './fixtures.js';

const traces = fileURLToPath(new URL('../goldens/data/traces/', import.meta.url));
/** @type {{ name: string, outputs: Record<string, unknown> }[]} */
const cases = JSON.parse(readFileSync(`${traces}index.json`, 'utf8')).cases;

/** @param {string} name @returns {Record<string, Tensor>} */
const inputsOf = (name) => inputsIn(readTensorFile(`${traces}${name}/case.safetensors`));

/** That two results are of the same bits, however deep. @param {any} actual @param {any} expected @param {string} name */
function same(actual, expected, name) {
  if (!(expected instanceof Tensor)) {
    assert.deepEqual(Object.keys(Object(actual)), Object.keys(Object(expected)), name);
    for (const [key, value] of Object.entries(Object(expected))) same(actual[key], value, `${name}.${key}`);
    return;
  }
  assert.deepEqual(actual.shape, expected.shape, name);
  const bits = (/** @type {any} */ { data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  assert.equal(Buffer.compare(bits(actual), bits(expected)), 0, name);
}

for (const simd of BUILDS) {
  test(`a trace changes no bit of a forward, ${simd} build`, async () => {
    assert.ok(cases.length >= 16);
    for (const { name } of cases) {
      const encoder = await load(traces + name, { simd });
      const inputs = inputsOf(name);
      const watched = { hidden_states: true, attentions: true };
      const plain = await encoder.forward(inputs);
      const states = await encoder.forward(inputs, watched);
      const { trace, ...traced } = await encoder.forward(inputs, { ...watched, trace: true });
      same(traced, states, name);
      const { trace: alone, ...results } = await encoder.forward(inputs, { trace: true });
      same(results, plain, name);
      same(alone, trace, name);
      same(await encoder.forward(inputs), plain, `${name}, afterwards`);
      same(trace.embeddings.output, states.hidden_states[0].slice(0), name);
      for (const [i, layer] of trace.layers.entries()) {
        same(layer.output, states.hidden_states[i + 1].slice(0), `${name}, layer ${i}`);
        same(layer.attention, states.attentions[i].slice(0), `${name}, layer ${i}`);
      }
      encoder.dispose();
    }
  });
}

test('a trace has every value that PyTorch shows, and no other', async () => {
  for (const { name, outputs } of cases) {
    const encoder = await load(traces + name);
    const { trace } = await encoder.forward(inputsOf(name), { trace: true });
    const found = [
      ...Object.keys(trace.embeddings).map((key) => `trace.embeddings.${key}`),
      ...trace.layers.flatMap((layer, i) => Object.keys(layer).map((key) => `trace.layers.${i}.${key}`)),
    ];
    assert.deepEqual(
      found.sort(),
      Object.keys(outputs)
        .filter((key) => key.startsWith('trace.'))
        .sort(),
      name,
    );
    encoder.dispose();
  }
});

test('sums are of what they say, and values come in the order in which they are made', async () => {
  const encoder = await load(`${traces}bert`);
  const { trace } = await encoder.forward(inputsOf('bert'), { trace: true });
  const { word, type, position, sum } = trace.embeddings;
  const values = (/** @type {Tensor | undefined} */ tensor) => /** @type {Float32Array} */ (tensor?.data);
  const sums = values(word).map((x, i) => Math.fround(x + values(type)[i]) + values(position)[i]);
  assert.deepEqual([...sum.data], [...sums]);
  assert.deepEqual(Object.keys(trace.layers[0]), [
    ...['query', 'key', 'value', 'scores', 'attention', 'context', 'attention_output', 'attention_sum'],
    ...[
      'attention_norm',
      'intermediate',
      'activated',
      'feed_forward',
      'feed_forward_sum',
      'feed_forward_norm',
    ],
    'output',
  ]);
  encoder.dispose();
});

test('rows of padding are zeros, and the others those of the sequence without it', async () => {
  for (const name of ['bert', 'mpnet', 'modernbert']) {
    const encoder = await load(traces + name);
    const ids = [7, 9, 11, 13, 15];
    const { trace } = await encoder.forward({ input_ids: [ids] }, { trace: true });
    const padded = { input_ids: [[...ids, 5, 5]], attention_mask: [[1, 1, 1, 1, 1, 0, 0]] };
    const { trace: wide } = await encoder.forward(padded, { trace: true });
    /** @param {Record<string, any>} narrow @param {Record<string, any>} broad */
    const compare = (narrow, broad) => {
      assert.deepEqual(Object.keys(broad), Object.keys(narrow));
      for (const [key, { shape }] of Object.entries(narrow)) {
        const sizes = shape.map((/** @type {number} */ size) => (size === 5 ? 7 : size));
        assert.deepEqual(broad[key].shape, sizes, key);
        const inside = shape.map((/** @type {number} */ size) => (size === 5 ? [0, 5] : null));
        same(broad[key].slice(...inside), narrow[key], key);
        const outside = shape.map((/** @type {number} */ size, /** @type {number} */ axis) =>
          size === 5 && axis === shape.indexOf(5) ? [5, 7] : null,
        );
        assert.ok(
          broad[key].slice(...outside).data.every((/** @type {number} */ x) => x === 0),
          key,
        );
      }
    };
    compare(trace.embeddings, wide.embeddings);
    for (const [i, layer] of trace.layers.entries()) compare(layer, wide.layers[i]);
    encoder.dispose();
  }
});

test('both towers of a model are traced', async () => {
  const encoder = await load(`${models}clip_quickgelu`);
  const { image_size: image } = encoder.config.vision_config;
  const pixel_values = new Tensor('float32', new Float32Array(3 * image * image).fill(0.5), [
    1,
    3,
    image,
    image,
  ]);
  const inputs = { input_ids: [[1, 2, 3]], pixel_values };
  const { text_model_output: text, vision_model_output: picture } = await encoder.forward(inputs, {
    trace: true,
  });
  assert.deepEqual(text.trace.embeddings.word.shape[0], 3);
  assert.ok(picture.trace.embeddings.patch.shape[0] > 1);
  assert.equal('trace' in (await encoder.forward(inputs)).text_model_output, false);
  encoder.dispose();
});

test('traces take no memory that they do not give back', async () => {
  const encoder = await load(`${models}bert_base`);
  const inputs = { input_ids: [Array.from({ length: 64 }, (_, i) => i + 1).map((i) => i % 60)] };
  if (encoder.maxLength < 64) inputs.input_ids[0].length = encoder.maxLength;
  await encoder.forward(inputs, { trace: true, hidden_states: true, attentions: true });
  const before = encoder.memory;
  for (let i = 0; i < 20; i++) await encoder.forward(inputs, { trace: true });
  assert.equal(encoder.memory, before);
  encoder.dispose();
});

test('a trace that is stopped leaves the encoder as it was', async () => {
  const encoder = await load(`${traces}bert`);
  const inputs = inputsOf('bert');
  const plain = await encoder.forward(inputs);
  const stop = new AbortController();
  stop.abort();
  await rejects(encoder.forward(inputs, { trace: true, signal: stop.signal }), 'AbortError', /aborted/);
  same(await encoder.forward(inputs), plain, 'afterwards');
  encoder.dispose();
});

test('what has no trace is refused by name', async () => {
  const bert = await load(`${traces}bert`);
  const long = await load(`${models}modernbert`);
  const trace = { trace: true };
  const ids = (/** @type {number} */ count) => [Array.from({ length: count }, () => 5)];
  await rejects(
    bert.forward({ input_ids: [[1, 2], [3, 4]] }, trace), // biome-ignore format: two rows
    'InputError',
    /trace shows the inside of one sequence; the inputs have 2/,
  );
  await rejects(
    bert.forward({ input_ids: [[1]], attention_mask: [[0]] }, trace),
    'InputError',
    /the inputs have one without tokens/,
  );
  assert.equal((await long.forward({ input_ids: ids(64) }, trace)).trace.embeddings.word?.shape[0], 64);
  await rejects(
    long.forward({ input_ids: ids(65) }, trace),
    'ShapeError',
    /at most 64 tokens; this one has 65/,
  );
  const side = 8 * 12;
  const vit = await load(`${models}vit`);
  const pixels = (/** @type {number} */ size) =>
    new Tensor('float32', new Float32Array(3 * size * size), [1, 3, size, size]);
  await rejects(
    vit.forward({ pixel_values: pixels(side) }, trace),
    'ShapeError',
    /at most 64 tokens; this one has/,
  );
  await rejects(
    bert.forward({ input_ids: [[1]] }, /** @type {any} */ ({ trace: 1 })),
    'InputError',
    /"trace"/,
  );
  /** @type {[string, RegExp][]} */
  const untraced = [
    ['swin', /no trace is made of a model that attends within windows, as swin does/],
    [
      'wav2vec2_base',
      /no trace is made of a model that begins with convolutions over sound, as wav2vec2 does/,
    ],
    ['whisper_encoder', /as whisper does/],
    ['seed001_d2l_mha', /no trace is made of a lone attention module/],
  ];
  for (const [name, message] of untraced) {
    const encoder = await load(models + name);
    await rejects(encoder.forward({}, trace), 'UnsupportedError', message);
    encoder.dispose();
  }
  for (const encoder of [bert, long, vit]) encoder.dispose();
});
