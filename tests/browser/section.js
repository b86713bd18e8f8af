// What the tests of the page's sections share: the page at an encoding, and the files that it saves. Not a test.
import { readFileSync } from 'node:fs';

/**
 * The page at an encoding.
 * @param {Awaited<ReturnType<typeof import('./browser.js').startBrowser>>} browser
 * @param {Record<string, string | number>} state
 * @param {import('./browser.js').PageOptions} [options]
 */
export async function openEncoding(browser, state, options) {
  const words = Object.entries(state).map(([key, value]) => [
    key === 'name' ? 'pe' : `pe.${key}`,
    String(value),
  ]);
  const opened = await browser.openPage({ ...options, hash: new URLSearchParams(words).toString() });
  const section = opened.page.locator('#encodings');
  await section.getByText(/made in [\d.]+ ms/).waitFor();
  return { ...opened, section, map: section.locator('canvas'), readout: section.locator('.readout') };
}

/** The file that a button saves. @param {import('playwright-core').Locator} section @param {string} ending */
export async function saved(section, ending) {
  const waiting = section.page().waitForEvent('download');
  await section.getByRole('button', { name: `Save .${ending}` }).click();
  return readFileSync(await (await waiting).path());
}

/** Pixels in the last columns of a canvas that something was drawn on: a label that does not fit. @param {import('playwright-core').Locator} canvas */
export const inkAtEdge = (canvas) =>
  canvas.evaluate((element) => {
    const canvas = /** @type {HTMLCanvasElement} */ (element);
    const edge = new OffscreenCanvas(1, canvas.height).getContext('2d');
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (edge);
    context.drawImage(canvas, 1 - canvas.width, 0);
    const { data } = context.getImageData(0, 0, 1, canvas.height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  });
