// Sources in a real Chromium: addresses relative to a page and to a worker, other origins, and connections that wait.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { answerLibrary, openPage } from './page.js';
import { answerWell, inShards, modelFiles, serve, until, vectorOf } from './server.js';

const WORKER = `import { openPlace } from '/web/platform-browser.js';
openPlace('./models/one', { url: ({ href }) => postMessage(href) });`;

/** The files of several models, each in a folder of its name. @param {Record<string, Map<string, Uint8Array>>} models */
const inFolders = (models) =>
  new Map(
    Object.entries(models).flatMap(([folder, files]) =>
      [...files].map(([name, bytes]) => /** @type {const} */ ([`${folder}/${name}`, bytes])),
    ),
  );

/** @type {(() => Promise<void>)[]} */
const ends = [];
const context = { after: (/** @type {() => Promise<void>} */ end) => ends.push(end) };
/** @type {import('playwright-core').Page} */
let page;
let expected = '';
let url = '';

before(async () => {
  expected = await vectorOf(modelFiles(), { simd: 'base' }); // the build that every engine runs
  const models = inFolders({ 'pages/models/one': modelFiles(), 'models/shards': inShards(8) });
  const served = await serve(
    context,
    (answering) => {
      const { path, bytes, response, times } = answering;
      if (answerLibrary(answering)) return;
      if (path === 'pages/worker.js') response.setHeader('content-type', 'text/javascript').end(WORKER);
      // A shard holds its connection until it is let go, when its header alone is wanted.
      else if (path.includes('-of-') && times === 1) response.write(bytes?.subarray(0, -1));
      else answerWell(answering);
    },
    models,
  );
  url = served.url;
  page = await openPage(url, context);
  await page.evaluate(async () => {
    const { load } = await import(/** @type {any} */ ('wasmformer'));
    /** What a model makes of a text, or the error. */
    const vectorOf = async (/** @type {any} */ source, /** @type {any} */ options) => {
      try {
        const encoder = await load(source, { simd: 'base', ...options });
        const { data } = await encoder.embed('w5 w17 w99');
        encoder.dispose();
        return data.join();
      } catch (error) {
        const { name, message, path } = /** @type {any} */ (error);
        return `${name}: ${message} [${path}]`;
      }
    };
    /** The error where weights do not come; the other files are at hand, however busy the machine is. */
    const silenceOf = async (/** @type {string} */ source) => {
      const files = new Map();
      for (const name of ['config.json', 'vocab.txt'])
        files.set(name, await (await fetch(new URL(name, source))).arrayBuffer());
      return vectorOf(source, {
        timeout: 60,
        fetch: async (/** @type {URL} */ url, /** @type {RequestInit} */ init) => {
          const name = url.pathname.slice(1);
          if (name === 'model.safetensors') return fetch(url, init);
          return new Response(files.get(name), { status: files.has(name) ? 200 : 404 });
        },
      });
    };
    Object.assign(globalThis, { vectorOf, silenceOf });
  });
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

/** @param {string} source @returns {Promise<string>} */
const inPage = (source) => page.evaluate((from) => Reflect.get(globalThis, 'vectorOf')(from), source);

test('an address may be relative to the page, to its server, or whole, in any case', async () => {
  const { host } = new URL(url);
  for (const source of [
    'models/one/',
    './models/one',
    '../pages/models/one',
    '/pages/models/one',
    `//${host}/pages/models/one`,
    `HTTP://${host}/pages/models/one`,
  ])
    assert.equal(await inPage(source), expected, source);
  assert.match(
    await inPage('./models/none'),
    /^InputError: there is no config\.json in http.*\/pages\/models\/none\/ \(/,
  );
});

test('paths and addresses of local files are refused in a page', async () => {
  for (const source of ['file:///models/one', 'C:\\models\\one', ''])
    assert.match(
      await inPage(source),
      /^InputError: .* no address of a folder that a browser can read/,
      source,
    );
});

test('in a worker an address is relative to the worker', async () => {
  const found = await page.evaluate(async () => {
    const worker = new Worker('worker.js', { type: 'module' });
    const answer = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    worker.terminate();
    return answer;
  });
  assert.equal(found, `${url}pages/models/one`);
});

test('another origin with gzip, whose length is that of the compressed bytes', async () => {
  const other = await serve(context, ({ bytes, response }) => {
    response.setHeader('access-control-allow-origin', '*');
    if (!bytes) return void response.writeHead(404).end();
    const sent = gzipSync(bytes);
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': sent.length }).end(sent);
  });
  assert.equal(await inPage(other.url), expected);
});

test('another origin that does not allow it', async () => {
  const other = await serve(context, answerWell);
  assert.match(
    await inPage(other.url),
    /^NetworkError: \S+config\.json could not be fetched: .* \[http\S+config\.json\]$/,
  );
});

test('more shards than a browser opens connections', async () => {
  assert.equal(await inPage('/models/shards'), expected);
});

test('a connection that is cut, one that is silent, one that asks for patience, and bodies that nobody wants', async () => {
  const other = await serve(context, (answering) => {
    const { url: asked, bytes, path, response, times } = answering;
    response.setHeader('access-control-allow-origin', '*');
    if (path === 'tokenizer.json') return void response.write('<!doctype html>'.padEnd(600));
    if (path !== 'model.safetensors' || !bytes) return answerWell(answering);
    if (asked.search === '?patience' && times === 1) return void response.writeHead(503).end();
    if (asked.search === '?patience') return answerWell(answering);
    response.setHeader('content-length', bytes.length);
    response.write(bytes.subarray(0, 700), () => {
      if (asked.search === '?cut') response.destroy();
    });
  });
  assert.equal(await inPage(`${other.url}?patience`), expected);
  assert.ok(other.asked.includes('tokenizer.json'));
  await until(() => other.left.includes('tokenizer.json'), 'the page in place of a tokenizer is let go');
  assert.match(
    await inPage(`${other.url}?cut`),
    /^NetworkError: \S+model\.safetensors could not be fetched: /,
  );
  assert.match(
    await page.evaluate((from) => Reflect.get(globalThis, 'silenceOf')(from), `${other.url}?silent`),
    /^NetworkError: \S+model\.safetensors could not be fetched: the server sent nothing for 60 ms/,
  );
});
