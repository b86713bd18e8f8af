import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { decode } from 'fast-png';
import { Tensor } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { FIRST, HELD, hashIs, library, row, saved, texts } from './inside.js';

// What one can do in the room Inside: addresses, one's own words, phones, touch, keys, saving.
mkdirSync('build/screenshots', { recursive: true });
const browser = await startBrowser();
after(() => browser.close());

test('an address restores an opened row, and the browser’s way back leads out', async () => {
  const { page, complaints, shoot } = await browser.openPage({
    hash: `inside/asks-2/head-2/chased/3?${FIRST}`,
  });
  await page.waitForSelector('.formula');
  assert.equal(await page.textContent('h1'), 'One multiplication');
  await page.click('.crumbs a >> nth=0');
  await page.waitForSelector('.loom');
  await page.goBack();
  await page.waitForSelector('.formula');
  for (const [path, title] of [
    ['word', 'cat is a row of numbers'],
    ['place', 'The place is a sum'],
    ['alone-2', 'cat works alone'],
    ['answers', 'cat answers'],
  ]) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `inside/${path}?${FIRST}`);
    await page.waitForFunction((wanted) => document.querySelector('h1')?.textContent === wanted, title);
    await shoot(`inside-1280-${path}`);
  }
  assert.deepEqual(complaints, []);
});

test('one’s own sentence: unknown words are underlined, more than sixteen words are told of, an empty line asks for a word', async () => {
  const { page, complaints, shoot } = await browser.openPage({ hash: 'inside' });
  await page.click('text=Write your own');
  await page.fill('.writing input', 'the wug chased the cat');
  await page.waitForSelector('.word.unknown');
  assert.deepEqual(await texts(page, '.word.unknown'), ['wug']);
  await page.fill('.writing input', '');
  assert.equal(await page.textContent('.writing .fault'), 'Type a word.');
  await page.fill('.writing input', 'the dog '.repeat(9));
  assert.match((await page.textContent('.writing .fault')) ?? '', /learned from sentences of up to 16 words/);
  await page.fill('.writing input', 'the dog slept');
  await page.waitForFunction(() => document.querySelectorAll('.word').length === 3);
  await page.keyboard.press('Enter');
  assert.match((await texts(page, '.readout')).join(), /no two phrases to turn/);
  await page.focus('[role=gridcell][tabindex="0"]');
  await page.keyboard.press('Home');
  await page.keyboard.press('Alt+ArrowRight');
  await page.waitForFunction(() => /[?&]o=2.1.3/.test(location.hash));
  await page.evaluate(() => {
    location.hash = 'inside?s=the+old+dog+chased+the+cat+in+the+garden+yesterday&w=6';
  });
  await page.waitForFunction(() => document.querySelectorAll('.word').length === 10);
  await shoot('inside-1280-long');
  assert.deepEqual(complaints, []);
});

test('a word that is dragged makes another second order; an address with too many words says so', async () => {
  const { page, complaints } = await browser.openPage({ hash: `inside?${FIRST}` });
  await page.waitForSelector('.fork .apart');
  await page.keyboard.press('Shift');
  const middle = async (/** @type {number} */ i) => {
    const box = await page.locator('.word').nth(i).boundingBox();
    assert.ok(box);
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const [[x, y], [toX]] = [await middle(1), await middle(2)];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= 5; i++) await page.mouse.move(x + ((toX - x) * i) / 5, y);
  await page.mouse.up();
  await page.waitForFunction(() => location.hash.includes('o=1.3.2.4.5'));
  await page.waitForFunction(() =>
    document.querySelector('.twin + .twin')?.textContent?.includes('the chased dog the'),
  );
  await page.evaluate((s) => {
    location.hash = `inside?s=${s}`;
  }, 'the+dog+'.repeat(9));
  await page.waitForFunction(() => document.querySelectorAll('.word').length === 16);
  assert.match((await texts(page, '.readout')).join(), /sentences of up to 16 words; the first 16 are read/);
  assert.deepEqual(complaints, []);
});

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
