// Folders that a visitor drops or chooses, in Chromium: what is a model is loaded, and of everything else the page says what to do.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SENTENCES } from '../../demo/rooms/sentences/texts.js';
import { modelFiles } from '../sources/server.js';
import { MINILM, startBrowser } from './browser.js';
import { CONFIG, writeFolder, writeHuge } from './folders.js';
import { expectedRows, openSentences, rows } from './sentences.js';

/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
/** @type {string} */
let home;
/** @param {string} name @param {Parameters<typeof writeFolder>[1]} files */
const folderOf = (name, files) => writeFolder(join(home, name), files);
before(async () => {
  browser = await startBrowser();
  home = mkdtempSync(join(tmpdir(), 'wasmformer-'));
});
after(async () => {
  await browser.close();
  rmSync(home, { recursive: true });
});

/** @param {import('playwright-core').Page} page @param {string} folder */
const choose = (page, folder) => page.locator('input[type=file][webkitdirectory]').setInputFiles(folder);

test('a chosen folder becomes the model, and the address says nothing of it', async () => {
  const { page, complaints } = await openSentences(browser, '?all=1');
  // Without the README and what else is not read; a folder within it is.
  const folder = join(home, 'a-model');
  cpSync(MINILM, folder, { recursive: true, filter: (path) => !/README|vocab/.test(path) });
  await choose(page, folder);
  await page.getByText('a-model is loaded: 384 numbers').waitFor();
  await page.getByRole('textbox', { name: 'Question' }).fill('a nap');
  await page.getByText('The nearest does not say “nap”.').waitFor();
  assert.deepEqual(await rows(page), await expectedRows('a nap', SENTENCES, 'float32'));
  assert.equal(new URL(page.url()).hash, '#sentences?q=a+nap&all=1');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a dropped folder of a small model is loaded, wherever on the page it is dropped', async () => {
  const { page, complaints } = await openSentences(browser);
  const files = [...modelFiles()].map(([name, bytes]) => [name, [...bytes]]);
  const transfer = await page.evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of given)
      transfer.items.add(new File([Uint8Array.from(/** @type {number[]} */ (bytes))], String(name)));
    return transfer;
  }, files);
  await page.dispatchEvent('.bottom', 'dragover', { dataTransfer: transfer });
  assert.ok(await page.evaluate(() => document.documentElement.classList.contains('dropping')));
  await page.dispatchEvent('.bottom', 'drop', { dataTransfer: transfer });
  await page.getByText(/is loaded: \d+ numbers/).waitFor();
  assert.ok(!(await page.evaluate(() => document.documentElement.classList.contains('dropping'))));
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a text file’s lines become sentences', async () => {
  const { page } = await openSentences(browser);
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['One line.\n\nAnother line.\n'], 'lines.txt'));
    return transfer;
  });
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await page.waitForFunction(() => document.querySelector('textarea')?.value.startsWith('One line.'));
  await page.getByText('For your own words: load MiniLM, or drop its folder.').waitFor();
  await page.context().close();
});

/** What is brought, and what the page says of it. @type {[string, () => string, RegExp][]} */
const FAULTS = [
  [
    'a folder without config.json',
    () => folderOf('none', { 'model.safetensors': 'x', 'notes.txt': 'x' }),
    /^This folder has no config\.json: drop it as downloaded\.$/,
  ],
  [
    'a folder around the model',
    () => folderOf('around', { 'inner/config.json': CONFIG }),
    /^The model is in inner: drop that folder\.$/,
  ],
  [
    'a model of pictures',
    () =>
      folderOf('pictures', {
        'config.json': JSON.stringify({ model_type: 'vit', image_size: 224, patch_size: 16 }),
      }),
    /^A picture model; sentences need one such as MiniLM\.$/,
  ],
  [
    'a model of sounds',
    () =>
      folderOf('sounds', { 'config.json': JSON.stringify({ model_type: 'wav2vec2', conv_stride: [5, 2] }) }),
    /^A sound model; sentences need one such as MiniLM\.$/,
  ],
  [
    'a model of another kind',
    () => folderOf('other', { 'config.json': '{"model_type":"llama"}', 'model.safetensors': 'x' }),
    /^This model was not loaded: .*llama/,
  ],
  [
    'no weights',
    () => folderOf('light', { 'config.json': CONFIG }),
    /^This model was not loaded: there is no model\.safetensors/,
  ],
  [
    'a config that is no JSON',
    () => folderOf('bad', { 'config.json': '{' }),
    /^This model was not loaded: config\.json/,
  ],
  [
    'broken weights',
    () => folderOf('broken', { 'config.json': CONFIG, 'model.safetensors': 'nothing of the kind' }),
    /^This model was not loaded: model\.safetensors/,
  ],
  [
    'weights that were cut',
    () => {
      const files = modelFiles();
      const weights = /** @type {Uint8Array} */ (files.get('model.safetensors'));
      return folderOf(
        'cut',
        new Map([...files, ['model.safetensors', weights.subarray(0, weights.length - 100)]]),
      );
    },
    /^This model was not loaded: model\.safetensors/,
  ],
  [
    'a model that is too large',
    () => writeHuge(join(home, 'huge')),
    /^Too large for this tab: this model has \d+ million weights/,
  ],
];

test('of what is no model for sentences the page says why, and goes on', async (t) => {
  const { page, complaints } = await openSentences(browser);
  const before = await rows(page);
  for (const [name, make, message] of FAULTS) {
    await t.test(name, async () => {
      await choose(page, make());
      const alert = page.getByRole('alert').filter({ hasText: message });
      await alert.waitFor();
      assert.match(await alert.innerText(), message);
      assert.deepEqual(await rows(page), before);
    });
  }
  await choose(page, folderOf('good', modelFiles()));
  await page.getByText('good is loaded').waitFor();
  assert.equal(await page.getByRole('alert').count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a file alone is no model', async () => {
  const { page } = await openSentences(browser);
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'], 'model.safetensors'));
    return transfer;
  });
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await page.getByText('A file alone is no model: drop its whole folder.').waitFor();
  await page.context().close();
});

test('without a network, or at a wrong address, the page says so, and a folder still works', async () => {
  const { page } = await openSentences(browser);
  await page.getByText('Another model').click();
  const address = page.getByRole('textbox', { name: 'Hub id or address' });
  const open = page.getByRole('button', { name: 'Load', exact: true });
  await open.click();
  await page.getByText(/^Type a model’s hub id, such as /).waitFor();
  await address.fill('models/nothing/');
  await open.click();
  await page.getByText(/^There is no model: there is no config\.json in http/).waitFor();
  // The page is wholly here from now on.
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Load MiniLM, 91 MB', exact: true }).click();
  await page.getByText('No network: drop the folder.', { exact: true }).waitFor();
  await choose(page, folderOf('offline', modelFiles()));
  await page.getByText('offline is loaded').first().waitFor();
  await page.context().close();
});

test('without a network and a kept copy of the page it says what to do, also of a dropped folder', async () => {
  const { page } = await openSentences(browser, '', { serviceWorkers: 'block' });
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Load MiniLM, 91 MB', exact: true }).click();
  await page.getByText('No network: drop the folder.', { exact: true }).waitFor();
  await choose(page, folderOf('early', modelFiles()));
  await page.getByText('a part of this page has not arrived: open it again with a network.').waitFor();
  await page.context().setOffline(false);
  // What failed is asked for anew, unless the browser remembers that it could not be had.
  await page.reload();
  await choose(page, folderOf('early', modelFiles()));
  await page.getByText('early is loaded').first().waitFor();
  await page.context().close();
});
