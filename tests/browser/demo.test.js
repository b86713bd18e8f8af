// The demo page in a real Chromium: what it shows and what the same modules compute there, against the reference
// vectors of MiniLM; its errors in words; its policy; pictures of it in build/screenshots.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTensorFile } from '../goldens/models.js';
import { MINILM, startBrowser } from './browser.js';

const GOLDEN = fileURLToPath(new URL('../goldens/data/models/minilm/', import.meta.url));
const { sentences: all, tol: TOLERANCE } = JSON.parse(readFileSync(join(GOLDEN, 'case.json'), 'utf8'));
const embeddings = /** @type {import('wasmformer').Tensor} */ (
  readTensorFile(join(GOLDEN, 'case.safetensors')).get('out.embeddings')
);

/** The first sentences that stand on a line of their own, as the page wants them. */
const cases = all
  .map((/** @type {any} */ sentence, /** @type {number} */ index) => ({ ...sentence, index }))
  .filter((/** @type {any} */ { text }) => text.trim() === text && /^[^\r\n]+$/.test(text))
  .slice(0, 9);
const texts = cases.map((/** @type {any} */ sentence) => sentence.text);
/** @type {number[][]} */
const golden = cases.map((/** @type {any} */ { index }) => Array.from(embeddings.slice(index).data, Number));

const PHONE = { width: 375, height: 740 };

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

/** @param {import('playwright-core').Page} page @param {string} [folder] */
async function giveFolder(page, folder = MINILM) {
  await page.getByLabel('Choose a model’s folder').setInputFiles(folder);
}

/** @param {import('playwright-core').Page} page @param {string[]} lines */
async function type(page, lines) {
  await page.getByLabel('Sentences, one a line').fill(lines.join('\n'));
  await page.getByText(new RegExp(`^${lines.length} sentences, `)).waitFor();
}

/** @param {number[]} a @param {number[]} b */
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** @param {number[]} a @param {number[]} b */
const worst = (a, b) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));

test('the matrix of typed sentences shows the reference similarities, without a complaint of the browser', async () => {
  const { page, complaints, shoot } = await browser.openPage();
  await shoot('empty-light');
  await giveFolder(page);
  await page.getByText(/is ready after \d+ ms: bert, 384 dimensions, up to 256 tokens/).waitFor();
  await type(page, texts);
  const shown = await page
    .locator('.matrix tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('data')].map(({ value, textContent }) => ({ value, textContent })),
      ),
    );
  assert.equal(shown.length, texts.length);
  shown.forEach((row, i) => {
    assert.equal(row.length, texts.length);
    row.forEach(({ value, textContent }, j) => {
      const expected = dot(golden[i], golden[j]);
      assert.ok(Math.abs(Number(value) - expected) < 1e-5, `${i}, ${j}: ${value}, expected ${expected}`);
      assert.ok(
        Math.abs(Number(textContent?.replace('−', '-')) - expected) <= 0.00501,
        `${i}, ${j}: ${textContent}`,
      );
    });
  });
  const tokens = cases.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.n_tokens, 0);
  await page.getByText(`${texts.length} sentences, ${tokens} tokens, `).waitFor();
  const badges = await page.getByLabel('What runs here').innerText();
  assert.match(badges, /(base|relaxed) build\s+\d+ KB of WebAssembly\s+model ready in \d+ ms/);
  await shoot('sentences-light');
  assert.deepEqual(complaints, []);
});

test('both builds give the reference vectors in the page', async () => {
  const { page, complaints } = await browser.openPage();
  await giveFolder(page);
  for (const simd of ['base', 'relaxed', 'auto']) {
    const { build, vectors } = await page.evaluate(
      async ({ simd, texts }) => {
        const { load } = await import('wasmformer');
        const input = /** @type {HTMLInputElement} */ (document.querySelector('input[type=file]'));
        const encoder = await load([...(input.files ?? [])], { simd: /** @type {'auto'} */ (simd) });
        const together = await encoder.embed(texts);
        const alone = await Promise.all(texts.map(async (/** @type {string} */ text) => encoder.embed(text)));
        const { build } = encoder;
        encoder.dispose();
        if (alone.some(({ data }, i) => String(data) !== String(together.slice(i).data)))
          throw new Error('alone differs');
        return { build, vectors: /** @type {number[][]} */ (together.tolist()) };
      },
      { simd, texts },
    );
    assert.equal(build, simd === 'auto' ? 'relaxed' : simd);
    const difference = Math.max(...golden.map((expected, i) => worst(expected, vectors[i])));
    assert.ok(difference <= TOLERANCE, `${simd}: ${difference}, at most ${TOLERANCE}`);
  }
  assert.deepEqual(complaints, []);
});

test('the model that the server has is one click away, in the build that the address asks for', async () => {
  const { page, complaints, shoot } = await browser.openPage({ colorScheme: 'dark', hash: 'build=base' });
  await page.getByRole('button', { name: /^Load all-MiniLM-L6-v2 \(91\sMB\)$/ }).click();
  await page.getByText(/all-MiniLM-L6-v2 is ready/).waitFor();
  await page.getByText('7 sentences, ').waitFor();
  assert.match(await page.getByLabel('What runs here').innerText(), /base build/);
  await shoot('sentences-dark');
  assert.deepEqual(complaints, []);
});

test('a folder dropped on the page is loaded', async () => {
  const { page, complaints } = await browser.openPage();
  const box = await page.getByText('or drop the folder here').boundingBox();
  assert.ok(box);
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [MINILM], dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
    await devtools.send('Input.dispatchDragEvent', { type, x: box.x + 5, y: box.y + 5, data });
  }
  await page.getByText(`${basename(MINILM)} is ready`).waitFor();
  await page.getByText('7 sentences, ').waitFor();
  assert.deepEqual(complaints, []);
});

test('sentences of the address are compared, and typed ones go into it', async () => {
  const hash = new URLSearchParams({ sentences: 'one\ntwo words & more' }).toString();
  const { page } = await browser.openPage({ hash });
  const text = page.getByLabel('Sentences, one a line');
  assert.equal(await text.inputValue(), 'one\ntwo words & more');
  await text.fill('three #1\nfour = 4');
  assert.equal(
    await page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get('sentences')),
    'three #1\nfour = 4',
  );
  await page.reload();
  assert.equal(await text.inputValue(), 'three #1\nfour = 4');
});

test('a sentence too long for the model is named, and so are lines beyond the table', async () => {
  const { page, shoot } = await browser.openPage({ viewport: PHONE, colorScheme: 'dark' });
  await giveFolder(page);
  await type(page, ['short', 'word '.repeat(300), 'medium']);
  await page.getByText('Longer than 256 tokens, so that only the beginning counts: sentence 2.').waitFor();
  await page
    .getByLabel('Sentences, one a line')
    .fill(Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n'));
  await page.getByText('The first 24 lines are compared, 6 more are not.').waitFor();
  const room = () =>
    page.locator('.scroll').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  assert.equal(await room(), 0, 'all of 24 columns are on the screen');
  await type(page, texts);
  assert.equal(await room(), 0, 'so are those of a few sentences');
  await shoot('phone-dark');
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(widths[0] <= widths[1], `the page is ${widths[0]} wide on a screen of ${widths[1]}`);
});

test('a folder that is not a model is an error in words, and the next one loads', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wasmformer-'));
  try {
    writeFileSync(join(folder, 'notes.txt'), 'not a model');
    const { page, shoot } = await browser.openPage({ viewport: PHONE });
    await giveFolder(page, folder);
    const alert = page.getByRole('alert').filter({ hasText: 'The model was not loaded' });
    await alert.waitFor();
    assert.match(await alert.innerText(), /config\.json/);
    await shoot('phone-bad-folder');
    writeFileSync(join(folder, 'config.json'), '{"model_type": "gpt2"}');
    await giveFolder(page, folder);
    await alert.filter({ hasText: '"gpt2" is not supported' }).waitFor();
    await page.getByText('Address and build').click();
    await page.getByLabel('Address of a model’s folder').fill('https://example.org/model/');
    await page.getByRole('button', { name: 'Load', exact: true }).click();
    await alert.filter({ hasText: 'is not an address on this server' }).waitFor();
    await giveFolder(page);
    await page.getByText('7 sentences, ').waitFor();
    assert.equal(await alert.count(), 0);
    await shoot('phone-light');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`every shade of the ${colorScheme} table lets its number be read (WCAG: contrast of 4.5)`, async () => {
    const { page } = await browser.openPage({ colorScheme });
    const contrasts = await page.evaluate(async () => {
      const path = '/demo/parts/similarity-table.js';
      const { similarityTable } = await import(path);
      const values = Array.from({ length: 196 }, (_, i) => (i * 1.2) / 195 - 0.1);
      document.body.append(...similarityTable(Array(14).fill('x'), values));
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      if (!canvas) throw new Error('no canvas');
      const luminance = (/** @type {string} */ color) => {
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data]
          .map((value) => value / 255)
          .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return [...document.querySelectorAll('.matrix td')].map((cell) => {
        const { backgroundColor, color } = getComputedStyle(cell);
        const [dark, light] = [luminance(backgroundColor), luminance(color)].sort((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05);
      });
    });
    assert.equal(contrasts.length, 196);
    assert.ok(Math.min(...contrasts) >= 4.5, `the worst contrast is ${Math.min(...contrasts)}`);
  });
}
