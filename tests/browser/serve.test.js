// The demo's server: what it shows, what it keeps to itself, and its headers. What the page does is tested elsewhere.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { startServer } from '../../demo/serve.js';

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
