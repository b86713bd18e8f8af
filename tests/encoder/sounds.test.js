/** Encoders of sounds: what they refuse, by name, and sounds that a mask cuts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, Tensor } from '../../web/index.js';
import { config, folder, rejects } from './fixtures.js';

const WAV2VEC2 = 'wav2vec2_base';
const WHISPER = 'whisper_encoder';

/** @param {string} name @param {Record<string, unknown>} changes */
const changed = (name, changes) => load(folder(name, { 'config.json': config(name, changes) }));

/** @param {number[]} shape */
function noise(shape) {
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 2 - 1;
  };
  return new Tensor('float32', Float32Array.from({ length: shape.reduce((a, b) => a * b) }, next), shape);
}

for (const [name, changes] of /** @type {[string, Record<string, unknown>][]} */ ([
  [WHISPER, { use_weighted_layer_sum: true }],
  [WAV2VEC2, { use_weighted_layer_sum: true }],
  [WAV2VEC2, { add_adapter: true }],
  [WAV2VEC2, { adapter_attn_dim: 16 }],
  [WAV2VEC2, { conv_dim: Array(9).fill(16) }],
]))
  test(`${name} with ${JSON.stringify(changes)} is refused by name`, () =>
    rejects(changed(name, changes), 'UnsupportedError', new RegExp(Object.keys(changes)[0])));

test('groups of positions that do not divide the width are refused', () =>
  rejects(
    changed(WAV2VEC2, { num_conv_pos_embedding_groups: 5 }),
    'ConfigError',
    /num_conv_pos_embedding_groups is 5/,
  ));

test('Whisper takes spectra of one length alone', async () => {
  const encoder = await load(folder(WHISPER));
  const { last_hidden_state: rows } = await encoder.forward({ input_features: noise([1, 20, 44]) });
  assert.deepEqual(rows.shape, [1, 22, 32]);
  for (const frames of [42, 43, 46])
    await rejects(encoder.forward({ input_features: noise([1, 20, frames]) }), 'ShapeError', /44/);
  await rejects(encoder.forward({ input_features: noise([1, 19, 44]) }), 'ShapeError', /20/);
  encoder.dispose();
});

test('a sound that is too short, or masked anywhere but at its end, is refused', async () => {
  const encoder = await load(folder(WAV2VEC2));
  await rejects(encoder.forward({ input_values: noise([1, 399]) }), 'ShapeError', /400 samples/);
  const input_values = noise([1, 800]);
  const attention_mask = new Tensor('int32', new Int32Array(800).fill(1).fill(0, 0, 300), [1, 800]);
  await rejects(encoder.forward({ input_values, attention_mask }), 'UnsupportedError', /attention_mask/);
  for (const kept of [0, 399]) {
    const short = new Tensor('int32', new Int32Array(1600).fill(1).fill(0, 800 + kept), [2, 800]);
    await rejects(
      encoder.forward({ input_values: noise([2, 800]), attention_mask: short }),
      'InputError',
      new RegExp(`attention_mask\\[1\\] keeps ${kept} samples; expected at least 400`),
    );
  }
  encoder.dispose();
});

test('rows behind the end of a masked sound are zeros', async () => {
  const encoder = await load(folder(WAV2VEC2));
  const input_values = noise([2, 1400]);
  const mask = new Int32Array(2800).fill(1).fill(0, 1400 + 800);
  const attention_mask = new Tensor('int32', mask, [2, 1400]);
  const { last_hidden_state: rows } = await encoder.forward({ input_values, attention_mask });
  assert.deepEqual(rows.shape, [2, 4, 32]);
  const isZero = Array.from({ length: 8 }, (_, t) =>
    rows.data.subarray(t * 32, (t + 1) * 32).every((value) => Number(value) === 0),
  );
  assert.deepEqual(isZero, [false, false, false, false, false, false, true, true]);
  encoder.dispose();
});
