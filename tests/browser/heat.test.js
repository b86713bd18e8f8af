// Looking closer at a heat map: wheel, keys, two fingers, a drag with Space; what was pointed at stays, and the mark is the cell that
// one sees. The colours that one chooses are those of d3-scale-chromatic, on every map from little to much, and at the next visit.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { interpolateCividis, interpolateViridis } from 'd3-scale-chromatic';
import { decode } from 'fast-png';
import { encodings } from '../../web/index.js';
import { startBrowser } from './browser.js';

/** @import { Page } from 'playwright-core' */

const TABLE = { length: 64, dim: 64 };
const HASH = 'encodings/sincos1d?length=64&dim=64';
const NAME = 'The numbers of Sine waves';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {number[][]} */
let values;
before(async () => {
  browser = await startBrowser();
  const pe = await encodings();
  values = /** @type {number[][]} */ (pe.sincos1d(TABLE).tolist());
  pe.dispose();
});
after(() => browser.close());

/** @param {import('./browser.js').PageOptions} [options] */
async function openMap(options) {
  const opened = await browser.openPage({ hash: HASH, ...options });
  const map = opened.page.getByRole('application', { name: NAME });
  await opened.page.getByText('position 0 · ').first().waitFor();
  await map.scrollIntoViewIfNeeded();
  const box = await map.boundingBox();
  assert.ok(box);
  return { ...opened, map, box };
}

/** The marked cell, by its read-out, which must tell the library's number. @param {Page} page */
async function marked(page) {
  const text = await page.locator('.heat output').first().innerText();
  const [row, column, value] = (text.match(/[−\d.]+/g) ?? []).map((part) => Number(part.replace('−', '-')));
  assert.ok(Math.abs(value - values[row][column]) <= 5e-5, text);
  return { row, column };
}

/** How wide a cell is seen, in cells of the whole map's. @param {Page} page */
const closer = (page) =>
  page
    .locator('.heat-frame')
    .first()
    .evaluate(
      (frame) =>
        /** @type {Element} */ (frame.querySelector('.heat-cell')).getBoundingClientRect().width /
        (frame.getBoundingClientRect().width / 64),
    );

/** @param {Page} page @param {number} x @param {number} y */
async function colourAt(page, x, y) {
  const { data } = decode(await page.screenshot({ clip: { x, y, width: 1, height: 1 } }));
  return [...data.slice(0, 3)].map(Number);
}

/** Whether the mark is wholly within the frame. @param {Page} page */
const isMarkSeen = (page) =>
  page
    .locator('.heat-frame')
    .first()
    .evaluate((frame) => {
      const [outer, inner] = [frame, /** @type {Element} */ (frame.querySelector('.heat-cell'))].map((one) =>
        one.getBoundingClientRect(),
      );
      return (
        inner.left >= outer.left - 1 &&
        inner.right <= outer.right + 1 &&
        inner.top >= outer.top - 1 &&
        inner.bottom <= outer.bottom + 1
      );
    });

test('Ctrl and the wheel look closer at what is pointed at; a click marks the cell that is seen; a double-click shows all', async () => {
  const { page, map, box, complaints } = await openMap();
  // The middle of the cell in row 40, column 21.
  const [x, y] = [box.x + (21.5 / 64) * box.width, box.y + (40.5 / 64) * box.height];
  const before = await colourAt(page, x, y);
  await page.mouse.move(x, y);
  await page.keyboard.down('Control');
  for (let i = 0; i < 3; i++) await page.mouse.wheel(0, -60);
  await page.keyboard.up('Control');
  await page.getByRole('button', { name: /Show all/ }).waitFor();
  assert.ok((await closer(page)) > 4);
  assert.deepEqual(await colourAt(page, x, y), before);
  await page.mouse.click(x, y);
  assert.deepEqual(await marked(page), { row: 40, column: 21 });
  await page.mouse.dblclick(x, y);
  assert.equal(await closer(page), 1);
  assert.equal(await page.getByRole('button', { name: /Show all/ }).count(), 0);
  // A wheel alone is the page's.
  await page.mouse.wheel(0, 300);
  await page.waitForFunction(() => scrollY > 0);
  assert.equal(await closer(page), 1);
  assert.ok(await map.isVisible());
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('+, − and 0 zoom, and the mark that arrows move stays in view', async () => {
  const { page, map } = await openMap();
  await map.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('+');
  assert.ok(Math.abs((await closer(page)) - 1.5 ** 4) < 0.01);
  await page.keyboard.press('End');
  for (let i = 0; i < 3; i++) await page.keyboard.press('PageDown');
  assert.deepEqual(await marked(page), { row: 30, column: 63 });
  assert.ok(await isMarkSeen(page));
  await page.keyboard.press('-');
  assert.ok(Math.abs((await closer(page)) - 1.5 ** 3) < 0.01);
  assert.ok(await isMarkSeen(page));
  await page.keyboard.press('0');
  assert.equal(await closer(page), 1);
  for (let i = 0; i < 40; i++) await page.keyboard.press('+');
  assert.equal(await closer(page), 16, 'four cells are seen at least');
  await page.getByRole('button', { name: /Show all/ }).press('Enter');
  assert.equal(await closer(page), 1);
  await page.context().close();
});

test('a drag with Space moves the map and not the mark', async () => {
  const { page, map, box } = await openMap();
  await map.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('+');
  const cell = box.width / 64;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.keyboard.down('Space');
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 10 * cell, y, { steps: 5 });
  await page.mouse.up();
  await page.keyboard.up('Space');
  assert.deepEqual(await marked(page), { row: 0, column: 0 });
  assert.ok(!(await isMarkSeen(page)));
  assert.equal(await page.evaluate(() => scrollY), 0, 'Space did not scroll the page');
  // 10 cells' widths of the whole map are so many fewer of the larger ones.
  await page.mouse.click(box.x + 1, box.y + 1);
  assert.deepEqual(await marked(page), { row: 0, column: Math.floor((10 * cell + 1) / (cell * 1.5 ** 4)) });
  await page.context().close();
});

test('two fingers pull a map larger and move it, and the page stays as it is', async () => {
  const { page, box } = await openMap({ viewport: { width: 390, height: 844 }, hasTouch: true });
  const client = await page.context().newCDPSession(page);
  const touch = (/** @type {string} */ type, /** @type {number[][]} */ ...points) =>
    client.send('Input.dispatchTouchEvent', {
      type: /** @type {any} */ (type),
      touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    });
  const at = (/** @type {number} */ column, /** @type {number} */ row) => [
    box.x + (column / 64) * box.width,
    box.y + (row / 64) * box.height,
  ];
  const scrolled = await page.evaluate(() => scrollY);
  await touch('touchStart', at(24.5, 32.5));
  await touch('touchStart', at(24.5, 32.5), at(40.5, 32.5));
  for (const by of [4, 8, 12, 16]) await touch('touchMove', at(24.5 - by, 32.5), at(40.5 + by, 32.5));
  await touch('touchEnd');
  // What was under the fingers is under them: 16 columns have become 48 wide.
  assert.ok(Math.abs((await closer(page)) - 3) < 0.05, String(await closer(page)));
  const [x, y] = at(56.5, 32.5);
  await page.touchscreen.tap(x, y);
  assert.deepEqual(await marked(page), { row: 32, column: 40 });
  await touch('touchStart', at(40, 32));
  await touch('touchStart', at(40, 32), at(48, 32));
  for (const by of [6, 12]) await touch('touchMove', at(40 - by, 32), at(48 - by, 32));
  await touch('touchEnd');
  await page.touchscreen.tap(x, y);
  assert.deepEqual(await marked(page), { row: 32, column: 44 });
  assert.deepEqual(
    await page.evaluate(() => [scrollY, visualViewport?.scale]),
    [scrolled, 1],
    'neither scrolled nor grown',
  );
  await page.context().close();
});

/** @param {string} colour `#rrggbb` or `rgb(r, g, b)` */
const rgb = (colour) =>
  (colour.startsWith('#')
    ? [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16))
    : (colour.match(/\d+/g) ?? [])
  ).join();

/** The first, the 101st and the last colour of the first two bars. @param {Page} page */
const barsOf = (page) =>
  page.locator('.bar-canvas').evaluateAll((bars) =>
    bars.slice(0, 2).map((bar) => {
      const pen = new OffscreenCanvas(256, 1).getContext('2d', { willReadFrequently: true });
      pen?.drawImage(/** @type {HTMLCanvasElement} */ (bar), 0, 0);
      return [0, 100, 255].map((x) => [...(pen?.getImageData(x, 0, 1, 1).data ?? [])].slice(0, 3).join());
    }),
  );

/** @param {Page} page @param {string[]} wanted of each bar */
async function bars(page, wanted) {
  for (let tries = 0; tries < 50; tries++) {
    if (JSON.stringify(await barsOf(page)) === JSON.stringify([wanted, wanted])) return;
    await page.waitForTimeout(100);
  }
  assert.deepEqual(await barsOf(page), [wanted, wanted]);
}

test('viridis and cividis are d3’s, on all maps from little to much, and stay; diverging maps keep theirs', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings/alibi' });
  const choices = page.locator('.colours select');
  await choices.nth(1).waitFor();
  const [own] = await barsOf(page);
  const tables = { viridis: interpolateViridis, cividis: interpolateCividis };
  for (const [name, colours] of Object.entries(tables)) {
    await choices.first().selectOption(name);
    await bars(
      page,
      [0, 100, 255].map((i) => rgb(colours(i / 255))),
    );
    assert.equal(await choices.nth(1).inputValue(), name);
  }
  await page.reload();
  await bars(
    page,
    [0, 100, 255].map((i) => rgb(interpolateCividis(i / 255))),
  );
  await choices.first().selectOption('own');
  await bars(page, own);
  await page.evaluate((hash) => {
    location.hash = hash;
  }, HASH);
  await page.getByText('position 0 · ').first().waitFor();
  assert.equal(await page.locator('.heat').first().locator('.colours').isVisible(), false);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
