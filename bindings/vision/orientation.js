// Turning a picture as its orientation says, one of the eight of EXIF: what Pillow's exif_transpose does. Not here: finding the
// orientation in a file (files/exif.js).

/**
 * @typedef {object} Steps Where pixels go: column x of row y becomes pixel first + y * row + x * column of the turned picture.
 * @property {number} width Of the turned picture.
 * @property {number} height
 * @property {number} first
 * @property {number} row
 * @property {number} column
 */

/** Above this the sides change places. */
const LAST_UPRIGHT = 4;

/**
 * @param {number} orientation From 1 to 8.
 * @param {number} width Before it is turned.
 * @param {number} height
 * @returns {Steps}
 */
export function stepsOf(orientation, width, height) {
  const last = width * height - 1;
  const upright = { width, height };
  const turned = { width: height, height: width };
  /** @type {Steps[]} */
  const all = [
    { ...upright, first: 0, row: width, column: 1 },
    { ...upright, first: width - 1, row: width, column: -1 },
    { ...upright, first: last, row: -width, column: -1 },
    { ...upright, first: last - width + 1, row: -width, column: 1 },
    { ...turned, first: 0, row: 1, column: height },
    { ...turned, first: height - 1, row: -1, column: height },
    { ...turned, first: last, row: -1, column: -height },
    { ...turned, first: last - height + 1, row: 1, column: -height },
  ];
  return all[orientation - 1];
}

/** @param {{ width: number, height: number, orientation: number }} image @returns {{ width: number, height: number }} */
export function turnedSize({ width, height, orientation }) {
  return orientation > LAST_UPRIGHT ? { width: height, height: width } : { width, height };
}

/**
 * @template {{ data: Uint8Array | Uint8ClampedArray, width: number, height: number, channels: number }} P
 * @param {P} pixels
 * @param {number} orientation From 1 to 8.
 * @returns {P} The pixels themselves if they stay as they are.
 */
export function turn(pixels, orientation) {
  if (orientation === 1) return pixels;
  const { data, width, height, channels } = pixels;
  const { first, row, column, ...size } = stepsOf(orientation, width, height);
  const out = new Uint8Array(data.length);
  for (let y = 0, from = 0; y < height; y++) {
    let to = (first + y * row) * channels;
    for (let x = 0; x < width; x++, to += column * channels)
      for (let c = 0; c < channels; c++) out[to + c] = data[from++];
  }
  return { ...pixels, ...size, data: out };
}
