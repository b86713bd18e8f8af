// Files that are written under another name until they are whole: who may read them, what they cannot overwrite, and that
// they go when the program is ended.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { openPartial } from '../../web/cli/partial.js';
import { modelFiles, until } from '../sources/server.js';
import { CLI, temporaryFolder } from './command.js';

const modeOf = (/** @type {string} */ path) => statSync(path).mode & 0o777;
const handlers = () => ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'].map((name) => process.listenerCount(name));
const PARTIAL = /^\.wasmformer-[0-9a-f-]{36}\.partial$/;

test('a file appears under its name when it is whole, with the rights of any new file', async (context) => {
  const folder = temporaryFolder(context);
  const before = handlers();
  const usual = join(folder, 'usual');
  writeFileSync(usual, '');
  const path = join(folder, 'vectors.npy');
  const { file, keep } = await openPartial(path);
  await file.writeFile('whole');
  const names = readdirSync(folder).filter((name) => name !== 'usual');
  assert.equal(names.length, 1);
  assert.match(names[0], PARTIAL);
  await keep();
  assert.deepEqual(readdirSync(folder).sort(), ['usual', 'vectors.npy']);
  assert.equal(readFileSync(path, 'utf8'), 'whole');
  assert.equal(modeOf(path), modeOf(usual));
  assert.deepEqual(handlers(), before);
});

test('a name is never the same twice', async (context) => {
  const folder = temporaryFolder(context);
  const files = [];
  for (let i = 0; i < 3; i++) files.push(await openPartial(join(folder, 'vectors.npy')));
  assert.equal(readdirSync(folder).length, 3);
  for (const { discard } of files) await discard();
  assert.deepEqual(readdirSync(folder), []);
});

test('a file that is replaced keeps its rights, and nobody else reads the new one before', async (context) => {
  const path = join(temporaryFolder(context), 'vectors.npy');
  for (const mode of [0o600, 0o640, 0o666]) {
    writeFileSync(path, 'old');
    chmodSync(path, mode);
    const { file, keep } = await openPartial(path);
    const { mode: partial } = await file.stat();
    assert.equal(partial & 0o777, 0o600);
    await file.writeFile('new');
    assert.equal(readFileSync(path, 'utf8'), 'old');
    await keep();
    assert.equal(readFileSync(path, 'utf8'), 'new');
    assert.equal(modeOf(path), mode);
  }
});

test('a link is written through, as a shell does it', async (context) => {
  const folder = temporaryFolder(context);
  const [target, link] = [join(folder, 'target'), join(folder, 'link')];
  writeFileSync(target, 'old');
  symlinkSync('target', link);
  const { file, keep } = await openPartial(link);
  await file.writeFile('new');
  await keep();
  assert.equal(readlinkSync(link), 'target');
  assert.equal(readFileSync(target, 'utf8'), 'new');
  assert.deepEqual(readdirSync(folder).sort(), ['link', 'target']);
});

test('what lies under the name that is chosen is neither followed nor removed', async (context) => {
  const folder = temporaryFolder(context);
  const [victim, trap] = [join(folder, 'victim'), join(folder, '.wasmformer-known.partial')];
  writeFileSync(victim, 'precious');
  symlinkSync(victim, trap);
  const known = mock.method(crypto, 'randomUUID', () => 'known');
  syncBuiltinESMExports();
  const before = handlers();
  try {
    await assert.rejects(openPartial(join(folder, 'vectors.npy')), /EEXIST/);
  } finally {
    known.mock.restore();
    syncBuiltinESMExports();
  }
  assert.equal(known.mock.callCount(), 1);
  assert.equal(readFileSync(victim, 'utf8'), 'precious');
  assert.ok(lstatSync(trap).isSymbolicLink());
  assert.deepEqual(handlers(), before);
});

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  test(`${signal} in the middle leaves nothing behind, and ends the program as ever`, async (context) => {
    const folder = temporaryFolder(context);
    const model = temporaryFolder(context);
    for (const [name, bytes] of modelFiles()) writeFileSync(join(model, name), bytes);
    const output = join(folder, 'vectors.npy');
    writeFileSync(output, 'old');
    const words = ['embed', '-m', model, '--batch', '1', '-o', output];
    const child = spawn(process.execPath, [CLI, ...words], { stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const ended = new Promise((resolve) => child.on('close', (code, by) => resolve({ code, by })));
    child.stdin.on('error', () => {});
    child.stdin.write('w5 w6\nw7\n'); // and no end
    await until(() => readdirSync(folder).some((name) => PARTIAL.test(name)), `it writes; ${stderr}`);
    child.kill(signal);
    assert.deepEqual(await ended, { code: null, by: signal });
    assert.deepEqual(readdirSync(folder), ['vectors.npy']);
    assert.equal(readFileSync(output, 'utf8'), 'old');
  });
}

test('a program that exits in the middle leaves nothing behind', async (context) => {
  const folder = temporaryFolder(context);
  const program = `import { readdirSync } from 'node:fs';
    import { openPartial } from ${JSON.stringify(new URL('../../web/cli/partial.js', import.meta.url).href)};
    await openPartial(process.argv[1] + '/vectors.npy');
    process.exit(readdirSync(process.argv[1]).length);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder]);
  assert.equal(await new Promise((resolve) => child.on('close', resolve)), 1);
  assert.deepEqual(readdirSync(folder), []);
});
