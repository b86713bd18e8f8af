// The page's position encodings in a real Chromium: the numbers behind the heat map, read back from its files, its cursor
// and its picture, against the reference data; pictures of it in build/screenshots. Its form: encoding_form.test.js.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decode } from 'fast-png';
import { Tensor } from 'wasmformer';
import { findParts } from '../cli/picture.js';
import { assertClose, encodingCases } from '../tutorials/golden.js';
import { startBrowser } from './browser.js';
import { openEncoding, saved } from './section.js';

const PHONE = { width: 375, height: 740 };

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

const numberIn = (/** @type {string} */ text) => Number(text.split(': ')[1].replace('−', '-'));

test('sincos2d: the saved numbers, the cursor and the picture are the reference table', async () => {
  const [{ params, outputs }] = encodingCases('seed000_posemb_sincos_2d');
  const { tensor, tol } = outputs.out;
  const [rows, columns] = tensor.shape;
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    Number(tensor.data[row * columns + column]);
  const state = { name: 'sincos2d', height: params.h, width: params.w, dim: params.dim };
  const { page, section, map, readout, complaints, shoot } = await openEncoding(browser, state);

  const csv = (await saved(section, 'csv')).toString().trimEnd().split('\n');
  const values = csv.flatMap((line) => line.split(',').map(Number));
  assertClose(new Tensor('float32', Float32Array.from(values), [csv.length, columns]), tensor, tol);
  assertClose(Tensor.fromNpy(new Uint8Array(await saved(section, 'npy'))), tensor, tol);

  await map.focus();
  for (const [keys, row, column] of /** @type {[string, number, number][]} */ ([
    ['ArrowRight ArrowDown ArrowDown', 2, 1],
    ['End PageDown', 12, columns - 1],
    ['Control+End ArrowRight ArrowDown', rows - 1, columns - 1],
    ['Control+Home ArrowLeft PageUp', 0, 0],
  ])) {
    for (const key of keys.split(' ')) await page.keyboard.press(key);
    const text = await readout.innerText();
    const [y, x] = [Math.floor(row / params.w), row % params.w];
    assert.ok(text.startsWith(`patch ${row} (y ${y}, x ${x}), column ${column}: `), text);
    assert.ok(Math.abs(numberIn(text) - at(row, column)) < 1e-5, text);
  }
  assert.match((await map.getAttribute('aria-label')) ?? '', /^sincos2d: 400 rows, 64 columns$/);

  const box = await map.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  const [, row, column] = /^patch (\d+) .*, column (\d+): /.exec(await readout.innerText()) ?? [];
  assert.ok(Math.abs(numberIn(await readout.innerText()) - at(Number(row), Number(column))) < 1e-5);

  // Two pictures show the values by the place of their colours on the bar: the saved one, and the page itself.
  const onPage = await map.evaluate((/** @type {HTMLCanvasElement} */ canvas) => canvas.toDataURL());
  for (const picture of [await saved(section, 'png'), Buffer.from(onPage.split(',')[1], 'base64')]) {
    const { plot, bar } = findParts(decode(picture));
    for (const [y, x] of [
      [0, 0],
      [21, 5],
      [210, 40],
      [399, 63],
      [57, 33],
    ]) {
      const value = 1 - 2 * bar.nearest(plot.at((x + 0.5) / columns, (y + 0.5) / rows));
      assert.ok(Math.abs(value - at(y, x)) < 0.03, `row ${y}, column ${x}: ${value}, expected ${at(y, x)}`);
    }
  }
  await shoot('encodings-light');
  assert.deepEqual(complaints, []);
});

test('sincos1d: its lines are the columns that the text names', async () => {
  const { page, section, complaints } = await openEncoding(browser, {
    name: 'sincos1d',
    length: 60,
    dim: 32,
    preset: 'd2l',
  });
  const [{ outputs }] = encodingCases('seed001_positional_encoding');
  const names = () => section.locator('.lines path title').allTextContents();
  assert.deepEqual(await names(), ['column 6', 'column 7', 'column 8', 'column 9']);
  for (const column of [6, 7, 8, 9]) {
    const d = await section.locator('.lines path', { hasText: `column ${column}` }).getAttribute('d');
    const heights = (d ?? '')
      .slice(1)
      .split('L')
      .map((point) => Number(point.split(' ')[1]));
    assert.equal(heights.length, 60);
    heights.forEach((height, position) => {
      const expected = Number(outputs.out.tensor.data[position * 32 + column]);
      assert.ok(
        Math.abs(1 - (height - 36) / 112 - expected) < 0.001,
        `column ${column}, position ${position}`,
      );
    });
  }
  const text = section.getByLabel('Columns as lines');
  await text.fill('0, 30-31');
  assert.deepEqual(await names(), ['column 0', 'column 30', 'column 31']);
  await text.fill('0-40');
  await section.getByText('expected up to 8 from 0 to 31, such as 0-3 or 0, 4').waitFor();
  assert.equal(await text.getAttribute('aria-invalid'), '');
  await page.reload();
  await section.getByText('Columns are “0-40”').waitFor();
  assert.equal(await text.inputValue(), '0-40');
  assert.deepEqual(complaints, []);
});

test('rows that are alike: the similarity of positions depends on their distance alone', async () => {
  const { section, shoot, complaints } = await openEncoding(
    browser,
    { name: 'sincos1d', length: 20 },
    { colorScheme: 'dark' },
  );
  await section.getByLabel('Shown').selectOption('similarity');
  const table = Tensor.fromNpy(new Uint8Array(await saved(section, 'npy')));
  assert.deepEqual(table.shape, [20, 20]);
  for (const [a, b] of [
    [0, 0],
    [3, 8],
    [14, 19],
  ]) {
    const angles = Array.from({ length: 16 }, (_, i) => (b - a) / 10000 ** (i / 16));
    const expected = angles.map(Math.cos).reduce((sum, one) => sum + one, 0) / 16;
    assert.ok(Math.abs(Number(table.data[a * 20 + b]) - expected) < 1e-6);
  }
  await shoot('encodings-dark');
  assert.deepEqual(complaints, []);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`on a phone (${colorScheme}) nothing is wider than the screen, and targets are large enough`, async () => {
    const { page, section, shoot, complaints } = await openEncoding(
      browser,
      { name: 'rope2d' },
      { viewport: PHONE, colorScheme },
    );
    await section.getByText('More options').click();
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(widths[0] <= widths[1], `the page is ${widths[0]} wide on a screen of ${widths[1]}`);
    const heights = await section
      .locator('select:visible, input[type=text]:visible, button:visible')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    assert.ok(heights.length > 5, `${heights.length} targets`);
    assert.ok(Math.min(...heights) >= 44, `a target is ${Math.min(...heights)} high`);
    await shoot(`encodings-phone-${colorScheme}`);
    assert.deepEqual(complaints, []);
  });
}
