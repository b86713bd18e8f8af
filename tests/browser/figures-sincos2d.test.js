// *Waves on a grid*: the held patch's hands and likenesses are those of the library's table; keys, pointer and the maps hold another;
// sides and presets keep the patch and its row of the table together.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { encodings, similarity, Tensor } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { drawn, worst } from './figures.js';

const OPTIONS = { height: 14, width: 14, dim: 384, base: 10000 };

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

/** @param {string} [state] */
async function open(state = '') {
  const opened = await browser.openPage({ hash: `encodings/sincos2d${state}` });
  await opened.page.locator('.all-maps b', { hasText: 'A map for each of' }).waitFor();
  const { page } = opened;
  return {
    ...opened,
    picture: page.getByRole('application', { name: 'The picture in patches' }),
    map: page.getByRole('application', { name: 'How alike each patch is to the held one' }),
    maps: page.getByRole('application', { name: 'A map for each patch' }),
    held: page.locator('.held-patch output').first(),
    numbers: page
      .getByRole('application', { name: 'The numbers of Waves on a grid' })
      .locator('xpath=..')
      .locator('output')
      .first(),
  };
}

/** The tips of the hands: to the right, up. @param {import('playwright-core').Page} page */
const hands = (page) =>
  page
    .locator('.hands-of')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('.hand:not([style*="none"])')].map((hand) => [
          Number(hand.getAttribute('x2')) / 32,
          -Number(hand.getAttribute('y2')) / 32,
        ]),
      ),
    );

test('the held patch has the hands of its row and of its column, and the cosines of the library', async () => {
  const { page, picture, held, numbers, complaints } = await open();
  assert.equal(await held.innerText(), 'Patch at row 5, column 9');
  const { data } = pe.sincos2d(OPTIONS);
  const cosines = similarity(pe.sincos2d(OPTIONS)).data;
  const quarter = OPTIONS.dim / 4;
  for (const [key, row, column] of /** @type {const} */ ([
    ['ArrowDown', 6, 9],
    ['ArrowLeft', 6, 8],
    ['PageDown', 13, 8],
    ['End', 13, 13],
    ['ArrowUp', 12, 13],
    ['Home', 12, 0],
    ['ArrowRight', 12, 1],
  ])) {
    await picture.press(key);
    assert.equal(await held.innerText(), `Patch at row ${row}, column ${column}`);
    const patch = row * 14 + column;
    assert.match(await numbers.innerText(), new RegExp(`^patch ${patch} · `));
    const shown = await hands(page);
    // Seven of the 96 hands: the first, the last, and five between.
    const chosen = Array.from({ length: 7 }, (_, i) => Math.round((i * (quarter - 1)) / 6));
    [2 * quarter, 0].forEach((start, axis) => {
      const at = patch * OPTIONS.dim + start;
      const wanted = chosen.flatMap((k) => [data[at + quarter + k], data[at + k]]);
      assert.ok(worst(shown[axis].flat(), wanted) < 0.001, `axis ${axis} at ${row}, ${column}`);
    });
    const neighbour = row < 13 ? patch + 14 : patch - 14;
    const far = (row < 7 ? 13 : 0) * 14 + (column < 7 ? 13 : 0);
    const facts = await page.locator('.held-patch figcaption').nth(1).innerText();
    for (const other of [neighbour, far])
      assert.ok(facts.includes(Number(cosines[patch * 196 + other]).toFixed(4)), facts);
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('pointer and maps hold a patch, in the large map, in the small ones and in the numbers alike', async () => {
  const { page, picture, map, maps, held, numbers } = await open();
  const at = (
    /** @type {number} */ row,
    /** @type {number} */ column,
    /** @type {{ width: number, height: number }} */ box,
  ) => ({
    position: { x: ((column + 0.5) / 14) * box.width, y: ((row + 0.5) / 14) * box.height },
  });
  for (const [frame, row, column] of /** @type {const} */ ([
    [picture, 2, 3],
    [map, 11, 4],
    [maps, 7, 12],
  ])) {
    const box = await frame.boundingBox();
    assert.ok(box);
    await frame.click(at(row, column, box));
    assert.equal(await held.innerText(), `Patch at row ${row}, column ${column}`);
    assert.match(await numbers.innerText(), new RegExp(`^patch ${row * 14 + column} · `));
    await drawn(page);
    const [large, small] = await page.evaluate(
      ([r, c]) => {
        const pixels = (/** @type {string} */ selector, /** @type {number} */ x, /** @type {number} */ y) => {
          const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(selector));
          return [...(canvas.getContext('2d')?.getImageData(x, y, 14, 14).data ?? [])];
        };
        return [pixels('.held-patch .heat-canvas', 0, 0), pixels('.all-maps canvas', c * 15, r * 15)];
      },
      [row, column],
    );
    assert.equal(large.length, 14 * 14 * 4);
    assert.deepEqual(large, small);
  }
  await page.locator('.all-maps details.save summary').click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.all-maps').getByRole('button', { name: 'NPY' }).click(),
  ]);
  const saved = Tensor.fromNpy(readFileSync(await file.path()));
  assert.deepEqual([...saved.shape], [196, 196]);
  assert.ok(
    worst(Array.from(saved.data, Number), Array.from(similarity(pe.sincos2d(OPTIONS)).data, Number)) < 1e-6,
  );
  await page.context().close();
});

test('the patches a side and the presets are options; a patch keeps its row of the table', async () => {
  const { page, picture, held, numbers } = await open();
  const box = page.getByLabel('Patches a side, exactly');
  await box.fill('8');
  await box.press('Enter');
  await page.locator('.code-panel code').filter({ hasText: 'height: 8, width: 8' }).waitFor();
  assert.equal(await held.innerText(), 'Patch at row 5, column 7');
  await page.getByText('MoCo v3', { exact: true }).click();
  await page.locator('.code-panel code').filter({ hasText: "preset: 'moco-v3'" }).waitFor();
  await picture.press('ArrowUp');
  // Its table runs down the columns.
  assert.match(await numbers.innerText(), new RegExp(`^patch ${7 * 8 + 4} · `));
  const shown = await hands(page);
  const plain = pe.sincos2d({ ...OPTIONS, height: 8, width: 8 }).data;
  const moco = pe.sincos2d({ ...OPTIONS, height: 8, width: 8, preset: 'moco-v3' }).data;
  assert.deepEqual([...moco.slice(60 * 384, 61 * 384)].sort(), [...plain.slice(39 * 384, 40 * 384)].sort());
  assert.ok(Math.abs(shown[0][0][1] - Number(plain[39 * 384 + 192])) < 0.001);
  const hash = new URL(page.url()).hash.slice(1);
  await page.context().close();
  const again = await open(hash.slice('encodings/sincos2d'.length));
  assert.equal(await again.held.innerText(), 'Patch at row 4, column 7');
  await again.page.context().close();
});

test('brackets say which numbers are whose, as the library has them with every preset', async () => {
  const { page, shoot } = await open('?height=6&width=6&dim=32');
  const layouts = new Set();
  for (const [words, preset] of /** @type {const} */ ([
    ['ViT', 'simple-vit'],
    ['JEPA', 'jepa'],
    ['MoCo v3', 'moco-v3'],
    ['timm', 'timm'],
    ['HF', 'hf'],
    ['MAE', 'mae'],
  ])) {
    await page.locator('.several label', { hasText: words }).click();
    await page
      .locator('.code-panel code')
      .filter({ hasText: `preset: '${preset}'` })
      .waitFor();
    await drawn(page);
    const parts = page.locator('.one-numbers .brackets span');
    const texts = await parts.allInnerTexts();
    layouts.add(texts.join());
    const widths = await parts.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
    assert.equal(texts.length, 4, preset);
    assert.ok(Math.max(...widths) - Math.min(...widths) < 1, String(widths));
    const { data } = pe.sincos2d({ height: 6, width: 6, dim: 32, base: 10000, preset });
    const isColumns = preset === 'moco-v3';
    texts.forEach((text, part) => {
      const [, wave, axis] = /^(sine|cosine) of (row|column)$/.exec(text) ?? [];
      const of = wave === 'sine' ? Math.sin : Math.cos;
      for (let patch = 0; patch < 36; patch++) {
        const [slow, fast] = [Math.floor(patch / 6), patch % 6];
        const place = (axis === 'row') === isColumns ? fast : slow;
        // The fastest hand turns by one radian a place, whatever the preset.
        assert.ok(Math.abs(Number(data[patch * 32 + part * 8]) - of(place)) < 1e-6, `${preset}, ${text}`);
      }
    });
    const order = isColumns ? 'column by column' : 'row by row';
    await page.getByText(`Patches down, ${order} of the picture`).waitFor();
  }
  assert.deepEqual(
    layouts,
    new Set([
      'sine of column,cosine of column,sine of row,cosine of row',
      'sine of row,cosine of row,sine of column,cosine of column',
      'sine of row,sine of column,cosine of row,cosine of column',
    ]),
  );
  await shoot('sincos2d-brackets-1280-light');
  await page.context().close();
});

test('a finger holds a patch on a phone, where all is one column', async () => {
  const { page } = await browser.openPage({
    hash: 'encodings/sincos2d',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const picture = page.getByRole('application', { name: 'The picture in patches' });
  const box = await picture.boundingBox();
  assert.ok(box && box.width > 340, JSON.stringify(box));
  await picture.tap({ position: { x: box.width / 28, y: box.height / 28 } });
  await page.locator('.held-patch output', { hasText: 'Patch at row 0, column 0' }).waitFor();
  await page.context().close();
});
