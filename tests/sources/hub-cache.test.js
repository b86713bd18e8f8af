/** What of the hub is kept in Node: Hugging Face's own folder, what Python left there, and what is broken in it. */
import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { before, beforeEach, test } from 'node:test';
import { load, loadTokenizer } from '../../web/index.js';
import { temporaryFolder } from '../cli/command.js';
import { rejects } from '../encoder/fixtures.js';
import { COMMIT, filesAt, gitName, ID, serveHub, sha256 } from './hub.js';
import { modelFiles, vectorOf } from './server.js';

const WEIGHTS = 'model.safetensors';
const FILES = modelFiles();
const bytesOf = (/** @type {string} */ file) => FILES.get(file) ?? new Uint8Array();
let expected = '';
let root = '';
let top = '';
before(async () => {
  for (const name of ['HF_ENDPOINT', 'HF_TOKEN', 'HF_HUB_OFFLINE']) delete process.env[name];
  expected = await vectorOf(modelFiles());
});
beforeEach((context) => {
  root = temporaryFolder(/** @type {any} */ (context));
  top = join(root, 'models--tests--bert-small');
  process.env.HF_HUB_CACHE = root;
  delete process.env.HF_HUB_OFFLINE;
});

const at = (/** @type {string} */ file, commit = COMMIT) => join(top, 'snapshots', commit, file);

/** A model as huggingface_hub leaves it. @param {string[]} names */
function asPython(names) {
  mkdirSync(join(top, 'refs'), { recursive: true });
  writeFileSync(join(top, 'refs/main'), COMMIT);
  for (const name of names) {
    const bytes = FILES.get(name) ?? new Uint8Array();
    const blob = name === WEIGHTS ? sha256(bytes) : gitName(bytes);
    for (const path of [join(top, 'blobs', blob), at(name)]) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(join(top, 'blobs', blob), bytes);
    symlinkSync(`../../blobs/${blob}`, at(name));
  }
}

test("it lies as Python's tools have it, and is there without a network", async (context) => {
  const { endpoint, requests, hub } = await serveHub(context);
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  assert.equal(readFileSync(join(top, 'refs/main'), 'utf8'), COMMIT);
  for (const [name, bytes] of FILES) {
    if (!['config.json', 'vocab.txt', WEIGHTS].includes(name)) continue;
    const blob = name === WEIGHTS ? sha256(bytes) : gitName(bytes);
    assert.equal(readlinkSync(at(name)), `../../blobs/${blob}`);
    assert.deepEqual(readFileSync(at(name)), Buffer.from(bytes));
  }
  assert.equal(readdirSync(join(top, 'blobs')).length, 3);
  requests.length = 0;
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  assert.deepEqual(
    requests.map(({ at: place, file }) => `${place} ${file}`),
    ['list main'],
  );
  requests.length = 0;
  assert.equal(await vectorOf(ID, { endpoint, revision: COMMIT }), expected);
  assert.deepEqual(requests, []); // a commit does not change
  process.env.HF_HUB_OFFLINE = '1';
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  delete process.env.HF_HUB_OFFLINE;
  assert.deepEqual(requests, []);
  const silent = new URL(endpoint);
  silent.port = '9'; // nothing answers there
  assert.equal(await vectorOf(ID, { endpoint: silent.href }), expected);
  assert.ok(hub.asked.length > 0);
});

test('a branch that moves on: what has changed is fetched', async (context) => {
  const { endpoint, requests, state } = await serveHub(context);
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  const next = 'f'.repeat(40);
  state.commit = next;
  state.files = modelFiles({ 'tokenizer_config.json': { do_lower_case: false } });
  requests.length = 0;
  assert.equal(await vectorOf(ID, { endpoint }), await vectorOf(state.files));
  assert.deepEqual(
    requests.map(({ at: place, file }) => `${place} ${file}`),
    ['list main', 'hub tokenizer_config.json'],
  );
  assert.equal(readFileSync(join(top, 'refs/main'), 'utf8'), next);
  assert.equal(realpathSync(at(WEIGHTS, next)), realpathSync(at(WEIGHTS)));
});

/** Ways in which a kept file may be broken. @type {[string, (path: string) => void][]} */
const faults = [
  ['truncated', (path) => truncateSync(path, 300)],
  ['empty', (path) => truncateSync(path, 0)],
  [
    'ending in zeros',
    (path) => {
      const { size } = lstatSync(path);
      truncateSync(path, size - 20);
      truncateSync(path, size);
    },
  ],
  ['all zeros', (path) => writeFileSync(path, Buffer.alloc(lstatSync(path).size))],
  [
    'wrong in a byte',
    (path) => {
      const bytes = readFileSync(path);
      bytes[bytes.length - 9] ^= 1;
      writeFileSync(path, bytes);
    },
  ],
  ['longer', (path) => writeFileSync(path, 'x', { flag: 'a' })],
];
for (const [what, spoil] of faults) {
  for (const file of [WEIGHTS, 'vocab.txt', 'config.json']) {
    test(`${file} that is ${what} is found, and fetched once more`, async (context) => {
      const { endpoint, requests } = await serveHub(context);
      await loadTokenizer(ID, { endpoint });
      assert.equal(await vectorOf(ID, { endpoint }), expected);
      for (const worker of [false, true]) {
        spoil(realpathSync(at(file)));
        requests.length = 0;
        const encoder = await load(ID, { endpoint, worker });
        assert.equal((await encoder.embed('w5 w17 w99')).data.join(), expected);
        encoder.dispose();
        assert.deepEqual(filesAt(requests, 'hub'), [file]);
        assert.deepEqual(readFileSync(at(file)), Buffer.from(bytesOf(file)));
      }
      spoil(realpathSync(at(file)));
      process.env.HF_HUB_OFFLINE = '1';
      await assert.rejects(load(ID, { endpoint }), (/** @type {any} */ error) => {
        assert.match(
          `${error.name}: ${error.message}`,
          /^NetworkError: \S+ is not in the cache, and the hub/,
        );
        return error.message.startsWith(file);
      });
    });
  }
}

test('several loads at once: each has the model, and one copy stays', async (context) => {
  const { endpoint } = await serveHub(context);
  const vectors = await Promise.all([1, 2, 3].map(() => vectorOf(ID, { endpoint })));
  assert.deepEqual(vectors, [expected, expected, expected]);
  assert.equal(readdirSync(join(top, 'blobs')).length, 3);
  process.env.HF_HUB_OFFLINE = '1';
  assert.equal(await vectorOf(ID, { endpoint }), expected);
});

test('a model that Python has fetched whole is read without a network', async () => {
  asPython([...FILES.keys(), '.gitattributes']);
  process.env.HF_HUB_OFFLINE = '1';
  assert.equal(await vectorOf(ID), expected);
  assert.ok((await load(ID)).tokenize('w5').input_ids.data.length === 3);
});

test('of a model that Python has fetched in part, nobody knows without a network what is absent', async (context) => {
  asPython([...FILES.keys()]);
  process.env.HF_HUB_OFFLINE = '1';
  await rejects(
    load(ID),
    'NetworkError',
    /modules\.json is not in the cache, and the hub is not to be had: HF_HUB/,
  );
  // Python notes what it has asked for in vain.
  for (const name of [
    'modules.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'special_tokens_map.json',
    'added_tokens.json',
  ]) {
    mkdirSync(join(top, '.no_exist', COMMIT), { recursive: true });
    writeFileSync(join(top, '.no_exist', COMMIT, name), '');
  }
  assert.equal(await vectorOf(ID), expected);
  delete process.env.HF_HUB_OFFLINE;
  const { endpoint, requests } = await serveHub(context);
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  assert.deepEqual(filesAt(requests, 'hub'), []);
});

test('a mirror that lists nothing: what it sent, and what it had not, is known without a network', async (context) => {
  const { endpoint, requests } = await serveHub(context, { hasList: false });
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  requests.length = 0;
  process.env.HF_HUB_OFFLINE = '1';
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  assert.deepEqual(requests, []);
});

test('what was never fetched is said to be missing', async () => {
  process.env.HF_HUB_OFFLINE = '1';
  await rejects(
    load(ID),
    'NetworkError',
    /^tests\/bert-small is not in the cache, and HF_HUB_OFFLINE is set$/,
  );
});
