// Resizing the numbers that a picture becomes, as torchvision resizes tensors of floats: nothing is rounded or clamped. Not here:
// bytes (resize.js).

import { allocate } from '../arrays.js';
import { RESAMPLE } from '../core/resample.js';
import { BAND, checkBetween, copyColumns, FILTERS } from './resize.js';

/**
 * @typedef {import('./resize.js').Image} Image
 * @typedef {import('./sizes.js').Size} Size
 */

/**
 * Height first, as few rows are left then; some columns at a time.
 * @param {import('../core/instance.js').Instance} core
 * @param {Image} image
 * @param {Size} size
 * @param {number} filter FILTERS.bilinear or FILTERS.bicubic.
 * @param {(image: Image) => Float32Array} numbersOf What a picture becomes, [3, height, width].
 * @returns {Float32Array} [3, height, width] of the new size.
 * @throws {InputError} If the image, at this size or on its way there, has no pixels or more than 64 megapixels.
 */
export function resizeFloats(core, image, size, filter, numbersOf) {
  const { data, height, width, channels } = image;
  checkBetween(image, size, size.height * width);
  const flags = RESAMPLE.ANTIALIAS + (filter === FILTERS.bicubic ? RESAMPLE.CUBIC : 0);
  const lines = 3 * size.height;
  const rows = allocate(Float32Array, lines * width);
  const most = Math.max(1, Math.floor(BAND / (height * 3 * Float32Array.BYTES_PER_ELEMENT)));
  for (let x = 0; x < width; x += most) {
    const columns = Math.min(most, width - x);
    const part = new Uint8Array(height * columns * channels);
    copyColumns(part, columns, 0, data, width, x, columns, height, channels);
    const planes = numbersOf({ data: part, height, width: columns, channels });
    const out = new Float32Array(lines * columns);
    core.invoke('wf_resample_axis', [{ out }, planes, 3, height, size.height, columns, 0, flags]);
    for (let line = 0; line < lines; line++) {
      rows.set(out.subarray(line * columns, (line + 1) * columns), line * width + x);
    }
  }
  const out = allocate(Float32Array, lines * size.width);
  core.invoke('wf_resample_axis', [{ out }, rows, lines, width, size.width, 1, 0, flags]);
  return out;
}
