// Recordings as a page has them, in Chromium: samples, an AudioBuffer of two channels, and a Blob of a WAV file give the same
// vectors, and what the file's rate says counts. It needs `make build` first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { browse } from './browse.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What runs in the page. */
async function inPage() {
  const { load } = await import(/** @type {any} */ ('/dist/index.js'));
  const model = await load('/tests/goldens/data/tasks/transcribe-wav2vec2');
  const samples = Float32Array.from({ length: 8000 }, (_, i) => Math.sin(i / 7) / 2);
  const buffer = new AudioBuffer({ length: samples.length, numberOfChannels: 2, sampleRate: 16000 });
  buffer.copyToChannel(
    samples.map((x) => x * 2),
    0,
  ); // the other channel is silent
  const wav = (/** @type {number} */ rate) => {
    const header = new DataView(new ArrayBuffer(44));
    const text = (/** @type {number} */ at, /** @type {string} */ four) =>
      [...four].forEach((letter, i) => void header.setUint8(at + i, letter.charCodeAt(0)));
    text(0, 'RIFF');
    header.setUint32(4, 36 + 4 * samples.length, true);
    text(8, 'WAVE');
    text(12, 'fmt ');
    header.setUint32(16, 16, true);
    header.setUint16(20, 3, true); // floats
    header.setUint16(22, 1, true);
    header.setUint32(24, rate, true);
    header.setUint32(28, 4 * rate, true);
    header.setUint16(32, 4, true);
    header.setUint16(34, 32, true);
    text(36, 'data');
    header.setUint32(40, 4 * samples.length, true);
    return new Blob([header, samples]);
  };
  const vectors = await model.embed([samples, buffer, wav(16000), wav(8000)]);
  const { text } = await model.transcribe(wav(16000));
  return { rows: vectors.tolist(), text, same: text === (await model.transcribe(samples)).text };
}

test('samples, an AudioBuffer and a WAV file give the same, and the rate counts', async () => {
  const { rows, text, same } = await browse(ROOT, 'package.json', (page) => page.evaluate(inPage));
  const apart = (/** @type {number} */ i) =>
    Math.max(...rows[0].map((/** @type {number} */ x, /** @type {number} */ k) => Math.abs(x - rows[i][k])));
  assert.equal(rows.length, 4);
  assert.ok(rows[0].every(Number.isFinite));
  assert.deepEqual([apart(1), apart(2)], [0, 0]);
  assert.ok(apart(3) > 1e-3, 'a file of half the rate is another sound');
  assert.equal(typeof text, 'string');
  assert.ok(same);
});
