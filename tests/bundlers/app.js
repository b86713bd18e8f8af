// An app that uses the package on its page, in the package's workers and in a worker of its own, as a folder for bundlers; and what
// such a page says. Not a test.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { pack } from '../package/pack.js';
import { modelFiles, vectorOf } from '../sources/server.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Where the Makefile installs the bundlers. */
export const BUNDLERS = process.env.BUNDLERS ?? join(ROOT, '.cache/bundlers/node_modules');
const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
});
const MODEL = modelFiles();

const MAIN = `import { load } from 'wasmformer';
import { encodings } from 'wasmformer/encodings';
const show = (key, value) => document.body.append(key + '=' + String(value).replaceAll(';', ',') + ';');
const told = (key) => ({ message }) => show(key, 'failed: ' + message);
const embed = async (key, options) => {
  const encoder = await load('/model', { simd: 'base', ...options });
  show(key, (await encoder.embed('w5 w17 w99')).data.join());
};
const own = new Worker(new URL('./own.js', import.meta.url), { type: 'module' });
own.onmessage = ({ data }) => show('own', data);
own.onerror = told('own');
embed('page').catch(told('page'));
embed('worker', { worker: true }).catch(told('worker'));
load('/model', { simd: 'base', threads: 2 }).then(async (encoder) => {
  const { why } = crossOriginIsolated && !/inline/.test(encoder.info.why) ? encoder.info : { why: null };
  show('threads', why ?? (await encoder.embed('w5 w17 w99')).data.join());
}, told('threads'));
encodings().then((pe) => show('encodings', pe.alibi({ length: 2, heads: 2 }).shape), told('encodings'));
`;
const OWN = `import { load } from 'wasmformer';
load('/model', { simd: 'base' })
  .then((encoder) => encoder.embed('w5 w17 w99'))
  .then(({ data }) => postMessage(data.join()), ({ message }) => postMessage('failed: ' + message));
`;
const page = (/** @type {string} */ script) =>
  `<!doctype html><body><script type="module" src="./${script}"></script>`;
const KEYS = ['page', 'worker', 'threads', 'own', 'encodings'];

/**
 * A new folder with the app and the packed package in node_modules.
 * @param {Record<string, string>} [files] besides, or instead of the app's own
 * @param {string[]} [linked] packages of the bundlers that it has, too
 * @param {string} [at] the folder that it lies in
 */
export function makeApp(files = {}, linked = [], at = tmpdir()) {
  const app = mkdtempSync(join(at, 'wasmformer-bundled-'));
  pack(app);
  for (const name of linked) {
    mkdirSync(join(app, 'node_modules', name, '..'), { recursive: true });
    symlinkSync(join(BUNDLERS, name), join(app, 'node_modules', name));
  }
  const all = { 'main.js': MAIN, 'own.js': OWN, 'index.html': page('main.js'), ...files };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(join(app, name, '..'), { recursive: true });
    writeFileSync(join(app, name), content);
  }
  return app;
}

/** Runs a program of the bundlers. @param {string} app @param {string} command its name or its file, and arguments */
export function run(app, command) {
  const [name, ...rest] = command.split(' ');
  const program = name.includes('/') ? join(BUNDLERS, name) : join(BUNDLERS, '.bin', name);
  try {
    return execFileSync(process.execPath, [program, ...rest], { cwd: app, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, stderr } = /** @type {any} */ (error);
    return assert.fail(`${command}: ${stdout}\n${stderr}`);
  }
}

/** What the documentation says to copy where a bundler leaves the package's files. @param {string} app */
export function copyCore(app) {
  cpSync(join(app, 'node_modules/wasmformer/dist'), join(app, 'out'), {
    recursive: true,
    filter: (path) => !/\.js$/.test(path) || /\/(?:worker|thread|chunk-\w+)\.js$/.test(path),
  });
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
export function answerModel({ url }, response) {
  const [, name] = /^\/model\/([^?]*)/.exec(url ?? '') ?? [];
  if (name === undefined) return false;
  const bytes = MODEL.get(name);
  if (bytes) response.end(Buffer.from(bytes));
  else response.writeHead(404).end();
  return true;
}

/**
 * The app's `out` from a plain server.
 * @param {string} app
 * @param {string} [script] for which there is to be a page
 * @param {Partial<Record<string, string>>} [wanted]
 * @param {boolean} [fallsBack] whether the server answers with the page in place of what it lacks
 */
export async function assertRuns(app, script, wanted, fallsBack = false) {
  if (script) writeFileSync(join(app, 'out/index.html'), page(script));
  const server = createServer((request, response) => {
    if (answerModel(request, response)) return;
    const path = request.url === '/' ? '/index.html' : (request.url ?? '').split('?')[0];
    // Threads are for such pages alone.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    try {
      const body = readFileSync(join(app, 'out', path));
      response.setHeader('content-type', TYPES[extname(path)] ?? 'text/plain').end(body);
    } catch {
      if (!fallsBack) response.writeHead(404).end();
      else response.setHeader('content-type', 'text/html').end(readFileSync(join(app, 'out/index.html')));
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    await assertPage(`http://127.0.0.1:${port}/`, wanted);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/**
 * @param {string} url of the app's page
 * @param {Partial<Record<string, string>>} [wanted] what it says of some keys in place of the right vector
 */
export async function assertPage(url, wanted = {}) {
  const vector = await vectorOf(MODEL, { simd: 'base' });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  try {
    const opened = await browser.newPage();
    await opened.goto(url);
    await opened.waitForFunction(
      (count) => (document.body.innerText.match(/;/g) ?? []).length >= count,
      KEYS.length,
      { timeout: 60_000 },
    );
    const text = await opened.evaluate(() => document.body.innerText);
    const said = Object.fromEntries(text.split(';').map((one) => one.split(/=(.*)/s, 2)));
    for (const key of KEYS) {
      /** @type {string} */
      const right = wanted[key] ?? (key === 'encodings' ? '2,2,2' : vector);
      assert.equal(said[key], right, `${key}: ${said[key]}`);
    }
  } finally {
    await browser.close();
  }
}
