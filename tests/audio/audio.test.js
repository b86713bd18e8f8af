/** Recordings: files, rates and features against the references in audio.json (audio.py), and what is refused. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { EXTRACTORS } from '../../bindings/audio/classes.js';
import { createFeatureExtractor } from '../../bindings/audio/extractor.js';
import { readRecording } from '../../bindings/audio/input.js';
import { Instance } from '../../bindings/core/instance.js';
import { loadCore } from '../../web/core.js';
import { rejects } from '../encoder/fixtures.js';

/** @type {any} */
const fixtures = JSON.parse(readFileSync(new URL('audio.json', import.meta.url), 'utf8'));
/** @param {string} text */
const bytesOf = (text) => new Uint8Array(Buffer.from(text, 'base64'));
/** @param {string} text */
const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);
/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const worst = (a, b) => Array.from(a, (x, i) => Math.abs(x - b[i])).reduce((most, x) => Math.max(most, x), 0);

/** @type {Instance} */
let core;
before(async () => {
  core = await Instance.create(await loadCore({ simd: 'auto' }));
});

/** @type {any} */
const platform = { loadImage: async (/** @type {string} */ path) => bytesOf(byName(path)) };
/** @param {string} path */
const byName = (path) =>
  fixtures.wavs.find((/** @type {any} */ one) => path.endsWith(`${one.name}.wav`)).file;
const read = (/** @type {any} */ input, rate = 16000) => readRecording(core, input, platform, { rate });

for (const { name, file, expected } of fixtures.wavs) {
  test(`a WAV file of ${name} gives the mean of its channels`, async () => {
    const wanted = floatsOf(expected);
    const bytes = bytesOf(file);
    for (const input of [bytes, bytes.buffer, new Blob([bytes]), { path: `${name}.wav` }, `a/${name}.wav`]) {
      const found = await read(input);
      assert.equal(found.length, wanted.length);
      assert.ok(worst(found, wanted) <= 1e-7, `${worst(found, wanted)}`);
    }
  });
}

for (const { old, new: rate, samples, expected } of fixtures.rates) {
  test(`samples at ${old} Hz become those at ${rate} Hz`, async () => {
    const found = await read({ samples: floatsOf(samples), samplingRate: old }, rate);
    const wanted = floatsOf(expected);
    assert.equal(found.length, wanted.length);
    assert.ok(worst(found, wanted) <= 1e-6, `${worst(found, wanted)}`);
  });
}

for (const [i, { config, samples, expected }] of fixtures.features.entries()) {
  test(`features ${i} are those of the reference: ${JSON.stringify(config)}`, () => {
    const found = createFeatureExtractor(config).process(core, samples.map(floatsOf));
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
    for (const [name, { shape, step, values }] of Object.entries(expected)) {
      assert.deepEqual(found[name].shape, shape);
      const width = shape[shape.length - 1];
      const taken = Array.from(found[name].data, Number).filter((_, at) => (at % width) % step === 0);
      const difference = worst(taken, floatsOf(values));
      assert.ok(difference <= 1e-4, `${name}: ${difference}`);
    }
  });
}

test('long recordings are mixed and brought to another rate in pieces, which make no difference', async () => {
  for (const [from, to] of [
    [44100, 16000],
    [8000, 16000],
    [16001, 16000],
    [3, 7],
    [150000, 2500],
  ]) {
    const samples = Float32Array.from({ length: 300001 }, (_, i) => Math.sin(i * i));
    const whole = new Float32Array(Math.ceil((samples.length * to) / from));
    const sizes = [samples.length, whole.length, from, to];
    core.invoke('wf_resample_samples', [{ out: whole }, samples, ...sizes]);
    let breaths = 0;
    const breathe = async () => void breaths++;
    const found = await readRecording(core, { samples, samplingRate: from }, platform, { rate: to, breathe });
    assert.deepEqual(found, whole, `${from} to ${to}`);
    assert.ok(breaths > 1);
  }
  const channels = [0, 1].map((c) => Float32Array.from({ length: 300000 }, (_, i) => (i % 77) / 128 - c));
  const buffer = {
    [Symbol.toStringTag]: 'AudioBuffer',
    ...{ numberOfChannels: 2, length: 300000, sampleRate: 16000 },
    getChannelData: (/** @type {number} */ c) => channels[c],
  };
  assert.deepEqual(
    await read(buffer),
    channels[0].map((x) => x - 0.5),
  );
});

test('an AudioBuffer is mixed and resampled', async () => {
  const channels = [Float32Array.of(1, 0, 0.5), Float32Array.of(0, 0, -1)];
  const buffer = {
    [Symbol.toStringTag]: 'AudioBuffer',
    numberOfChannels: 2,
    length: 3,
    sampleRate: 16000,
    getChannelData: (/** @type {number} */ c) => channels[c],
  };
  assert.deepEqual(await read(buffer), Float32Array.of(0.5, 0, -0.25));
  assert.equal((await read(buffer, 32000)).length, 6);
});

test('every key that a class writes is classified once', () => {
  for (const [name, keys] of Object.entries(fixtures.keys)) {
    const { read: reads, harmless, fixed } = EXTRACTORS[name];
    const known = [...reads, ...harmless, ...Object.keys(fixed)];
    assert.deepEqual(
      /** @type {string[]} */ (keys).filter((key) => !known.includes(key)),
      [],
    );
    assert.equal(new Set(known).size, known.length);
  }
});

test('settings that are not done are refused by name', async () => {
  const type = (/** @type {string} */ name) => ({ feature_extractor_type: `${name}FeatureExtractor` });
  /** @type {[any, string, RegExp][]} */
  const cases = [
    [{ ...type('Whisper'), dither: 0.1 }, 'UnsupportedError', /dither is 0.1/],
    [{ ...type('Wav2Vec2'), padding_side: 'left' }, 'UnsupportedError', /padding_side is "left"/],
    [{ ...type('Wav2Vec2'), padding_value: 1 }, 'UnsupportedError', /padding_value is 1/],
    [{ ...type('Wav2Vec2'), feature_size: 2 }, 'UnsupportedError', /feature_size is 2/],
    [{ ...type('AST'), std: 0 }, 'ConfigError', /std is 0/],
    [{ ...type('AST'), sampling_rate: 30 }, 'UnsupportedError', /sampling_rate is 30/],
    [{ ...type('Whisper'), hop_length: 0 }, 'ConfigError', /hop_length is 0/],
    [{ ...type('Whisper'), sampling_rate: 100, chunk_length: 1 }, 'UnsupportedError', /too few/],
    [type('Clap'), 'UnsupportedError', /"ClapFeatureExtractor" is not supported/],
    [{ feature_extractor_type: 3 }, 'ConfigError', /feature_extractor_type is 3/],
    [{}, 'UnsupportedError', /is not supported/],
  ];
  for (const [config, name, message] of cases)
    await rejects(() => createFeatureExtractor(config), name, message);
  const named = createFeatureExtractor({}, { model_type: 'wavlm' });
  assert.equal(named.samplingRate, 16000);
});

test('what is no recording is refused, and files that are broken', async () => {
  const whole = bytesOf(byName('16 bits, 1 channels.wav'));
  const changed = (/** @type {number} */ at, /** @type {number[]} */ values) => {
    const copy = whole.slice();
    copy.set(values, at);
    return copy;
  };
  /** @type {[any, string, RegExp][]} */
  const cases = [
    ['a text', 'InputError', /is "a text"; expected a Float32Array/],
    [7, 'InputError', /is 7/],
    [null, 'InputError', /is null/],
    [[0.5], 'InputError', /expected a Float32Array/],
    [new Float32Array(0), 'InputError', /has no samples/],
    [{ samples: [0.5] }, 'InputError', /samples that are \[0.5\]/],
    [{ samples: new Float32Array(1), samplingRate: 0 }, 'InputError', /samplingRate of 0/],
    [{ samples: new Float32Array(1), samplingRate: 44100.5 }, 'InputError', /samplingRate of 44100.5/],
    [{ samples: new Float32Array(1), samplingRate: 1 << 24 }, 'UnsupportedError', /./],
    [new Uint8Array(0), 'FormatError', /is no WAV file/],
    [new Uint8Array(5), 'FormatError', /is no WAV file/],
    [changed(8, [65]), 'FormatError', /is no WAV file/],
    [changed(20, [2]), 'UnsupportedError', /format 2 with 16 bits/],
    [changed(34, [12]), 'UnsupportedError', /format 1 with 12 bits/],
    [changed(22, [0, 0]), 'FormatError', /0 channels/],
    [changed(22, [3]), 'FormatError', /3 channels of 16 bits in 2 bytes/],
    [changed(24, [0, 0, 0, 0]), 'FormatError', /sampling rate of 0/],
    [changed(16, [4]), 'FormatError', /in 4 bytes/],
    [changed(16, [255, 255, 255, 255]), 'FormatError', /ends after/],
    [
      changed(40, [255, 255, 255, 127]),
      'FormatError',
      /ends after 22 of the 2147483647 bytes of its part "data"/,
    ],
    [whole.subarray(0, 40), 'FormatError', /has no samples/],
    [whole.subarray(0, 44), 'FormatError', /ends after 0 of the 22 bytes/],
    [changed(40, [0, 0, 0, 0]), 'FormatError', /has no samples/],
    [changed(12, [100, 97, 116, 97]), 'FormatError', /before it says how/],
  ];
  for (const [input, name, message] of cases) await rejects(() => read(input), name, message);
  for (let length = 0; length < whole.length; length++)
    await rejects(() => read(whole.subarray(0, length)), 'FormatError', /./);
});
