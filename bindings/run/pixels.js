/** Pixel inputs: images [B, C, H, W] as sequences of patches. */

import { ShapeError } from '../errors.js';
import { asTensor } from './sequences.js';
import { statesOf } from './states.js';

/**
 * @param {Record<string, any>} inputs pixel_values [B, C, H, W]
 * @param {Omit<import('../core/abi.js').Description, 'tile' | 'max_rows' | 'group_rows'>} description
 * @returns {import('./sequences.js').Sequences}
 */
export function pixelSequences(inputs, description) {
  const { data, shape } = asTensor(inputs.pixel_values, 'pixel_values', 4);
  const [batch, channels, height, width] = shape;
  const { channels: expected, patch_height: down, patch_width: across, stages, window } = description;
  // Windowed models add zeros up to a whole patch, the others leave the rest of the image out.
  const round = stages ? Math.ceil : Math.floor;
  /** @type {[number, number]} */
  const grid = [round(height / down), round(width / across)];
  const least = 2 ** Math.max(0, stages - 1) * (window - 1) + 1;
  if (channels !== expected || Math.min(...grid) < Math.max(1, least)) {
    const size = `${Math.max(1, least) * down} x ${Math.max(1, least) * across}`;
    throw new ShapeError(
      `pixel_values has shape [${shape.join(', ')}]; expected ${expected} channels and at least ${size} pixels`,
      { path: 'pixel_values', value: shape },
    );
  }
  const values =
    data instanceof Float32Array ? data : Float32Array.from(/** @type {ArrayLike<number>} */ (data));
  const size = channels * height * width;
  const tokens = /** @type {number} */ (statesOf(description, grid)[0].tokens);
  const every = Uint32Array.from({ length: tokens }, (_, t) => t);
  return {
    batch,
    tokens,
    places: Array.from({ length: batch }, () => every),
    grid,
    image: [height, width],
    gather: (sequence) => ({ pixels: values.subarray(sequence * size, (sequence + 1) * size) }),
  };
}
