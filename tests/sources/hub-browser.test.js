// Models of the hub in a real Chromium: kept by the Cache API, there without a network, checked, and within the room that there is.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { filesAt, ID, serveHub } from './hub.js';
import { answerLibrary, openPage } from './page.js';
import { modelFiles, serve, vectorOf } from './server.js';

const WEIGHTS = 'model.safetensors';
/** @type {(() => Promise<void>)[]} */
const ends = [];
const context = { after: (/** @type {() => Promise<void>} */ end) => ends.push(end) };
/** @type {import('playwright-core').Page} */
let page;
/** @type {Awaited<ReturnType<typeof serveHub>>} */
let hub;
let expected = '';

before(async () => {
  expected = await vectorOf(modelFiles(), { simd: 'base' });
  const { url } = await serve(context, (answering) => {
    if (!answerLibrary(answering)) answering.response.writeHead(404).end();
  });
  hub = await serveHub(context);
  page = await openPage(url, context);
  await page.evaluate(async () => {
    const { load, cache } = await import(/** @type {any} */ ('wasmformer'));
    /** What a model makes of a text, or the error. */
    const vectorOf = async (/** @type {any} */ source, /** @type {any} */ options) => {
      try {
        const encoder = await load(source, { simd: 'base', ...options });
        const { data } = await encoder.embed('w5 w17 w99');
        encoder.dispose();
        return data.join();
      } catch (error) {
        const { name, message } = /** @type {any} */ (error);
        return `${name}: ${message}`;
      }
    };
    Object.assign(globalThis, { vectorOf, kept: cache });
  });
});
after(async () => {
  for (const end of ends.reverse()) await end();
});
beforeEach(async () => {
  hub.state.otherwise = () => false;
  hub.requests.length = 0;
  await page.evaluate(() => caches.delete('wasmformer'));
});

/** @param {Record<string, unknown>} [options] @returns {Promise<string>} */
const inPage = (options) =>
  page.evaluate(
    ([id, given]) => Reflect.get(globalThis, 'vectorOf')(id, given),
    /** @type {const} */ ([ID, { endpoint: hub.endpoint, ...options }]),
  );
const list = () => page.evaluate(() => Reflect.get(globalThis, 'kept').list());

test('once loaded it is there without a network', async () => {
  assert.equal(await inPage(), expected);
  const asked = filesAt(hub.requests, 'hub');
  assert.deepEqual(asked.sort(), ['config.json', WEIGHTS, 'vocab.txt']);
  hub.requests.length = 0;
  assert.equal(await inPage(), expected);
  assert.deepEqual(
    hub.requests.map(({ at }) => at),
    ['list'],
  );
  hub.requests.length = 0;
  hub.state.otherwise = ({ response }) => Boolean(response.destroy());
  assert.equal(await inPage(), expected);
  assert.ok(hub.requests.every(({ at }) => at === 'list'));
  const [{ id, size }, ...others] = await list();
  assert.deepEqual([id, others], [ID, []]);
  assert.ok(size > (modelFiles().get(WEIGHTS)?.length ?? 0));
  assert.equal(await page.evaluate((name) => Reflect.get(globalThis, 'kept').delete(name), ID), true);
  assert.deepEqual(await list(), []);
  assert.match(await inPage(), /^NetworkError: \S+revision\/main could not be fetched: /);
});

test('cache: false keeps nothing', async () => {
  assert.equal(await inPage({ cache: false }), expected);
  assert.deepEqual(await list(), []);
});

test('the token goes to the hub alone, whatever it is redirected to', async () => {
  assert.equal(await inPage({ token: 'hf_secret', cache: false }), expected);
  for (const { at, authorization } of hub.requests.filter(({ file }) => file === WEIGHTS))
    assert.ok(at !== 'storage' || authorization === undefined);
  const told = hub.requests.filter(
    ({ at, authorization }) => at === 'hub' && authorization === 'Bearer hf_secret',
  );
  assert.equal(told.length, 3);
});

test('what is broken among what is kept is fetched once more', async () => {
  for (const file of [WEIGHTS, 'vocab.txt']) {
    assert.equal(await inPage(), expected);
    await page.evaluate(async (name) => {
      const opened = await caches.open('wasmformer');
      const request = (await opened.keys()).find(({ url }) => url.endsWith(name));
      const response = request && (await opened.match(request));
      if (!request || !response) throw new Error(`${name} is not kept`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      bytes.fill(0, bytes.length - 30);
      await opened.put(request, new Response(bytes, { headers: response.headers }));
    }, file);
    hub.requests.length = 0;
    assert.equal(await inPage(), expected);
    assert.deepEqual(filesAt(hub.requests, 'hub'), [file]);
    hub.requests.length = 0;
    assert.equal(await inPage(), expected);
    assert.deepEqual(filesAt(hub.requests, 'hub'), []);
  }
});

test('a break in the middle, and wrong bytes, across origins', async () => {
  hub.state.otherwise = ({ at, times, bytes, response }) => {
    if (at !== 'storage' || times > 1) return false;
    response.setHeader('content-length', bytes.length);
    response.write(bytes.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 100));
    return true;
  };
  assert.equal(await inPage(), expected);
  const [, rest] = hub.requests.filter(({ at }) => at === 'storage');
  assert.match(rest.range ?? '', /^bytes=\d+-$/);
  await page.evaluate(() => caches.delete('wasmformer'));
  hub.state.otherwise = ({ at, bytes, response }) =>
    at === 'storage' && Boolean(response.end(Buffer.from(bytes).fill(0, bytes.length - 9)));
  assert.match(await inPage(), /^IntegrityError: model\.safetensors has other bytes than were promised/);
  hub.state.otherwise = () => false;
  hub.requests.length = 0;
  assert.equal(await inPage(), expected);
  assert.deepEqual(filesAt(hub.requests, 'hub'), [WEIGHTS]); // nothing of it was kept
});

test('files that storage and hub compress, across origins', async () => {
  hub.state.otherwise = ({ at, file, bytes, response }) => {
    if (at === 'list' || (at === 'hub' && file === WEIGHTS)) return false;
    const sent = gzipSync(bytes);
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': sent.length }).end(sent);
    return true;
  };
  for (let i = 0; i < 2; i++) assert.equal(await inPage(), expected);
  assert.deepEqual(filesAt(hub.requests, 'storage'), [WEIGHTS]);
});

test('where there is no room it is loaded all the same', async () => {
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 50_000 });
  try {
    assert.equal(await inPage(), expected);
    const urls = await page.evaluate(async () =>
      (await (await caches.open('wasmformer')).keys()).map(({ url }) => url),
    );
    assert.ok(!urls.some((url) => url.endsWith(WEIGHTS)), urls.join());
  } finally {
    await session.send('Storage.overrideQuotaForOrigin', { origin });
  }
});

test('the id of no model, and an address that is relative', async () => {
  assert.match(
    await page.evaluate(
      (endpoint) => Reflect.get(globalThis, 'vectorOf')('tests/none', { endpoint }),
      hub.endpoint,
    ),
    /^InputError: there is no config\.json in tests\/none of http\S+ \(.*\); .* is the id right\?/,
  );
});
