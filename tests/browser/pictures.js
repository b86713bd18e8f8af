// What the tests of Pictures share. Not a test.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { Tensor } from '../../web/index.js';
import { readTensorFile } from '../goldens/models.js';

/** @typedef {import('playwright-core').Page} Page */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PHOTO = process.env.PHOTO ?? join(ROOT, '.cache/photo');
const TASKS = join(ROOT, 'tests/goldens/data/tasks');

/**
 * @param {Awaited<ReturnType<typeof import('./browser.js').startBrowser>>} browser
 * @param {string} [state] behind the room's name
 * @param {import('./browser.js').PageOptions} [options]
 */
export async function openPictures(browser, state = '', options = {}) {
  const opened = await browser.openPage({ hash: `pictures${state}`, ...options });
  await opened.page.locator('.readout', { hasText: /row \d/ }).waitFor();
  return opened;
}

/** Waits for a message. @param {Page} page @param {string | RegExp} text */
export const says = (page, text) => page.locator('.fault', { hasText: text }).waitFor();

/** @param {Page} page */
export const readout = (page) => page.locator('.readout').textContent();

/** @param {Page} page @param {number} which menu from above: 0 the picture's, 1 the layers', 2 the head's @param {'CSV' | 'NPY' | 'PNG'} kind */
export async function saved(page, which, kind) {
  const box = page.locator('.save').nth(which);
  if (!(await box.evaluate((details) => Reflect.get(details, 'open')))) await box.locator('summary').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    box.getByRole('button', { name: kind, exact: true }).click(),
  ]);
  return readFileSync(await download.path());
}

/** @param {Page} page @param {number} which */
export const savedTensor = async (page, which) => Tensor.fromNpy(await saved(page, which, 'NPY'));

/** @param {ArrayLike<number | bigint>} a @param {ArrayLike<number | bigint>} b */
export function worst(a, b) {
  if (a.length !== b.length) throw new Error(`${a.length} values and ${b.length}`);
  return Array.from(a, Number).reduce((most, x, i) => Math.max(most, Math.abs(x - Number(b[i]))), 0);
}

/** Files dropped on an element, as a visitor's hand does. @param {Page} page @param {Record<string, Uint8Array | string>} files @param {string} [type] of all */
export async function drop(page, files, type = '') {
  const given = Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]);
  const dataTransfer = await page.evaluateHandle(
    ([list, kind]) => {
      const transfer = new DataTransfer();
      for (const [name, text] of list)
        transfer.items.add(
          new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name, {
            type: String(kind),
          }),
        );
      return transfer;
    },
    /** @type {[string[][], string]} */ ([given, type]),
  );
  await page.dispatchEvent('.bottom', 'drop', { dataTransfer });
}

/** A model of the tasks' references: its files, its pictures as PNG, and what transformers says of them. @param {string} name */
export async function golden(name) {
  const folder = join(TASKS, name);
  const files = Object.fromEntries(
    readdirSync(folder)
      .filter((file) => !file.startsWith('case.'))
      .map((file) => [file, readFileSync(join(folder, file))]),
  );
  const tensors = readTensorFile(join(folder, 'case.safetensors'));
  const { calls } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'));
  const picture = async (/** @type {string} */ image) => {
    const { data, shape } = /** @type {Tensor} */ (tensors.get(image));
    const [height, width] = shape;
    const raw = /** @type {const} */ ({ width, height, channels: 3 });
    return sharp(Buffer.from(/** @type {Uint8Array} */ (data)), { raw })
      .png()
      .toBuffer();
  };
  return { files, calls, picture };
}

/** @param {Page} page @returns {Promise<[string, string][]>} labels with what stands beside them */
export const labels = (page) =>
  page
    .locator('.labels li')
    .evaluateAll((items) =>
      items.map(
        (item) =>
          /** @type {[string, string]} */ (
            ['.label', '.number'].map((part) => item.querySelector(part)?.textContent ?? '')
          ),
      ),
    );
