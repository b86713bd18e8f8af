// *Stretched table* and *Learned rows*: what is shown of DINOv2's table is near to the whole one, and is what the library makes of it;
// a patch is held in the map as learned and in the stretched one alike.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import bakePositions from '../../demo/bake/positions.js';
import { positionTable } from '../../demo/rooms/encodings/figures/positions.js';
import { encodings, load, similarity, Tensor } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { drawn } from './figures.js';
import { PHOTO } from './pictures.js';

const SIDE = 37;
const START = { to: 16, mode: 'bicubic', antialias: true, alignCorners: false, scaleOffset: 0 };

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('../../web/encodings.js').Encodings} */
let pe;
/** @type {Tensor} */
let table;
before(async () => {
  [browser, pe, table] = await Promise.all([
    startBrowser(),
    encodings(),
    bakePositions().then((baked) => positionTable(baked)),
  ]);
});
after(async () => {
  await browser.close();
  pe.dispose();
});

/** What the page keeps of the cosines, as a file. @param {import('playwright-core').Page} page */
async function savedCosines(page) {
  const menu = page.locator('.all-maps details.save');
  if (!(await menu.getAttribute('open').then((open) => open !== null))) await menu.locator('summary').click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    menu.getByRole('button', { name: 'NPY' }).click(),
  ]);
  return Tensor.fromNpy(readFileSync(await file.path()));
}
/** @param {Tensor} all @param {number} row */
const cosinesOf = (all, row) => {
  const width = all.shape[1];
  const one = new Tensor(
    'float32',
    Float32Array.from(all.data.slice(row * width, (row + 1) * width), Number),
    [1, width],
  );
  return Array.from(similarity(one, all).data, Number);
};
/** @param {number[]} a @param {number[]} b */
const apart = (a, b) => {
  const all = a.map((x, i) => Math.abs(x - b[i]));
  return { worst: Math.max(...all), mean: all.reduce((sum, x) => sum + x) / all.length };
};
/** The number behind *Cosine to the patch*. @param {import('playwright-core').Page} page @param {number} which */
const neighbour = async (page, which) =>
  Number(
    /Cosine to the patch (?:below|above) (−?[\d.]+[\d])/
      .exec(await page.locator('.held-patch figcaption').nth(which).innerText())?.[1]
      .replace('−', '-'),
  );

test('the stretched table is near to what the whole table of DINOv2 gives', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings/resizeTable' });
  await page.locator('.held-words output', { hasText: 'row 5, column 10' }).waitFor();
  const shown = await savedCosines(page);
  assert.deepEqual([...shown.shape], [16, 16]);
  const encoder = await load(PHOTO);
  const whole = Float32Array.from(encoder.weight('embeddings.position_embeddings').data.slice(384), Number);
  encoder.dispose();
  const mean = new Float64Array(384);
  whole.forEach((x, i) => {
    mean[i % 384] += x / SIDE ** 2;
  });
  const centred = new Tensor(
    'float32',
    whole.map((x, i) => x - mean[i % 384]),
    [SIDE * SIDE, 384],
  );
  const stretched = pe.resizeTable(/** @type {any} */ ({ ...START, table: centred }));
  const { worst, mean: usual } = apart(Array.from(shown.data, Number), cosinesOf(stretched, 5 * 16 + 10));
  assert.ok(worst < 0.08 && usual < 0.02, `off by ${worst}, ${usual} on average`);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a patch is held in both maps, with the cosines of the library, whatever the side and the method', async () => {
  const { page } = await browser.openPage({ hash: 'encodings/resizeTable' });
  const held = page.locator('.held-words output');
  await held.filter({ hasText: 'row 5, column 10' }).waitFor();
  const learned = page.getByRole('application', {
    name: 'As learned: how alike each patch is to the held one',
  });
  const numbers = page
    .getByRole('application', { name: 'The numbers of Stretched table' })
    .locator('xpath=..')
    .locator('output');
  await learned.press('PageDown');
  assert.equal(
    await held.innerText(),
    'Held: row 10, column 10 of the stretched table, row 23, column 24 of the learned one',
  );
  assert.match(await numbers.innerText(), /^patch 170 · /);
  const stretched = page.getByRole('application', {
    name: 'Stretched: how alike each patch is to the held one',
  });
  await stretched.press('ArrowLeft');
  // The middle of its column 9 of 16 lies in column 21 of 37.
  assert.equal(
    await held.innerText(),
    'Held: row 10, column 9 of the stretched table, row 24, column 21 of the learned one',
  );
  for (const options of [
    START,
    { ...START, scaleOffset: 0.1, antialias: false },
    { ...START, to: 20, scaleOffset: 0.1, antialias: false },
  ]) {
    if (options.scaleOffset) await page.getByText('DINOv2', { exact: true }).click();
    if (options.to !== 16) {
      await page.getByLabel('Patches a side, exactly').fill(String(options.to));
      await page.keyboard.press('Enter');
    }
    const code = page.locator('.code-panel code');
    await code
      .filter({ hasText: `to: ${options.to}` })
      .filter({ hasText: `scaleOffset: ${options.scaleOffset}` })
      .waitFor();
    const after = pe.resizeTable(/** @type {any} */ ({ ...options, table }));
    const [, row, column] = /row (\d+), column (\d+) of the stretched/.exec(await held.innerText()) ?? [];
    const wanted = cosinesOf(after, Number(row) * options.to + Number(column));
    assert.ok(apart(Array.from((await savedCosines(page)).data, Number), wanted).worst < 1e-5);
    assert.ok(
      Math.abs((await neighbour(page, 1)) - wanted[(Number(row) + 1) * options.to + Number(column)]) < 1e-4,
    );
  }
  const [, row, column] = /row (\d+), column (\d+) of the learned/.exec(await held.innerText()) ?? [];
  const before37 = cosinesOf(table, Number(row) * SIDE + Number(column));
  assert.ok(
    Math.abs((await neighbour(page, 0)) - before37[(Number(row) + 1) * SIDE + Number(column)]) < 1e-4,
  );
  const hash = new URL(page.url()).hash.slice(1);
  await page.context().close();
  const again = await browser.openPage({ hash });
  await again.page
    .locator('.code-panel code')
    .filter({ hasText: 'to: 20' })
    .filter({ hasText: 'scaleOffset: 0.1' })
    .waitFor();
  assert.ok(await again.page.getByRole('radio', { name: 'DINOv2' }).isChecked());
  await again.page.context().close();
});

test('of the learned rows a patch shows its likeness, and rows that are not taken are grey', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings/learnedTable' });
  const held = page.locator('.held-patch output').first();
  await held.filter({ hasText: 'row 505 of the table' }).waitFor();
  const picture = page.getByRole('application', { name: 'The picture in patches' });
  await picture.press('PageUp');
  await picture.press('ArrowRight');
  assert.equal(await held.innerText(), 'Patch at row 3, column 25: row 136 of the table');
  const wanted = cosinesOf(table, 136);
  assert.ok(Math.abs((await neighbour(page, 1)) - wanted[136 + SIDE]) < 1e-4);
  await page.getByLabel('Offset, exactly').fill('100');
  await page.keyboard.press('Enter');
  await page.locator('.code-panel code').filter({ hasText: 'offset: 100' }).waitFor();
  const numbers = page
    .getByRole('application', { name: 'The numbers of Learned rows' })
    .locator('xpath=..')
    .locator('output');
  assert.match(await numbers.innerText(), /^patch 36 · /);
  await drawn(page);
  const grey = await page.evaluate(() => {
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('.held-patch .heat-canvas'));
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(
      0,
      0,
      37,
      37,
    );
    return Array.from({ length: 37 * 37 }, (_, i) =>
      [...data.slice(4 * i, 4 * i + 3)].every((x) => x === 0x96),
    );
  });
  assert.deepEqual(
    grey,
    Array.from({ length: SIDE ** 2 }, (_, i) => i < 100),
  );
  assert.deepEqual(complaints, []);
  await page.context().close();
});
