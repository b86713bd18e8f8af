// All rooms of the page in Chromium: nothing complains, axe finds no serious fault, no room is wider than a phone, in both
// themes; under a path of its own, isolated or not, without scripts, and without a network.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { startBrowser } from './browser.js';
import { isShown, ROOMS, rest } from './rooms.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** @param {import('playwright-core').Page} page @param {string} hash */
async function shown(page, hash) {
  await page.waitForFunction(isShown, ROOMS[hash]);
  await page.evaluate(rest);
}

for (const hash of Object.keys(ROOMS)) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    // 320 is what is left of 1280 at four times the size; themes make no difference to it.
    for (const width of colorScheme === 'light' ? [1280, 390, 320] : [1280, 390]) {
      test(`#${hash}, ${colorScheme}, ${width} pixels wide: nothing complains, axe finds no serious fault`, async () => {
        const { page, complaints, shoot } = await browser.openPage({
          // What moves has its colours between two, which are judged where it comes to rest.
          ...{ hash, colorScheme, viewport: { width, height: 844 }, reducedMotion: 'reduce' },
        });
        await shown(page, hash);
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beyond <= 0, `${beyond} pixels beyond the screen`);
        await page.evaluate(AXE);
        const faults = await page.evaluate(async () => {
          const { violations } = await Reflect.get(globalThis, 'axe').run();
          return violations
            .filter((/** @type {any} */ { impact }) => impact === 'serious' || impact === 'critical')
            .map(
              (/** @type {any} */ { id, nodes }) =>
                `${id}: ${nodes.slice(0, 3).map((/** @type {any} */ node) => node.target)}`,
            );
        });
        assert.deepEqual(faults, []);
        assert.deepEqual(complaints, []);
        await shoot(`${hash.replace('/', '-')}-${width}-${colorScheme}`);
        await page.context().close();
      });
    }
  }
}

test('links and the back button lead from room to room, and the heading has the focus', async () => {
  const { page, complaints } = await browser.openPage();
  await page.getByRole('link', { name: 'Encodings' }).click();
  await page.locator('main h1:focus').waitFor();
  assert.match(await page.title(), /wasmformer/);
  await page.goBack();
  await page.getByRole('heading', { name: 'Move a word. Who notices?' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the theme that was chosen stays', async () => {
  const { page } = await browser.openPage({ colorScheme: 'light' });
  const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(await colour(), 'rgb(251, 251, 248)');
  await page.getByRole('button', { name: 'Dark colours' }).click();
  assert.equal(await colour(), 'rgb(14, 16, 36)');
  await page.reload();
  assert.equal(await colour(), 'rgb(14, 16, 36)');
  await page.context().close();
});

for (const isolate of [false, true]) {
  test(`under a path of its own, ${isolate ? '' : 'not '}isolated, and then without a network`, async (t) => {
    const own = await startBrowser({ under: '/some/where/', isolate });
    t.after(() => own.close());
    const { page, complaints } = await own.openPage();
    await shown(page, 'order');
    assert.equal(await page.evaluate(() => crossOriginIsolated), isolate);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await shown(page, 'order');
    assert.deepEqual(complaints, []);
    await page.context().setOffline(true);
    await page.reload();
    await shown(page, 'order');
    await page.getByRole('link', { name: 'Encodings' }).click();
    await shown(page, 'encodings');
  });
}

test('without scripts there is a still and the documentation', async () => {
  const { page } = await browser.openPage({ javaScriptEnabled: false });
  await page.getByRole('img', { name: /A sentence of ten words/ }).waitFor();
  await page.getByRole('link', { name: 'the documentation' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.context().close();
});
