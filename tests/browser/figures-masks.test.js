// Masks over words: who is seen is the library's, and edges moved by keys and hands are its options; also upright on a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodings } from '../../web/index.js';
import { startBrowser } from './browser.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('../../web/encodings.js').Encodings} */
let pe;
before(async () => {
  [browser, pe] = await Promise.all([startBrowser(), encodings()]);
});
after(async () => {
  await browser.close();
  pe.dispose();
});

/** @param {string} hash @param {object} [options] */
async function mask(hash, options) {
  const { page, complaints } = await browser.openPage({ hash, ...options });
  await page.locator('.mask-word').first().waitFor();
  return {
    ...{ page, complaints },
    told: () => page.locator('.mask output').innerText(),
    /** By row: 1 for words that are seen or held, 0 for those that are hatched. */
    seen: () =>
      page.locator('.mask-words').evaluateAll((rows) =>
        rows.map((row) =>
          [...row.children].map((word) => {
            const isHatched = getComputedStyle(word).backgroundImage.includes('gradient');
            return Number(!isHatched);
          }),
        ),
      ),
    settle: () =>
      page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))),
  };
}

/** @param {any} tensor @returns {number[][]} */
const rowsOf = (tensor) => tensor.tolist();
const as = 'allowed';

test('padding: what is hatched is what the mask hides, before and after an end was moved by keys and by hand', async () => {
  const { page, complaints, told, seen, settle } = await mask('encodings/paddingMask');
  assert.deepEqual(await seen(), rowsOf(pe.paddingMask({ lengths: [3, 8, 5, 12, 1], length: 12, as })));
  const end = page.getByRole('slider', { name: 'End of text 2' });
  await end.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await settle();
  assert.equal(await end.getAttribute('aria-valuenow'), '11');
  assert.deepEqual((await seen())[1], rowsOf(pe.paddingMask({ lengths: [11], length: 12, as }))[0]);
  assert.match(await told(), /^text 2 of 5 · 11 of 12 places are words/);
  await page.keyboard.press('Home');
  await settle();
  assert.deepEqual((await seen())[1], Array(12).fill(0));

  const first = /** @type {any} */ (await page.getByRole('slider', { name: 'End of text 1' }).boundingBox());
  const row = /** @type {any} */ (await page.locator('.mask-words').first().boundingBox());
  await page.mouse.move(first.x + first.width / 2, first.y + 20);
  await page.mouse.down();
  await page.mouse.move(row.x + (row.width * 6.4) / 12, first.y + 20);
  await page.mouse.up();
  await settle();
  assert.deepEqual(await seen(), rowsOf(pe.paddingMask({ lengths: [6, 0, 5, 12, 1], length: 12, as })));
  assert.match(await page.locator('.code-panel code').innerText(), /lengths: \[6, 0, 5, 12, 1\]/);
  assert.match(page.url(), /lengths=6%2C0%2C5%2C12%2C1/);
  const other = await mask(new URL(page.url()).hash.slice(1));
  assert.deepEqual(await other.seen(), await seen());
  await other.page.context().close();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a batch that is made shorter cuts its texts', async () => {
  const { page, seen } = await mask('encodings/paddingMask?length=4');
  assert.deepEqual(await seen(), rowsOf(pe.paddingMask({ lengths: [3, 4, 4, 4, 1], length: 4, as })));
  assert.equal(await page.getByRole('alert').count(), 0);
  await page.context().close();
});

test('the band goes with the held word, and its edges are moved', async () => {
  const { page, complaints, told, seen, settle } = await mask('encodings/slidingWindowMask');
  const band = rowsOf(pe.slidingWindowMask({ length: 13, window: 2, as }));
  const word = page.getByRole('slider', { name: 'Word', exact: true });
  await word.focus();
  await page.keyboard.press('Home');
  for (let at = 0; at < 13; at++) {
    assert.deepEqual((await seen())[0], band[at], `word ${at}`);
    assert.match(
      await told(),
      new RegExp(`^word ${at}, .* sees ${band[at].filter(Boolean).length} of 13 words`),
    );
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageUp');
  assert.match(await told(), /^word 12, “castle”/);
  await page.locator('.mask-word').nth(6).click();
  await page.getByRole('slider', { name: 'Left edge of the band' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.getByRole('slider', { name: 'Right edge of the band' }).focus();
  await page.keyboard.press('ArrowLeft');
  await settle();
  assert.deepEqual((await seen())[0], rowsOf(pe.slidingWindowMask({ length: 13, left: 4, right: 1, as }))[6]);
  assert.match(page.url(), /left=4/);
  await page.locator('.code-panel code').filter({ hasText: 'right: 1' }).waitFor();
  // The slider of the window sets both sides again.
  const box = page.getByLabel('window, exactly');
  await box.fill('3');
  await box.press('Enter');
  await page
    .locator('.code-panel code')
    .filter({ hasText: 'window: 3' })
    .filter({ hasNotText: 'right' })
    .waitFor();
  assert.deepEqual((await seen())[0], rowsOf(pe.slidingWindowMask({ length: 13, window: 3, as }))[6]);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('packed texts: each word sees its own, wherever one ends', async () => {
  const { page, complaints, told, seen, settle } = await mask('encodings/segmentMask?as=bias');
  const before = rowsOf(pe.segmentMask({ lengths: [3, 5, 2, 4], as }));
  for (const at of [0, 2, 3, 7, 8, 13]) {
    await page.locator('.mask-word').nth(at).click();
    assert.deepEqual((await seen())[0], before[at], `word ${at}`);
  }
  await page.getByRole('slider', { name: 'End of text 3' }).focus();
  await page.keyboard.press('End');
  await settle();
  assert.deepEqual((await seen())[0], rowsOf(pe.segmentMask({ lengths: [3, 5, 5, 1], as }))[13]);
  assert.match(await told(), /^word 13, “lunch”, of text 4 of 4 · sees 1 of 14 words$/);
  await page.locator('.heat output').first().filter({ hasText: 'query 13 ' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('on a phone the words stand upright, a tap holds one and a finger moves an edge', async () => {
  const { page, told, seen, settle } = await mask('encodings/slidingWindowMask', {
    ...{ viewport: { width: 390, height: 844 }, hasTouch: true },
  });
  const cells = page.locator('.mask-word');
  const [first, second] = await Promise.all([cells.nth(0).boundingBox(), cells.nth(1).boundingBox()]);
  assert.ok(first && second && second.y > first.y && second.x === first.x);
  await cells.nth(4).tap();
  assert.match(await told(), /^word 4, “the”/);
  const knob = /** @type {any} */ (
    await page.getByRole('slider', { name: 'Right edge of the band' }).locator('i').boundingBox()
  );
  assert.ok(knob.width >= 44 && knob.height >= 44);
  await page.mouse.move(knob.x + 22, knob.y + 22);
  await page.mouse.down();
  await page.mouse.move(knob.x + 22, knob.y + 22 + 3 * (second.y - first.y));
  await page.mouse.up();
  await settle();
  assert.deepEqual((await seen())[0], rowsOf(pe.slidingWindowMask({ length: 13, left: 2, right: 5, as }))[4]);
  await page.context().close();
});
