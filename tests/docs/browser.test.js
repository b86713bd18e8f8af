// The documentation in a browser, from the demo's server: its policy holds, pictures load, nothing is wider than a
// small screen, and texts can be read in both themes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildDocs } from '../../demo/docs/build.js';
import { startBrowser } from '../browser/browser.js';

const ENCODINGS = ['sincos1d', 'rope', 'disentangled', 'alibiSlopes', 'shiftedWindowMask'];
const PAGES = [
  ...ENCODINGS,
  'index',
  'encodings',
  'api',
  'models',
  'engines',
  'transformers-js',
  'contributing',
];

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  await buildDocs(fileURLToPath(new URL('../../build/site/docs', import.meta.url)));
  browser = await startBrowser();
});
after(() => browser.close());

test('the server shows the pages under its policy', async () => {
  const response = await fetch(new URL('/docs', browser.url));
  assert.equal(response.url, new URL('/docs/', browser.url).href);
  const policy = /content-security-policy" content="([^"]*)"/.exec(await response.text())?.[1] ?? '';
  assert.match(policy, /default-src 'self'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|sha256/);
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`pages are whole on a small ${colorScheme} screen`, async () => {
    const { page, complaints } = await browser.openPage({
      viewport: { width: 320, height: 640 },
      colorScheme,
    });
    for (const name of PAGES) {
      await page.goto(new URL(`/docs/${name}.html`, browser.url).href);
      const seen = await page.evaluate(inspect);
      assert.equal(seen.beyond, 0, `${name}: ${seen.beyond} pixels beyond the screen`);
      assert.deepEqual(seen.missing, [], name);
      assert.ok(seen.texts > 5 && seen.contrast >= 4.5, `${name}: contrast ${seen.contrast}`);
      if (!ENCODINGS.includes(name)) continue;
      assert.ok(seen.rows > 0, `${name}: no options`);
      assert.equal(seen.rows, seen.cells / 3, name);
    }
    assert.deepEqual(complaints, []);
    await page.close();
  });
}

test('the page leads to the documentation', async () => {
  const { page } = await browser.openPage();
  await page.getByRole('link', { name: 'Documentation' }).click();
  await page.getByRole('heading', { level: 1, name: 'wasmformer' }).waitFor();
  await page.close();
});

/** Runs in the page. */
async function inspect() {
  const images = [...document.images];
  for (const image of images) image.loading = 'eager';
  await Promise.all(images.map((image) => image.decode().catch(() => {})));
  const luminance = (/** @type {string} */ color) => {
    const [r, g, b] = (color.match(/[\d.]+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = luminance(getComputedStyle(document.body).backgroundColor);
  const texts = [...document.querySelectorAll('p, a, h1, h2, td, th, dd, figcaption')];
  const contrasts = texts.map((text) => {
    const ink = luminance(getComputedStyle(text).color);
    return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
  });
  return {
    beyond: document.documentElement.scrollWidth - window.innerWidth,
    missing: images.filter((image) => image.naturalWidth === 0).map((image) => image.src),
    texts: texts.length,
    contrast: Math.min(...contrasts),
    rows: document.querySelectorAll('tbody [role="row"]').length,
    cells: document.querySelectorAll('tbody [role="cell"]').length,
  };
}
