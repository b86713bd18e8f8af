// The demo's server: what it shows, what it keeps to itself, and its headers. What the page does is tested elsewhere.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { startServer } from '../../demo/serve.js';
import { MINILM } from './browser.js';

const SITE = fileURLToPath(new URL('../../build/site/', import.meta.url));

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
before(async () => {
  server = await startServer({ port: 0 });
});
after(() => server.close());

/**
 * Sends a path as it is, which fetch would tidy up, and gives the bytes as they came.
 * @param {string} path
 * @param {{ url?: string, method?: string, headers?: Record<string, string> }} [options]
 * @returns {Promise<{ status: number | undefined, headers: import('node:http').IncomingHttpHeaders, body: Buffer }>}
 */
const answerOf = (path, { url = server.url, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path, ...options }, async (response) => {
      const { statusCode: status, headers } = response;
      resolve({ status, headers, body: Buffer.concat(await response.toArray()) });
    });
    sent.on('error', reject);
    sent.end();
  });

/** What the build left beside the page. @param {RegExp} name */
const assetOf = (name) => {
  const found = readdirSync(join(SITE, 'assets')).find((file) => name.test(file));
  assert.ok(found, `${name} in ${SITE}; \`make site\` makes it`);
  return `assets/${found}`;
};

test('the address of the server leads to the page, with a query, too', async () => {
  for (const path of ['/', '/index.html', '/?from=here']) {
    const response = await fetch(new URL(path, server.url));
    assert.equal(response.status, 200, path);
    assert.match(await response.text(), /<title>wasmformer: /);
  }
});

test('the page states its policy: its inline script by its hash, and no other', async () => {
  const html = await (await fetch(server.url)).text();
  const policy = /http-equiv="content-security-policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
  const inline = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script);
  assert.equal(inline.length, 1);
  assert.ok(policy.includes(`'sha256-${createHash('sha256').update(inline[0]).digest('base64')}'`), policy);
  assert.match(policy, /default-src 'self'; script-src 'self' 'wasm-unsafe-eval' /);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*/);
  assert.doesNotMatch(html, /\sstyle=|\son\w+=/);
});

/** The page's files and what browsers must be told that they are. @type {[RegExp, string][]} */
const FILES = [
  [/^main-.*\.js$/, 'text/javascript; charset=utf-8'],
  [/^style-.*\.css$/, 'text/css; charset=utf-8'],
  [/^icon-.*\.svg$/, 'image/svg+xml'],
  [/^preview-.*\.png$/, 'image/png'],
  [/^newsreader-.*\.woff2$/, 'font/woff2'],
];

test('files have the types that browsers ask for, and their own bytes', async () => {
  for (const [name, type] of FILES) {
    const path = assetOf(name);
    const { headers, body } = await answerOf(`/${path}`);
    assert.equal(headers['content-type'], type, path);
    assert.equal(headers['content-encoding'], undefined, path);
    assert.equal(headers['x-content-type-options'], 'nosniff', path);
    assert.deepEqual(body, readFileSync(join(SITE, path)), path);
    assert.equal(Number(headers['content-length']), body.length, path);
  }
  const { headers, body } = await answerOf('/models/minilm/config.json');
  assert.equal(headers['content-type'], 'application/json; charset=utf-8');
  assert.equal(JSON.parse(String(body)).model_type, 'bert');
});

test('who takes gzip gets text so, and pictures as they are', async () => {
  for (const [name, type] of FILES) {
    const path = assetOf(name);
    const plain = readFileSync(join(SITE, path));
    const { headers, body } = await answerOf(`/${path}`, { headers: { 'accept-encoding': 'br, gzip' } });
    const isPressed = !/png|woff2/.test(type);
    assert.equal(headers['content-encoding'], isPressed ? 'gzip' : undefined, path);
    assert.equal(Number(headers['content-length']), body.length, path);
    if (isPressed) assert.ok(body.length < plain.length, path);
    assert.deepEqual(isPressed ? gunzipSync(body) : body, plain, path);
  }
  const head = await answerOf('/', { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } });
  assert.deepEqual([head.status, head.body.length], [200, 0]);
  const missing = await answerOf('/nothing', { headers: { 'accept-encoding': 'gzip' } });
  assert.deepEqual([missing.status, missing.headers['content-encoding']], [404, undefined]);
});

test('the models that the site has are listed with their files and sizes', async () => {
  const models = await (await fetch(new URL('/models/index.json', server.url))).json();
  const texts = models.filter((/** @type {{ kind: string }} */ { kind }) => kind === 'text');
  assert.equal(texts.length, 1);
  const [{ name, path, bytes, files }] = texts;
  assert.deepEqual([name, path], ['all-MiniLM-L6-v2', 'models/minilm/']);
  for (const file of ['config.json', 'tokenizer.json', 'model.safetensors', '1_Pooling/config.json'])
    assert.ok(files.includes(file), file);
  let sum = 0;
  for (const file of files) {
    const { status, headers } = await answerOf(`/${path}${file}`, { method: 'HEAD' });
    assert.equal(status, 200, file);
    assert.equal(Number(headers['content-length']), statSync(join(MINILM, file)).size, file);
    sum += statSync(join(MINILM, file)).size;
  }
  assert.equal(bytes, sum);
});

test('a page under a path of its own is found there only, with its files and models', async (context) => {
  const below = await startServer({ port: 0, under: '/a/b/' });
  context.after(() => below.close());
  assert.match(below.url, /\/a\/b\/$/);
  const answers = ['/a/b/', `/a/b/${assetOf(/^main-/)}`, '/a/b/models/index.json', '/a/b/docs/'];
  for (const path of answers) assert.equal((await answerOf(path, { url: below.url })).status, 200, path);
  for (const path of ['/', '/a', '/index.html', '/models/index.json']) {
    const { status, headers } = await answerOf(path, { url: below.url });
    assert.deepEqual([status, headers.location], [302, '/a/b/'], path);
  }
  const { status, headers } = await answerOf('/a/b/docs', { url: below.url });
  assert.deepEqual([status, headers.location], [302, '/a/b/docs/']);
  // What the page names, it names from where it stands.
  const html = String((await answerOf('/a/b/', { url: below.url })).body);
  for (const [, path] of html.matchAll(/(?:src|href)="([^"]*)"/g)) assert.doesNotMatch(path, /^\/|^https?:/);
});

test('nothing outside the folders of the page is shown', async () => {
  for (const [path, expected] of /** @type {[string, number][]} */ ([
    ['/package.json', 404],
    ['/nothing', 404],
    ['/assets/', 404],
    ['/models/', 404],
    ['/models/minilm/', 404],
    ['/models/minilm/nothing.json', 404],
    ['/web/index.js', 404],
    ['/demo/main.js', 404],
    ['/node_modules/typescript/package.json', 404],
    ['/../package.json', 400],
    ['/%2e%2e/package.json', 400],
    ['/..%2fpackage.json', 400],
    ['/..\\package.json', 400],
    ['/models/minilm/../../package.json', 400],
    ['/models/minilm/%2e%2e/%2e%2e/package.json', 400],
    ['/models/minilm/.gitattributes', 400],
    ['/.nojekyll', 400],
    ['/.git/config', 400],
    ['/%00', 400],
    ['/%ff', 400],
    ['//index.html', 400],
    ['http://example.org/index.html', 400],
  ])) {
    assert.equal((await answerOf(path)).status, expected, path);
  }
});

test('only GET and HEAD are answered, and others are told so', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { status, headers } = await answerOf('/', { method });
    assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'], method);
  }
  const { status, headers, body } = await answerOf('/', { method: 'HEAD' });
  assert.deepEqual([status, body.length], [200, 0]);
  assert.equal(Number(headers['content-length']), statSync(join(SITE, 'index.html')).size);
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
