// Curves with axes: what one reads off them is what the library computed, and the mark goes along them by key and by pointer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { encodings } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { curvesOf, worst } from './figures.js';

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

test('the marked row is a curve over axes in words, and its mark is that of the numbers', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings/sincos1d?mark=5,3' });
  const plot = page.getByRole('slider', { name: 'A position, number by number' });
  await plot.locator('path.curve').waitFor({ state: 'attached' });
  const { options } = PICTURES.sincos1d(pe);
  const { data, shape } = pe.sincos1d(/** @type {any} */ (options));
  const width = shape[1];
  const [{ x, y }] = await curvesOf(plot);
  assert.ok(
    worst(
      x,
      Array.from({ length: width }, (_, i) => i),
    ) < 0.02,
  );
  assert.ok(worst(y, data.slice(5 * width, 6 * width)) < 0.01);
  assert.deepEqual(await plot.locator('.words').allTextContents(), ['column', 'value']);

  await plot.focus();
  const told = page.locator('.heat output').first();
  for (const [key, column] of /** @type {const} */ ([
    ['ArrowRight', 4],
    ['PageUp', 14],
    ['ArrowLeft', 13],
    ['PageDown', 3],
    ['End', 47],
    ['Home', 0],
  ])) {
    await page.keyboard.press(key);
    assert.match(await told.innerText(), new RegExp(`position 5 · column ${column} · `));
    assert.match((await plot.getAttribute('aria-valuetext')) ?? '', new RegExp(`column ${column} · `));
  }
  const box = await plot.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width / 2, box.y + 100);
  await page.mouse.down();
  const pressed = await told.innerText();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 100);
  await page.mouse.up();
  const swept = await told.innerText();
  const column = (/** @type {string} */ text) => Number(/column (\d+)/.exec(text)?.[1]);
  assert.ok(column(pressed) > 20 && column(pressed) < 28, pressed);
  assert.ok(column(swept) > 32 && column(swept) < 40, swept);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
