// Swin's bias in a real Chromium: the tables of the reference Swin, opened as a visitor would, against the index that its
// own file holds; the mask of shifted windows against the reference one; pictures of it in build/screenshots.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Tensor } from 'wasmformer';
import { readTensors } from '../../bindings/formats/safetensors.js';
import { encodingCases, modelCase } from '../tutorials/golden.js';
import { startBrowser } from './browser.js';
import { saved } from './section.js';

const PHONE = { width: 375, height: 740 };
const SWIN = fileURLToPath(new URL('../goldens/data/models/swin/model.safetensors', import.meta.url));
const BLOCK = 'encoder.layers.1.blocks.0.attention.self.';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

/** @param {import('./browser.js').PageOptions} [options] */
async function open(options) {
  const opened = await browser.openPage(options);
  const section = opened.page.locator('#window-bias');
  await section.getByText(/windows of \d+ x \d+, \d+ heads/).waitFor();
  return { ...opened, section };
}

/** @param {import('playwright-core').Locator} section */
const pairsOf = async (section) => Tensor.fromNpy(new Uint8Array(await saved(section, 'npy')));

/** What transformers keeps in the file: the row of the table for each pair of patches. */
function storedIndex() {
  const entry = readTensors(new Uint8Array(readFileSync(SWIN)), SWIN).get(`${BLOCK}relative_position_index`);
  assert.ok(entry);
  return Array.from(new BigInt64Array(entry.data.slice().buffer), Number);
}

test("a Swin's own tables: the pairs are gathered as its file says, the maps show the same numbers", async () => {
  const { page, section, complaints, shoot } = await open();
  await section.getByLabel('Open a Swin’s model.safetensors').setInputFiles(SWIN);
  await section.getByText('model.safetensors: 4 tables.').waitFor();
  await section.getByLabel('Layer').selectOption({ label: 'stage 1, block 0' });
  await section.getByLabel('Head', { exact: true }).selectOption('3');
  await section.getByText('stage 1, block 0: windows of 4 x 4, 4 heads, 49 offsets.').waitFor();
  const { tensors } = modelCase('swin');
  const table = tensors[`${BLOCK}relative_position_bias_table`];
  const index = storedIndex();
  const expected = index.map((row) => Number(table.data[row * 4 + 3]));
  const pairs = await pairsOf(section);
  assert.deepEqual(pairs.shape, [16, 16]);
  assert.deepEqual(Array.from(pairs.data, Number), expected);

  const [preference, offsets, all] = await section.locator('canvas').all();
  const readouts = section.locator('.readout');
  const said = async (/** @type {number} */ at, /** @type {string} */ start, /** @type {number} */ value) => {
    const text = await readouts.nth(at).innerText();
    assert.ok(text.startsWith(start), `${text}, expected ${start}`);
    const found = Number(text.split(': ')[1].replace('−', '-'));
    assert.ok(Math.abs(found - value) <= 5e-4 * Math.abs(value), `${text}, expected ${value}`);
  };
  // The patch that asks is (2, 2), number 10; the key is (0, 3), number 3: two up, one to the right.
  await preference.focus();
  for (const key of ['Home', 'End']) await page.keyboard.press(key);
  await said(0, 'patch (0, 3): ', expected[10 * 16 + 3]);
  await offsets.focus();
  for (const key of ['Control+Home', 'ArrowDown', ...Array(4).fill('ArrowRight')])
    await page.keyboard.press(key);
  await said(1, 'key 2 up, 1 right: ', expected[10 * 16 + 3]);
  await all.focus();
  for (const key of ['Control+Home', 'PageDown', ...Array(3).fill('ArrowRight')])
    await page.keyboard.press(key);
  await said(2, 'query (2, 2), key (0, 3): ', expected[10 * 16 + 3]);

  await preference.focus();
  await page.keyboard.press('Enter');
  assert.equal(await section.getByLabel('row', { exact: true }).inputValue(), '0');
  assert.equal(await section.getByLabel('column', { exact: true }).inputValue(), '3');
  await said(0, 'patch (0, 3): ', expected[3 * 16 + 3]);
  await shoot('window-bias-light');
  assert.deepEqual(complaints, []);
});

test('shifted windows hide the pairs that the reference mask hides', async () => {
  const [{ params, outputs }] = encodingCases('shift_window_mask').filter(
    (one) => one.params.h === 8 && one.params.w === 8,
  );
  const hash = `swin.window=${params.win[0]}&swin.shift=${params.shift[0]}&swin.across=2&swin.y=1&swin.x=1`;
  const { section, complaints, shoot } = await open({ hash, colorScheme: 'dark' });
  await section.getByLabel('Shifted windows').check();
  for (const window of [0, 1, 2, 3]) {
    await section.getByLabel('Window, counted row by row').fill(String(window));
    const pairs = await pairsOf(section);
    const hidden = Array.from(pairs.data, Number).map(Number.isNaN);
    const expected = Array.from(outputs.out.tensor.slice(window).data, Number).map((value) => value !== 0);
    assert.deepEqual(hidden, expected, `window ${window}`);
  }
  await section.getByText(/192 pairs hidden by the shift/).waitFor();
  await shoot('window-bias-dark');
  assert.deepEqual(complaints, []);
});

test('a table as .npy, files that are none, and numbers out of range', async () => {
  const { page, section, complaints } = await open();
  const file = section.getByLabel('Open a Swin’s model.safetensors');
  const give = (/** @type {string} */ name, /** @type {Uint8Array} */ bytes) =>
    file.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
  const alert = section.getByRole('alert');
  await give('a.npy', new Tensor('float32', new Float32Array(20), [10, 2]).toNpy());
  await alert.filter({ hasText: 'a.npy has shape [10, 2]; expected [(2 w - 1)², heads]' }).waitFor();
  await give('model.safetensors', new Uint8Array(readFileSync(SWIN)).subarray(0, 5000));
  await alert.filter({ hasText: 'model.safetensors was not opened' }).waitFor();
  await give(
    'b.npy',
    new Tensor(
      'float32',
      Float32Array.from({ length: 18 }, (_, i) => i),
      [9, 2],
    ).toNpy(),
  );
  await section.getByText('b.npy: windows of 2 x 2, 2 heads, 9 offsets.').waitFor();
  assert.equal(await section.locator('.error').textContent(), '');
  assert.deepEqual((await pairsOf(section)).tolist(), [
    [8, 6, 2, 0],
    [10, 8, 4, 2],
    [14, 12, 8, 6],
    [16, 14, 10, 8],
  ]);
  const row = section.getByLabel('row', { exact: true });
  await row.fill('2');
  await alert.filter({ hasText: '“row” is 2; expected a whole number from 0 to 1.' }).waitFor();
  await row.fill('0');
  await section.locator('canvas').first().waitFor();
  assert.equal(await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('swin.y')), '0');
  assert.deepEqual(complaints, []);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`on a phone (${colorScheme}) the maps fit`, async () => {
    const { page, shoot, complaints } = await open({
      viewport: PHONE,
      colorScheme,
      hash: 'swin.shifted=1&swin.head=2',
    });
    const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(widths[0] <= widths[1], `the page is ${widths[0]} wide on a screen of ${widths[1]}`);
    await shoot(`window-bias-phone-${colorScheme}`);
    assert.deepEqual(complaints, []);
  });
}
