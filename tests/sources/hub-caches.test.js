/** Which cache keeps what of the hub: the folder that variables name, none, or one of the caller's; and what is listed and deleted. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, beforeEach, test } from 'node:test';
import { cache } from '../../web/index.js';
import { temporaryFolder } from '../cli/command.js';
import { rejects } from '../encoder/fixtures.js';
import { COMMIT, filesAt, ID, serveHub } from './hub.js';
import { modelFiles, vectorOf } from './server.js';

const WEIGHTS = 'model.safetensors';
const LENGTH = modelFiles().get(WEIGHTS)?.length ?? 0;
let expected = '';
let root = '';
before(async () => {
  for (const name of ['HF_ENDPOINT', 'HF_TOKEN', 'HF_HUB_OFFLINE']) delete process.env[name];
  expected = await vectorOf(modelFiles());
});
beforeEach((context) => {
  root = temporaryFolder(/** @type {any} */ (context));
  process.env.HF_HUB_CACHE = root;
  delete process.env.HF_HUB_OFFLINE;
});

test('a folder that cannot be written is no error', async (context) => {
  const { endpoint } = await serveHub(context);
  const file = join(root, 'file');
  writeFileSync(file, '');
  process.env.HF_HUB_CACHE = file;
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  assert.deepEqual(await cache.list(), []);
});

test('cache: false leaves nothing and takes nothing', async (context) => {
  const { endpoint, requests } = await serveHub(context);
  for (let i = 0; i < 2; i++) assert.equal(await vectorOf(ID, { endpoint, cache: false }), expected);
  assert.deepEqual(filesAt(requests, 'storage'), [WEIGHTS, WEIGHTS]);
  assert.deepEqual(readdirSync(root), []);
});

test('cache.list and cache.delete', async (context) => {
  const { endpoint } = await serveHub(context);
  assert.deepEqual(await cache.list(), []);
  assert.equal(await vectorOf(ID, { endpoint }), expected);
  mkdirSync(join(root, 'datasets--tests--other'));
  const [{ id, size }, ...others] = await cache.list();
  assert.deepEqual([id, others], [ID, []]);
  assert.ok(size >= LENGTH);
  assert.equal(await cache.delete('tests/other'), false);
  assert.equal(await cache.delete(ID), true);
  assert.deepEqual(readdirSync(root), ['datasets--tests--other']);
  for (const wrong of ['../x', '', 'a/b/c', 5])
    await rejects(
      cache.delete(/** @type {any} */ (wrong)),
      'InputError',
      /no id of a model; expected owner\/name/,
    );
});

test('where the folder is, as the variables of Python’s tools say', async (context) => {
  const { endpoint } = await serveHub(context);
  const names = ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_HOME', 'XDG_CACHE_HOME', 'HOME'];
  const usual = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  context.after(() => {
    for (const [name, value] of Object.entries(usual)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  for (const name of names) delete process.env[name];
  for (const [name, folder] of /** @type {[string, string][]} */ ([
    ['HOME', '.cache/huggingface/hub'],
    ['XDG_CACHE_HOME', 'huggingface/hub'],
    ['HF_HOME', 'hub'],
    ['HUGGINGFACE_HUB_CACHE', '.'],
    ['HF_HUB_CACHE', '.'],
  ])) {
    const place = temporaryFolder(context);
    process.env[name] = place;
    assert.equal(await vectorOf(ID, { endpoint }), expected);
    assert.ok(existsSync(join(place, folder, 'models--tests--bert-small/refs/main')), name);
  }
});

/** @param {Map<string, { body: ArrayBuffer, init: Response }>} kept */
const mapCache = (kept) => ({
  match: async (/** @type {string} */ url) => {
    const found = kept.get(url);
    return found && new Response(found.body, found.init);
  },
  put: async (/** @type {string} */ url, /** @type {Response} */ response) => {
    kept.set(url, { body: await response.arrayBuffer(), init: response });
  },
  delete: async (/** @type {string} */ url) => kept.delete(url),
});

test("a cache of the caller's: kept there, found there, and checked", async (context) => {
  const { endpoint, requests } = await serveHub(context);
  const kept = new Map();
  const options = { endpoint, cache: mapCache(kept) };
  assert.equal(await vectorOf(ID, options), expected);
  assert.ok(kept.has(`${endpoint}/${ID}/resolve/${COMMIT}/${WEIGHTS}`));
  requests.length = 0;
  assert.equal(await vectorOf(ID, options), expected);
  assert.deepEqual(filesAt(requests, 'hub'), []);
  const weights = kept.get(`${endpoint}/${ID}/resolve/${COMMIT}/${WEIGHTS}`);
  new Uint8Array(weights.body).fill(0, LENGTH - 100);
  assert.equal(await vectorOf(ID, options), expected);
  assert.deepEqual(filesAt(requests, 'hub'), [WEIGHTS]);
  process.env.HF_HUB_OFFLINE = '1';
  assert.equal(await vectorOf(ID, options), expected);
  assert.deepEqual(readdirSync(root), []);
});

test('a cache that fails at anything costs no load', async (context) => {
  const { endpoint } = await serveHub(context);
  const fails = () => Promise.reject(new Error('quota'));
  const throws = () => {
    throw new Error('quota');
  };
  const ignores = async () => undefined;
  const late = async (/** @type {string} */ _url, /** @type {Response} */ response) => {
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    throw new Error('quota');
  };
  for (const put of [fails, throws, ignores, late])
    for (const match of [fails, throws, ignores])
      assert.equal(await vectorOf(ID, { endpoint, cache: { match, put, delete: fails } }), expected);
});
