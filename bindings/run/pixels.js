/** Pixel values as sequences of patches, of the sizes that a model takes. Files and resizing are in vision/. */
import { floatsOf } from '../arrays.js';
import { OutOfMemoryError, ShapeError } from '../errors.js';
import { checkTokens, MOST_TOKENS } from './given.js';

/** @typedef {import('./model.js').Model} Model */

/**
 * pixel_values [B, C, H, W]: images as sequences of patches.
 * @param {Model} model
 * @param {ReturnType<typeof import('./given.js').asTensor>} pixels
 * @returns {import('./inputs.js').Inputs}
 */
export function readPixels(model, { data, shape }) {
  const [batch, channels, height, width] = shape;
  const { channels: expected } = model.description;
  const least = new Uint32Array(2);
  model.invoke('wf_encoder_least_image', [{ out: least }, model.address]);
  const is32Bits = Math.max(height, width) < 2 ** 32;
  const tokens = channels === expected && is32Bits ? tokensOf(model, [height, width]) : 0;
  if (!tokens) {
    throw new ShapeError(
      `pixel_values has shape [${shape.join(', ')}]; expected ${expected} channels and at least ${least.join(' x ')} pixels${shape[3] === expected ? `, as [pictures, ${expected}, height, width]` : ''}`,
      { path: 'pixel_values', value: shape },
    );
  }
  checkSize(model.blueprint.accepts, [height, width]);
  checkTokens('pixel_values', shape, 1, tokens);
  const pixels = floatsOf(data);
  const lengths = new Uint32Array(batch).fill(tokens);
  const owners = Array.from({ length: batch }, (_, b) => b);
  return { batch, tokens, places: null, owners, sequences: { lengths, pixels, image: [height, width] } };
}

/**
 * @param {import('../architectures/blueprint.js').Blueprint['accepts']} accepts
 * @param {[height: number, width: number]} image
 */
function checkSize(accepts, image) {
  if (!accepts) return;
  const isExact = 'exact' in accepts;
  const sides = isExact ? accepts.exact : accepts.multiple;
  if (image.every((side, i) => (isExact ? side === sides[i] : side % sides[i] === 0))) return;
  const expected = isExact
    ? `${sides.join(' x ')} pixels`
    : `sides that are multiples of ${sides.join(' and ')}`;
  throw new ShapeError(
    `pixel_values has images of ${image.join(' x ')} pixels; the model takes ${expected}`,
    {
      path: 'pixel_values',
      value: image,
    },
  );
}

/**
 * Rows of an image as it enters layer 0, 0 if it is too small.
 * @param {Model} model
 * @param {[height: number, width: number]} image
 */
function tokensOf(model, image) {
  try {
    return model.state(0, image).tokens;
  } catch (error) {
    if (error instanceof ShapeError) return 0;
    if (!(error instanceof OutOfMemoryError)) throw error;
    const size = `${image.join(' x ')} pixels, which are more than 2^20 = ${MOST_TOKENS} patches`;
    throw new ShapeError(`pixel_values has images of ${size}`, { path: 'pixel_values', value: image });
  }
}
