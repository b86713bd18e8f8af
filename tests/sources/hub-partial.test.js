/** What a load leaves of a file that has not come whole, in Node: who goes on with it, and who does not. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, beforeEach, test } from 'node:test';
import { cache, load } from '../../web/index.js';
import { temporaryFolder } from '../cli/command.js';
import { rejects } from '../encoder/fixtures.js';
import { COMMIT, ID, serveHub, sha256 } from './hub.js';
import { modelFiles, vectorOf } from './server.js';

const WEIGHTS = 'model.safetensors';
const BYTES = Buffer.from(modelFiles().get(WEIGHTS) ?? []);
let expected = '';
let top = '';
before(async () => {
  for (const name of ['HF_ENDPOINT', 'HF_TOKEN', 'HF_HUB_OFFLINE']) delete process.env[name];
  expected = await vectorOf(modelFiles());
});
beforeEach((context) => {
  const root = temporaryFolder(/** @type {any} */ (context));
  top = join(root, 'models--tests--bert-small');
  process.env.HF_HUB_CACHE = root;
});

const at = (/** @type {string} */ file) => join(top, 'snapshots', COMMIT, file);
const parts = () => readdirSync(join(top, 'blobs')).filter((name) => name.endsWith('.partial'));

test('what a load that was stopped has left is gone on with, and proven', async (context) => {
  for (const spoilt of ['nothing', 'its beginning', 'its end']) {
    const controller = new AbortController();
    const { endpoint, requests, state } = await serveHub(context, {
      otherwise: ({ at: place, times, bytes, response }) => {
        if (place !== 'storage' || times > 1) return false;
        response.write(bytes.subarray(0, 30_000), () => setTimeout(() => controller.abort(), 30));
        return true;
      },
    });
    await rejects(load(ID, { endpoint, signal: controller.signal }), 'AbortError', /aborted/);
    const [left] = parts();
    const path = join(top, 'blobs', left);
    const { size } = lstatSync(path);
    assert.ok(size > 0 && size <= 30_000);
    assert.ok(!existsSync(at(WEIGHTS)));
    if (spoilt !== 'nothing')
      writeFileSync(path, readFileSync(path).fill(0, ...(spoilt === 'its end' ? [size - 9] : [0, 9])));
    state.otherwise = () => false;
    requests.length = 0;
    assert.equal(await vectorOf(ID, { endpoint }), expected);
    const ranges = requests.filter(({ at: place }) => place === 'storage').map(({ range }) => range);
    const resumed = spoilt === 'its beginning' ? [] : [`bytes=${size}-`];
    assert.deepEqual(ranges, spoilt === 'nothing' ? resumed : [...resumed, undefined]);
    assert.deepEqual(readFileSync(at(WEIGHTS)), BYTES);
    assert.deepEqual(parts(), []);
    await cache.delete(ID);
  }
});

/** A process that runs until the test ends, or one that has ended. @param {{ after: (end: () => void) => void }} context @param {boolean} isAlive */
async function processId(context, isAlive) {
  const child = spawn(process.execPath, ['-e', isAlive ? 'setInterval(() => {}, 1000)' : '']);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (isAlive) context.after(() => child.kill());
  else await ended;
  return child.pid;
}

for (const isAlive of [false, true]) {
  test(`what a process ${isAlive ? 'that runs writes is left to it' : 'that was killed has left is gone on with'}`, async (context) => {
    const { endpoint, requests } = await serveHub(context);
    mkdirSync(join(top, 'blobs'), { recursive: true });
    const left = `${sha256(BYTES)}.1.${await processId(context, isAlive)}.partial`;
    writeFileSync(join(top, 'blobs', left), BYTES.subarray(0, 5000));
    assert.equal(await vectorOf(ID, { endpoint }), expected);
    const ranges = requests.filter(({ at: place }) => place === 'storage').map(({ range }) => range);
    assert.deepEqual(ranges, [isAlive ? undefined : 'bytes=5000-']);
    assert.deepEqual(parts(), isAlive ? [left] : []);
    assert.deepEqual(readFileSync(at(WEIGHTS)), BYTES);
  });
}

test('all of a file, but for its name, is proven and not asked for again', async (context) => {
  const { endpoint, requests } = await serveHub(context);
  mkdirSync(join(top, 'blobs'), { recursive: true });
  writeFileSync(join(top, 'blobs', `${sha256(BYTES)}.0.partial`), BYTES);
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  assert.deepEqual(
    requests.filter(({ at: place }) => place === 'storage'),
    [],
  );
  assert.deepEqual(parts(), []);
});
