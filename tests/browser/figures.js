// What the tests of the encodings' figures share: curves read back off their axes. Not a test.

/** @typedef {import('playwright-core').Locator} Locator */

/**
 * The curves as one reads them off the axes: pixels between ticks become numbers.
 * @param {Locator} plot
 * @param {(tick: number) => number} [scale] what stands evenly on the axis that runs up
 * @returns {Promise<{ x: number[], y: number[] }[]>} by series
 */
export async function curvesOf(plot, scale = (tick) => tick) {
  const { across, down, paths } = await plot.evaluate((root) => {
    // D3 sets its ticks half a pixel aside, where a line is sharp.
    const ticks = (/** @type {string} */ axis, /** @type {number} */ which) =>
      [...root.querySelectorAll(`${axis} .tick`)].flatMap((tick) => {
        const place = /translate\(([-\d.]+)[, ]([-\d.]+)\)/.exec(tick.getAttribute('transform') ?? '');
        const text = tick.textContent?.replace('\u2212', '-') ?? '';
        return text ? [[Number(place?.[which]) - 0.5, Number(text)]] : [];
      });
    return {
      across: ticks('.axis:not(.grid)', 1),
      down: ticks('.axis.grid', 2),
      paths: [...root.querySelectorAll('path.curve')].map((path) => path.getAttribute('d') ?? ''),
    };
  });
  return paths.map((path) => {
    const rising = down.map(([pixel, tick]) => [pixel, scale(tick)]);
    const points = path
      .split(/[ML]/)
      .filter(Boolean)
      .map((pair) => pair.split(/[ ,]/).map(Number));
    return { x: points.map(([x]) => between(across, x)), y: points.map(([, y]) => between(rising, y)) };
  });
}

/** @param {number[][]} ticks pixel and number @param {number} pixel */
function between(ticks, pixel) {
  const [[p, a], [q, b]] = [ticks[0], ticks[ticks.length - 1]];
  return a + ((pixel - p) / (q - p)) * (b - a);
}

/** @param {ArrayLike<number>} found @param {ArrayLike<number>} wanted */
export function worst(found, wanted) {
  if (found.length !== wanted.length) throw new Error(`${found.length} numbers, not ${wanted.length}`);
  return Array.from(found).reduce((most, x, i) => Math.max(most, Math.abs(x - wanted[i])), 0);
}

/** When what was asked for is drawn. @param {import('playwright-core').Page} page */
export const drawn = (page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
