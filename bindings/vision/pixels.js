// Raw pixels as they come from a caller or a decoder: their checks. Not here: files that hold them (header.js), and what
// a model makes of them (processor.js).

import { arrayName } from '../arrays.js';
import { InputError, show } from '../errors.js';

/** The most pixels that a picture may have: 64 megapixels. */
export const MOST_PIXELS = 64e6;

const CHANNELS = [1, 3, 4];

/** @import { Pixels } from '../public.js' */
/** @typedef {{data: Uint8Array, width: number, height: number, channels: number}} CheckedPixels */

/**
 * @param {unknown} width
 * @param {unknown} height
 * @param {string} [name] What the picture is called in messages.
 * @throws {InputError} If the picture has no pixels, or more than 64 megapixels.
 */
export function checkSize(width, height, name = 'the image') {
  const value = { width, height };
  for (const side of [width, height]) {
    if (!Number.isSafeInteger(side) || Number(side) < 1) {
      throw new InputError(`${name} is ${show(width)} x ${show(height)} pixels; expected at least 1 x 1`, {
        path: 'image',
        value,
      });
    }
  }
  const megapixels = (Number(width) * Number(height)) / 1e6;
  if (megapixels > MOST_PIXELS / 1e6) {
    throw new InputError(
      `${name} is ${width} x ${height} pixels, ${megapixels.toFixed(1)} megapixels; at most ${MOST_PIXELS / 1e6}`,
      { path: 'image', value },
    );
  }
}

/**
 * @param {any} image Pixels
 * @param {string} [name] What the picture is called in messages.
 * @returns {CheckedPixels} The same data, not a copy.
 * @throws {InputError} If it is not Pixels: wrong sizes, another array, or data that does not fill them.
 */
export function checkPixels(image, name = 'the image') {
  if (image === null || typeof image !== 'object') {
    throw new InputError(`${name} is ${show(image)}; expected {data, width, height}`, {
      path: 'image',
      value: image,
    });
  }
  const { data, width, height } = image;
  if (!/^Uint8(Clamped)?Array$/.test(arrayName(data) ?? '')) {
    const expected = 'a Uint8Array or Uint8ClampedArray of values from 0 to 255';
    throw new InputError(`${name}'s data is ${show(data)}; expected ${expected}`, {
      path: 'data',
      value: data,
    });
  }
  checkSize(width, height, name);
  const channels = image.channels ?? data.length / (width * height);
  if (!CHANNELS.includes(channels)) {
    throw new InputError(
      image.channels === undefined
        ? `${name}'s data has ${data.length} values for ${width} x ${height} pixels; expected 1, 3 or 4 for each`
        : `${name} has ${show(channels)} channels; expected 1, 3 or 4`,
      { path: 'channels', value: channels },
    );
  }
  if (data.length !== width * height * channels) {
    throw new InputError(
      `${name}'s data has ${data.length} values; ${width} x ${height} pixels of ${channels} channels have ${width * height * channels}`,
      { path: 'data', value: data.length },
    );
  }
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels };
}
