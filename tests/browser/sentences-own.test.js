// The room Sentences in Chromium with a model that the visitor loads: own words are ranked, read and looked at as the library does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { SENTENCES } from '../../demo/rooms/sentences/texts.js';
import { Tensor } from '../../web/index.js';
import { startBrowser } from './browser.js';
import {
  attentionOf,
  encoder,
  expectedRows,
  loadMinilm,
  openSentences,
  rows,
  saved,
  shownMap,
  worst,
} from './sentences.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());
/** @param {string} [state] @param {import('./browser.js').PageOptions} [options] */
const open = (state, options) => openSentences(browser, state, options);

test('own words need a model; loaded, they are ranked, read and looked at as the library does', async () => {
  const { page, complaints, shoot } = await open('', { viewport: { width: 1280, height: 900 } });
  const own = ['My bike has a flat tyre', 'The violinist practises every evening', SENTENCES[3]];
  await page.getByLabel('Your own sentences, one a line').fill(own.join('\n'));
  const question = page.getByRole('textbox', { name: 'Question' });
  await question.fill('where can I hear a violin');
  await page.getByText('For your own words: load MiniLM, 91 MB, or drop its folder.').waitFor();
  await loadMinilm(page);
  const texts = [...SENTENCES, ...own.slice(0, 2)];
  await page.getByRole('button', { name: 'All 38' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.ranking li').length === 38);
  assert.deepEqual(await rows(page), await expectedRows('where can I hear a violin', texts, 'float32'));
  await page.getByText(/of the question|the question · 8 pieces/).waitFor();
  const map = await attentionOf('where can I hear a violin', 0, 2);
  assert.ok(worst(await shownMap(page), map) < 1e-5);
  assert.match(await page.getByLabel('Time').innerText(), /^[\d.]+ ms$/);
  await page.getByText('the mean over 45 texts').waitFor();
  const vectors = Tensor.fromNpy(await saved(page, 'section:has(textarea)', 'NPY'));
  const expected = await encoder.embed(texts);
  assert.deepEqual(vectors.shape, [38, 384]);
  assert.ok(expected.data.every((x, i) => Math.abs(Number(x) - Number(vectors.data[i])) < 1e-5));
  const [head, first] = parse(String(await saved(page, ':has(> .ranking)', 'CSV')));
  assert.deepEqual(head, ['', 'cosine']);
  assert.equal(first[0], own[1]);
  await shoot('sentences-own-1280-light');

  await page.getByText('only mine', { exact: true }).click();
  await page.waitForFunction(() => document.querySelectorAll('.ranking li').length === 2);
  await page.getByText('It takes three sentences or more.').waitFor();
  assert.match(page.url(), /only=1/);

  // Longer than the model reads: what is cut is shown so.
  await question.fill('word '.repeat(300));
  await page.getByText('302 pieces; it reads 256, the paler ones are cut off').waitFor();
  assert.equal(await page.locator('.piece.cut').count(), 46);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('loading is cancelled, and the page stays as it was', async () => {
  const { page, complaints } = await open();
  await page.route('**/model.safetensors', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.continue().catch(() => {});
  });
  const before = await rows(page);
  await page.getByRole('button', { name: 'Load MiniLM, 91 MB', exact: true }).click();
  await page.getByRole('progressbar').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('progressbar').waitFor({ state: 'hidden' });
  assert.deepEqual(await rows(page), before);
  assert.equal(await page.getByRole('alert').count(), 0);
  await page.unroute('**/model.safetensors');
  await loadMinilm(page);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('bytes that come are counted', async () => {
  const { page } = await open();
  await page.evaluate(() => {
    const seen = /** @type {string[]} */ ([]);
    Object.assign(globalThis, { seen });
    const bar = document.querySelector('[role="progressbar"]');
    new MutationObserver(() => seen.push(bar?.getAttribute('aria-valuetext') ?? '')).observe(
      /** @type {Element} */ (bar),
      { attributes: true },
    );
  });
  await loadMinilm(page);
  const seen = await page.evaluate(() => /** @type {string[]} */ (Reflect.get(globalThis, 'seen')));
  assert.ok(
    seen.some((text) => /^\d+ of 91 MB$/.test(text)),
    seen.slice(0, 5).join(),
  );
  await page.context().close();
});
