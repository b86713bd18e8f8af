import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { Tensor } from '../../web/index.js';
import { apart, browser, FIRST, HELD, hashIs, library, row, saved, TWIN } from './inside.js';

test('on a phone nothing scrolls sideways, in light and dark', async () => {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const { page, complaints, shoot } = await browser.openPage({
      hash: 'inside',
      viewport: { width: 390, height: 844 },
      colorScheme,
    });
    await page.waitForSelector('.fork .apart');
    for (const path of [
      '',
      '/word',
      '/place',
      '/asks-2',
      '/asks-2/head-2/chased/3',
      '/alone-2',
      '/answers',
    ]) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `inside${path}?${FIRST}`);
      await page.waitForSelector(path ? '.opened h1' : '.loom');
      await page.waitForTimeout(200);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
      await shoot(`inside-390-${colorScheme}${path.replaceAll('/', '-')}`);
    }
    assert.deepEqual(complaints, []);
  }
});

test('scrolling moves the ring and lays paper over what comes later; the table and its CSV hold the distances', async () => {
  const { page, complaints, shoot } = await browser.openPage({ hash: 'inside', colorScheme: 'dark' });
  await page.waitForSelector('.fork .apart');
  await page.keyboard.press('Shift');
  await page.waitForTimeout(300);
  const ring = () => page.getAttribute('.rail .ring', 'cy').then(Number);
  const before = await ring();
  await page.evaluate(() => scrollTo(0, 1500));
  await page.waitForTimeout(200);
  assert.ok((await ring()) > before);
  await page.screenshot({ path: 'build/screenshots/inside-1280-dark-scrolled.png' });
  await page.click('.save summary');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.save >> text=CSV')]);
  const stream = await download.createReadStream();
  let csv = '';
  for await (const piece of stream) csv += piece;
  const lines = csv
    .trim()
    .split('\r\n')
    .map((line) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.map((cell) => cell.replace(/,$/, '')) ?? []);
  const told = apart('told', HELD, TWIN);
  for (let s = 0; s < 6; s++) assert.ok(Math.abs(Number(lines[s + 1][5]) - told[s]) < 1e-3, csv);
  await shoot('inside-1280-dark');
  assert.deepEqual(complaints, []);
});

test('pictures and numbers of the whole and of an opened row can be saved', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'inside' });
  await page.waitForSelector('.fork .apart');
  await page.keyboard.press('Shift');
  await page.waitForTimeout(500);
  for (const path of ['', '/asks-2', '/place']) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `inside${path}?${FIRST}`);
    await page.waitForSelector({ '': '.loom', '/asks-2': '.asks', '/place': '.clocks' }[path] ?? '');
    const { width, height, data, channels } = decode(await saved(page, 'PNG'));
    assert.ok(width > 900 && height > 300, `${path} ${width} × ${height}`);
    const seen = new Set();
    for (let i = 0; i < data.length; i += channels)
      seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
    assert.ok(seen.size > 100, `${path} has ${seen.size} colours`);
    writeFileSync(
      `build/screenshots/inside-saved${path.replace('/', '-')}.png`,
      Buffer.from(await saved(page, 'PNG')),
    );
  }
  const npy = Tensor.fromNpy(await saved(page, 'NPY'));
  assert.deepEqual(npy.shape, [8, 32]);
  const { embeddings } = library.told.first.trace;
  assert.deepEqual([...npy.slice(0).data], row(embeddings.word, HELD));
  assert.deepEqual([...npy.slice(6).data], row(embeddings.output, HELD));
  assert.deepEqual(complaints, []);
});

test('T turns the sentence, a digit opens a head, page keys and swipes go on to the next step', async () => {
  const { page, complaints } = await browser.openPage({ hash: `inside/asks-2/head-2?${FIRST}` });
  await page.waitForSelector('.asks');
  await page.keyboard.press('4');
  await hashIs(page, '#inside/asks-2/head-4');
  await page.keyboard.press('t');
  await page.waitForFunction(() => location.hash.includes('s=the+cat+chased+the+dog&w=2'));
  await page.keyboard.press('PageDown');
  await hashIs(page, '#inside/alone-2');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'cat works alone');
  const swipe = (/** @type {number} */ from, /** @type {number} */ to) =>
    page.evaluate(
      ([from, to]) => {
        const target = /** @type {Element} */ (document.querySelector('.opened h1'));
        const at = (/** @type {number} */ clientX) => [
          new Touch({ identifier: 1, target, clientX, clientY: 100 }),
        ];
        target.dispatchEvent(
          new TouchEvent('touchstart', { touches: at(from), changedTouches: at(from), bubbles: true }),
        );
        target.dispatchEvent(
          new TouchEvent('touchend', { touches: [], changedTouches: at(to), bubbles: true }),
        );
      },
      [from, to],
    );
  await swipe(300, 100);
  await hashIs(page, '#inside/answers');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'cat answers');
  await swipe(100, 300);
  await hashIs(page, '#inside/alone-2');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.loom');
  assert.deepEqual(complaints, []);
});

test('who asks for less motion finds the whole finished, and rows open by a cut', async () => {
  const { page, complaints } = await browser.openPage({ hash: 'speed' });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(() => {
    location.hash = 'inside';
    Reflect.set(document, 'startViewTransition', () => {
      throw new Error('it moves');
    });
  });
  await page.waitForSelector('.fork .apart');
  for (let i = 0; i < 10; i++) {
    assert.ok(await page.isHidden('.falling >> nth=0'));
    await page.waitForTimeout(150);
  }
  await page.click('.name >> nth=5');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'cat works alone');
  assert.deepEqual(complaints, []);
});
