// The gallery's tiles of what is rotated: clock hands that point where the library's angles do.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodings } from '../../web/index.js';
import { startBrowser } from './browser.js';

const SIDE = 7;

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

/** Whether at places of a tile, in parts of it, there is that colour. @param {import('playwright-core').Page} page @param {string} name @param {number[][]} places @param {string} role */
const isThere = (page, name, places, role) =>
  page.locator(`a[href$="encodings/${name}"] canvas`).evaluate(
    (canvas, [spots, token]) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      const pen = /** @type {HTMLCanvasElement} */ (canvas).getContext('2d');
      const probe = document.createElement('i');
      probe.style.color = `var(--${token})`;
      document.body.append(probe);
      const wanted = getComputedStyle(probe).color.match(/\d+/g)?.map(Number) ?? [];
      probe.remove();
      return spots.map(([x, y]) => {
        const seen = pen?.getImageData(Math.round(x * width), Math.round(y * height), 1, 1).data ?? [];
        return wanted.every((c, i) => Math.abs(c - seen[i]) < 12);
      });
    },
    /** @type {[number[][], string]} */ ([places, role]),
  );

test('clocks of places, and of rows and columns, have their hands where the library has them', async () => {
  const { page, complaints } = await browser.openPage({
    hash: 'encodings',
    viewport: { width: 1280, height: 2600 },
  });
  for (const name of ['rope', 'rope2d', 'ropeSections'])
    await page.locator(`a[href$="encodings/${name}"] canvas[data-drawn]`).waitFor();
  assert.deepEqual(complaints, []);
  /** Half way along a hand. @param {any} table @param {number} place @param {number} pair @param {number} turn */
  const spot = ({ cos, sin }, place, pair, turn = 1) => {
    const at = place * cos.shape[1] + pair;
    const step = 1 / SIDE;
    return [cos, sin].map(({ data }) => turn * 0.25 * step * Number(data[at]));
  };
  const clocks = pe.rope({ length: SIDE, dim: 10, base: 100 });
  const steps = Array.from({ length: SIDE * 5 }, (_, i) => [i % SIDE, Math.floor(i / SIDE)]);
  const at = (/** @type {number} */ turn) =>
    steps.map(([place, pair]) => {
      const [right, up] = spot(clocks, place, pair, turn);
      return [(place + 0.7) / (SIDE + 0.4) + right, (pair + 0.5) / 5 - up];
    });
  assert.deepEqual(
    await isThere(page, 'rope', at(1), 'who'),
    steps.map(() => true),
  );
  assert.deepEqual(
    await isThere(page, 'rope', at(-1), 'who'),
    steps.map(() => false),
  );

  const patches = Array.from({ length: SIDE ** 2 }, (_, i) => i);
  for (const [name, table, column] of /** @type {const} */ ([
    ['rope2d', pe.rope2d({ height: SIDE, width: SIDE, dim: 4 }), 1],
    [
      'ropeSections',
      pe.ropeSections({ height: SIDE, width: SIDE, dim: 6, sections: [1, 1, 1], base: 10 }),
      2,
    ],
  ])) {
    const places = patches.map((patch) => {
      const [right, up] = spot(table, patch, column);
      return [((patch % SIDE) + 0.5) / SIDE + right, (Math.floor(patch / SIDE) + 0.5) / SIDE - up];
    });
    // Columns are drawn over rows.
    assert.deepEqual(
      await isThere(page, name, places, 'whom'),
      patches.map(() => true),
      name,
    );
  }
  await page.context().close();
});

test('the mark sweeps through a tile once that is pointed at or held by keys, and rests for who wants less motion', async () => {
  for (const [reducedMotion, name] of /** @type {const} */ ([
    ['no-preference', 'sweep'],
    ['reduce', 'none'],
  ])) {
    const { page, complaints } = await browser.openPage({ hash: 'encodings', reducedMotion });
    const tile = page.locator('a[href$="encodings/sincos2d"]');
    const moving = () =>
      tile.evaluate((link) => {
        const { animationName, animationIterationCount } = getComputedStyle(link, '::before');
        return [animationName, animationIterationCount];
      });
    await tile.waitFor();
    assert.deepEqual(await moving(), ['none', '1']);
    await tile.hover();
    assert.deepEqual(await moving(), [name, '1']);
    await page.mouse.move(0, 0);
    await page.getByRole('searchbox').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.deepEqual(await moving(), [name, '1']);
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});
