// All encodings that have a figure of their own: nothing complains, axe finds no serious fault, nothing is wider than a phone, what is
// touched is large enough for a finger, and less motion is enough; in both themes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { NAMES_OF } from '../../demo/code/names.js';
import { FIGURES } from '../../demo/rooms/encodings/figures/index.js';
import { startBrowser } from './browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** What the page does not tell a script about: its own checks, in the page. */
async function faults() {
  const { violations } = await Reflect.get(globalThis, 'axe').run('.one-top');
  return violations
    .filter((/** @type {any} */ { impact }) => impact === 'serious' || impact === 'critical')
    .map(
      (/** @type {any} */ { id, nodes }) =>
        `${id}: ${nodes.slice(0, 3).map((/** @type {any} */ node) => node.target)}`,
    );
}

for (const [colorScheme, width, more] of /** @type {const} */ ([
  ['light', 1280, {}],
  ['dark', 390, { hasTouch: true, reducedMotion: 'reduce' }],
]))
  test(`${colorScheme}, ${width} pixels wide: every figure`, async (t) => {
    const { page, complaints } = await browser.openPage({
      ...{ hash: 'encodings', colorScheme, viewport: { width, height: 844 } },
      ...more,
    });
    for (const name of Object.keys(FIGURES))
      await t.test(name, async () => {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, `encodings/${name}`);
        await page.getByRole('heading', { level: 1, name: NAMES_OF[name].title, exact: true }).waitFor();
        await page.getByRole('heading', { level: 2, name: 'The numbers themselves' }).waitFor();
        await page.locator('.code-panel code').filter({ hasText: name }).waitFor();
        await page.evaluate(() => Promise.allSettled(document.getAnimations().map((one) => one.finished)));
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beyond <= 0, `${beyond} pixels beyond the screen`);
        const told = await page.locator('.one-top output').allInnerTexts();
        assert.ok(told.length > 0 && told.every(Boolean), `read-outs: ${JSON.stringify(told)}`);
        await page.evaluate(AXE);
        assert.deepEqual(await page.evaluate(faults), []);
        if (width < 500) {
          const small = await page
            .locator('.one-top figure :is(button, [role=slider], [role=application])')
            .evaluateAll((all) =>
              all.flatMap((one) => {
                const { width: w, height: h } = one.getBoundingClientRect();
                return w && h && Math.min(w, h) < 44 && !one.querySelector('i')
                  ? [`${one.className} ${w} × ${h}`]
                  : [];
              }),
            );
          assert.deepEqual(small, []);
        }
      });
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
