// Threads that share a forward: the same bits, however many there are, and a word where there can be none.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Instance } from '../../bindings/core/instance.js';
import { PARTS } from '../../bindings/tasks/loaded.js';
import { loadCore } from '../../web/core.js';
import { load, Tensor } from '../../web/index.js';
import { startThread } from '../../web/start-thread.js';
import { bits } from '../compare.js';
import { BUILDS, minilm, models, rejects } from './fixtures.js';

const ROOT = new URL('../../', import.meta.url);
const wasm = (/** @type {string} */ build) =>
  readFileSync(new URL(`web/wasm/wasmformer-${build}.wasm`, ROOT));

const ids = (/** @type {number[]} */ shape, /** @type {number} */ most) =>
  new Tensor(
    'int32',
    Int32Array.from({ length: shape[0] * shape[1] }, (_, i) => (i * 7919) % most),
    shape,
  );
const floats = (/** @type {number[]} */ shape) =>
  new Tensor(
    'float32',
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * 31) % 97) / 48 - 1),
    shape,
  );
/** Models whose forwards are long enough to be shared. @type {[string, Record<string, Tensor>][]} */
const CASES = [
  [minilm, { input_ids: ids([3, 61], 30000) }],
  [`${models}modernbert`, { input_ids: ids([1, 1500], 100) }],
  [`${models}deberta_v3`, { input_ids: ids([4, 300], 100) }],
  [`${models}swin`, { pixel_values: floats([8, 3, 64, 64]) }],
  [`${models}wav2vec2_base`, { input_values: floats([2, 40000]) }],
];

/** @param {string} folder @param {any} feeds @param {number} threads @param {'base' | 'relaxed'} simd */
async function bitsOf(folder, feeds, threads, simd) {
  const encoder = await load(folder, { threads, simd });
  assert.deepEqual(encoder.info, { build: simd, dtype: 'f32', threads, why: null });
  const found = [];
  for (let i = 0; i < 3; i++) found.push(bits((await encoder.forward(feeds)).last_hidden_state));
  encoder.dispose();
  assert.equal(new Set(found).size, 1);
  return found[0];
}

for (const [folder, feeds] of CASES) {
  test(`any number of threads gives the same bits: ${folder.split('/').at(-1)}`, async () => {
    for (const build of BUILDS) {
      const alone = await bitsOf(folder, feeds, 1, build);
      for (const threads of [2, 3]) assert.ok((await bitsOf(folder, feeds, threads, build)) === alone, build);
    }
  });
}

test('sixteen threads give the same bits', async () => {
  const [folder, feeds] = CASES[0];
  assert.ok((await bitsOf(folder, feeds, 16, 'base')) === (await bitsOf(folder, feeds, 1, 'base')));
});

test('threads take part', async () => {
  const core = await Instance.create(await loadCore({ threads: 3 }), startThread);
  await core.ready();
  const { team } = core.sharing;
  while (core.call('wf_team_joined', team) < 2) await new Promise(setImmediate);
  core.dispose();
});

test('in a worker there are threads, too', async () => {
  const feeds = { input_ids: ids([2, 61], 30000) };
  const alone = await load(minilm);
  const encoder = await load(minilm, { worker: true, threads: 2 });
  assert.equal(encoder.info.threads, 2);
  assert.ok(
    bits((await encoder.forward(feeds)).last_hidden_state) ===
      bits((await alone.forward(feeds)).last_hidden_state),
  );
});

test('a core that is given as bytes or by its address has threads, a compiled module says why not', async () => {
  const bytes = wasm('base');
  for (const one of [bytes, { base: bytes }, new URL('web/wasm/wasmformer-base.wasm', ROOT)]) {
    const encoder = await load(`${models}bert_leftpad`, {
      wasm: /** @type {any} */ (one),
      simd: 'base',
      threads: 2,
    });
    assert.deepEqual(encoder.info, { build: 'base', dtype: 'f32', threads: 2, why: null });
  }
  const encoder = await load(`${models}bert_leftpad`, { wasm: await WebAssembly.compile(bytes), threads: 2 });
  const why = 'option "wasm" is a compiled module, not its address or bytes';
  assert.deepEqual(encoder.info, { build: 'base', dtype: 'f32', threads: 1, why });
});

test('auto takes the cores that there are', async () => {
  const encoder = await load(`${models}bert_leftpad`, { threads: 'auto' });
  assert.deepEqual([encoder.info.threads, encoder.info.why], [Math.min(availableParallelism(), 8), null]);
  encoder.dispose();
});

test('a thread that cannot be started is told, and the work is done alone', async () => {
  const failing = () => ({ joined: Promise.reject(new Error('no room')), end() {} });
  const core = await Instance.create(await loadCore({ threads: 2 }), failing);
  await core.ready();
  const { threads, why } = core.sharing;
  assert.deepEqual({ threads, why }, { threads: 1, why: 'a thread could not be started: no room' });
});

test('a thread that fails is an error of the call, never a result', async () => {
  const encoder = await load(`${models}bert_leftpad`, { threads: 2 });
  const feeds = { input_ids: ids([1, 8], 100) };
  await encoder.forward(feeds);
  const { instance } = encoder[PARTS];
  instance.call('wf_team_fail', instance.sharing.team);
  await rejects(encoder.forward(feeds), 'WorkerError', /a thread failed; load the model again/);
});

test('numbers of threads that there cannot be are refused', () =>
  rejects(load(minilm, { threads: 17 }), 'InputError', /"threads".*17/));

test('a program ends with its threads, disposed of or not', async () => {
  for (const end of ['', 'encoder.dispose();']) {
    const program = `import { load } from ${JSON.stringify(new URL('web/index.js', ROOT).href)};
const encoder = await load(${JSON.stringify(fileURLToPath(new URL(`file://${models}bert_leftpad`)))}, { threads: 2 });
console.log((await encoder.forward({ input_ids: [[1, 2, 3]] })).last_hidden_state.shape.join());${end}`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      timeout: 60_000,
    });
    assert.match(stdout, /^1,3,\d+\n$/);
  }
});
