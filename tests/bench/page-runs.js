/** The runs of page.js, each with visitors who have never been there. */
import { drag, firstKey, lateIdle, redraw, watchBlocks } from './page-probes.js';

/**
 * @import { Browser, Page } from 'playwright-core'
 * @typedef {{ browser: Browser, url: string, rounds: number }} Stage
 */

const VIEWPORT = { width: 1280, height: 800 };
/** "Slow 4G" of Chromium's own tools. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
/** Milliseconds without anything new after which a room is at rest; and the most that one waits, on a machine that is busy. */
const [REST, PATIENCE] = [1500, 180_000];
/** Of what Chromium calls a long task. */
const LEAST = 50;

/**
 * What a service worker fetches ahead is no visitor's business, and is left out.
 * @param {Stage} stage
 * @param {string} hash
 * @param {(page: Page) => Promise<unknown>} prepare
 */
async function open({ browser, url }, hash, prepare) {
  const context = await browser.newContext({ viewport: VIEWPORT, serviceWorkers: 'block' });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  await prepare(page);
  await page.goto(hash ? `${url}#${hash}` : url, { waitUntil: 'commit' });
  return page;
}

/** When the first key was answered, in milliseconds from the navigation. @param {Page} page */
const answered = async (page) =>
  Number(await (await page.waitForFunction(() => Reflect.get(globalThis, 'answered'))).jsonValue());

/** From the navigation to the first key that the first sentence answers. @param {Stage} stage @param {boolean} isSlow the line */
export async function firstKeys(stage, isSlow) {
  const times = [];
  for (let round = 0; round < stage.rounds; round++) {
    const page = await open(stage, '', async (fresh) => {
      const client = await fresh.context().newCDPSession(fresh);
      await client.send('Network.enable');
      if (isSlow) await client.send('Network.emulateNetworkConditions', SLOW);
      await fresh.addInitScript(firstKey);
    });
    times.push(await answered(page));
    await page.context().close();
  }
  return times;
}

/** Kilobytes over the line until the page has nothing to do, and the core, which comes then. @param {Stage} stage */
export async function firstPaint(stage) {
  /** @type {Map<string, { url: string, bytes: number }>} */
  const requests = new Map();
  const page = await open(stage, '', async (fresh) => {
    const client = await fresh.context().newCDPSession(fresh);
    client.on('Network.requestWillBeSent', ({ requestId, request }) => {
      requests.set(requestId, { url: request.url, bytes: 0 });
    });
    client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const request = requests.get(requestId);
      if (request) request.bytes = encodedDataLength;
    });
    await client.send('Network.enable');
    await fresh.addInitScript(firstKey);
    await fresh.addInitScript(lateIdle);
  });
  await answered(page);
  await page.waitForLoadState('networkidle');
  const early = [...requests.values()];
  await page.evaluate(() => Reflect.get(globalThis, 'beIdle')());
  await page.waitForFunction(() => document.querySelector('.clocks path'));
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(REST);
  const core = [...requests.values()].filter(({ url, bytes }) => url.endsWith('.wasm') && bytes > 0);
  if (!core.length) throw new Error('the core was not seen to come');
  await page.context().close();
  return [...early, core[0]].reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
}

/**
 * The longest block of the main thread while a room opens and while each slider goes from end to end.
 * @param {Stage} stage
 * @param {{ room: string, sliders: string[], from: string | null }} given from: the room that one comes from; null: none
 * @returns {Promise<Record<string, { samples: number[], cpu: number[] }>>} as the page sees it, and the thread's own time
 */
export async function blocks(stage, { room, sliders, from }) {
  /** @type {Record<string, { samples: number[], cpu: number[] }>} */
  const found = {};
  for (let round = 0; round < stage.rounds; round++) {
    const watch = (/** @type {Page} */ fresh) => fresh.addInitScript(watchBlocks, LEAST);
    const page = await open(stage, from ?? 'none', watch);
    await atRest(page);
    const during = async (/** @type {string} */ what, /** @type {() => Promise<unknown>} */ act) => {
      await longest(page);
      await stage.browser.startTracing(page, { categories: ['toplevel'] });
      await act();
      await atRest(page);
      const cpu = longestTask(await stage.browser.stopTracing());
      found[what] ??= { samples: [], cpu: [] };
      found[what].samples.push(await longest(page));
      found[what].cpu.push(cpu);
    };
    await during('opens', () =>
      from === null
        ? page.reload()
        : page.evaluate((hash) => {
            location.hash = hash;
          }, room),
    );
    for (const label of sliders) await during(label, () => drag(page, label));
    await page.context().close();
  }
  return found;
}

/** A table of a million numbers as colours, again and again. @param {Stage} stage @param {string} hash */
export async function redraws(stage, hash) {
  const page = await open(stage, hash, (fresh) => fresh.addInitScript(watchBlocks, LEAST));
  await atRest(page);
  await page.locator('figure.waiting').waitFor({ state: 'detached' });
  await redraw(page, 5);
  const times = await redraw(page, 3 * stage.rounds);
  await page.context().close();
  return times;
}

/** Until the room stands and nothing has held its thread for a while. @param {Page} page */
async function atRest(page) {
  await page.waitForFunction(
    () => document.querySelector('main h1') && !document.querySelector('main')?.hasAttribute('aria-busy'),
  );
  for (let count = -1, now = 0; count !== now; ) {
    count = now;
    await page.waitForTimeout(REST);
    now = await page.evaluate(() => Reflect.get(globalThis, 'blocks').length);
  }
}

/** The longest block since the last call; 0 if all were shorter than are told. @param {Page} page @returns {Promise<number>} */
const longest = (page) =>
  page.evaluate(() => {
    const all = /** @type {number[]} */ (Reflect.get(globalThis, 'blocks'));
    return Math.max(0, ...all.splice(0));
  });

/** Milliseconds that a page's main thread itself worked in its longest task. @param {Buffer} trace */
function longestTask(trace) {
  /** @type {{ traceEvents: { name: string, ph: string, pid: number, tid: number, tdur?: number, args: any }[] }} */
  const { traceEvents } = JSON.parse(String(trace));
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return traceEvents
    .filter(({ name, pid, tid }) => /RunTask$/.test(name) && mains.has(`${pid} ${tid}`))
    .reduce((most, { tdur = 0 }) => Math.max(most, tdur / 1000), 0);
}
