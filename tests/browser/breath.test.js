// While a page computes, its event loop runs: timers tick in every block of rows, with and without a signal. Counted, not
// timed: how many ticks a block has depends on the machine, that it has several does not.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startBrowser } from './browser.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('./browser.js').OpenPage} */
let open;

before(async () => {
  browser = await startBrowser();
  open = await browser.openPage();
  // The page has the library in chunks of names of their own; here it is asked for by the package's names.
  await open.page.route('**/dist/**', (route) =>
    route.fulfill({ path: join(ROOT, new URL(route.request().url()).pathname) }),
  );
  await open.page.evaluate(async () => {
    const path = '/dist/index.js';
    const { load } = await import(path);
    Object.assign(globalThis, { encoder: await load(new URL('/models/minilm/', location.href)) });
  });
});

after(() => browser.close());

/** Ticks of a timer in each block of a call. @param {'none' | 'signal'} how */
const ticksOf = (how) =>
  open.page.evaluate(async (kind) => {
    const encoder = Reflect.get(globalThis, 'encoder');
    const text = 'words that keep a page busy for a while '.repeat(13);
    /** @type {number[]} */
    const blocks = [];
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    const progress = () => {
      blocks.push(ticks);
      ticks = 0;
    };
    const signal = kind === 'signal' ? new AbortController().signal : undefined;
    await encoder.embed(Array(32).fill(text), { progress, signal });
    clearInterval(timer);
    return blocks;
  }, how);

for (const how of /** @type {const} */ (['none', 'signal'])) {
  test(`the page's timers tick in every block of embed (${how === 'none' ? 'no signal' : 'a signal'})`, async () => {
    const blocks = await ticksOf(how);
    assert.ok(blocks.length >= 3, `${blocks.length} blocks`);
    for (const [i, ticks] of blocks.entries()) assert.ok(ticks >= 4, `block ${i}: ${ticks} ticks`);
  });
}

test('a signal that fires in a block stops the call there', async () => {
  const [name, blocks] = await open.page.evaluate(async () => {
    const encoder = Reflect.get(globalThis, 'encoder');
    const controller = new AbortController();
    let blocks = 0;
    setTimeout(() => controller.abort(), 10);
    const error = await encoder
      .embed(Array(32).fill('words that keep a page busy for a while '.repeat(13)), {
        progress: () => blocks++,
        signal: controller.signal,
      })
      .catch((/** @type {Error} */ reason) => reason);
    return [error.name, blocks];
  });
  assert.deepEqual([name, blocks], ['AbortError', 0]);
  assert.deepEqual(open.complaints, []);
});

test('timers tick while weights in memory are loaded', async () => {
  const ticks = await open.page.evaluate(async () => {
    const path = '/dist/index.js';
    const { load } = await import(path);
    const names = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
    const files = new Map();
    for (const name of names) {
      const response = await fetch(new URL(`/models/minilm/${name}`, location.href));
      files.set(name, new Uint8Array(await response.arrayBuffer()));
    }
    let ticks = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      ticks++;
      port2.postMessage(null);
    };
    port2.postMessage(null);
    const before = ticks;
    const encoder = await load(files);
    port1.close();
    encoder.dispose();
    return ticks - before;
  });
  assert.ok(ticks >= 3, `${ticks} ticks`);
});
