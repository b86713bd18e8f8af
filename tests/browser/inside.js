/** What the tests of the room Inside share: a browser, both models read by the library here, and their distances. Not a test. */
import { mkdirSync } from 'node:fs';
import { after, before } from 'node:test';
import { load } from '../../web/index.js';
import { startBrowser } from './browser.js';

// The page's numbers beside those that the library makes here, from the same models; what the page itself does to them
// (distances, products) is done again, from the trace, by other code.
export const SENTENCE = ['the', 'dog', 'chased', 'the', 'cat'];
export const TURNED = ['the', 'cat', 'chased', 'the', 'dog'];
export const HELD = 5;
export const TWIN = 2;

mkdirSync('build/screenshots', { recursive: true });
export const browser = await startBrowser();
after(() => browser.close());

/** @type {Record<string, any>} */
export const library = {};
before(async () => {
  for (const [name, folder] of [
    ['told', 'sines'],
    ['blind', 'none'],
  ]) {
    const encoder = await load(new URL(`../../demo/models/roles/${folder}/`, import.meta.url));
    const read = async (/** @type {string[]} */ words) =>
      encoder.forward(encoder.tokenize([words.join(' ')]), { trace: true });
    const [first, second] = [await read(SENTENCE), await read(TURNED)];
    library[name] = { encoder, first, second };
  }
});
after(() => {
  for (const { encoder } of Object.values(library)) encoder.dispose();
});

export const row = (/** @type {any} */ tensor, /** @type {number} */ i) => [...tensor.slice(i).data];
export const distance = (/** @type {number[]} */ a, /** @type {number[]} */ b) =>
  Math.sqrt(a.reduce((sum, x, k) => sum + (x - b[k]) ** 2, 0));
/** The six states that the page shows, of a trace. */
export const states = (/** @type {any} */ { trace }) => [
  trace.embeddings.word,
  trace.embeddings.output,
  ...trace.layers.flatMap((/** @type {any} */ layer) => [layer.attention_norm, layer.output]),
];
export const apart = (/** @type {string} */ name, /** @type {number} */ from, /** @type {number} */ to) => {
  const { first, second } = library[name];
  const others = states(second);
  return states(first).map((state, s) => distance(row(state, from), row(others[s], to)));
};
export const shown = (/** @type {number} */ x) =>
  Math.abs(x) < 0.005 ? '0.00' : x.toFixed(2).replace('-', '−');
export const texts = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ selector) =>
  page.$$eval(selector, (all) => all.map((one) => one.textContent ?? ''));
export const hashIs = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ start) =>
  page.waitForFunction((wanted) => location.hash.startsWith(wanted), start);

export const FIRST = 's=the+dog+chased+the+cat&w=5';

/** The file that pressing a button saves. */
export async function saved(/** @type {import('playwright-core').Page} */ page, /** @type {string} */ kind) {
  if (!(await page.isVisible('.save .chips'))) await page.click('.save summary');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`.save >> text=${kind}`)]);
  const pieces = [];
  for await (const piece of await download.createReadStream()) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}
