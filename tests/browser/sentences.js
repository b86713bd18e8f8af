// What the tests of Sentences share. Not a test.
import { readFileSync } from 'node:fs';
import { QUESTIONS, SENTENCES } from '../../demo/rooms/sentences/texts.js';
import { load, similarity, Tensor } from '../../web/index.js';
import { MINILM } from './browser.js';

/** @typedef {import('playwright-core').Page} Page */

/** The library itself, by which the page is judged. */
export const encoder = await load(MINILM);

/**
 * @param {Awaited<ReturnType<typeof import('./browser.js').startBrowser>>} browser
 * @param {string} [state] behind the room's name
 * @param {import('./browser.js').PageOptions} [options]
 */
export async function openSentences(browser, state = '', options = {}) {
  const opened = await browser.openPage({ hash: `sentences${state}`, ...options });
  await opened.page.locator('.ranking li').first().waitFor();
  return opened;
}

/** @param {Page} page */
export const rows = (page) =>
  page
    .locator('.ranking li')
    .evaluateAll((items) =>
      items.map((item) => [
        item.querySelector('mark')?.textContent,
        item.querySelector('.number')?.textContent,
      ]),
    );

/** @param {string} question @param {readonly string[]} texts @param {'int8' | 'float32'} precision */
export async function expectedRows(question, texts, precision) {
  const [asked, found] = [
    await encoder.embed([question], { precision }),
    await encoder.embed([...texts], { precision }),
  ];
  const cosines = [...similarity(asked, found).data].map(Number);
  return texts
    .map((text, i) => /** @type {const} */ ([text, cosines[i]]))
    .sort((a, b) => b[1] - a[1])
    .map(([text, cosine]) => [
      text,
      cosine
        .toFixed(3)
        .replace(/^-(?!0\.000$)/, '−')
        .replace('-', ''),
    ]);
}

/** @param {Page} page */
export async function loadMinilm(page) {
  await page.getByRole('button', { name: 'Load MiniLM, 91 MB', exact: true }).click();
  await page.getByText(/MiniLM is loaded: 384 numbers/).waitFor();
}

/** @param {Page} page @param {string} menu @param {'CSV' | 'NPY' | 'PNG'} kind @returns {Promise<Buffer>} */
export async function saved(page, menu, kind) {
  const box = page.locator(menu).locator('.save');
  if (!(await box.evaluate((details) => Reflect.get(details, 'open')))) await box.locator('summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    box.getByRole('button', { name: kind }).click(),
  ]);
  return readFileSync(await download.path());
}

/** @param {string} text @param {number} layer @param {number} head @returns {Promise<number[][]>} */
export async function attentionOf(text, layer, head) {
  const { attentions } = await encoder.forward(encoder.tokenize([text]), { attentions: true });
  return /** @type {any} */ (attentions[layer].tolist())[0][head];
}

/** @param {Page} page @returns {Promise<number[][]>} */
export async function shownMap(page) {
  const tensor = Tensor.fromNpy(await saved(page, 'section[aria-label="Attention"]', 'NPY'));
  return /** @type {any} */ (tensor.tolist());
}

/** @param {number[][]} a @param {number[][]} b */
export const worst = (a, b) => Math.max(...a.flatMap((row, i) => row.map((x, j) => Math.abs(x - b[i][j]))));

/**
 * Recall as it is defined, from `embed` with its own options: bits are unpacked and compared by Hamming distance.
 * @param {number} dimensions
 * @param {'int8' | 'ubinary'} precision
 */
export async function recallOf(dimensions, precision) {
  const texts = [...SENTENCES, ...QUESTIONS];
  const [full, short] = [await encoder.embed(texts), await encoder.embed(texts, { dimensions, precision })];
  const nearest = (/** @type {(i: number, j: number) => number} */ likeness) =>
    texts.map((_, i) =>
      SENTENCES.map((_, j) => j)
        .filter((j) => j !== i)
        .sort((a, b) => likeness(i, b) - likeness(i, a) || a - b)
        .slice(0, 10),
    );
  const cosines = (/** @type {any} */ vectors) => {
    const { data } = similarity(vectors);
    return (/** @type {number} */ i, /** @type {number} */ j) => Number(data[i * texts.length + j]);
  };
  const bytes = dimensions / 8;
  const differing = (/** @type {number} */ i, /** @type {number} */ j) => {
    let count = 0;
    for (let k = 0; k < bytes; k++)
      count += (Number(short.data[i * bytes + k]) ^ Number(short.data[j * bytes + k]))
        .toString(2)
        .replaceAll('0', '').length;
    return -count;
  };
  const [truth, found] = [nearest(cosines(full)), nearest(precision === 'int8' ? cosines(short) : differing)];
  return truth.map((wanted, i) => wanted.map((j) => found[i].includes(j)));
}
