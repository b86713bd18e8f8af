// The demo's server: what it shows, what it keeps to itself, and its headers. What the page does is tested elsewhere.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer } from '../../demo/serve.js';
import { until } from '../sources/server.js';

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
before(async () => {
  server = await startServer({ port: 0 });
});
after(() => server.close());

/**
 * Sends a path as it is, which fetch would tidy up.
 * @param {string} path
 * @param {string} [method]
 * @returns {Promise<number | undefined>} the status
 */
const statusOf = (path, method = 'GET') =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const sent = request({ hostname, port, path, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });

test('the address of the server leads to the page', async () => {
  const response = await fetch(new URL('/', server.url));
  assert.equal(response.url, server.url);
  assert.match(await response.text(), /<h1>wasmformer<\/h1>/);
});

test('the policy allows the import map by its hash and no other inline script or style', async () => {
  const response = await fetch(server.url);
  const policy = response.headers.get('content-security-policy') ?? '';
  const map = /<script type="importmap">([\s\S]*?)<\/script>/.exec(await response.text())?.[1] ?? '';
  assert.ok(policy.includes(`'sha256-${createHash('sha256').update(map).digest('base64')}'`), policy);
  assert.match(policy, /default-src 'self'; script-src 'self' 'wasm-unsafe-eval' /);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*/);
});

test('files have the types that browsers ask for', async () => {
  for (const [path, type] of [
    ['demo.js', 'text/javascript'],
    ['style.css', 'text/css'],
    ['icon.svg', 'image/svg+xml'],
    ['../web/wasm/wasmformer-base.wasm', 'application/wasm'],
  ]) {
    const response = await fetch(new URL(path, server.url));
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get('content-type')?.split(';')[0], type, path);
    assert.equal(
      (await response.arrayBuffer()).byteLength,
      Number(response.headers.get('content-length')),
      path,
    );
  }
});

test('nothing outside the folders of the page is shown', async () => {
  for (const path of [
    '/package.json',
    '/demo/../package.json',
    '/demo/%2e%2e/package.json',
    '/demo/..%2fpackage.json',
    '/demo/..\\package.json',
    '/demo/%00',
    '/demo/%ff',
    '/.git/config',
    '/web/wasm/',
    '/node_modules/typescript/package.json',
    '//demo/index.html',
    'http://example.org/demo/index.html',
  ]) {
    const status = await statusOf(path);
    assert.ok(status === 400 || status === 404, `${path}: ${status}`);
  }
  assert.equal(await statusOf('/demo/', 'POST'), 405);
  assert.equal(await statusOf('/demo/', 'HEAD'), 200);
});

test('a page is isolated on request', async () => {
  const isolated = await startServer({ port: 0, isolate: true });
  try {
    const { headers } = await fetch(isolated.url);
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.equal(headers.get('cross-origin-embedder-policy'), 'require-corp');
    assert.equal((await fetch(server.url)).headers.get('cross-origin-opener-policy'), null);
  } finally {
    await isolated.close();
  }
});

test('a port in use is named in the error', async () => {
  await assert.rejects(startServer({ port: Number(new URL(server.url).port) }), /EADDRINUSE/);
});

/**
 * A server of a folder of its own, with a page and what else is put there.
 * @param {import('node:test').TestContext} context
 * @param {(root: string) => void} fill
 */
async function startOwn(context, fill) {
  const root = mkdtempSync(join(tmpdir(), 'wasmformer-'));
  mkdirSync(join(root, 'demo'));
  writeFileSync(join(root, 'demo/index.html'), '<!doctype html><title>page</title>');
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
    mkdirSync(join(root, 'demo-not'));
    writeFileSync(join(root, 'demo-not/secret.txt'), 'secret');
    for (const [name, target] of Object.entries({
      'up.txt': '../secret.txt',
      'whole.txt': join(root, 'secret.txt'),
      'beside.txt': '../demo-not/secret.txt',
      'twice.txt': 'up.txt',
      loop: 'loop',
      gone: 'nothing',
      folder: '..',
      'inside.html': 'index.html',
    }))
      symlinkSync(target, join(root, 'demo', name));
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

test('a folder that is itself a link is shown, as fetched models may be', async (context) => {
  const { root, own } = await startOwn(context, (root) => {
    mkdirSync(join(root, 'elsewhere'));
    writeFileSync(join(root, 'elsewhere/config.json'), '{}');
    mkdirSync(join(root, '.cache'));
    symlinkSync('../elsewhere', join(root, '.cache/minilm'));
  });
  assert.ok(root);
  assert.equal((await fetchText(new URL('/models/minilm/config.json', own.url))).text, '{}');
});

/** When a client may leave: with its question, before the answer; at the first bytes; or it resets the connection. */
for (const when of /** @type {const} */ (['with its question', 'at the first bytes', 'by a reset'])) {
  test(`files are closed when clients leave ${when}`, {
    skip: !existsSync('/proc/self/fd') && 'open files are counted in /proc',
  }, async (context) => {
    const { root, own } = await startOwn(context, (root) => {
      writeFileSync(join(root, 'demo/big.bin'), '');
      truncateSync(join(root, 'demo/big.bin'), 64 << 20);
    });
    const file = join(root, 'demo/big.bin');
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
          socket.write('GET /demo/big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
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
