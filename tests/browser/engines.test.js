// The page in Firefox and WebKitGTK: every room shows, in both themes, wide and on a phone, and nothing complains; what it says is
// what the library computes in Node; keys and a pointer do what they do in Chromium; and it goes on without a network.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { answerOf, read, toldIn } from '../../demo/rooms/order/reading.js';
import { FIRST, SWAPPED } from '../../demo/rooms/order/sentences.js';
import { startServer } from '../../demo/serve.js';
import { encodings, load } from '../../web/index.js';
import { SCREENSHOTS } from './browser.js';
import { startEngine } from './engines.js';
import { isShown, ROOMS, rest } from './rooms.js';

/** @type {import('../../web/encodings.js').Encodings} */
let pe;
/** @type {Record<string, Awaited<ReturnType<typeof load>>>} */
const models = {};
before(async () => {
  pe = await encodings();
  for (const name of ['none', 'learned'])
    models[name] = await load(new URL(`../../demo/models/roles/${name}/`, import.meta.url));
});
after(() => {
  for (const model of [pe, ...Object.values(models)]) model.dispose();
});

/** What the labels of a sentence's words say, and each word's answers, by the library in Node. @param {string} sentence */
async function readingsOf(sentence) {
  const words = sentence.split(' ');
  const [told, blind] = [await read(models.learned, words), await read(models.none, words)];
  return {
    labels: words.map(
      (word, i) =>
        `${word}, word ${i + 1} of ${words.length}. Told: ${toldIn(told.shares[i])}. Not told: ${toldIn(blind.shares[i])}`,
    ),
    told: told.shares.map(answerOf),
    blind: blind.shares.map(answerOf),
  };
}

/** In the page: whether its words, by their places, are labelled so. @param {string[]} wanted */
function isLabelled(wanted) {
  const place = (/** @type {string} */ label) => Number(/word (\d+)/.exec(label)?.[1]);
  const labels = [...document.querySelectorAll('.word')].map((word) => word.getAttribute('aria-label') ?? '');
  return labels.sort((a, b) => place(a) - place(b)).join() === wanted.join();
}
/** In the page: the big numbers. */
const counts = () => [...document.querySelectorAll('.count b')].map((one) => one.textContent);
/** In the page: what holds the focus. */
const focused = () =>
  document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent;
/** In the page: whether nothing in it has moved since it was last asked. */
function isStill() {
  const boxes = [...document.querySelectorAll('main *')].map((one) => one.getBoundingClientRect());
  const now = boxes.map(({ x, y, width }) => `${x} ${y} ${width}`).join();
  const was = Reflect.get(globalThis, 'boxes');
  Object.assign(globalThis, { boxes: now });
  return now === was;
}

for (const name of ['firefox', 'webkit']) {
  describe(name, () => {
    /** @type {import('./engines.js').EnginePage} */
    let page;
    /** @type {Awaited<ReturnType<typeof startServer>>} */
    let server;
    before(async () => {
      [page, server] = await Promise.all([startEngine(name), startServer({ port: 0 })]);
      await page.resize(1280, 844);
    });
    after(async () => {
      await page?.close();
      await server?.close();
    });

    const shown = async (/** @type {string} */ room) => {
      await page.until(isShown, ROOMS[room] ?? 'canvas');
      await page.evaluate(rest);
    };
    const open = async (/** @type {string} */ hash) => {
      await page.goto(`${server.url}#${hash}`);
      await shown(hash.split('?')[0]);
    };
    /** Takes a picture, and looks that nothing stands beyond the screen. @param {string} room @param {string} looks */
    const shoot = async (room, looks) => {
      await page.evaluate(rest);
      await page.until(isStill);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(beyond <= 0, `${beyond} pixels beyond the screen, ${looks}`);
      await page.screenshot(join(SCREENSHOTS, `${name}-${room.replace('/', '-')}-${looks}.png`));
    };

    for (const room of Object.keys(ROOMS)) {
      test(`#${room} shows, wide and on a phone, in both themes, and nothing complains`, async () => {
        await page.resize(1280, 844);
        await open(room);
        if (room === 'order')
          await page.until(() => document.querySelector('.count.told b')?.textContent === '3 of 10');
        await shoot(room, '1280-light');
        await page.click('#theme');
        await shoot(room, '1280-dark');
        assert.deepEqual(await page.complaints(), []);
        await page.resize(390, 844);
        await open(room);
        await shoot(room, '390-dark');
        await page.click('#theme');
        await shoot(room, '390-light');
        assert.deepEqual(await page.complaints(), []);
      });
    }

    test('dog and cat trade places: three answers change above and none below, as the library says', async () => {
      await page.resize(1280, 844);
      await open('order?positions=learned');
      const [was, now] = [await readingsOf(FIRST), await readingsOf(SWAPPED)];
      await page.until(isLabelled, was.labels);
      await page.click('button', 'Swap again');
      await page.until(isLabelled, now.labels);
      const from = [0, 5, 3, 4, 1, 2, 6, 7, 8, 9];
      const changes = (/** @type {'told' | 'blind'} */ side) =>
        from.filter((before, i) => was[side][before] !== now[side][i]).length;
      assert.deepEqual([changes('told'), changes('blind')], [3, 0]);
      assert.deepEqual(await page.evaluate(counts), ['3 of 10', '0 of 10']);
      assert.deepEqual(await page.complaints(), []);
    });

    test('a word is dragged by the pointer', async () => {
      await open('order?s=the+dog+chased+the+cat&positions=learned');
      await page.until(isLabelled, (await readingsOf('the dog chased the cat')).labels);
      await page.until(isStill);
      const [cat, dog] = [await page.middleOf('.word', 'cat'), await page.middleOf('.word', 'dog')];
      await page.drag(cat, { x: dog.x - 10, y: dog.y + 10 });
      await page.until(isLabelled, (await readingsOf('the cat dog chased the')).labels);
      assert.deepEqual(await page.complaints(), []);
    });

    test('keys lead past the frame to the words, and walk, carry, type and undo', async () => {
      await open('order?s=the+dog+chased+the+cat&positions=learned');
      await page.until(isLabelled, (await readingsOf('the dog chased the cat')).labels);
      await page.press('Tab');
      assert.equal(await page.evaluate(focused), 'To the content');
      await page.press('Enter', 'Tab');
      assert.match(await page.evaluate(focused), /^the, word 1/);
      await page.press('ArrowRight', ' ', 'ArrowRight', 'ArrowRight', 'ArrowRight', ' ');
      await page.until(isLabelled, (await readingsOf('the chased the cat dog')).labels);
      assert.match(await page.evaluate(focused), /^dog, word 5/);
      await page.press('Enter', ...'bird', 'Enter');
      await page.until(isLabelled, (await readingsOf('the chased the cat bird')).labels);
      await page.press('Escape');
      await page.until(isLabelled, (await readingsOf('the chased the cat dog')).labels);
      assert.deepEqual(await page.complaints(), []);
    });

    test('arrow keys move the mark of a table, and the number there is the library’s', async () => {
      await open('encodings/sincos1d');
      await page.evaluate(() => /** @type {any} */ (document.querySelector('.heat-frame')).focus());
      await page.press('ArrowDown', 'ArrowDown', 'ArrowRight', 'PageDown', 'ArrowUp');
      const text = await page.evaluate(() => document.querySelector('.heat output')?.textContent);
      const { options, rows = 'row', columns = 'number' } = PICTURES.sincos1d(pe);
      const table = pe.sincos1d(/** @type {any} */ (options));
      const value = Number(table.data[11 * (table.shape.at(-1) ?? 1) + 1]);
      const [row, column, told] = text.split(' · ');
      assert.deepEqual([row, column], [`${rows} 11`, `${columns} 1`]);
      assert.ok(Math.abs(Number(told.replace('−', '-')) - value) <= 5e-5, `${text}, expected ${value}`);
    });

    test('without a network the page is there again, and leads to another room', async (t) => {
      const gone = await startServer({ port: 0, under: '/some/where/' });
      t.after(() => gone.close());
      await page.goto(gone.url);
      await shown('order');
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await page.reload(); // what the first visit loaded before its service worker
      await shown('order');
      await gone.close();
      await page.reload();
      await shown('order');
      await page.click('#rooms a', 'Encodings');
      await shown('encodings');
      await page.until(() => document.activeElement?.textContent === 'Three ways to say where');
    });
  });
}
