// What a visitor brings to Pictures, in Chromium: pictures, networks with classes or words, and what is neither.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { seenPart } from '../../demo/rooms/pictures/reading.js';
import { load, patchSimilarity } from '../../web/index.js';
import { startBrowser } from './browser.js';
import { drop, golden, labels, openPictures, PHOTO, readout, savedTensor, says, worst } from './pictures.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** As the room writes shares. @param {number} score */
const percent = (score) =>
  `${100 * score >= 9.95 ? Math.round(100 * score) : (100 * score).toFixed(1)}\u00a0%`;

test('a dropped picture waits for a network, and a small ViT gives it the classes that transformers gives', async () => {
  const { page, complaints, shoot } = await openPictures(browser);
  const { files, calls, picture } = await golden('image-vit');
  const { expected } = calls.find(
    (/** @type {any} */ { image, options }) => image === 'image.1' && !options.top_k,
  );
  const png = await picture('image.1');
  await drop(page, { 'mine.png': png }, 'image/png');
  await page.getByText('Your picture waits for a network: ').waitFor();
  assert.equal(await readout(page), 'Nothing is known of this picture yet.');
  await drop(page, files);
  await page.locator('.labels h2', { hasText: 'What it takes it for' }).waitFor();
  await page.locator('.labels .best').waitFor();
  assert.deepEqual(
    await labels(page),
    expected.map((/** @type {any} */ { label, score }) => [label, percent(score)]),
  );

  // The same folder and picture in Node.
  const encoder = await load(new Map(Object.entries(files)));
  const outputs = await encoder.forward(await encoder.preprocess(new Uint8Array(png)), {
    hidden_states: true,
    attentions: true,
  });
  await page.locator('.readout', { hasText: 'row 2, column 2 ·' }).waitFor();
  assert.ok(
    worst((await savedTensor(page, 0)).data, patchSimilarity(outputs, { row: 2, column: 2 }).data) < 1e-5,
  );
  await page.locator('.heads').scrollIntoViewIfNeeded();
  await page.locator('.told', { hasText: 'Layer 1, head 1' }).waitFor();
  const row = (2 * 4 + 2 + 1) * 17;
  const map = /** @type {any} */ (outputs).attentions[0].data.subarray(row + 1, row + 17);
  assert.ok(worst((await savedTensor(page, 2)).data, map) < 1e-6);
  await shoot('pictures-own-1280-light');
  assert.deepEqual(complaints, []);
  encoder.dispose();
  await page.context().close();
});

for (const name of ['clip-zeroshot', 'siglip-zeroshot'])
  test(`${name}: labels that are typed get the shares that transformers gives`, async () => {
    const { page, complaints } = await openPictures(browser);
    const { files, calls, picture } = await golden(name);
    const { image, options, expected } = calls.find(
      (/** @type {any} */ call) =>
        call.image && !Array.isArray(call.image) && !call.options.hypothesis_template,
    );
    await drop(page, files);
    await page.getByText(/^Read by this model in/).waitFor();
    await drop(page, { 'mine.png': await picture(image) }, 'image/png');
    await page.locator('.labels .best').waitFor();
    const input = page.getByRole('textbox', { name: 'Another label' });
    for (const label of options.labels) {
      await input.fill(label);
      await input.press('Enter');
      await page.locator('.labels li', { hasText: label }).first().waitFor();
    }
    for (const label of ['a cat looking at you', 'a tiger', 'an owl', 'a cup of coffee', 'a dog'])
      if (!options.labels.includes(label))
        await page.getByRole('button', { name: `Remove “${label}”` }).click();
    await page.locator('.labels[aria-busy=false]').waitFor();
    const wanted = expected.map((/** @type {any} */ { label, score }) => [label, percent(score)]);
    await page
      .waitForFunction(
        (text) =>
          JSON.stringify(
            [...document.querySelectorAll('.labels li')].map((item) =>
              ['.label', '.number'].map((part) => item.querySelector(part)?.textContent),
            ),
          ) === text,
        JSON.stringify(wanted),
        { timeout: 10_000 },
      )
      .catch(() => {});
    assert.deepEqual(await labels(page), wanted);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

test('a picture is pasted; the camera’s is taken, and a camera that is refused says what to do', async () => {
  const { page, complaints } = await openPictures(browser);
  const png = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#246' } })
    .png()
    .toBuffer();
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, png.toString('base64'));
  await page.getByText('Your picture waits for a network: ').waitFor();
  const { files } = await golden('image-vit');
  await drop(page, files);
  await page.getByText(/^Read by/).waitFor();

  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Camera' }).click();
  await says(page, 'The camera was refused: allow it beside the address, or choose a picture instead.');

  await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    const pen = canvas.getContext('2d');
    setInterval(() => pen?.fillRect(Math.random() * 300, 0, 5, 150), 30);
    const stream = canvas.captureStream();
    Object.assign(globalThis, { stream });
    navigator.mediaDevices.getUserMedia = async () => stream;
  });
  const before = [...(await savedTensor(page, 0)).data].map(Number);
  await page.getByRole('button', { name: 'Camera' }).click();
  await page.getByRole('button', { name: 'Take it' }).click();
  await page.locator('video').waitFor({ state: 'detached' });
  await page.locator('.progress').waitFor({ state: 'hidden' });
  assert.ok(worst((await savedTensor(page, 0)).data, before) > 1e-3, 'it is the camera’s picture now');
  assert.equal(await page.locator('.fault').isVisible(), false);
  assert.deepEqual(
    await page.evaluate(() =>
      Reflect.get(globalThis, 'stream')
        .getTracks()
        .map((/** @type {any} */ track) => track.readyState),
    ),
    ['ended'],
  );
  assert.equal(await page.locator('video').count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('of an oblong picture the part is shown that the processor keeps', async () => {
  const encoder = await load(PHOTO);
  const { left, top, width, height } = await seenPart(encoder, { width: 1200, height: 600 });
  for (const [found, expected] of [
    [left, 0.25],
    [top, 0],
    [width, 0.5],
    [height, 1],
  ])
    assert.ok(Math.abs(found - expected) < 0.002, `${found}, not ${expected}`);
  encoder.dispose();
});
