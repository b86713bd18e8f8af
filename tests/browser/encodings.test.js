// The gallery and the pages of the encodings: every one of them opens; numbers, code and files are the library's; the mark, the
// options and the search follow mouse and keys; the address brings it back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { codeOf } from '../../demo/code/index.js';
import { NAMES_OF } from '../../demo/code/names.js';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { encodings, similarity, Tensor } from '../../web/index.js';
import { largestDifference } from '../compare.js';
import { startBrowser } from './browser.js';
import { STARTS } from './starts.js';

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

/** What a file of the figure holds. @param {import('playwright-core').Page} page @param {string} kind */
async function saved(page, kind) {
  if (!(await page.locator('details.save[open]').count()))
    await page.locator('details.save summary').first().click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('details.save').first().getByRole('button', { name: kind }).click(),
  ]);
  return readFileSync(await file.path());
}

/** The last two axes of the library's result. @param {string} name @param {Record<string, any>} options @param {number} [plane] */
function planeOf(name, options, plane = 0) {
  const result = Reflect.get(pe, name)(options);
  const whole = result instanceof Tensor ? result : /** @type {Tensor} */ (Object.values(result)[0]);
  const [rows, columns] = [1, 1, ...whole.shape].slice(-2);
  return {
    shape: [rows, columns],
    data: Array.from(whole.data.slice(plane * rows * columns, (plane + 1) * rows * columns), Number),
  };
}

test('every encoding opens without a complaint, with the numbers of the library', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings' });
  for (const name of Object.keys(PICTURES)) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `encodings/${name}`);
    await page.getByRole('heading', { level: 1, name: NAMES_OF[name].title, exact: true }).waitFor();
    await page.locator('.code-panel code').filter({ hasText: name }).waitFor();
    assert.equal(await page.locator('.fault:not([hidden])').count(), 0, name);
    const tensor = Tensor.fromNpy(await saved(page, 'NPY'));
    const planes = page.locator('.chips select').filter({ hasText: 'plane' });
    const shownPlane = (await planes.count()) ? (await planes.inputValue()).split(' ')[1] : 0;
    const { shape, data } = planeOf(
      name,
      { ...PICTURES[name](pe).options, ...STARTS[name] },
      Number(shownPlane),
    );
    assert.deepEqual([...tensor.shape], shape, name);
    // A browser and Node may run different builds of the core, whose sums are rounded otherwise.
    const most = 1e-6 * Math.max(1, ...data.filter(Number.isFinite).map(Math.abs));
    const difference = largestDifference(tensor.data, Float32Array.from(data));
    assert.ok(difference <= most, `${name}: ${difference} apart`);
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('options change the numbers, the code and the address, which brings them back', async () => {
  const { page } = await browser.openPage({ hash: 'encodings/sincos2d' });
  const box = page.getByLabel('dim, exactly');
  await box.fill('48');
  await box.press('Enter');
  await page.locator('.code-panel code').filter({ hasText: 'dim: 48' }).waitFor();
  const options = { ...PICTURES.sincos2d(pe).options, ...STARTS.sincos2d, dim: 48 };
  assert.equal(
    await page.locator('.code-panel code').innerText(),
    codeOf('sincos2d', options, 'javascript').trimEnd(),
  );
  await page.getByText('NumPy', { exact: true }).click();
  await page.locator('.code-panel code').filter({ hasText: 'import numpy' }).waitFor();
  assert.equal(
    (await page.locator('.code-panel code').innerText()).trimEnd(),
    codeOf('sincos2d', options, 'numpy').trimEnd(),
  );
  const csv = String(await saved(page, 'CSV'))
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(',').map(Number));
  const { shape, data } = planeOf('sincos2d', options);
  assert.deepEqual([csv.length, csv[0].length], shape);
  csv.flat().forEach((value, i) => {
    assert.ok(Math.abs(value - data[i]) <= 1e-7, `${value} ${data[i]}`);
  });
  const { hash } = new URL(page.url());
  assert.match(hash, /dim=48/);
  const other = await browser.openPage({ hash: hash.slice(1) });
  await other.page.locator('.code-panel code').filter({ hasText: 'dim: 48' }).waitFor();
  await other.page.context().close();
  await page.context().close();
});

test('the mark follows the keys, and what stands there is read out', async () => {
  const { page } = await browser.openPage({ hash: 'encodings/sincos1d' });
  const map = page.getByRole('application', { name: 'The numbers of Sine waves' });
  await map.focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'PageDown', 'ArrowUp'])
    await page.keyboard.press(key);
  const { options, rows = 'row', columns = 'number' } = PICTURES.sincos1d(pe);
  const table = planeOf('sincos1d', options);
  const value = table.data[11 * table.shape[1] + 1];
  const text = await page.locator('.heat output').first().innerText();
  assert.ok(text.startsWith(`${rows} 11 · ${columns} 1 · `), text);
  assert.ok(Math.abs(Number(text.split(' · ')[2].replace('−', '-')) - value) <= 5e-5, `${text} ${value}`);
  await page.context().close();
});

test('a thousand rows are compared bit by bit: the map is the library’s, and no number of them is too many', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'encodings/sincos1d?length=1024&dim=64' });
  const map = page.getByRole('application', { name: /How alike each/ });
  await page.locator('figure:not(.waiting) .heat-below').nth(1).waitFor();
  await page.locator('figure.waiting').waitFor({ state: 'detached' });
  assert.equal(await page.locator('.fault:not([hidden])').count(), 0);
  const cosines = similarity(pe.sincos1d({ length: 1024, dim: 64 }));
  await map.focus();
  for (const [keys, row, column] of /** @type {const} */ ([
    [['PageDown', 'PageDown', 'ArrowDown', 'ArrowRight'], 21, 1],
    [['End'], 21, 1023],
  ])) {
    for (const key of keys) await page.keyboard.press(key);
    const text = await page.locator('.heat output').nth(1).innerText();
    const [at, to, value] = (text.match(/[−\d.]+/g) ?? []).map((part) => Number(part.replace('−', '-')));
    assert.deepEqual([at, to], [row, column]);
    assert.ok(Math.abs(value - Number(cosines.data[row * 1024 + column])) <= 5e-5, text);
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('an option that does not fit is told, and the page goes on', async () => {
  const { page } = await browser.openPage({ hash: 'encodings/sincos2d?dim=30' });
  const fault = page.getByRole('alert');
  await fault.waitFor();
  assert.match(await fault.innerText(), /dim/);
  const box = page.getByLabel('dim, exactly');
  await box.fill('32');
  await box.press('Enter');
  await fault.waitFor({ state: 'hidden' });
  await page.context().close();
});

test('the search finds by name, model and paper, and says when there is nothing', async () => {
  const { page } = await browser.openPage({ hash: 'encodings' });
  const search = page.getByRole('searchbox', { name: 'Find an encoding' });
  await search.fill('swin');
  assert.ok(await page.getByRole('link', { name: /Window bias/ }).isVisible());
  assert.ok(!(await page.getByRole('link', { name: /Sine waves/ }).isVisible()));
  await search.fill('vaswani');
  assert.ok(await page.getByRole('link', { name: /Sine waves/ }).isVisible());
  await search.fill('qqq');
  assert.ok(await page.getByText('Nothing by that name. Try swin, sine, mask.').isVisible());
  await page.context().close();
});
