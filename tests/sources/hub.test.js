/** Models of the hub by their ids: what is asked for and how often, who gets the token, what an answer means. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { load, loadTokenizer } from '../../web/index.js';
import { temporaryFolder } from '../cli/command.js';
import { rejects } from '../encoder/fixtures.js';
import { COMMIT, filesAt, ID, serveHub } from './hub.js';
import { inShards, modelFiles, vectorOf } from './server.js';

const LOADED = ['config.json', 'model.safetensors', 'vocab.txt'];
let expected = '';
before(async () => {
  for (const name of ['HF_ENDPOINT', 'HF_TOKEN', 'HF_HUB_OFFLINE']) delete process.env[name];
  expected = await vectorOf(modelFiles());
});

test('each file is asked for once, of one commit, and all before the first has come', async (context) => {
  /** @type {(() => void)[]} */
  const held = [];
  const { endpoint, requests, hub } = await serveHub(context, {
    otherwise: ({ at, well }) => {
      if (at !== 'hub') return false;
      held.push(well);
      if (held.length === LOADED.length) for (const go of held) go();
      return true;
    },
  });
  assert.equal(await vectorOf(ID, { endpoint, cache: false }), expected);
  assert.deepEqual(filesAt(requests, 'list'), ['main']);
  assert.deepEqual(filesAt(requests, 'hub').sort(), LOADED);
  assert.deepEqual(filesAt(requests, 'storage'), ['model.safetensors']);
  const paths = hub.asked.filter((path) => path.includes('/resolve/'));
  assert.ok(
    paths.every((path) => path.startsWith(`${ID}/resolve/${COMMIT}/`)),
    paths.join(),
  );
});

test('a tokenizer alone takes no weights, shards are found by their index, and other folders are left', async (context) => {
  const files = inShards(3);
  files.set('onnx/model.onnx', new Uint8Array(9));
  const { endpoint, requests } = await serveHub(context, { files });
  const tokenizer = await loadTokenizer(ID, { endpoint, cache: false });
  assert.equal(tokenizer.encode('w5').ids.length, 3);
  assert.deepEqual(filesAt(requests, 'hub').sort(), ['config.json', 'vocab.txt']);
  assert.equal(await vectorOf(ID, { endpoint, cache: false }), expected);
  assert.ok(!requests.some(({ file }) => file.startsWith('onnx')));
});

test('in a worker, and in two, which fetch a model once', async (context) => {
  process.env.HF_HUB_CACHE = temporaryFolder(context);
  const { endpoint, requests } = await serveHub(context);
  /** @type {number[]} */
  const shares = [];
  const encoder = await load(ID, {
    ...{ endpoint, worker: 2 },
    progress: ({ all }) => shares.push(all.loaded / all.total),
  });
  assert.equal((await encoder.embed('w5 w17 w99')).data.join(), expected);
  encoder.dispose();
  assert.deepEqual(filesAt(requests, 'storage'), ['model.safetensors']);
  assert.equal(shares.at(-1), 1);
  assert.deepEqual(shares.toSorted(), shares);
});

test("the token goes to the hub's own origin alone", async (context) => {
  const { endpoint, requests } = await serveHub(context);
  assert.equal(await vectorOf(ID, { endpoint, token: 'hf_secret', cache: false }), expected);
  const sent = (/** @type {string} */ at) =>
    new Set(requests.filter((one) => one.at === at).map(({ authorization }) => authorization));
  assert.deepEqual([...sent('list'), ...sent('hub')], ['Bearer hf_secret', 'Bearer hf_secret']);
  assert.deepEqual([...sent('storage')], [undefined]);
  // An address of the hub gets it, too; another one does not.
  requests.length = 0;
  const at = `${endpoint}/${ID}/resolve/main`;
  assert.equal(await vectorOf(at, { endpoint, token: 'hf_secret' }), expected);
  assert.deepEqual([...sent('hub'), ...sent('storage')], ['Bearer hf_secret', undefined]);
  requests.length = 0;
  assert.equal(await vectorOf(at, { token: 'hf_secret' }), expected);
  assert.deepEqual([...sent('hub')], [undefined]);
});

test('HF_TOKEN is for the hub that the environment names, not for another', async (context) => {
  context.after(() => {
    for (const name of ['HF_ENDPOINT', 'HF_TOKEN']) delete process.env[name];
  });
  const { endpoint, requests } = await serveHub(context);
  process.env.HF_TOKEN = 'hf_environment';
  assert.equal(await vectorOf(ID, { endpoint, cache: false }), expected);
  assert.ok(requests.every(({ authorization }) => authorization === undefined));
  requests.length = 0;
  process.env.HF_ENDPOINT = `${endpoint}/`;
  assert.equal(await vectorOf(ID, { cache: false }), expected);
  assert.ok(requests.every(({ at, authorization }) => (authorization !== undefined) === (at !== 'storage')));
});

test('a folder of that name is the folder', async (context) => {
  const top = temporaryFolder(context);
  mkdirSync(join(top, ID), { recursive: true });
  for (const [name, bytes] of modelFiles()) writeFileSync(join(top, ID, name), bytes);
  const { endpoint, requests } = await serveHub(context);
  const before = process.cwd();
  process.chdir(top);
  try {
    assert.equal(await vectorOf(ID, { endpoint }), expected);
  } finally {
    process.chdir(before);
  }
  assert.deepEqual(requests, []);
});

/** @type {{ what: string, status: number, headers?: Record<string, string>, token?: string, name: string, message: RegExp }[]} */
const refusals = [
  {
    ...{ what: 'gated', status: 401, name: 'NetworkError' },
    headers: { 'x-error-code': 'GatedRepo', 'x-error-message': 'Access to it is restricted.' },
    message:
      /config\.json could not be fetched: the server answered 401 Unauthorized: Access to it is restricted\.; it may be gated or private: accept its terms at http\S+\/tests\/bert-small and give your token as the option "token"; or the id is not right$/,
  },
  {
    ...{ what: 'gated, with a token', status: 403, token: 'hf_secret', name: 'NetworkError' },
    message:
      /the server answered 403 Forbidden; the token does not open it: .* accepted at http\S+\/tests\/bert-small\?$/,
  },
  {
    ...{ what: 'no such model', status: 404, name: 'InputError' },
    headers: { 'x-error-message': 'Repository not found' },
    message:
      /^there is no (?:config|tokenizer)\.json in tests\/bert-small of http\S+ \(the server answered 404 Not Found: Repository not found\)/,
  },
];
for (const { what, status, headers = {}, token, name, message } of refusals) {
  test(`${what}: the error says what to do`, async (context) => {
    const { endpoint } = await serveHub(context, {
      otherwise: ({ response }) => Boolean(response.writeHead(status, headers).end()),
    });
    for (const read of [load, loadTokenizer])
      await assert.rejects(read(ID, { endpoint, cache: false, token }), (/** @type {any} */ error) => {
        assert.equal(error.name, name);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
  });
}

test('the id of no model: it is asked whether it is right, and whether a folder was meant', async (context) => {
  const { endpoint } = await serveHub(context);
  const message =
    /is the id right\? It is .* page has, http\S+\/tests\/none; there is no folder "tests\/none" here either$/;
  await rejects(load('tests/none', { endpoint, cache: false }), 'InputError', message);
});

test('a file that the model does not have is not asked for', async (context) => {
  const { endpoint, requests } = await serveHub(context, {
    files: modelFiles({ 'model.safetensors': null, 'pytorch_model.bin': 'x' }),
  });
  const message = /tests\/bert-small of http\S+ has its weights in pytorch_model\.bin only; convert/;
  await rejects(load(ID, { endpoint, cache: false }), 'UnsupportedError', message);
  const asked = filesAt(requests, 'hub');
  assert.ok(
    asked.every((file) => ['config.json', 'vocab.txt'].includes(file)),
    asked.join(),
  );
});

test('a mirror that lists nothing will do', async (context) => {
  const { endpoint, requests, hub } = await serveHub(context, { hasList: false });
  assert.equal(await vectorOf(ID, { endpoint, cache: false }), expected);
  const asked = filesAt(requests, 'hub');
  assert.deepEqual([...new Set(asked)].sort(), [...asked].sort()); // each once
  assert.equal(hub.asked.filter((path) => path.includes('/resolve/main/')).length, 1);
});

test('the revision is told, and one that is none is no path', async (context) => {
  const { endpoint, requests } = await serveHub(context);
  assert.equal(await vectorOf(ID, { endpoint, revision: COMMIT, cache: false }), expected);
  assert.deepEqual(filesAt(requests, 'list'), [COMMIT]);
  await rejects(
    load(ID, { endpoint, revision: 'v9', cache: false }),
    'InputError',
    /no config\.json in tests\//,
  );
});
