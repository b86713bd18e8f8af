// Windows that move: what the film, its maps and its read-out show is the library's mask; hands, keys and less motion.
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

const SIDE = 8;

/**
 * Window and place of a patch, written down by hand for maps of 8 × 8: roll, then cut.
 * @param {number} row @param {number} column @param {number} window @param {number} shift
 */
function placeOf(row, column, window, shift) {
  const [y, x] = [row, column].map((at) => (at - shift + SIDE) % SIDE);
  return {
    window: Math.floor(y / window) * (SIDE / window) + Math.floor(x / window),
    place: (y % window) * window + (x % window),
  };
}

/** @param {Record<string, number>} options @returns {number[][][]} */
const maskOf = (options) =>
  /** @type {any} */ (
    pe.shiftedWindowMask(/** @type {any} */ ({ height: SIDE, width: SIDE, ...options })).tolist()
  );

/** How many places a place of a window sees. @param {number[][][]} mask @param {{ window: number, place: number }} at */
const seenBy = (mask, { window, place }) => mask[window][place].filter((value) => value === 0).length;

/** @param {string} hash @param {object} [options] */
async function film(hash, options) {
  const { page, complaints } = await browser.openPage({ hash, ...options });
  await page.locator('.swin-who canvas').first().waitFor();
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  return { page, complaints, told: () => page.locator('.swin output').innerText() };
}

test('each patch sees as many as the mask allows, walked over by keys', async () => {
  const { page, complaints, told } = await film('encodings/shiftedWindowMask');
  const mask = maskOf({ window: 4, shift: 2 });
  await page.getByRole('application', { name: /picture in windows/ }).focus();
  for (const key of ['Home', 'PageUp']) await page.keyboard.press(key);
  for (let step = 0; step < SIDE; step++) {
    const at = placeOf(step, step, 4, 2);
    const seen = seenBy(mask, at);
    const strangers = seen < 16 ? `, and ${16 - seen} strangers not` : '';
    assert.equal(
      await told(),
      `patch row ${step}, column ${step} · window ${at.window + 1} of 4 · sees ${seen} patches${strangers}`,
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('End');
  await page.keyboard.press('PageDown');
  assert.match(await told(), /^patch row 7, column 7 /);
  await page.keyboard.press('Home');
  assert.match(await told(), /^patch row 7, column 0 /);
  assert.match(page.url(), /patch=7%2C0/);
  // The numbers below follow: the plane of its window, the row of its place.
  const { window, place } = placeOf(7, 0, 4, 2);
  await page
    .locator('.chips select')
    .filter({ hasText: `plane ${window} of 4` })
    .waitFor();
  await page
    .locator('.heat output')
    .first()
    .filter({ hasText: `query ${place} ` })
    .waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the maps are the mask, one for each kind of window', async () => {
  const { page } = await film('encodings/shiftedWindowMask?window=2&shift=1');
  const mask = maskOf({ window: 2, shift: 1 });
  const kinds = new Set(mask.map((plane) => JSON.stringify(plane)));
  const maps = await page.locator('.swin-who button').evaluateAll((buttons) =>
    buttons.map((button) => {
      const canvas = /** @type {HTMLCanvasElement} */ (button.querySelector('canvas'));
      const { data } = /** @type {any} */ (canvas.getContext('2d')).getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      );
      const sums = Array.from(
        { length: canvas.width ** 2 },
        (_, i) => data[4 * i] + data[4 * i + 1] + data[4 * i + 2],
      );
      return { text: button.textContent, sums };
    }),
  );
  assert.equal(maps.length, kinds.size);
  [...kinds].forEach((kind, k) => {
    const values = JSON.parse(kind).flat();
    const paper = Math.max(...maps.flatMap(({ sums }) => sums));
    assert.deepEqual(
      maps[k].sums.map((sum) => sum < paper),
      values.map((/** @type {number} */ value) => value === 0),
    );
    const count = mask.filter((plane) => JSON.stringify(plane) === kind).length;
    if (count > 1) assert.match(maps[k].text ?? '', new RegExp(`${count} windows`));
  });
  await page.context().close();
});

test('the mask colours strangers and nobody else', async () => {
  const stills = await Promise.all(
    [2, 3].map(async (time) => {
      const { page } = await film(`encodings/shiftedWindowMask?film=${time}&patch=0,0`);
      const pixels = await page.locator('.swin-stage').evaluate((element, side) => {
        const canvas = /** @type {HTMLCanvasElement} */ (element);
        const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        const cell = canvas.width / side;
        return Array.from({ length: side * side }, (_, i) => {
          const corner = [(i % side) + 0.25, Math.floor(i / side) + 0.25].map((at) => Math.round(at * cell));
          return pen
            .getImageData(corner[0], corner[1], Math.round(cell / 4), Math.round(cell / 4))
            .data.join();
        });
      }, SIDE);
      await page.context().close();
      return pixels;
    }),
  );
  const mask = maskOf({ window: 4, shift: 2 });
  for (let i = 0; i < SIDE * SIDE; i++) {
    // In the rolled picture, windows stand where they were cut.
    const window = Math.floor(Math.floor(i / SIDE) / 4) * 2 + Math.floor((i % SIDE) / 4);
    const hasStrangers = mask[window].flat().some((value) => value !== 0);
    assert.equal(stills[0][i] !== stills[1][i], hasStrangers, `patch ${i} of the rolled picture`);
  }
});

test('a click holds the patch under it where the film stands, a drag sweeps', async () => {
  const { page, told } = await film('encodings/shiftedWindowMask?film=2');
  const stage = page.locator('.swin-stage');
  await stage.scrollIntoViewIfNeeded();
  const box = /** @type {{ x: number, y: number, width: number }} */ (await stage.boundingBox());
  const cell = box.width / SIDE;
  // Rolled by two: what is seen at row 7 is the picture's row 1.
  await page.mouse.move(box.x + 0.5 * cell, box.y + 7.5 * cell);
  await page.mouse.down();
  assert.match(await told(), /^patch row 1, column 2 /);
  await page.mouse.move(box.x + 6.5 * cell, box.y + 7.5 * cell);
  assert.match(await told(), /^patch row 1, column 0 /);
  await page.mouse.up();
  await page.context().close();
});

test('the film plays to its end and is scrubbed by keys', async () => {
  const { page } = await film('encodings/shiftedWindowMask?film=3');
  await page.getByRole('button', { name: 'Play the film' }).click();
  await page.locator('.swin-strip [aria-current]').filter({ hasText: '5 Roll back' }).waitFor();
  await page.getByRole('button', { name: 'Play the film' }).waitFor();
  const line = page.getByRole('slider', { name: 'The film' });
  await line.focus();
  await page.keyboard.press('Home');
  await page.locator('.swin-strip [aria-current]').filter({ hasText: '1 Cut' }).waitFor();
  assert.match(await page.locator('.swin output').innerText(), /sees 16 patches$/);
  await page.keyboard.press('PageUp');
  assert.equal(Number(new URLSearchParams(page.url().split('?')[1]).get('film')), 0.4);
  await page.context().close();
});

test('who asks for less motion gets stills', async () => {
  const { page } = await film('encodings/shiftedWindowMask', { reducedMotion: 'reduce' });
  assert.equal(await page.getByRole('button', { name: /the film/ }).count(), 0);
  const line = page.getByRole('slider', { name: 'The film' });
  assert.equal(await line.getAttribute('max'), '4');
  await page.locator('.swin-strip button').nth(1).click();
  await page.locator('.swin-strip [aria-current]').filter({ hasText: '2 Shift' }).waitFor();
  assert.equal(await line.inputValue(), '1');
  await page.context().close();
});
