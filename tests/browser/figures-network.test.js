// SwinV2's two figures: where a network is told that offsets are, and how it makes a bias of one; keys and hands.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { STARTS } from '../../demo/rooms/encodings/figures/starts.js';
import { encodings } from '../../web/index.js';
import { startBrowser } from './browser.js';

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
async function network(hash) {
  const { page, complaints } = await browser.openPage({ hash });
  await page.locator('.lattice circle').first().waitFor({ state: 'attached' });
  return { page, complaints, told: () => page.locator('.network output').innerText() };
}

/** The numbers of a text, whatever their minus. @param {string} text */
const numbersOf = (text) =>
  [...text.matchAll(/[-−+]?\d+(\.\d+)?/g)].map(([one]) => Number(one.replace('−', '-')));

/** @param {readonly number[]} found @param {readonly number[]} wanted @param {number} off */
function near(found, wanted, off) {
  assert.equal(found.length, wanted.length);
  found.forEach((value, i) => {
    assert.ok(Math.abs(value - wanted[i]) <= off, `${i}: ${value}, not ${wanted[i]}`);
  });
}

for (const [hash, options] of /** @type {const} */ ([
  ['encodings/logCoordinates', { window: 8, trainedWindow: 8 }],
  ['encodings/logCoordinates?window=12', { window: 12, trainedWindow: 8 }],
  ['encodings/logCoordinates?window=5&mode=cr', { window: 5, trainedWindow: 8, mode: 'cr' }],
]))
  test(`${hash}: lattice, axes and read-out stand at the library's coordinates`, async () => {
    const { page, complaints, told } = await network(hash);
    const table = /** @type {number[][][]} */ (/** @type {any} */ (pe.logCoordinates(options).tolist()));
    const middle = options.window - 1;
    const across = table[middle].map(([, x]) => x);
    const down = table.map((row) => row[middle][0]);
    const far = Math.max(...across.map(Math.abs));
    const lines = await page
      .locator('.lattice')
      .nth(1)
      .locator('line')
      .evaluateAll((all) =>
        all.map((one) => ['x1', 'x2', 'y1', 'y2'].map((name) => Number(one.getAttribute(name)))),
      );
    const scale = far / Math.max(...lines.map(([x]) => x));
    near(
      lines.filter(([x1, x2]) => x1 === x2).map(([x]) => x * scale),
      across,
      1e-4,
    );
    near(
      lines.filter(([, , y1, y2]) => y1 === y2).map(([, , y]) => y * scale),
      down,
      1e-4,
    );
    const ends = await page
      .locator('.stretch-lines line')
      .evaluateAll((all) => all.map((one) => ['x1', 'x2'].map((name) => Number(one.getAttribute(name)))));
    const half = (ends[2 * middle][0] - ends[0][0]) / 2;
    const centre = ends[middle][0];
    near(
      ends.slice(0, -1).map(([x]) => ((x - centre) / half) * middle),
      across.map((_, i) => i - middle),
      0.01,
    );
    near(
      ends.slice(0, -1).map(([, x]) => ((x - centre) / half) * far),
      across,
      0.01,
    );

    await page.locator('.lattice').first().focus();
    for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    const [row, column] = [middle - 3, middle + 1];
    const [dy, dx, y, x] = numbersOf(await told());
    assert.deepEqual([dy, dx], [-3, 1]);
    near([y, x], [down[row], across[column]], 6e-5);
    await page.keyboard.press('End');
    assert.match(await told(), new RegExp(`^−3 rows, \\+${middle} columns`));
    await page.getByRole('slider', { name: 'Columns away' }).focus();
    await page.keyboard.press('Home');
    near([numbersOf(await told())[3]], [across[0]], 6e-5);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

test('a press on the told lattice holds the nearest offset, and the address brings it back', async () => {
  const { page, told } = await network('encodings/logCoordinates');
  const lattice = page.locator('.lattice').nth(1);
  const { width, height } = /** @type {any} */ (await lattice.boundingBox());
  const x = pe.logCoordinates({ window: 8 }).data;
  const [one, far] = [Number(x[2 * (7 * 15 + 8) + 1]), Number(x[2 * (7 * 15 + 14) + 1])];
  await lattice.click({ position: { x: width * (0.5 + (0.5 * one) / far / 1.12), y: height / 2 } });
  assert.match(await told(), /^0 rows, \+1 columns/);
  const other = await network(new URL(page.url()).hash.slice(1));
  assert.equal(await other.told(), await told());
  await other.page.context().close();
  await page.context().close();
});

/** SwinV2's network written out, on an offset. @param {number} down @param {number} across @param {number} window */
function byHand(down, across, window) {
  const { hiddenWeight, hiddenBias, outputWeight } = STARTS.continuousBias;
  const point = [down, across].map((offset) => {
    const scaled = (8 * offset) / (window - 1);
    return (Math.sign(scaled) * Math.log2(1 + Math.abs(scaled))) / 3;
  });
  const units = hiddenBias.data.length;
  const hidden = Array.from({ length: units }, (_, i) =>
    Math.max(
      0,
      hiddenWeight.data[2 * i] * point[0] + hiddenWeight.data[2 * i + 1] * point[1] + hiddenBias.data[i],
    ),
  );
  const answers = Array.from({ length: outputWeight.shape[0] }, (_, head) =>
    hidden.reduce((sum, value, i) => sum + value * outputWeight.data[head * units + i], 0),
  );
  return { point, hidden, answers, biases: answers.map((answer) => 16 / (1 + Math.exp(-answer))) };
}

test('each step of the computed bias is that of the network written out', async () => {
  const { page, complaints, told } = await network('encodings/continuousBias');
  await page.locator('.lattice').focus();
  for (const [key, down, across] of /** @type {const} */ ([
    ['ArrowRight', -2, 4],
    ['ArrowDown', -1, 4],
    ['PageDown', 6, 4],
    ['Home', 6, -6],
    ['PageUp', -4, -6],
  ])) {
    await page.keyboard.press(key);
    const wanted = byHand(down, across, 7);
    const [dy, dx, y, x, head, answer, bias] = numbersOf(await told());
    assert.deepEqual([dy, dx, head], [down, across, 1]);
    near([y, x, answer, bias], [...wanted.point, wanted.answers[0], wanted.biases[0]], 2e-4);
    const numbers = await page.locator('.fan-heads b').allInnerTexts();
    near(numbers.flatMap(numbersOf), wanted.biases, 2e-4);
    const outputs = await page.locator('.net text').allTextContents();
    near(outputs.flatMap(numbersOf), [...wanted.point, ...wanted.answers], 0.006);
    const active = wanted.hidden.filter((value) => value > 0).length;
    await page
      .getByRole('img', { name: `A network of 24 hidden units, ${active} of which answer` })
      .waitFor();
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('heads are chosen by keys, maps hold an offset by a press, and the numbers below follow', async () => {
  const { page, told } = await network('encodings/continuousBias');
  await page.getByRole('radio', { name: /head 1 / }).focus();
  await page.keyboard.press('ArrowRight');
  const map = page.locator('.network .taste-map').nth(1);
  const { width, height } = /** @type {any} */ (await map.boundingBox());
  await map.click({ position: { x: (width * 8.5) / 13, y: (height * 7.5) / 13 } });
  const [down, across, , , head, , bias] = numbersOf(await told());
  assert.deepEqual([down, across, head], [1, 2, 2]);
  near([bias], [byHand(1, 2, 7).biases[1]], 2e-4);
  await page.locator('.chips select').filter({ hasText: 'plane 1 of 4' }).waitFor();
  await page.locator('.heat output').first().filter({ hasText: 'query 9 ' }).waitFor();
  await page.context().close();
});
