// The room Draw in Chromium: what five networks say of a drawing is what the library says in Node; drawn digits are read; patches are
// shuffled, held by keys, and the address brings all of it back.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Tensor } from '../../bindings/tensor.js';
import { DATA } from '../../demo/bake/digits.js';
import { orderOf } from '../../demo/rooms/draw/patches.js';
import { digitOf, KINDS, readDrawing } from '../../demo/rooms/draw/reading.js';
import { ORDER } from '../../demo/rooms/draw/six.js';
import { load } from '../../web/index.js';
import { largestDifference } from '../compare.js';
import { startBrowser } from './browser.js';

const LABELS = readFileSync(join(DATA, 't10k-labels-idx1-ubyte')).subarray(8);
/** Digits as a hand draws them: points of each line, in shares of the field. @type {Record<number, [number, number][][]>} */
const DRAWN = {
  0: [oval(0.5, 0.5, 0.22, 0.34)],
  1: [
    [
      [0.55, 0.15],
      [0.45, 0.85],
    ],
  ],
  3: [[...oval(0.47, 0.33, 0.2, 0.17, 0.15, 1.5), ...oval(0.47, 0.66, 0.22, 0.18, 0.5, 1.85)]],
  4: [
    [
      [0.35, 0.2],
      [0.28, 0.5],
      [0.7, 0.5],
    ],
    [
      [0.65, 0.25],
      [0.6, 0.85],
    ],
  ],
  7: [
    [
      [0.25, 0.2],
      [0.75, 0.2],
      [0.45, 0.85],
    ],
  ],
};

/** Round a middle; angles in half turns, clockwise from the left. @param {number} x @param {number} y @param {number} wide @param {number} high @param {number} from @param {number} to @returns {[number, number][]} */
function oval(x, y, wide, high, from = 0.5, to = 2.55) {
  return Array.from({ length: 24 }, (_, i) => {
    const angle = Math.PI * (from + ((to - from) * i) / 23);
    return [x - wide * Math.cos(angle), y - high * Math.sin(angle)];
  });
}

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {Map<string, Awaited<ReturnType<typeof load>>>} */
const networks = new Map();
before(async () => {
  browser = await startBrowser();
  for (const kind of KINDS)
    networks.set(kind, await load(new URL(`../../demo/models/digits/${kind}/`, import.meta.url)));
});
after(() => browser.close());

/** @typedef {import('playwright-core').Page} Page */

/** @param {string} state */
async function openDraw(state = '') {
  const opened = await browser.openPage({ hash: `draw${state}`, reducedMotion: 'reduce' });
  await opened.page.locator('.readout', { hasText: /\w/ }).waitFor();
  return opened;
}
/** @param {Page} page @param {number} which 0: the drawing, 1: the answers */
async function saved(page, which) {
  const box = page.locator('.save').nth(which);
  if (!(await box.evaluate((details) => Reflect.get(details, 'open')))) await box.locator('summary').click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    box.getByRole('button', { name: 'NPY', exact: true }).click(),
  ]);
  return Tensor.fromNpy(readFileSync(await file.path()));
}
/** What the library says of the page's drawing. @param {Page} page @param {number} order */
async function expectedOf(page, order) {
  const pixels = Uint8Array.from((await saved(page, 0)).data, Number);
  const rows = [];
  for (const kind of KINDS) {
    const asked = { pixels, order: orderOf(order), layer: 0, head: 0, patch: null };
    const { drawn, mixed } = await readDrawing(/** @type {any} */ (networks.get(kind)), asked);
    rows.push(drawn.shares, mixed.shares);
  }
  return rows.flat();
}
/** Waits until the page shows what the library says; a drawing may still be set in the middle. @param {Page} page @param {number} order */
async function agrees(page, order) {
  for (let i = 0; ; i++) {
    const expected = await expectedOf(page, order);
    const difference = largestDifference((await saved(page, 1)).data, expected);
    if (difference < 2e-4) return expected;
    assert.ok(i < 50, `${difference} apart`);
    await page.waitForTimeout(100);
  }
}
const said = (/** @type {Page} */ page) => page.locator('.rows .drawn .said').allTextContents();

test('at first there is a 6 that the network without positions misreads, as the library does', async () => {
  const { page, complaints } = await openDraw();
  const [blind, ...others] = await said(page);
  assert.notEqual(blind, '6');
  assert.deepEqual(others, ['6', '6', '6', '6']);
  await page.getByText(`the network without positions takes for a ${blind}`).waitFor();
  assert.equal(await page.locator('.readout').textContent(), `4 of 5 say 6; No positions says ${blind}.`);
  const expected = await agrees(page, ORDER);
  // Shuffled, its answer and its certainty are the same.
  assert.ok(largestDifference(expected.slice(0, 10), expected.slice(10, 20)) < 1e-5);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('drawn digits are read by the networks that are told places', async () => {
  const { page, complaints } = await openDraw();
  const field = page.locator('.drawing');
  for (const [digit, strokes] of Object.entries(DRAWN)) {
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('.readout', { hasText: 'Nothing is drawn.' }).waitFor();
    await field.scrollIntoViewIfNeeded();
    const { x, y, width } = /** @type {{ x: number, y: number, width: number }} */ (
      await field.boundingBox()
    );
    for (const stroke of strokes) {
      const at = stroke.map(([a, b]) => /** @type {const} */ ([x + a * width, y + b * width]));
      await page.mouse.move(...at[0]);
      await page.mouse.down();
      for (const point of at.slice(1)) await page.mouse.move(...point, { steps: stroke.length > 4 ? 1 : 4 });
      await page.mouse.up();
    }
    await page.locator('.readout', { hasText: new RegExp(`(All five|4 of 5) say ${digit}`) }).waitFor();
    await agrees(page, ORDER);
  }
  assert.match(page.url(), /#draw\?d=[0-9a-z]{8,}/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a test digit is read, and an address brings it back with its order and its layer', async () => {
  for (const digit of [3, 11, 42]) {
    const { page } = await openDraw(`?n=${digit}&order=77&layer=3&head=2`);
    await page.getByText(`Test digit ${digit}: a ${LABELS[digit]}.`).waitFor();
    const expected = await agrees(page, 77);
    for (let i = 1; i < KINDS.length; i++)
      assert.equal(digitOf(expected.slice(20 * i, 20 * i + 10)), LABELS[digit], KINDS[i]);
    await page.getByText('The small pictures show layer 3, head 2.').waitFor();
    await page.context().close();
  }
});

test('the button for test digits, and the order of the patches, change the address', async () => {
  const { page } = await openDraw();
  await page.getByRole('button', { name: 'A test digit' }).click();
  await page.getByText(/^Test digit \d+: a \d\.$/).waitFor();
  await page.getByRole('button', { name: 'Shuffle the patches' }).click();
  const { hash } = new URL(page.url());
  assert.match(hash, /^#draw\?n=\d+&order=\d+$/);
  const order = Number(/order=(\d+)/.exec(hash)?.[1]);
  const expected = await agrees(page, order);
  assert.ok(largestDifference(expected.slice(0, 10), expected.slice(10, 20)) < 1e-5);
  await page.context().close();
});

test('keys hold a patch, whose likeness is the library’s, and clear the field', async () => {
  const { page } = await openDraw();
  await page.locator('.drawing').focus();
  await page.keyboard.press('ArrowRight'); // the middle one
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowLeft');
  await page.locator('.readout', { hasText: 'The patch at row 2, column 2 is held.' }).waitFor();
  await page.getByText('how alike the patches are to the held one, at the end').waitFor();
  assert.match(page.url(), /patch=2%2C2/);
  await page.keyboard.press('Escape');
  await page.locator('.readout', { hasText: /^[^.]*\.$/ }).waitFor();
  await page.keyboard.press('Delete');
  await page.locator('.readout', { hasText: 'Nothing is drawn.' }).waitFor();
  await page.context().close();
});
