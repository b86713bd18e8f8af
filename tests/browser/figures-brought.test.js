// A network's folder on the page of the window's bias: its own tables are shown, layer by layer, as its file has them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodings, Tensor } from '../../web/index.js';
import { folder, models } from '../encoder/fixtures.js';
import { startBrowser } from './browser.js';
import { close, openHeads } from './heads.js';

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

/** A table, read straight from its file. @param {string} model @param {string} name */
function tableIn(model, name) {
  const bytes = /** @type {Uint8Array} */ (folder(model).get('model.safetensors'));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const { shape, data_offsets, dtype } = header[name];
  assert.equal(dtype, 'F32');
  const [from, to] = data_offsets.map((/** @type {number} */ offset) => 8 + length + offset);
  const data = new Float32Array(bytes.slice(from, to).buffer);
  return new Tensor('float32', data, shape);
}

const choose = (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ model) =>
  page.locator('input[type=file][webkitdirectory]').setInputFiles(models + model);

test("a Swin's tables are those of its file, layer by layer, as long as the window is theirs", async () => {
  const { page, complaints, values, shoot } = await openHeads(browser, {
    hash: 'encodings/windowBias?patch=1,2',
  });
  await page.getByText('The tables are made up').waitFor();
  await choose(page, 'swin');
  await page.getByText('Real tables, learned by swin in encoder.layers.0.blocks.0.').waitFor();
  const rowsOf = (/** @type {string} */ layer) => {
    const table = tableIn('swin', `${layer}.attention.self.relative_position_bias_table`);
    const planes = /** @type {any} */ (pe.windowBias({ window: 4, table }).tolist());
    return planes.map((/** @type {number[][]} */ plane) => plane[1 * 4 + 2]);
  };
  close(await values(), rowsOf('encoder.layers.0.blocks.0'));
  await shoot('window-brought-1280-light');
  await page.getByLabel('Layer').selectOption('encoder.layers.1.blocks.1');
  await page.getByText('in encoder.layers.1.blocks.1.').waitFor();
  close(await values(), rowsOf('encoder.layers.1.blocks.1'));

  const box = page.getByLabel('window, exactly');
  assert.equal(await box.inputValue(), '4');
  await box.fill('3');
  await box.press('Enter');
  await page.getByText('The tables of swin are for a window of 4: these are made up.').waitFor();
  await box.fill('4');
  await box.press('Enter');
  await page.getByText('in encoder.layers.1.blocks.1.').waitFor();

  // Another encoding, and back: the tables are still there.
  await page.evaluate(() => {
    location.hash = 'encodings/windowIndex';
  });
  await page.getByText(/rows \d+ to \d+ of the table/).waitFor();
  await page.evaluate(() => {
    location.hash = 'encodings/windowBias?patch=1,2';
  });
  await page.getByText('in encoder.layers.1.blocks.1.').waitFor();
  close(await values(), rowsOf('encoder.layers.1.blocks.1'));
  await page.getByRole('button', { name: 'The page’s own tables' }).click();
  await page.getByText('The tables are made up').waitFor();
  assert.equal(await box.inputValue(), '7');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test("a BEiT's tables come with their class token", async () => {
  const { page, complaints, values } = await openHeads(browser, { hash: 'encodings/windowBias?patch=3,0' });
  await choose(page, 'beit');
  await page.getByText('Real tables, learned by beit in beit.encoder.layer.0.').waitFor();
  const name = 'beit.encoder.layer.0.attention.attention.relative_position_bias.relative_position_bias_table';
  const planes = /** @type {any} */ (
    pe.windowBias({ window: 4, classToken: true, table: tableIn('beit', name) }).tolist()
  );
  close(
    await values(),
    planes.map((/** @type {number[][]} */ plane) => plane[1 + 3 * 4].slice(1)),
  );
  assert.ok(await page.locator('[aria-label=classToken] input[value=true]').isChecked());
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a network without such tables, or of texts, is told so, and the figure stays', async () => {
  const { page, values } = await openHeads(browser, { hash: 'encodings/windowBias' });
  const before = await values();
  await choose(page, 'swinv2');
  await page.getByText('swinv2 has no table of a window’s offsets; this figure needs one').first().waitFor();
  await choose(page, 'bert_base');
  await page.getByText('A text model; this figure needs one with a table for its windows').first().waitFor();
  assert.deepEqual(await values(), before);
  await page.context().close();
});
