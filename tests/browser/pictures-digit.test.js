// A handwritten digit in Pictures, in Chromium: the page's own network reads it as the library does in Node, every head of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import bakeDigits from '../../demo/bake/digits.js';
import { readPicture } from '../../demo/rooms/pictures/reading.js';
import { load } from '../../web/index.js';
import { largestDifference } from '../compare.js';
import { startBrowser } from './browser.js';
import { labels, openPictures, savedTensor } from './pictures.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

test('the digit is an 8 to the network, and the open head looks where the library says', async () => {
  const digits = await bakeDigits();
  const at = digits.labels.indexOf(8);
  const pixels = Buffer.from(digits.images, 'base64').subarray(at * 784, (at + 1) * 784);
  const encoder = await load(new URL('../../demo/models/digits/sines/', import.meta.url));
  const picture = { data: new Uint8Array(pixels), width: 28, height: 28, channels: 1 };
  const reading = await readPicture(encoder, /** @type {any} */ (picture));
  const [best] = /** @type {any} */ (await encoder.classify(/** @type {any} */ (picture), { topK: 1 }));

  const { page, complaints } = await openPictures(browser);
  await page.getByRole('button', { name: 'A digit', exact: true }).click();
  await page.getByText(/^Read by the page’s own network in/).waitFor();
  await page.locator('.labels .best').waitFor();
  assert.equal((await labels(page))[0][0], best.label);
  assert.equal(best.label, '8');
  await page.locator('.heads').scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: 'Layer 2, head 5', exact: true }).click();
  await page.getByRole('heading', { name: 'Layer 2, head 5' }).waitFor();
  const [, row, column] =
    /row (\d+), column (\d+)/.exec((await page.locator('.readout').textContent()) ?? '') ?? [];
  const all = reading.heads(Number(row), Number(column));
  const from = (1 * reading.facts.heads + 4) * 50;
  const found = await savedTensor(page, 2);
  assert.ok(largestDifference(found.data, all.subarray(from, from + found.data.length)) < 1e-5);
  assert.deepEqual(complaints, []);
  encoder.dispose();
  await page.context().close();
});
