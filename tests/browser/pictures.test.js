// The room Pictures in Chromium with its photograph: what the build has read, then DINOv2 itself, each against the library in Node.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { load, patchColours, patchSimilarity, rollout } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { openPictures, PHOTO, readout, saved, savedTensor, worst } from './pictures.js';

const encoder = await load(PHOTO);
const picture = await encoder.preprocess({ path: `${PHOTO}/photo.jpg` });
/** @type {any} */
const outputs = await encoder.forward(picture, { hidden_states: true, attentions: true });
const [SIDE, TOKENS, LAYERS, HEADS] = [28, 785, 12, 6];
/** What the room says of its numbers before the network is loaded. */
const BAKED = 0.02;
/** Chromium and Node decode the photograph by other decoders of JPEG: a step of 1 in 255 here and there, which 12 layers enlarge. */
const DECODED = 0.02;

/** @param {number} row @param {number} column @param {number} layer from 1 */
const like = (row, column, layer) =>
  patchSimilarity(outputs, { row, column, layer: layer === LAYERS ? undefined : layer }).data;
/** A token's look by one head, its patches. @param {number} token @param {number} layer @param {number} head both from 1 */
const look = (token, layer, head) =>
  outputs.attentions[layer - 1].data.subarray(
    ((head - 1) * TOKENS + token) * TOKENS + 1,
    ((head - 1) * TOKENS + token + 1) * TOKENS,
  );
/** @param {number} layer */
const meanLook = (layer) =>
  Float32Array.from({ length: SIDE * SIDE }, (_, i) =>
    Array.from({ length: HEADS }, (__, head) => look(0, layer, head + 1)[i]).reduce(
      (a, b) => a + b / HEADS,
      0,
    ),
  );

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  encoder.dispose();
});

test('before anything is loaded the photograph’s numbers are the library’s, as exactly as the room says', async () => {
  const { page, complaints } = await openPictures(browser);
  assert.match(String(await readout(page)), /^row 11, column 6 · likest far away: row 12, column 20, 0\.96/);
  assert.ok(worst((await savedTensor(page, 0)).data, like(11, 6, LAYERS)) < 1e-5);
  const layers = await savedTensor(page, 1);
  assert.deepEqual(layers.shape, [LAYERS, SIDE * SIDE]);
  for (let layer = 1; layer <= LAYERS; layer++)
    assert.ok(worst(layers.slice(layer - 1).data, like(11, 6, layer)) <= 0.5 / 127 + 1e-5, `layer ${layer}`);
  for (const [row, column] of [
    [0, 0],
    [14, 27],
    [22, 15],
    [3, 25],
    [13, 20],
  ]) {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#pictures?row=${row}&column=${column}`);
    await page.locator('.readout', { hasText: `row ${row}, column ${column} ·` }).waitFor();
    assert.ok(
      worst((await savedTensor(page, 0)).data, like(row, column, LAYERS)) <= BAKED,
      `${row}, ${column}`,
    );
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('looks, rollout, colours and heads that the build has read are the library’s', async () => {
  const { page, complaints } = await openPictures(browser, '?view=looks&look=8');
  const near = (/** @type {any} */ found, /** @type {any} */ expected) => {
    const most = Math.max(...expected);
    assert.ok(worst(found, expected) <= most / 255, `${worst(found, expected)} of ${most}`);
  };
  near((await savedTensor(page, 0)).data, meanLook(8));
  await page.getByLabel('Head', { exact: true }).selectOption('2');
  await page.locator('.readout', { hasText: 'Layer 8, head 2: most' }).waitFor();
  near((await savedTensor(page, 0)).data, look(0, 8, 2));
  await page.getByLabel('rollout', { exact: true }).check({ force: true });
  await page.locator('.readout', { hasText: 'Rollout through all layers: most' }).waitFor();
  near((await savedTensor(page, 0)).data, rollout(outputs).data);
  assert.match(page.url(), /look=rollout/);

  await page.getByRole('button', { name: /Parts by colour/ }).click();
  await page.locator('.readout', { hasText: 'red' }).waitFor();
  const colours = await savedTensor(page, 0);
  const expected = stretched([...patchColours(outputs).data].map(Number));
  assert.deepEqual(colours.shape, [SIDE * SIDE, 3]);
  assert.ok(worst(colours.data, expected) <= 0.01);

  await page.getByRole('button', { name: 'Layer 5, head 3' }).scrollIntoViewIfNeeded();
  await page.locator('.told', { hasText: 'Layer 5, head 3' }).waitFor();
  near((await savedTensor(page, 2)).data, look(1 + 11 * SIDE + 6, 5, 3));
  assert.match(
    String(await page.locator('.told').textContent()),
    /30\s% of the look goes to one patch: row 13, column 20/,
  );
  await page.getByRole('button', { name: 'Layer 8, head 6' }).click();
  near((await savedTensor(page, 2)).data, look(1 + 11 * SIDE + 6, 8, 6));
  assert.deepEqual(complaints, []);
  await page.context().close();
});

/** From the 3rd to the 97th percentile of each of the three. @param {number[]} colours */
function stretched(colours) {
  const bounds = [0, 1, 2].map((c) => {
    const sorted = colours.filter((_, i) => i % 3 === c).sort((a, b) => a - b);
    return [0.03, 0.97].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  });
  return colours.map((x, i) => {
    const [low, high] = bounds[i % 3];
    return Math.min(Math.max((x - low) / (high - low), 0), 1);
  });
}

test('the network itself, loaded from the page’s server, gives the library’s numbers for every patch, layer and head', async () => {
  const { page, complaints, shoot } = await openPictures(browser);
  await page.getByRole('button', { name: 'load DINOv2, 44 MB', exact: true }).click();
  await page.getByText(/^Read by DINOv2 \(small\) in/).waitFor({ timeout: 120_000 });
  const first = /^row 11, column 6 · likest far away: row 12, column 20, 0\.96/;
  await page.locator('.readout', { hasText: first }).waitFor();
  await page.locator('.stage').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.readout', { hasText: 'row 11, column 7 · likest' }).waitFor();
  const layers = await savedTensor(page, 1);
  assert.deepEqual(layers.shape, [LAYERS, SIDE * SIDE]);
  for (let layer = 1; layer <= LAYERS; layer++)
    assert.ok(worst(layers.slice(layer - 1).data, like(11, 7, layer)) <= DECODED, `layer ${layer}`);
  await page.locator('.heads').scrollIntoViewIfNeeded();
  await page.locator('.told', { hasText: 'from row 11, column 7' }).waitFor();
  assert.ok(worst((await savedTensor(page, 2)).data, look(1 + 11 * SIDE + 7, 5, 3)) <= DECODED);
  await page.getByRole('button', { name: /What it looks at/ }).click();
  await page.locator('.readout', { hasText: 'Layer 8, mean of 6 heads: most' }).waitFor();
  assert.ok(worst((await savedTensor(page, 0)).data, meanLook(8)) <= DECODED / 10);
  await shoot('pictures-loaded-1280-light');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('loading can be stopped, and the photograph stays', async () => {
  const { page, complaints } = await openPictures(browser);
  await page.route('**/models/photo/model.safetensors', () => {}); // never answered
  await page.getByRole('button', { name: 'load DINOv2, 44 MB', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.progress').waitFor({ state: 'hidden' });
  assert.equal(await page.locator('.fault').isVisible(), false);
  assert.match(String(await readout(page)), /^row 11, column 6/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('by keys alone: the patch, the layer, the head, the paper; and all of it stands in the address', async () => {
  const { page, complaints } = await openPictures(browser);
  const says = (/** @type {string | RegExp} */ hasText) => page.locator('.readout', { hasText }).waitFor();
  const stage = page.locator('.stage');
  for (let i = 0; i < 40 && !(await stage.evaluate((one) => one === document.activeElement)); i++)
    await page.keyboard.press('Tab');
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowUp', 'ArrowRight']) await page.keyboard.press(key);
  await says('row 11, column 8 ·');
  for (const key of ['Home', 'PageDown', 'End']) await page.keyboard.press(key);
  await says('row 21, column 27 ·');
  await page.keyboard.press('Shift+ArrowDown');
  await says('layer 11 · row 21, column 27: for this layer the network has to be loaded');
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('h');
  await page.keyboard.press('p');
  const params = () => Object.fromEntries(new URLSearchParams(new URL(page.url()).hash.split('?')[1]));
  assert.deepEqual(params(), {
    row: '21',
    column: '27',
    view: 'like',
    layer: '12',
    look: '8',
    open: '5-4',
    paper: 'off',
  });
  await page.reload();
  await says('row 21, column 27 ·');
  assert.equal(params().open, '5-4');

  await page.getByRole('button', { name: 'Layer 12', exact: true }).focus();
  await page.keyboard.press('Home');
  await says('layer 1 · row 21');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a pointer that is dragged moves the patch; nonsense in the address is not believed', async () => {
  const { page, complaints } = await openPictures(
    browser,
    '?row=99&column=x&view=all&layer=0&look=-1&head=7&open=1',
  );
  assert.match(String(await readout(page)), /^row 11, column 6 ·/);
  const { x, y, width } = /** @type {{ x: number, y: number, width: number }} */ (
    await page.locator('.stage').boundingBox()
  );
  const at = (/** @type {number} */ index) => ((index + 0.5) * width) / SIDE;
  await page.mouse.move(x + at(27), y + at(14));
  await page.mouse.down();
  await page.locator('.readout', { hasText: 'row 14, column 27 ·' }).waitFor();
  await page.mouse.move(x + at(12), y + at(6), { steps: 4 });
  await page.mouse.up();
  await page.locator('.readout', { hasText: 'row 6, column 12 ·' }).waitFor();
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('downloads: CSV and a table hold the numbers, a PNG the picture with its caption', async () => {
  const { page, complaints } = await openPictures(browser);
  const lines = String(await saved(page, 0, 'CSV'))
    .trim()
    .split('\r\n');
  assert.equal(lines.length, SIDE);
  assert.ok(
    worst(
      lines.flatMap((line) => line.split(',').map(Number)),
      like(11, 6, LAYERS),
    ) < 1e-5,
  );
  const { width, height, format } = await sharp(await saved(page, 0, 'PNG')).metadata();
  assert.deepEqual([format, width >= 520, height > width], ['png', true, true]);
  await page.locator('.save').first().getByRole('button', { name: 'Table' }).click();
  const rows = page.locator('.save').first().locator('tbody tr');
  await rows.first().waitFor();
  assert.equal(await rows.count(), SIDE);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark']))
  for (const width of [1280, 390])
    test(`it fits ${width} px, ${colorScheme}`, async () => {
      const viewport = { width, height: width === 390 ? 844 : 800 };
      const { page, complaints, shoot } = await openPictures(browser, '', { viewport, colorScheme });
      await page.locator('.heads').scrollIntoViewIfNeeded();
      await page.locator('.told', { hasText: 'from row 11, column 6' }).waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${wide} px wide`);
      await page.evaluate(() => scrollTo(0, 0));
      await shoot(`pictures-${width}-${colorScheme}`);
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
