// Resizing a picture of bytes in the core, as Pillow 13 or torchvision does. A picture goes there in bands, so that a large one
// does not make the core's memory large for good. Not here: which size a picture gets (sizes.js), resizing numbers
// (resize_floats.js).

import { InputError } from '../errors.js';
import { MOST_PIXELS } from './pixels.js';

/** Pillow's numbers, which are the core's. */
export const FILTERS = Object.freeze({ nearest: 0, lanczos: 1, bilinear: 2, bicubic: 3, box: 4, hamming: 5 });

/** wf_image_filter, added to a filter. */
const SHORT_WEIGHTS = 8;

/** Bytes of a picture in the core at a time. */
export const BAND = 1 << 22;

/**
 * @typedef {import('../core/instance.js').Instance} Instance
 * @typedef {import('./pixels.js').CheckedPixels} Image
 * @typedef {import('./sizes.js').Size} Size
 */

/**
 * @param {Instance} core
 * @param {Image} image
 * @param {Size} size
 * @param {number} filter One of FILTERS.
 * @param {'pillow' | 'bytes'} [arithmetic] Pillow's, or torchvision's.
 * @returns {Image} The image itself if it has this size.
 * @throws {InputError} If the image, at this size or on its way there, has no pixels or more than 64 megapixels.
 */
export function resizeImage(core, image, { height, width }, filter, arithmetic = 'pillow') {
  const isPillow = arithmetic === 'pillow';
  // Two roundings to 8 bits do not commute: Pillow 13 begins with the height where that saves twice what the width does.
  const heightFirst = isPillow && image.height - height > 2 * Math.max(0, image.width - width);
  const between = heightFirst ? height * image.width : image.height * width;
  checkBetween(image, { height, width }, between);
  const kind = filter + (isPillow ? 0 : SHORT_WEIGHTS);
  return heightFirst
    ? resizeWidth(core, resizeHeight(core, image, height, kind), width, kind)
    : resizeHeight(core, resizeWidth(core, image, width, kind), height, kind);
}

/**
 * @param {Image} image
 * @param {Size} size That it gets.
 * @param {number} between Pixels that it has on its way there.
 * @throws {InputError}
 */
export function checkBetween(image, { height, width }, between) {
  if (!(height >= 1 && width >= 1 && Math.max(between, height * width) <= MOST_PIXELS)) {
    throw new InputError(
      `an image of ${image.width} x ${image.height} pixels would be resized to ${width} x ${height}; its sides are too different, or too many`,
      { path: 'image', value: { width: image.width, height: image.height } },
    );
  }
}

/**
 * Some rows at a time.
 * @param {Instance} core
 * @param {Image} image
 * @param {number} to
 * @param {number} filter
 * @returns {Image}
 */
function resizeWidth(core, image, to, filter) {
  const { data, height, width, channels } = image;
  if (to === width) return image;
  const out = new Uint8Array(height * to * channels);
  const space = spaceFor(core, width, to, filter);
  const most = Math.max(1, Math.floor(BAND / (width * channels)));
  for (let y = 0; y < height; y += most) {
    const rows = Math.min(most, height - y);
    const part = data.subarray(y * width * channels, (y + rows) * width * channels);
    const target = out.subarray(y * to * channels, (y + rows) * to * channels);
    const sizes = [rows, width, to, channels, filter];
    core.invoke('wf_image_resize_axis', [{ out: target }, space, part, ...sizes], {
      space: space.out.length,
    });
  }
  return { data: out, height, width: to, channels };
}

/**
 * Some columns at a time, gathered from their rows.
 * @param {Instance} core
 * @param {Image} image
 * @param {number} to
 * @param {number} filter
 * @returns {Image}
 */
function resizeHeight(core, image, to, filter) {
  const { data, height, width, channels } = image;
  if (to === height) return image;
  const out = new Uint8Array(to * width * channels);
  const space = spaceFor(core, height, to, filter);
  const most = Math.max(1, Math.floor(BAND / (height * channels)));
  for (let x = 0; x < width; x += most) {
    const columns = Math.min(most, width - x);
    const part = new Uint8Array(height * columns * channels);
    copyColumns(part, columns, 0, data, width, x, columns, height, channels);
    const target = new Uint8Array(to * columns * channels);
    const inner = columns * channels;
    const sizes = [1, height, to, inner, filter];
    core.invoke('wf_image_resize_axis', [{ out: target }, space, part, ...sizes], {
      space: space.out.length,
    });
    copyColumns(out, width, x, target, columns, 0, columns, to, channels);
  }
  return { data: out, height: to, width, channels };
}

/**
 * Room for the filter's weights, which the call fills. @param {Instance} core @param {number} from @param {number} to
 * @param {number} filter
 */
function spaceFor(core, from, to, filter) {
  return { out: new Int32Array(core.call('wf_image_resize_space', from, to, filter) / 4) };
}

/**
 * @param {Uint8Array} out [rows, outWidth, channels]
 * @param {number} outWidth
 * @param {number} outX First column there.
 * @param {Uint8Array} x [rows, width, channels]
 * @param {number} width
 * @param {number} fromX First column here.
 * @param {number} columns
 * @param {number} rows
 * @param {number} channels
 */
export function copyColumns(out, outWidth, outX, x, width, fromX, columns, rows, channels) {
  for (let y = 0; y < rows; y++) {
    const at = (y * width + fromX) * channels;
    out.set(x.subarray(at, at + columns * channels), (y * outWidth + outX) * channels);
  }
}
