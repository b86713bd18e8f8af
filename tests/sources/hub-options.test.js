/** The options of models of the hub: digests that the caller promises, progress, a signal; and the command line. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { load } from '../../web/index.js';
import { run, temporaryFolder } from '../cli/command.js';
import { minilm, rejects } from '../encoder/fixtures.js';
import { COMMIT, filesAt, ID, serveHub, sha256 } from './hub.js';
import { modelFiles, until, vectorOf } from './server.js';

const WEIGHTS = 'model.safetensors';
let expected = '';
before(async () => {
  for (const name of ['HF_ENDPOINT', 'HF_TOKEN', 'HF_HUB_OFFLINE']) delete process.env[name];
  expected = await vectorOf(modelFiles());
});

test('the command line takes an id, too, and a revision', async (context) => {
  const { endpoint, requests } = await serveHub(context);
  process.env.HF_ENDPOINT = endpoint;
  process.env.HF_HUB_CACHE = temporaryFolder(context);
  context.after(() => delete process.env.HF_ENDPOINT);
  const words = ['--model', ID, '--revision', COMMIT];
  const { stdout, stderr } = await run(['embed', ...words, '--format', 'jsonl'], 'w5 w17 w99\n');
  assert.equal(stderr, '');
  assert.equal(Float32Array.from(JSON.parse(String(stdout)).vector).join(), expected);
  assert.deepEqual(filesAt(requests, 'list'), [COMMIT]);
  requests.length = 0;
  assert.match(String((await run(['tokenize', ...words], 'w5\n')).stdout), /w5/);
  assert.match(String((await run(['info', ID, '--json', '--revision', COMMIT])).stdout), /"model": "bert"/);
  assert.deepEqual(requests, []);
});

test('integrity: digests of both notations are held against the files, wrong ones are refused', async (context) => {
  const { endpoint, requests } = await serveHub(context);
  const files = modelFiles();
  const vocabulary = files.get('vocab.txt') ?? new Uint8Array();
  const base64 = `sha256-${Buffer.from(sha256(vocabulary), 'hex').toString('base64')}`;
  const weights = sha256(files.get('model.safetensors') ?? new Uint8Array());
  const right = { 'vocab.txt': base64, 'model.safetensors': weights.toUpperCase() };
  const wrong = weights.replace(/./, (digit) => (digit === '0' ? '1' : '0'));
  const sources = [ID, `${endpoint}/${ID}/resolve/main`, files];
  for (const source of sources) {
    const options = { endpoint, cache: /** @type {false} */ (false) };
    assert.equal(await vectorOf(source, { ...options, integrity: right }), expected);
    for (const file of ['vocab.txt', 'model.safetensors'])
      await rejects(
        load(source, { ...options, integrity: { [file]: wrong } }),
        'IntegrityError',
        new RegExp(`^${file} has other bytes than were promised: its SHA-256 is \\w{64}; expected ${wrong}$`),
      );
  }
  // A wrong promise spoils nothing that is kept.
  process.env.HF_HUB_CACHE = temporaryFolder(context);
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  requests.length = 0;
  await rejects(load(ID, { endpoint, integrity: { [WEIGHTS]: wrong } }), 'IntegrityError', /other bytes/);
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  assert.deepEqual(filesAt(requests, 'storage'), []);
  for (const source of [ID, files]) {
    const unknown = load(source, { endpoint, cache: false, integrity: { 'model.safetensor': weights } });
    await rejects(
      unknown,
      'InputError',
      /integrity" names "model\.safetensor", which is no file of (?:tests|the)/,
    );
  }
});

test('progress knows the whole from the start and never jumps', async (context) => {
  const files = new Map(
    readdirSync(minilm, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:json|txt|safetensors)$/.test(name))
      .map((name) => [name, new Uint8Array(readFileSync(join(minilm, name)))]),
  );
  const { endpoint } = await serveHub(context, { files });
  /** @type {import('../../bindings/loading/progress.js').State[]} */
  const states = [];
  const encoder = await load(ID, { endpoint, cache: false, progress: (state) => states.push(state) });
  encoder.dispose();
  const { total } = states[0].all;
  const weights = files.get('model.safetensors')?.length ?? 0;
  const texts = [...files].filter(([name]) => name !== 'model.safetensors').map(([, bytes]) => bytes.length);
  assert.ok(total > weights && total <= weights + texts.reduce((sum, one) => sum + one, 0));
  let before = 0;
  for (const { all } of states) {
    const step = all.loaded / all.total - before / total;
    assert.ok(step >= 0 && step < 0.02, `a step of ${step} at ${all.loaded} of ${all.total}`);
    before = all.loaded;
  }
  assert.deepEqual(states.at(-1)?.all.loaded, states.at(-1)?.all.total);
  assert.ok(states.every(({ all }) => Math.abs(all.total - total) < 0.001 * total));
});

test('a signal stops it wherever it is, and lets all connections go', async (context) => {
  for (const place of ['list', 'hub', 'storage']) {
    const controller = new AbortController();
    const { endpoint, hub, storage } = await serveHub(context, {
      otherwise: ({ at, response, bytes }) => {
        if (at !== place) return false;
        if (at === 'storage') response.write(bytes.subarray(0, 700));
        setTimeout(() => controller.abort('enough'), 20);
        return true;
      },
    });
    await assert.rejects(
      load(ID, { endpoint, cache: false, signal: controller.signal }),
      (/** @type {any} */ error) => {
        assert.equal(error.name, 'AbortError');
        assert.equal(error.cause, 'enough');
        return true;
      },
    );
    await until(() => hub.left.length + storage.left.length > 0, `the connection is let go: ${place}`);
  }
});
