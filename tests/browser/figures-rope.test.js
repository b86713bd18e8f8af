// *Turning pairs*: hands, scores, curves and diagonals are those of the library's rope and applyRope; moved together, the score stays;
// by key, by pointer, and from the address.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodings, Tensor } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { curvesOf, worst } from './figures.js';

const [LENGTH, DIM, BASE] = [64, 16, 100];

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {import('../../web/encodings.js').Encodings} */
let pe;
before(async () => {
  [browser, pe] = await Promise.all([startBrowser(), encodings()]);
});
after(async () => {
  await browser.close();
  pe.dispose();
});

/** The vector of a hand of length 1 a pair, turned at places 0 … LENGTH - 1. @param {any} [scaling] @param {'half' | 'interleaved'} [layout] */
function vectors(scaling, layout = 'half') {
  const data = Float32Array.from({ length: LENGTH * DIM }, (_, i) =>
    Number(layout === 'half' ? i % DIM < DIM / 2 : i % 2 === 0),
  );
  const table = pe.rope({ length: LENGTH, dim: DIM, base: BASE, scaling, layout });
  return pe.applyRope({ x: new Tensor('float32', data, [LENGTH, DIM]), ...table, layout }).data;
}
/** @param {ArrayLike<number | bigint>} all @param {number} q @param {number} k */
const score = (all, q, k) =>
  Array.from({ length: DIM }, (_, i) => Number(all[q * DIM + i]) * Number(all[k * DIM + i])).reduce(
    (a, b) => a + b,
  );

/** @param {import('playwright-core').Page} page */
const rows = (page) =>
  page.locator('.rope-row:not(.rope-head)').evaluateAll((list) =>
    list.map((row) => {
      const [, query, key] =
        /query at (\d+), key at (\d+)/.exec(row.querySelector('.caption')?.textContent ?? '') ?? [];
      const hands = [...row.querySelectorAll('.hand-dial')].map((dial) =>
        [...dial.querySelectorAll('.hand')].map((hand) =>
          ['x2', 'y2'].map((name) => Number(hand.getAttribute(name)) / 32),
        ),
      );
      return {
        query: Number(query),
        key: Number(key),
        score: row.querySelector('.big')?.textContent?.replace('\u2212', '-') ?? '',
        hands,
      };
    }),
  );

/** @param {string} [state] */
async function open(state = '') {
  const opened = await browser.openPage({ hash: `encodings/rope${state}` });
  await opened.page.emulateMedia({ reducedMotion: 'reduce' });
  await opened.page.locator('.rope-row .big').first().filter({ hasText: /\d/ }).waitFor();
  return opened;
}

/** @param {Awaited<ReturnType<typeof rows>>} shown @param {ArrayLike<number | bigint>} all @param {'half' | 'interleaved'} [layout] */
function check(shown, all, layout = 'half') {
  for (const { query, key, score: text, hands } of shown) {
    assert.equal(text, score(all, query, key).toFixed(3), `query ${query}, key ${key}`);
    hands.forEach(([q, k], pair) => {
      const [right, up] = layout === 'half' ? [pair, pair + DIM / 2] : [2 * pair, 2 * pair + 1];
      for (const [hand, place] of /** @type {const} */ ([
        [q, query],
        [k, key],
      ]))
        assert.ok(
          worst(hand, [Number(all[place * DIM + right]), -Number(all[place * DIM + up])]) < 0.001,
          `pair ${pair} at ${place}`,
        );
    });
  }
}

test('three rows of one distance have the scores and the hands of the library, and one score', async () => {
  const { page, complaints } = await open();
  const all = vectors();
  const shown = await rows(page);
  assert.deepEqual(
    shown.map(({ query, key }) => query - key),
    [5, 5, 5],
  );
  check(shown, all);
  await page.getByRole('button', { name: 'Move both' }).click();
  await page.waitForFunction(() => !document.querySelector('.rope')?.textContent?.includes('query at 9,'));
  const moved = await rows(page);
  check(moved, all);
  assert.deepEqual(
    moved.map(({ query, key }) => query - key),
    [5, 5, 5],
  );
  assert.equal(new Set([...shown, ...moved].map(({ score: text }) => text)).size, 1);
  moved.forEach(({ query }, i) => {
    assert.notEqual(query, shown[i].query);
  });
  assert.match(
    await page.locator('.rope output').innerText(),
    /distance 5 · q · k 3\.779 at all three places/,
  );
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a pair goes along its ruler by keys and by pointer, and takes the mark of the numbers along', async () => {
  const { page } = await open();
  const ruler = page.getByRole('slider', { name: 'Places of query and key, row 1 of 3' });
  const numbers = page.getByRole('application', { name: 'The numbers of Turning pairs' });
  const held = numbers.locator('xpath=..').locator('output');
  await ruler.focus();
  for (const [key, query] of /** @type {const} */ ([
    ['ArrowRight', 10],
    ['PageUp', 20],
    ['ArrowLeft', 19],
    ['PageDown', 9],
    ['Home', 5],
    ['End', 63],
  ])) {
    await page.keyboard.press(key);
    await page.locator(`.place-ruler[aria-valuetext="query at ${query}, key at ${query - 5}"]`).waitFor();
    assert.match(await held.innerText(), new RegExp(`^position ${query} · `));
  }
  const box = await ruler.boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 14, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.locator('.rope-row .caption', { hasText: /query at 3\d/ }).waitFor();
  check(await rows(page), vectors());
  await page.context().close();
});

test('the curves are the scores by distance, as trained and stretched, and the distance goes along them', async () => {
  const { page } = await open();
  const plot = page.getByRole('slider', { name: 'q · k by distance' });
  const curves = await curvesOf(plot);
  const scalings = [
    undefined,
    { type: 'linear', factor: 4 },
    { type: 'yarn', factor: 4, originalLength: LENGTH, attentionFactor: 1 },
  ];
  scalings.forEach((scaling, i) => {
    const all = vectors(scaling);
    const wanted = Array.from({ length: LENGTH }, (_, d) => score(all, d, 0));
    assert.ok(worst(curves[i].y, wanted) < 0.02, `curve ${i}`);
    assert.ok(
      worst(
        curves[i].x,
        wanted.map((_, d) => d),
      ) < 0.02,
      `curve ${i}`,
    );
  });
  assert.deepEqual(await page.locator('.plot-legend span').allInnerTexts(), [
    'as trained',
    'stretched ×4, all alike',
    'YaRN ×4',
  ]);
  await plot.focus();
  await page.keyboard.press('PageUp');
  await page.locator('.rope output', { hasText: 'distance 15 ·' }).waitFor();
  check(await rows(page), vectors());
  assert.match(
    (await plot.getAttribute('aria-valuetext')) ?? '',
    new RegExp(`^distance 15: as trained ${score(vectors(), 15, 0).toFixed(3).replace('-', '−')}`),
  );
  const hash = new URL(page.url()).hash.slice(1);
  await page.context().close();
  const again = await browser.openPage({ hash });
  await again.page.locator('.rope output', { hasText: 'distance 15 ·' }).waitFor();
  await again.page.context().close();
});

test('the map has a score for every query and key; a touched one becomes the first row, before or behind', async () => {
  const { page } = await open('?layout=interleaved');
  const map = page.getByRole('application', { name: 'q · k of every query and key' });
  const all = vectors(undefined, 'interleaved');
  await map.focus();
  for (const [key, query, place] of /** @type {const} */ ([
    ['ArrowDown', 10, 4],
    ['ArrowRight', 10, 5],
    ['End', 10, 63],
    ['PageDown', 20, 63],
  ])) {
    await page.keyboard.press(key);
    const text = await page.locator('.rope-scores output').innerText();
    assert.equal(
      text.replace('−', '-'),
      `query ${query} · key ${place} · ${score(all, query, place).toFixed(4)}`,
    );
    await page.waitForFunction(
      (words) => document.querySelectorAll('.rope-row')[1].querySelector('.caption')?.textContent === words,
      `query at ${query}, key at ${place}`,
    );
    check(await rows(page), all, 'interleaved');
  }
  const rings = await page
    .locator('.rope-ring')
    .evaluateAll((list) =>
      list.map((ring) =>
        [Reflect.get(ring, 'style').top, Reflect.get(ring, 'style').left].map(Number.parseFloat),
      ),
    );
  const places = (await rows(page)).map(({ query, key }) =>
    [query, key].map((place) => (100 * (place + 0.5)) / LENGTH),
  );
  assert.ok(worst(rings.flat(), places.flat()) < 0.01);
  await page.context().close();
});
