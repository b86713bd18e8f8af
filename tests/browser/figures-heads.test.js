// Maps of all heads: their colours, read back by the bar below, are what the library computes; marks, keys, hands and the class token.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { encodings } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { close, openHeads } from './heads.js';
import { STARTS } from './starts.js';

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

const heads = (/** @type {string} */ hash, /** @type {object} */ options = {}) =>
  openHeads(browser, { hash, ...options });

/** @param {string} name @param {Record<string, any>} [more] @returns {any} */
const resultOf = (name, more) =>
  Reflect.get(pe, name)({ ...PICTURES[name](pe).options, ...STARTS[name], ...more }).tolist();

const softmax = (/** @type {number[]} */ scores) => {
  const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
  return scores.map((score) => Math.exp(score) / sum);
};

for (const [name, side, prefix] of /** @type {const} */ ([
  ['windowBias', 7, 0],
  ['levitBias', 7, 0],
  ['decomposedBias', 8, 0],
  ['botnetBias', 8, 0],
  ['gpsa', 7, 0],
  ['beitBias', 7, 1],
]))
  test(`${name}: every head's map is the library's row of the held patch, which keys move`, async () => {
    const { page, complaints, values, map, told } = await heads(`encodings/${name}`);
    const planes = resultOf(name);
    const of = (/** @type {number} */ query) => planes.map((/** @type {number[][]} */ plane) => plane[query]);
    const rowOf = (/** @type {number} */ row, /** @type {number} */ column) => prefix + row * side + column;
    const patches = (/** @type {number[][]} */ rows) => rows.map((row) => row.slice(prefix));
    close(await values(), patches(of(rowOf(3, 2))));
    await map().focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowLeft', 'PageDown', 'End'])
      await page.keyboard.press(key);
    const last = side - 1;
    assert.match(await told(), new RegExp(`^patch row ${last}, column ${last} · head 1 likes most: `));
    close(await values(), patches(of(rowOf(last, last))));
    assert.match(page.url(), new RegExp(`patch=${last}%2C${last}`));
    await page
      .locator('.heat output')
      .first()
      .filter({ hasText: `query ${rowOf(last, last)} ` })
      .waitFor();
    if (prefix) {
      const tokens = await values('.taste-token canvas');
      close(
        tokens,
        of(rowOf(last, last)).map((/** @type {number[]} */ row) => [row[0]]),
      );
      await page.keyboard.press('PageUp');
      await page.keyboard.press('ArrowUp');
      assert.match(await told(), /^the class token · /);
      close(await values(), patches(of(0)));
    }
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

test('the strips beside a map are the two answers of which it is the sum', async () => {
  const { page, values } = await heads('encodings/decomposedBias?patch=6,1');
  const [down, across] = [await values('.taste-down'), await values('.taste-across')];
  const wanted = resultOf('decomposedBias').map((/** @type {number[][]} */ plane) => plane[6 * 8 + 1]);
  const sums = wanted.map((/** @type {number[]} */ row, /** @type {number} */ head) =>
    row.map((_, key) => down.found[head][Math.floor(key / 8)] + across.found[head][key % 8]),
  );
  close({ found: sums, off: 2 * down.off }, wanted);
  await page.context().close();
});

test('what a head likes most and least is told, and heads are chosen by keys and by a press', async () => {
  const { page, told } = await heads('encodings/windowBias');
  await page.getByRole('radio', { name: 'head 1', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  const row = resultOf('windowBias')[1][3 * 7 + 2];
  const most = row.indexOf(Math.max(...row));
  assert.deepEqual([Math.floor(most / 7) - 3, (most % 7) - 2], [0, 2]);
  assert.match(await told(), new RegExp(`head 2 likes most: 2 right, ${row[most].toFixed(4)}; least: `));
  await page.locator('.chips select').filter({ hasText: 'plane 1 of 8' }).waitFor();
  const map = page.locator('.taste-map').nth(5);
  const { width, height } = /** @type {any} */ (await map.boundingBox());
  await map.click({ position: { x: (width * 4.5) / 7, y: (height * 1.5) / 7 } });
  assert.match(await told(), /^patch row 1, column 4 · head 6 /);
  await page.context().close();
});

test('by offset each map is the whole table, and the held patch cuts out its part; after softmax there are shares', async () => {
  const { page, values, map, told } = await heads('encodings/windowBias?by=offset&patch=1,2');
  const { table } = STARTS.windowBias;
  // The table counts query minus key, the map key minus query: its rows stand in the other order.
  const wanted = Array.from({ length: 8 }, (_, head) =>
    Array.from({ length: 169 }, (__, i) => Number(table.data[(168 - i) * 8 + head])),
  );
  close(await values(), wanted);
  const style = await map()
    .locator('.taste-mark')
    .evaluate((one) => {
      const { top, left, width } = /** @type {HTMLElement} */ (one).style;
      return [top, left, width].map((text) => Math.round((Number.parseFloat(text) / 100) * 13));
    });
  assert.deepEqual(style, [5, 4, 7]);
  await page.getByText('by patch', { exact: true }).click();
  await page.getByText('after', { exact: true }).click();
  const rows = resultOf('windowBias').map((/** @type {number[][]} */ plane) => softmax(plane[9]));
  close(await values(), rows);
  assert.match(await told(), new RegExp(`likes most: itself, ${Math.round(100 * rows[0][9])} %`));
  await page.context().close();
});

test('sizes that are chosen get tables that fit', async () => {
  for (const [name, hash, more] of /** @type {const} */ ([
    ['windowBias', 'window=4&classToken=true', 'class'],
    ['levitBias', 'grid=6&stride=2', ''],
    ['beitBias', 'window=3', 'class'],
    ['decomposedBias', 'queryGrid=5', ''],
  ])) {
    const { page, complaints, values } = await heads(`encodings/${name}?${hash}`);
    assert.equal(await page.getByRole('alert').count(), 0, name);
    assert.ok((await values()).found.flat().every(Number.isFinite), name);
    assert.equal((await page.locator('.taste-token:visible').count()) > 0, more === 'class', name);
    assert.deepEqual(complaints, []);
    await page.context().close();
  }
});

for (const [name, side, prefix] of /** @type {const} */ ([
  ['windowIndex', 5, 0],
  ['beitIndex', 4, 1],
]))
  test(`${name}: the numbers in the cells are the library's rows of the table`, async () => {
    const { page, map, complaints } = await heads(`encodings/${name}?patch=0,0`);
    const index = resultOf(name);
    const texts = async () => (await map().locator('text').allTextContents()).map(Number);
    assert.deepEqual(await texts(), index[prefix].slice(prefix));
    await map().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.deepEqual(await texts(), index[prefix + side + 1].slice(prefix));
    if (prefix) {
      assert.equal(await page.locator('.taste-token').first().innerText(), `class: ${index[side + 2][0]}`);
      await page.locator('.taste-token').first().click();
      assert.deepEqual(await texts(), index[0].slice(1));
    }
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

test('a stretched table before and after, at the held offset', async () => {
  const { page, values, told, complaints } = await heads('encodings/resizeBias');
  const after = resultOf('resizeBias');
  const { table } = STARTS.resizeBias;
  const shown = await values();
  const columns = (/** @type {number[][]} */ rows) =>
    Array.from({ length: 4 }, (_, head) => rows.map((row) => row[head]).reverse());
  close(shown, [...columns(table.tolist()), ...columns(after)]);
  await page.locator('.taste-map').nth(4).focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  // 1 up, 1 right: the query is 1 below and 1 to the left of the key.
  const [made, redrawn] = [table.tolist()[4 * 7 + 2], after[8 * 15 + 6]].map((row) =>
    row[0].toFixed(4).replace('-', '−'),
  );
  assert.equal(await told(), `1 up, 1 right · head 1: ${made} as made, ${redrawn} redrawn`);
  await page.getByRole('radio', { name: /head 1/ }).focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await told(), new RegExp(`head 2: .*${after[8 * 15 + 6][1].toFixed(4)} redrawn$`));
  await page.keyboard.press('ArrowLeft');
  await page.locator('.taste-map').nth(4).focus();
  await page.keyboard.press('End');
  assert.match(await told(), /^1 up, 7 right · head 1: not there as made, /);
  await page.locator('.heat output').first().filter({ hasText: ' 120 ' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});
