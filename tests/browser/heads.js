// A figure of heads and the values of its maps, read back by the bar below. Not a test.
import assert from 'node:assert/strict';
import { mapOf } from '../../demo/parts/colours.js';

const numberOf = (/** @type {string} */ text) =>
  Number(text.replace('−', '-').replace(' %', '')) / (text.includes('%') ? 100 : 1);

/** @param {Awaited<ReturnType<typeof import('./browser.js').startBrowser>>} browser @param {import('./browser.js').PageOptions} options */
export async function openHeads(browser, options) {
  const opened = await browser.openPage(options);
  const { page } = opened;
  await page.locator('.taste-map canvas').first().waitFor();
  return {
    ...{ ...opened, told: () => page.locator('.taste output').innerText() },
    map: () => page.locator('.taste-map[tabindex="0"]').first(),
    /** The values of canvases, by the colours of the bar, and how far off they may be. @param {string} selector */
    async values(selector = '.taste-map canvas') {
      const texts = await page.locator('.taste .bar-ticks span').allInnerTexts();
      const [low, , high] = texts.map(numberOf);
      const pixels = await page.locator(selector).evaluateAll((all) =>
        all.map((one) => {
          const canvas = /** @type {HTMLCanvasElement} */ (one);
          // A copy: a canvas that is read from is no longer drawn by the graphics card.
          const copy = Object.assign(document.createElement('canvas'), {
            width: canvas.width,
            height: canvas.height,
          });
          const pen = /** @type {CanvasRenderingContext2D} */ (
            copy.getContext('2d', { willReadFrequently: true })
          );
          pen.drawImage(canvas, 0, 0);
          return [...new Uint32Array(pen.getImageData(0, 0, copy.width, copy.height).data.buffer)];
        }),
      );
      const scale = [...mapOf(low < 0 ? 'diverging' : 'sequential', 'light')];
      const read = (/** @type {number} */ pixel) => {
        const at = scale.indexOf(pixel);
        return at < 0 ? Number.NaN : low + (at / 255) * (high - low);
      };
      const off = (0.6 * (high - low)) / 255 + (texts[2].includes('%') ? 0.005 : 1e-4);
      return { found: pixels.map((map) => map.map(read)), off };
    },
  };
}

/** @param {{ found: number[][], off: number }} maps @param {number[][]} wanted */
export function close({ found, off }, wanted) {
  assert.equal(found.length, wanted.length);
  wanted.forEach((values, head) => {
    assert.equal(found[head].length, values.length);
    values.forEach((value, i) => {
      const isNear = Math.abs(found[head][i] - value) <= off;
      assert.ok(isNear, `head ${head}, cell ${i}: ${found[head][i]}, not ${value}`);
    });
  });
}
