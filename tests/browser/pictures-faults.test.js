// What is no picture and no network, in Chromium: Pictures says what to do and goes on.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { modelFiles } from '../sources/server.js';
import { startBrowser } from './browser.js';
import { writeFolder, writeHugeOf } from './folders.js';
import { drop, golden, openPictures, says } from './pictures.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

test('what is no picture and no network says what to do, and the room goes on', async () => {
  const { page } = await openPictures(browser);
  const { files } = await golden('image-vit');
  const { 'config.json': _, ...rest } = files;
  await drop(page, { 'paper.pdf': 'x' }, 'application/pdf');
  await says(page, 'paper.pdf is no picture: JPEG, PNG, WebP, GIF and AVIF are read.');
  await drop(page, { 'broken.png': 'not a picture' }, 'image/png');
  await says(page, 'broken.png could not be opened as a picture');
  await drop(page, rest);
  await says(page, 'This folder has no config.json: drop it as downloaded.');
  await drop(page, { 'model.safetensors': 'x' });
  await says(page, 'A file alone is no model: drop its whole folder.');
  await drop(page, Object.fromEntries(modelFiles()));
  await says(page, 'A text model; pictures need one such as DINOv2.');
  await drop(page, { ...files, 'model.safetensors': 'x'.repeat(100) });
  await says(page, /^This model was not loaded: /);
  await page.locator('.stage').focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.readout', { hasText: 'row 11, column 7 ·' }).waitFor();

  await page.getByRole('button', { name: 'Another model' }).click();
  await page.getByRole('button', { name: 'Load', exact: true }).click();
  await says(page, 'Type a model’s hub id');
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'load DINOv2, 44 MB', exact: true }).click();
  await says(page, 'No network: drop the folder.');
  await page.context().setOffline(false);
  await drop(page, files);
  await page.getByText(/^Read by this model in/).waitFor();
  assert.equal(await page.locator('.fault').isVisible(), false);
  await page.context().close();
});

test('without a network and a kept copy of the page the message is the same', async () => {
  const { page } = await openPictures(browser, '', { serviceWorkers: 'block' });
  const load = page.getByRole('button', { name: 'load DINOv2, 44 MB', exact: true });
  await load.waitFor();
  await page.context().setOffline(true);
  await load.click();
  await says(page, 'No network: drop the folder.');
  await page.context().close();
});

test('a network too large for a tab says so', async () => {
  const home = mkdtempSync(join(tmpdir(), 'wasmformer-'));
  const { page } = await openPictures(browser);
  const { files } = await golden('image-vit');
  const config = {
    ...JSON.parse(String(files['config.json'])),
    hidden_size: 8192,
    intermediate_size: 65_536,
    num_attention_heads: 64,
    num_hidden_layers: 1,
  };
  const folder = writeFolder(join(home, 'huge'), { ...files, 'config.json': JSON.stringify(config) });
  const [width, inner] = [8192, 65_536];
  const vectors = (/** @type {string} */ name, /** @type {number[]} */ shape) => ({
    [`${name}.weight`]: shape,
    [`${name}.bias`]: shape.slice(0, 1),
  });
  const at = 'vit.encoder.layer.0';
  writeHugeOf(folder, {
    'vit.embeddings.cls_token': [1, 1, width],
    'vit.embeddings.position_embeddings': [1, 17, width],
    ...vectors('vit.embeddings.patch_embeddings.projection', [width, 3, 8, 8]),
    ...Object.assign(
      {},
      ...['query', 'key', 'value'].map((name) =>
        vectors(`${at}.attention.attention.${name}`, [width, width]),
      ),
    ),
    ...vectors(`${at}.attention.output.dense`, [width, width]),
    ...vectors(`${at}.intermediate.dense`, [inner, width]),
    ...vectors(`${at}.output.dense`, [width, inner]),
    ...Object.assign(
      {},
      ...['layernorm_before', 'layernorm_after'].map((name) => vectors(`${at}.${name}`, [width])),
    ),
    ...vectors('vit.layernorm', [width]),
    ...vectors('classifier', [7, width]),
  });
  await page.locator('input[type=file][webkitdirectory]').setInputFiles(folder);

  await says(page, 'Too large for this tab');
  await page.context().close();
  rmSync(home, { recursive: true });
});
