// A model of the hub in the room Sentences, in Chromium: by its id, with progress, and from the browser's cache without the hub. The
// hub is answered for by the test.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { COMMIT, ID, listingOf } from '../sources/hub.js';
import { modelFiles } from '../sources/server.js';
import { startBrowser } from './browser.js';
import { openSentences } from './sentences.js';

const HUB = 'https://huggingface.co/';
const FILES = modelFiles();

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

test('an id is loaded with progress, then without the hub', async () => {
  const { page } = await openSentences(browser);
  let isThere = true;
  /** @type {string[]} */
  const asked = [];
  await page.route(`${HUB}**`, (route) => {
    const path = new URL(route.request().url()).pathname.slice(1);
    asked.push(path);
    if (!isThere) return route.abort();
    const headers = { 'access-control-allow-origin': '*' };
    if (path === `api/models/${ID}/revision/main`)
      return route.fulfill({ headers, body: JSON.stringify(listingOf(COMMIT, FILES)) });
    const body = FILES.get(path.replace(`${ID}/resolve/${COMMIT}/`, ''));
    return route.fulfill({ headers, status: body ? 200 : 404, body: Buffer.from(body ?? []) });
  });
  await page.evaluate(() => {
    const shares = /** @type {number[]} */ ([]);
    const bar = document.querySelector('[role="progressbar"]');
    const read = () => shares.push(Number(bar?.getAttribute('aria-valuenow')));
    new MutationObserver(read).observe(/** @type {Element} */ (bar), { attributeFilter: ['aria-valuenow'] });
    Object.assign(globalThis, { shares });
  });
  const load = async () => {
    await page.evaluate(() => Reflect.get(globalThis, 'shares').splice(0));
    await page.getByLabel('Hub id or address').fill(ID);
    await page.getByRole('button', { name: 'Load', exact: true }).click();
    await page.waitForFunction(() => Reflect.get(globalThis, 'shares').at(-1) === 100);
    await page.getByRole('progressbar').waitFor({ state: 'hidden' });
    await page.getByText('bert-small is loaded: 32 numbers').waitFor();
    const shares = await page.evaluate(() => /** @type {number[]} */ (Reflect.get(globalThis, 'shares')));
    assert.ok(shares.length > 10, shares.join());
    assert.deepEqual(
      shares.toSorted((a, b) => a - b),
      shares,
    );
  };
  await page.getByText('Another model').first().click();
  await load();
  const files = asked.filter((path) => path.includes('/resolve/'));
  assert.ok(files.every((path) => path.includes(COMMIT)));
  assert.equal(new Set(files).size, files.length, files.join());
  asked.length = 0;
  isThere = false;
  await load();
  assert.ok(
    asked.every((path) => path.startsWith('api/')),
    asked.join(),
  );
  await page.context().close();
});
