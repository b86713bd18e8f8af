// The fans of biases by distance: the curves that one reads off the axes are the library's, for any query; keys, hands, softmax.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PICTURES } from '../../demo/docs/pictures/index.js';
import { STARTS } from '../../demo/rooms/encodings/figures/starts.js';
import { encodings } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { curvesOf, worst } from './figures.js';

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

/** @param {string} hash */
async function fan(hash) {
  const { page, complaints } = await browser.openPage({ hash });
  const figure = page.locator('.fan-figure');
  await figure.locator('path.curve').first().waitFor({ state: 'attached' });
  return {
    ...{ page, complaints, figure },
    query: page.getByRole('slider', { name: 'Query', exact: true }),
    key: page.getByRole('slider', { name: 'Key at which the curves are read' }),
    told: () => page.locator('.fan output').innerText(),
    settle: () =>
      page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))),
  };
}

/** The scores of a query by head. @param {string} name @param {Record<string, any>} options @param {number} query @returns {number[][]} */
function scoresOf(name, options, query) {
  const given = { ...PICTURES[name](pe).options, ...STARTS[name], ...options };
  const table = Reflect.get(pe, name)(given).tolist();
  return table.map((/** @type {number[][]} */ plane) => plane[Math.min(query, plane.length - 1)]);
}

/** @param {number[]} scores */
function sharesOf(scores) {
  const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
  return scores.map((score) => Math.exp(score) / sum);
}

/**
 * What is drawn against what is computed: distances across, values down, the chosen head last.
 * @param {import('playwright-core').Locator} figure @param {number[][]} wanted @param {number} query
 */
async function compare(figure, wanted, query, chosen = 0) {
  const curves = await curvesOf(figure);
  const order = [...wanted.keys()].filter((head) => head !== chosen).concat(chosen);
  assert.equal(curves.length, wanted.length);
  const span = Math.max(...wanted.flat().map(Math.abs));
  order.forEach((head, i) => {
    const distances = wanted[head].map((_, key) => key - query);
    assert.ok(worst(curves[i].x, distances) < 0.05, `distances of head ${head}`);
    assert.ok(worst(curves[i].y, wanted[head]) < 0.01 * span, `values of head ${head}`);
  });
}

/** A number as the page writes it. @param {string | null} text */
const numberOf = (text) => Number((text ?? '').replace('−', '-'));

for (const name of ['alibi', 'kerple', 'fire', 'sandwich'])
  test(`${name}: every head's curve is the library's row of the held query, also of another`, async () => {
    const { page, complaints, figure, query, settle } = await fan(`encodings/${name}`);
    await compare(figure, scoresOf(name, {}, 20), 20);
    await query.focus();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowLeft');
    await settle();
    const wanted = scoresOf(name, {}, 29);
    await compare(figure, wanted, 29);
    // The key went along; the numbers beside the heads are those at the key.
    const numbers = await page.locator('.fan-heads b').allTextContents();
    numbers.forEach((text, head) => {
      assert.ok(Math.abs(numberOf(text) - wanted[head][21]) <= 6e-5, `${text} of head ${head}`);
    });
    await page.locator('.heat output').first().filter({ hasText: 'query 29 ' }).waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

test('options change the fan; one query stands for all where the form has only one', async () => {
  const { page, figure } = await fan('encodings/alibi?heads=6&length=30&form=mpt&query=4');
  await compare(figure, scoresOf('alibi', { heads: 6, length: 30, form: 'mpt' }, 0), 4);
  await page.context().close();
});

test('the slopes stand beside their lines', async () => {
  const { page, figure } = await fan('encodings/alibiSlopes?heads=6');
  const slopes = pe.alibiSlopes({ heads: 6 });
  const numbers = await page.locator('.fan-heads b').allTextContents();
  assert.ok(worst(numbers.map(numberOf), Array.from(slopes.data, Number)) <= 6e-5);
  const curves = await curvesOf(figure);
  // A line's slope, from the query to twenty tokens before it; the chosen head's is the last.
  const drawn = curves.map(({ x, y }) => (y[20] - y[0]) / (x[20] - x[0]));
  const wanted = [...slopes.data.slice(1), slopes.data[0]].map(Number);
  assert.ok(worst(drawn, wanted) < 0.01);
  await page.context().close();
});

test('after softmax the curves are shares', async () => {
  const { page, figure, settle, told } = await fan('encodings/alibi');
  await page.getByText('after', { exact: true }).click();
  await settle();
  const wanted = scoresOf('alibi', {}, 20).map(sharesOf);
  await compare(figure, wanted, 20);
  assert.match(await told(), new RegExp(`head 1: ${(100 * wanted[0][12]).toFixed(1)} % of the look`));
  assert.match(page.url(), /after=softmax/);
  await page.context().close();
});

test('keys move the query, the key and the head; a hand sweeps both', async () => {
  const { page, query, key, told, settle } = await fan('encodings/alibi');
  await query.focus();
  for (const [press, at] of /** @type {const} */ ([
    ['ArrowRight', 21],
    ['ArrowDown', 20],
    ['PageUp', 30],
    ['End', 39],
    ['PageDown', 29],
    ['Home', 0],
  ])) {
    await page.keyboard.press(press);
    assert.match(await told(), new RegExp(`^query ${at} `));
    await settle();
    assert.equal(await query.getAttribute('aria-valuenow'), String(at));
  }
  await key.focus();
  await page.keyboard.press('End');
  assert.match(await told(), /^query 0 · key 39, 39 after · head 1: −19.5000$/);
  await page.getByRole('radio', { name: /head 1 / }).focus();
  await page.keyboard.press('ArrowRight');
  assert.match(await told(), /head 2: −9.7500$/);
  assert.ok(
    await page.getByRole('radio', { name: /head 2 / }).evaluate((one) => one === document.activeElement),
  );
  await page.locator('.chips select').filter({ hasText: 'plane 1 of 8' }).waitFor();

  const box = /** @type {{ x: number, y: number, width: number }} */ (await query.boundingBox());
  const place = (/** @type {number} */ at) => box.x + 56 + ((at + 0.5) / 40) * (box.width - 112);
  await page.mouse.move(place(3), box.y + 10);
  await page.mouse.down();
  assert.match(await told(), /^query 3 /);
  await page.mouse.move(place(17), box.y + 10);
  await page.mouse.up();
  assert.match(await told(), /^query 17 /);
  await page.mouse.click(place(25), box.y - 100);
  assert.match(await told(), /^query 17 · key 25, 8 after /);
  assert.match(page.url(), /query=17&key=25/);
  await page.context().close();
});
