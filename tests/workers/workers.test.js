// Encoders in workers (load's option `worker`): each task gives what the model gives without one and what the goldens say, errors
// are typed, calls are stopped, told of and divided, and a worker that dies is replaced.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as library from '../../web/index.js';

const { load, Tensor, InputError, AbortError, DisposedError, UnsupportedError, WorkerError } = library;
const MINILM = process.env.MINILM ?? fileURLToPath(new URL('../../.cache/minilm', import.meta.url));
const ROLES = fileURLToPath(new URL('../../demo/models/roles/sines', import.meta.url));
const TEXTS = Array.from(
  { length: 40 },
  (_, i) => `a text of number ${i} ${'and more words '.repeat(i % 9)}`,
);

/** @type {any} */
let two;
/** @type {Awaited<ReturnType<typeof load>>} */
let plain;
before(async () => {
  [two, plain] = await Promise.all([load(MINILM, { worker: 2 }), load(MINILM)]);
});
after(() => {
  two.dispose();
  plain.dispose();
});

test('what the encoder is, is told as without workers', () => {
  assert.deepEqual({ ...two.config }, { ...plain.config });
  for (const name of ['modelType', 'tasks', 'maxLength', 'pooling', 'dimensions', 'build'])
    assert.deepEqual(two[name], Reflect.get(plain, name), name);
  assert.equal(two.memory, 2 * plain.memory);
  assert.match(String(two), /^Encoder bert .*, in 2 workers$/);
});

test('a divided list has the vectors, the order and the cuts of an undivided one', async () => {
  const texts = [...TEXTS, 'word '.repeat(400), ...TEXTS, 'long '.repeat(600)];
  /** @type {any} */
  const found = await two.embed(texts);
  const wanted = await plain.embed(texts);
  assert.equal(found.constructor, Tensor);
  assert.deepEqual(found.shape, wanted.shape);
  assert.deepEqual(found.data, wanted.data);
  assert.deepEqual(found.truncated, [40, 81]);
  const bits = await two.embed(texts, { precision: 'ubinary' });
  assert.deepEqual(bits, await plain.embed(texts, { precision: 'ubinary' }));
});

test('tensors and nested arrays go in, tensors come out; the caller’s own stay whole', async () => {
  const { input_ids, attention_mask } = await two.tokenize(['one text', 'another one here']);
  assert.deepEqual(input_ids, plain.tokenize(['one text', 'another one here']).input_ids);
  const found = await two.forward({ input_ids, attention_mask }, { hidden_states: true, attentions: true });
  const wanted = await plain.forward(
    { input_ids, attention_mask },
    { hidden_states: true, attentions: true },
  );
  assert.deepEqual(found, wanted);
  assert.ok(input_ids.data.length > 0);
  const listed = await two.forward({ input_ids: [[101, 2028, 102]] });
  assert.deepEqual(listed, await plain.forward({ input_ids: [[101, 2028, 102]] }));
});

test('errors have their classes, codes, paths and values, and places in the whole list', async () => {
  const list = [...TEXTS, 5];
  const wanted = await plain.embed(/** @type {any} */ (list)).catch((/** @type {any} */ error) => error);
  const found = await two.embed(list).catch((/** @type {any} */ error) => error);
  assert.ok(found instanceof InputError);
  for (const key of ['message', 'code', 'path', 'value', 'name'])
    assert.deepEqual(Reflect.get(found, key), Reflect.get(wanted, key), key);
  await assert.rejects(two.classify('text'), UnsupportedError);
  await assert.rejects(two.embed('text', { pooling: 'qqq' }), InputError);
  await assert.rejects(two.embed('text', { signal: 5 }), /signal/);
  await assert.rejects(load('/no/such/folder', { worker: true }), InputError);
  await assert.rejects(load(MINILM, { worker: /** @type {any} */ ('yes') }), /option "worker"/);
  await assert.rejects(load(MINILM, { worker: 0.5 }), InputError);
  await assert.rejects(
    load(new Map([['config.json', new Uint8Array(3)]]), { worker: true }),
    library.FormatError,
  );
});

test('signals stop loading and calls, with their reasons', async () => {
  const reason = new Error('enough');
  const stop = new AbortController();
  const call = two.embed(Array(400).fill('a long text '.repeat(60)), { signal: stop.signal });
  setTimeout(() => stop.abort(reason), 30);
  /** @type {any} */
  const error = await call.catch((/** @type {any} */ caught) => caught);
  assert.ok(error instanceof AbortError);
  assert.equal(/** @type {any} */ (error).cause?.message, 'enough');
  await assert.rejects(load(MINILM, { worker: true, signal: AbortSignal.abort() }), AbortError);
  assert.deepEqual((await two.embed('on')).shape, [1, 384]);
});

test('progress is told: of all workers together while loading, of all pieces in a call', async () => {
  /** @type {any[]} */
  const loading = [];
  const encoder = await load(MINILM, { worker: 2, progress: (state) => loading.push(state) });
  const last = loading.at(-1);
  assert.equal(last.loaded, last.total);
  assert.ok(loading.every(({ loaded }, i) => i === 0 || loaded >= loading[i - 1].loaded));
  /** @type {any[]} */
  const told = [];
  await encoder.embed(TEXTS, { progress: (state) => told.push(state) });
  assert.deepEqual(told.at(-1), { done: TEXTS.length, total: TEXTS.length });
  const own = new Error('the listener’s own');
  const failing = () => {
    throw own;
  };
  await assert.rejects(encoder.embed(TEXTS, { progress: failing }), (error) => error === own);
  encoder.dispose();
});

test('models come from Maps of bytes, from memory and by a fetch of the caller’s', async () => {
  const files = new Map(
    readdirSync(ROLES).map((name) => [name, new Uint8Array(readFileSync(join(ROLES, name)))]),
  );
  const wanted = await (await load(ROLES)).tokens('the dog chased the cat');
  const mapped = await load(files, { worker: true });
  assert.deepEqual(await mapped.tokens('the dog chased the cat'), wanted);
  assert.ok(files.get('model.safetensors')?.length, 'the caller’s bytes are not given away');
  mapped.dispose();
  /** @type {string[]} */
  const asked = [];
  const fetched = await load('https://models.invalid/sines/', {
    worker: true,
    fetch: async (url) => {
      const name = String(url).split('/').at(-1) ?? '';
      asked.push(name);
      const bytes = files.get(name);
      return bytes ? new Response(bytes) : new Response(null, { status: 404 });
    },
  });
  assert.ok(asked.includes('model.safetensors'));
  assert.deepEqual(await fetched.tokens('the dog chased the cat'), wanted);
  fetched.dispose();
});

test('after dispose calls and getters are refused, and calls that run are, too', async () => {
  const encoder = await load(ROLES, { worker: true });
  const running = encoder.tokens(Array(500).fill('the dog chased the cat'));
  encoder.dispose();
  await assert.rejects(running, DisposedError);
  await assert.rejects(encoder.tokens('the dog'), DisposedError);
  assert.throws(() => encoder.maxLength, DisposedError);
  assert.equal(String(encoder), 'Encoder (disposed)');
});

test('a worker that dies rejects what it held, and the next call starts another', async () => {
  /** @type {import('node:worker_threads').Worker[]} */
  const started = [];
  const watched = (/** @type {any} */ worker) => started.push(worker);
  process.on('worker', watched);
  const encoder = await load(ROLES, { worker: true });
  process.off('worker', watched);
  assert.equal(started.length, 1);
  const held = encoder.tokens(Array(2000).fill('the dog chased the cat'));
  const refused = assert.rejects(
    held,
    (error) => error instanceof WorkerError && /ended/.test(error.message),
  );
  await started[0].terminate();
  await refused;
  const found = await encoder.tokens('the dog chased the cat');
  assert.deepEqual(found, await (await load(ROLES)).tokens('the dog chased the cat'));
  encoder.dispose();
});

test('idle workers do not keep a program running', async () => {
  const { execFile } = await import('node:child_process');
  const program = `const { load } = await import(${JSON.stringify(String(new URL('../../web/index.js', import.meta.url)))});
    const encoder = await load(${JSON.stringify(ROLES)}, { worker: 2 });
    console.log((await encoder.tokens('the dog')).length);`;
  const out = await new Promise((resolve, reject) =>
    execFile(
      process.execPath,
      ['--input-type=module', '-e', program],
      { timeout: 60_000 },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    ),
  );
  assert.equal(out, '2\n');
});
