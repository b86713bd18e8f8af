// The demo's server and files: no link leads out of its folder, and whoever leaves early leaves nothing open.
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../../demo/serve.js';
import { until } from '../sources/server.js';

/**
 * A server of a folder of its own, with a page and what else is put there.
 * @param {import('node:test').TestContext} context
 * @param {(root: string) => void} fill
 */
async function startOwn(context, fill) {
  const root = mkdtempSync(join(tmpdir(), 'wasmformer-'));
  mkdirSync(join(root, 'build/site'), { recursive: true });
  writeFileSync(join(root, 'build/site/index.html'), '<!doctype html><title>page</title>');
  fill(root);
  const own = await startServer({ port: 0, root });
  context.after(async () => {
    await own.close();
    rmSync(root, { recursive: true });
  });
  return { root, own };
}

test('no link leads out of the folders of the page', async (context) => {
  const { own } = await startOwn(context, (root) => {
    writeFileSync(join(root, 'secret.txt'), 'secret');
    mkdirSync(join(root, 'build/site-not'));
    writeFileSync(join(root, 'build/site-not/secret.txt'), 'secret');
    for (const [name, target] of Object.entries({
      'up.txt': '../../secret.txt',
      'whole.txt': join(root, 'secret.txt'),
      'beside.txt': '../site-not/secret.txt',
      'twice.txt': 'up.txt',
      loop: 'loop',
      gone: 'nothing',
      folder: '..',
      'inside.html': 'index.html',
    }))
      symlinkSync(target, join(root, 'build/site', name));
  });
  const { status, text } = await fetchText(new URL('inside.html', own.url));
  assert.deepEqual([status, text], [200, '<!doctype html><title>page</title>']);
  for (const path of [
    'up.txt',
    'whole.txt',
    'beside.txt',
    'twice.txt',
    'loop',
    'gone',
    'folder/secret.txt',
    'folder',
  ]) {
    const answer = await fetchText(new URL(path, own.url));
    assert.equal(answer.status, 404, path);
    assert.doesNotMatch(answer.text, /secret$/);
  }
});

/** @param {URL} url */
async function fetchText(url) {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

test('a site that is itself a link is shown', async (context) => {
  const { own } = await startOwn(context, (root) => {
    renameSync(join(root, 'build/site'), join(root, 'elsewhere'));
    symlinkSync('../elsewhere', join(root, 'build/site'));
  });
  assert.match((await fetchText(new URL('/', own.url))).text, /<title>page</);
});

/** When a client may leave: with its question, before the answer; at the first bytes; or it resets the connection. */
for (const when of /** @type {const} */ (['with its question', 'at the first bytes', 'by a reset'])) {
  test(`files are closed when clients leave ${when}`, {
    skip: !existsSync('/proc/self/fd') && 'open files are counted in /proc',
  }, async (context) => {
    const { root, own } = await startOwn(context, (root) => {
      writeFileSync(join(root, 'build/site/big.bin'), '');
      truncateSync(join(root, 'build/site/big.bin'), 64 << 20);
    });
    const file = join(root, 'build/site/big.bin');
    let most = 0;
    const open = () => {
      const count = openFiles().filter((name) => name === file).length;
      most = Math.max(most, count);
      return count;
    };
    const port = Number(new URL(own.url).port);
    for (let i = 0; i < 400; i++) {
      await new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.write('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
          if (when === 'at the first bytes') return;
          if (when === 'by a reset') socket.resetAndDestroy();
          else socket.end();
          resolve(null);
        });
        socket.on('error', when === 'by a reset' ? () => {} : reject);
        socket.once('data', () => {
          open();
          socket.destroy();
          resolve(null);
        });
      });
    }
    if (when === 'at the first bytes') assert.ok(most > 0, 'a file that is sent is seen open');
    // By then the server has seen all that was asked before.
    for (let i = 0; i < 10; i++) assert.equal((await fetch(own.url)).status, 200);
    await until(() => open() === 0, 'all files are closed');
  });
}

/** What this process, the server's too, has open. */
function openFiles() {
  return readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // closed since
    }
  });
}
