// Models of the hub with the built library in the pages of all engines: in a worker and without, kept, and there without a network.
// It needs `make build` first.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEngine } from '../browser/engines.js';
import { filesAt, ID, serveHub } from './hub.js';
import { answerWell, modelFiles, serve, vectorOf } from './server.js';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
});
const START = "import * as library from './dist/index.js'; Object.assign(globalThis, { library });";
const served = new Map(
  [
    ['page.html', '<!doctype html><title>hub</title><script type="module" src="start.js"></script>'],
    ['start.js', START],
    ...readdirSync(DIST, { recursive: true, encoding: 'utf8' })
      .filter((name) => extname(name))
      .map((name) => [`dist/${name}`, readFileSync(join(DIST, name))]),
  ].map(([name, content]) => [String(name), new Uint8Array(Buffer.from(/** @type {any} */ (content)))]),
);

/** @type {(() => Promise<void>)[]} */
const ends = [];
const context = { after: (/** @type {() => Promise<void>} */ end) => ends.push(end) };
let url = '';
let expected = '';
before(async () => {
  expected = await vectorOf(modelFiles(), { simd: 'base' });
  const answer = (/** @type {import('./server.js').Answering} */ answering) => {
    answering.response.setHeader('content-type', TYPES[extname(answering.path)] ?? 'text/plain');
    answerWell(answering);
  };
  ({ url } = await serve(context, answer, served));
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

/** In the page: what the model makes of a text. @param {string} id @param {string} endpoint @param {boolean} worker */
async function vectorIn(id, endpoint, worker) {
  const { load } = Reflect.get(globalThis, 'library');
  const encoder = await load(id, { endpoint, worker, simd: 'base' });
  const { data } = await encoder.embed('w5 w17 w99');
  encoder.dispose();
  return data.join();
}

for (const name of ['chromium', 'firefox', 'webkit']) {
  test(`${name}: loaded once, a model is there without a network`, async () => {
    const hub = await serveHub(context);
    const page = await startEngine(name);
    try {
      await page.goto(`${url}page.html`);
      await page.until(() => 'library' in globalThis);
      const sizes = async () =>
        (await page.evaluate(() => Reflect.get(globalThis, 'library').cache.list())).length;
      assert.equal(await page.evaluate(vectorIn, ID, hub.endpoint, false), expected);
      assert.deepEqual(filesAt(hub.requests, 'storage'), ['model.safetensors']);
      assert.equal(await sizes(), 1);
      hub.requests.length = 0;
      hub.state.otherwise = ({ response }) => Boolean(response.destroy());
      for (const worker of [false, true])
        assert.equal(await page.evaluate(vectorIn, ID, hub.endpoint, worker), expected);
      assert.ok(hub.requests.every(({ at }) => at === 'list'));
      assert.equal(
        await page.evaluate((id) => Reflect.get(globalThis, 'library').cache.delete(id), ID),
        true,
      );
      assert.equal(await sizes(), 0);
    } finally {
      await page.close();
    }
  });
}
