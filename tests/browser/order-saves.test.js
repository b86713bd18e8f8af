// What the first screen gives away: both networks' probabilities word by word and the clocks, as CSV, NPY (read by NumPy) and PNG,
// equal to what the library computes; and how many words its networks know.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import sharp from 'sharp';
import { ROLES, read } from '../../demo/rooms/order/reading.js';
import { FIRST } from '../../demo/rooms/order/sentences.js';
import { encodings, load } from '../../web/index.js';
import { startBrowser } from './browser.js';

/** @import { Page } from 'playwright-core' */

const PYTHON = fileURLToPath(new URL('../../.cache/venv/bin/python', import.meta.url));
const MODELS = new URL('../../demo/models/roles/', import.meta.url);
/** Between two engines on one machine. */
const NEAR = 1e-6;

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** The path of a file. @param {Page} page @param {'.order-save' | '.order-clocks'} place @param {'CSV' | 'NPY' | 'PNG'} kind */
async function saved(page, place, kind) {
  const menu = page.locator(`${place} .save`);
  if (!(await menu.evaluate((details) => Reflect.get(details, 'open'))))
    await menu.locator('summary').click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    menu.getByRole('button', { name: kind, exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), path: await file.path() };
}

/** What NumPy reads. @param {string} path @returns {{ dtype: string, rows: number[][] }} */
const numpy = (path) =>
  JSON.parse(
    execFileSync(PYTHON, [
      '-c',
      'import json, sys, numpy; a = numpy.load(sys.argv[1]); print(json.dumps({"dtype": str(a.dtype), "rows": a.tolist()}))',
      path,
    ]).toString(),
  );

/** @param {number[][]} found @param {number[][]} wanted */
function near(found, wanted) {
  assert.deepEqual([found.length, found[0].length], [wanted.length, wanted[0].length]);
  found.forEach((row, i) => {
    row.forEach((x, k) => {
      assert.ok(Math.abs(x - wanted[i][k]) <= NEAR, `row ${i}, column ${k}: ${x}, library ${wanted[i][k]}`);
    });
  });
}

/** Rows of both networks' probabilities, by the library in Node. @param {string[]} words @param {string} positions */
async function sharesOf(words, positions) {
  const [told, blind] = await Promise.all(
    [positions, 'none'].map(async (name) => {
      const model = await load(new URL(`${name}/`, MODELS));
      const { shares } = await read(model, words);
      model.dispose();
      return shares;
    }),
  );
  return told.map((row, i) => [...row, ...blind[i]]);
}

const COLUMNS = ['told', 'not told'].flatMap((side) => ROLES.map((role) => `${side}: ${role}`));

test('the first sentence’s probabilities are saved to all digits, though it stood there baked', async () => {
  const { page, complaints } = await browser.openPage();
  await page.keyboard.press('Tab'); // ends the show
  const wanted = await sharesOf(FIRST.split(' '), 'sines');
  const csv = await saved(page, '.order-save', 'CSV');
  assert.equal(csv.name, 'roles.csv');
  const [head, ...lines] = parse(readFileSync(csv.path, 'utf8'));
  assert.deepEqual(head, ['', ...COLUMNS]);
  assert.deepEqual(
    lines.map(([word]) => word),
    FIRST.split(' '),
  );
  near(
    lines.map(([, ...row]) => row.map(Number)),
    wanted,
  );
  const { dtype, rows } = numpy((await saved(page, '.order-save', 'NPY')).path);
  assert.equal(dtype, 'float32');
  near(rows, wanted);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('another sentence and another way of telling are what is saved then; the open table follows', async () => {
  const { page } = await browser.openPage({ hash: 'order?s=the+dog+chased+the+cat' });
  const table = page.locator('.order-save table');
  await page.locator('.order-save summary').click();
  await page.locator('.order-save').getByRole('button', { name: 'Table' }).click();
  assert.match(await table.locator('caption').innerText(), /“the dog chased the cat”.*told.*sines/);
  await page.getByText('rotary', { exact: true }).click();
  await page.getByRole('button', { name: /^cat,/ }).focus();
  await page.keyboard.press('Delete');
  await table.filter({ hasText: '“the dog chased the”' }).filter({ hasText: 'rotary' }).waitFor();
  const wanted = await sharesOf(['the', 'dog', 'chased', 'the'], 'rotary');
  const cells = await table
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  near(
    cells.map(([, ...row]) => row.map(Number)),
    wanted,
  );
  near(numpy((await saved(page, '.order-save', 'NPY')).path).rows, wanted);
  await page.context().close();
});

test('the picture has the words in their marks, both networks’ colours and a caption', async () => {
  const { page } = await browser.openPage({ hash: 'order?s=the+dog+chased+the+cat' });
  await page.getByRole('button', { name: 'Swap again' }).click();
  await page.locator('.count.told', { hasText: 'changed' }).waitFor();
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  const { path } = await saved(page, '.order-save', 'PNG');
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const figure = await page.locator('.stage svg').boundingBox();
  assert.ok(figure && info.width >= figure.width && info.height > figure.height + 40);
  const colours = await page.evaluate(() =>
    ['mark', 'who', 'whom'].map((name) => {
      const probe = document.body.appendChild(document.createElement('i'));
      probe.style.color = `var(--${name})`;
      return (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
    }),
  );
  const counts = colours.map(([red, green, blue]) => {
    let count = 0;
    for (let i = 0; i < data.length; i += 3)
      count += Number(data[i] === red && data[i + 1] === green && data[i + 2] === blue);
    return count;
  });
  // Two words' boxes; bars of two phrases.
  assert.ok(counts[0] > 4000 && counts[1] > 200 && counts[2] > 200, `${counts}`);
  const foot = data.subarray(3 * info.width * Math.ceil(figure.height + 40));
  assert.ok(new Set(foot).size > 4, 'something is written below');
  await page.context().close();
});

test('the clocks’ table is the library’s, as the sliders are set', async () => {
  const { page } = await browser.openPage({ hash: 'order?s=the+dog+chased+the+cat' });
  const hands = page.getByLabel('Hands, exactly');
  await hands.fill('3');
  await hands.press('Enter');
  const pe = await encodings();
  const wanted = pe.sincos1d({ length: 5, dim: 6, base: 30 }).tolist();
  pe.dispose();
  const [head, ...lines] = parse(readFileSync((await saved(page, '.order-clocks', 'CSV')).path, 'utf8'));
  assert.deepEqual(head.slice(0, 4), ['', 'hand 1: sine', 'hand 1: cosine', 'hand 2: sine']);
  near(
    lines.map(([, ...row]) => row.map(Number)),
    /** @type {number[][]} */ (wanted),
  );
  near(numpy((await saved(page, '.order-clocks', 'NPY')).path).rows, /** @type {number[][]} */ (wanted));
  const { width = 0 } = await sharp((await saved(page, '.order-clocks', 'PNG')).path).metadata();
  assert.ok(width > 1000);
  await page.context().close();
});

test('the room says how many words its networks know', async () => {
  const vocabulary = readFileSync(new URL('none/vocab.txt', MODELS), 'utf8')
    .split('\n')
    .filter((word) => word && !word.startsWith('['));
  const { page } = await browser.openPage();
  await page.getByText(`made-up sentences of ${vocabulary.length} words;`).waitFor();
  await page.context().close();
});
