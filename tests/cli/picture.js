// Reading a drawn table back from its picture. Not a test.
import assert from 'node:assert/strict';

/** @typedef {{ at: (x: number, y: number) => number[], nearest: (color: number[]) => number }} Part */

/**
 * The heat map and the colour bar of a picture: the only things in it that are not grey, but for what is near zero. The bar is
 * what stands last.
 * @param {{ width: number, height: number, data: ArrayLike<number>, channels: number }} picture
 * @returns {{ plot: Part, bar: Part }}
 */
export function findParts({ width, height, data, channels }) {
  const pixel = (/** @type {number} */ x, /** @type {number} */ y) =>
    [0, 1, 2].map((c) => data[(Math.min(y, height - 1) * width + Math.min(x, width - 1)) * channels + c]);
  const isColored = (/** @type {number} */ x, /** @type {number} */ y) => {
    const color = pixel(x, y);
    // What is not opaque is the edge of a letter, and its colour is not to be trusted.
    if (channels === 4 && data[(y * width + x) * 4 + 3] < 255) return false;
    return Math.max(...color) - Math.min(...color) > 24;
  };
  const everyRow = Array.from({ length: height }, (_, y) => y);
  const columns = Array.from({ length: width }, (_, x) => everyRow.filter((y) => isColored(x, y)));
  const firsts = columns.flatMap((rows, x) => (rows.length && !columns[x - 1]?.length ? [x] : []));
  const lasts = columns.flatMap((rows, x) => (rows.length && !columns[x + 1]?.length ? [x] : []));
  assert.ok(firsts.length >= 2, `colours at ${firsts}`);
  const bars = firsts.length - 1;
  const [starts, ends] = [
    [firsts[0], firsts[bars]],
    [lasts[bars - 1], lasts[bars]],
  ];
  const [plot, bar] = starts.map((left, i) => {
    const rows = columns.slice(left, ends[i] + 1).flat();
    const top = rows.reduce((a, b) => Math.min(a, b));
    const bottom = rows.reduce((a, b) => Math.max(a, b));
    const at = (/** @type {number} */ x, /** @type {number} */ y) =>
      pixel(Math.floor(left + x * (ends[i] - left)), Math.floor(top + y * (bottom - top)));
    const nearest = (/** @type {number[]} */ color) => {
      const far = everyRow.slice(0, bottom - top + 1).map((y) => {
        const other = pixel(left, top + y);
        return other.reduce((sum, part, c) => sum + (part - color[c]) ** 2, 0);
      });
      // Eight bits a colour: neighbours on the bar may have the same one.
      const least = Math.min(...far);
      return (far.indexOf(least) + far.lastIndexOf(least)) / 2 / (bottom - top);
    };
    return { at, nearest };
  });
  return { plot, bar };
}
