/** What may stand for a model's folder: paths, file URLs, Maps and objects of other realms, blobs, directory handles. */
import assert from 'node:assert/strict';
import { mkdirSync, openAsBlob, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { load } from '../../web/index.js';
import { temporaryFolder } from '../cli/command.js';
import { rejects } from '../encoder/fixtures.js';
import { answerWell, modelFiles, serve, vectorOf } from './server.js';

let expected = '';
before(async () => {
  expected = await vectorOf(modelFiles());
});

/** A folder on disk with a model in it. @param {string} folder */
function write(folder) {
  for (const [name, bytes] of modelFiles()) writeFileSync(join(folder, name), bytes);
  return folder;
}

test('a folder by its path and by its file URL, whatever characters are in its name', async (context) => {
  const top = temporaryFolder(context);
  for (const name of ['a b', '100%', 'c#d', 'e?f', 'C:', 'ü', 'https:', '%20']) {
    const folder = join(top, name);
    mkdirSync(folder);
    write(folder);
    const url = pathToFileURL(folder);
    for (const source of [folder, `${folder}/`, url, url.href, url.href.replace('file:', 'FILE:')])
      assert.equal(await vectorOf(source), expected, String(source));
  }
});

test('an address in capitals, without a slash at its end, or with a part behind #', async (context) => {
  const { url } = await serve(context, answerWell);
  const { port } = new URL(url);
  for (const address of [
    `HTTP://127.0.0.1:${port}/`,
    `Http://LOCALHOST.:${port}`.replace('LOCALHOST.', '127.0.0.1'),
    `${url}#x`,
  ])
    assert.equal(await vectorOf(address), expected, address);
});

test('addresses that can be no folder are refused', async () => {
  for (const [address, message] of /** @type {[string | URL, RegExp][]} */ ([
    ['file://host.example/model', /no address of a folder/],
    ['file:///a%2Fb', /no address of a folder/],
    ['http://', /no address of a folder/],
    [new URL('data:text/plain,x'), /source begins with data:/],
    ['http://me:secret@localhost/', /password in its address/],
    ['', /there is no folder ""/],
    ['a\0b', /there is no folder/],
  ])) {
    await assert.rejects(load(address), (/** @type {any} */ error) => {
      assert.equal(error.name, 'InputError');
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  }
});

test('bytes, buffers, Maps and URLs of another realm are as good as own ones', async (context) => {
  const realm = vm.createContext({});
  const [TheirBytes, TheirMap, TheirView] = ['Uint8Array', 'Map', 'DataView'].map((name) =>
    vm.runInContext(name, realm),
  );
  const own = [...modelFiles()];
  const theirs = own.map(([name, bytes]) => [name, TheirBytes.from(bytes)]);
  const buffers = own.map(([name, bytes]) => [name, bytes.buffer]);
  const views = own.map(([name, bytes]) => [name, new TheirView(bytes.buffer)]);
  for (const entries of [own, theirs, buffers, views]) {
    assert.equal(await vectorOf(new Map(/** @type {any} */ (entries))), expected);
    assert.equal(await vectorOf(new TheirMap(entries)), expected);
  }
  const folder = pathToFileURL(write(temporaryFolder(context)));
  // Node has no URL of another realm; this is one by all that can be asked of it.
  const url = { href: folder.href, toString: () => folder.href, [Symbol.toStringTag]: 'URL' };
  assert.equal(await vectorOf(url), expected);
});

test('a part of a larger buffer is taken, not the buffer', async () => {
  const entries = [...modelFiles()].map(([name, bytes]) => {
    const larger = new Uint8Array(bytes.length + 20).fill(7);
    larger.set(bytes, 10);
    return /** @type {const} */ ([name, larger.subarray(10, 10 + bytes.length)]);
  });
  assert.equal(await vectorOf(new Map(entries)), expected);
});

test('a Map of other things is refused', async () => {
  for (const value of ['text', 5, null, [1, 2]]) {
    const files = /** @type {Map<string, any>} */ (modelFiles());
    files.set('config.json', value);
    await rejects(load(files), 'InputError', /"config\.json" is .+; expected bytes or a Blob/);
  }
});

test('a file that changes while it is read is a typed error', async (context) => {
  const folder = write(temporaryFolder(context));
  const path = join(folder, 'model.safetensors');
  const files = /** @type {Map<string, any>} */ (modelFiles());
  files.set('model.safetensors', await openAsBlob(path));
  assert.equal(await vectorOf(files), expected);
  writeFileSync(path, 'changed');
  await rejects(load(files), 'FormatError', /model\.safetensors cannot be read: /);
});

/**
 * A directory handle as browsers give it.
 * @param {Map<string, any>} files an error instead of bytes is thrown
 * @returns {any}
 */
const handleOf = (files) => ({
  name: 'chosen',
  kind: 'directory',
  async getDirectoryHandle() {
    throw new DOMException('no such folder', 'NotFoundError');
  },
  async getFileHandle(/** @type {string} */ name) {
    const found = files.get(name) ?? new DOMException('no such file', 'NotFoundError');
    if (found instanceof Error) throw found;
    return { getFile: async () => new Blob([found]) };
  },
  async *keys() {
    yield* files.keys();
  },
});

test('a directory handle: files, absent ones, folders by the name of a file, and a permission that is gone', async () => {
  const files = /** @type {Map<string, any>} */ (modelFiles());
  files.set('tokenizer.json', new DOMException('it is a folder', 'TypeMismatchError'));
  assert.equal(await vectorOf(handleOf(files)), expected);
  files.set('tokenizer.json', new DOMException('not allowed', 'NotAllowedError'));
  await rejects(load(handleOf(files)), 'InputError', /tokenizer\.json in chosen cannot be read: not allowed/);
  const other = modelFiles({ 'model.safetensors': null, 'a.gguf': 'x' });
  await rejects(load(handleOf(other)), 'UnsupportedError', /chosen has its weights in a\.gguf only/);
});
