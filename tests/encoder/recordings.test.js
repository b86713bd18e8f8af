/** Recordings through whole models: speech, classes and vectors, alone and in lists, and what is refused. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { load } from '../../web/index.js';
import { folder, rejects } from './fixtures.js';

const DATA = new URL('../goldens/data/', import.meta.url);
const SPEECH = new URL('tasks/transcribe-wav2vec2/', DATA);
const noise = (/** @type {number} */ length) => Float32Array.from({ length }, (_, i) => Math.sin(i * i) / 9);

/** A folder of goldens as files in memory, with some more. @param {string} name @param {Record<string, string>} more */
const filesOf = (name, more) => {
  const entries = ['config.json', 'model.safetensors'].map((file) => [
    file,
    new Uint8Array(readFileSync(new URL(`${name}/${file}`, DATA))),
  ]);
  const added = Object.entries(more).map(([file, text]) => [file, new TextEncoder().encode(text)]);
  return new Map(/** @type {any} */ ([...entries, ...added]));
};

const AST = { feature_extractor_type: 'ASTFeatureExtractor', num_mel_bins: 12, max_length: 31 };
const ast = () =>
  load(filesOf('spectrograms/ast_classes', { 'preprocessor_config.json': JSON.stringify(AST) }));

test('speech is written down, alone and in a list, and does not depend on its neighbours', async () => {
  const encoder = await load(SPEECH);
  assert.deepEqual(encoder.tasks, ['feature-extraction', 'automatic-speech-recognition']);
  const [one, two] = [noise(6000), noise(9000)];
  const alone = [
    await encoder.transcribe(one),
    await encoder.transcribe({ samples: two, samplingRate: 16000 }),
  ];
  assert.deepEqual(await encoder.transcribe([one, two]), alone);
  const inputs = await encoder.preprocess(one);
  assert.deepEqual(await encoder.transcribe(inputs), alone[0]);
  const vectors = await encoder.embed([one, two]);
  assert.deepEqual(vectors.slice(0).data, (await encoder.embed(one)).slice(0).data);
  encoder.dispose();
});

test('a recording is classified and becomes a vector as its features do', async () => {
  const encoder = await ast();
  assert.deepEqual(encoder.tasks, ['feature-extraction', 'audio-classification']);
  const sound = noise(4000);
  const features = await encoder.preprocess(sound);
  assert.deepEqual(features.input_values.shape, [1, 31, 12]);
  const { logits, pooler_output: pooled } = await encoder.forward(features);
  const scores = await encoder.classify(sound, { functionToApply: 'none' });
  assert.deepEqual(
    scores.map(({ score }) => score),
    Array.from(logits.data, Number).sort((a, b) => b - a),
  );
  assert.deepEqual((await encoder.embed(sound)).data, pooled.data);
  encoder.dispose();
});

test('what is longer than a model reads is cut, told, or refused', async () => {
  const encoder = await ast();
  const most = 400 + 30 * 160;
  const vectors = await encoder.embed([noise(most), noise(most + 1)]);
  assert.deepEqual(vectors.truncated, [1]);
  assert.deepEqual(vectors.slice(0).data, vectors.slice(1).data);
  const long = noise(most + 1);
  await rejects(() => encoder.embed(long, { onTruncate: 'error' }), 'InputError', /has 0.33 seconds; this/);
  await rejects(
    () => encoder.classify([long], { onTruncate: 'error' }),
    'InputError',
    /^recordings\[0\] has/,
  );
  await rejects(() => encoder.embed(long, { onTruncate: 'chunk' }), 'UnsupportedError', /is for texts/);
  encoder.dispose();
});

test('what a model does not do, or lacks a file for, is refused by name', async () => {
  const encoder = await load(SPEECH);
  const one = noise(6000);
  await rejects(() => encoder.classify(one), 'UnsupportedError', /has no classifier/);
  await rejects(() => encoder.transcribe('a text'), 'InputError', /is "a text"/);
  await rejects(() => encoder.transcribe(one, /** @type {any} */ ({ topK: 1 })), 'InputError', /topK/);
  await rejects(() => encoder.transcribe([one, noise(9)]), 'ShapeError', /at least/);
  await rejects(async () => encoder.tokenize('a'), 'UnsupportedError', /reads recordings/);
  const bare = await load(filesOf('tasks/transcribe-wav2vec2', {}));
  await rejects(() => bare.transcribe(one), 'UnsupportedError', /vocab.json/);
  await rejects(() => bare.embed(one), 'UnsupportedError', /no preprocessor_config.json/);
  const broken = await load(filesOf('spectrograms/ast', { 'preprocessor_config.json': '{"dither": ' }));
  await rejects(() => broken.embed(one), 'FormatError', /preprocessor_config.json/);
  await rejects(() => broken.transcribe(one), 'UnsupportedError', /no head that gives letters/);
  const texts = await load(folder('bert_base'));
  await rejects(() => texts.transcribe(one), 'UnsupportedError', /no head that gives letters/);
});
