/** One folder for Python and for us: huggingface_hub finds what `load` has kept, and `load` what huggingface_hub has fetched. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '../cli/command.js';
import { COMMIT, ID, serveHub } from './hub.js';
import { modelFiles, vectorOf } from './server.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const FILES = ['config.json', 'model.safetensors', 'vocab.txt'];
let expected = '';
before(async () => {
  for (const name of ['HF_ENDPOINT', 'HF_TOKEN', 'HF_HUB_OFFLINE']) delete process.env[name];
  expected = await vectorOf(modelFiles());
});

/** The paths that Python says. @param {'find' | 'fetch'} act @param {string} endpoint */
async function python(act, endpoint) {
  const env = {
    ...process.env,
    HF_ENDPOINT: endpoint,
    HF_HUB_DISABLE_XET: '1',
    HF_HUB_DISABLE_TELEMETRY: '1',
  };
  const program = `${here}../../.cache/venv/bin/python`;
  const { stdout } = await promisify(execFile)(program, [`${here}hub.py`, act, ID, ...FILES], { env });
  return stdout.trim().split('\n');
}

/** @param {string} root */
const places = (root) => FILES.map((file) => join(root, 'models--tests--bert-small/snapshots', COMMIT, file));

test('Python finds what was loaded, without a network', async (context) => {
  const root = temporaryFolder(context);
  process.env.HF_HUB_CACHE = root;
  const { endpoint, requests } = await serveHub(context);
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  requests.length = 0;
  assert.deepEqual(await python('find', endpoint), places(root));
  assert.deepEqual(requests, []);
  for (const [i, file] of FILES.entries())
    assert.deepEqual(readFileSync(places(root)[i]), Buffer.from(modelFiles().get(file) ?? []));
});

test('what Python has fetched is not fetched again', async (context) => {
  const root = temporaryFolder(context);
  process.env.HF_HUB_CACHE = root;
  const { endpoint, requests } = await serveHub(context);
  assert.deepEqual(await python('fetch', endpoint), places(root));
  requests.length = 0;
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  assert.deepEqual(
    requests.map(({ at }) => at),
    ['list'],
  );
});
