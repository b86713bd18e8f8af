/** Pictures of any kind as the pixel values that a vision model reads. */
import { UnsupportedError } from '../errors.js';
import { Tensor } from '../tensor.js';
import { readImage } from '../vision/input.js';

/**
 * @param {import('./encoder.js').Parts} parts
 * @param {any} input one picture or an array of them
 * @returns {Promise<{ pixel_values: Tensor }>} [n, 3, H, W]
 */
export async function prepareImages({ processor, images: platform, instance }, input) {
  if (!processor) {
    throw new UnsupportedError('this model has no preprocessor_config.json; pass pixel_values instead');
  }
  const all = Array.isArray(input) ? input : [input];
  const tensors = [];
  for (const image of all) tensors.push(processor.process(instance, await readImage(image, platform)));
  const shape = tensors[0]?.shape ?? [3, 0, 0];
  const uneven = tensors.findIndex((tensor) => tensor.shape.join() !== shape.join());
  if (uneven > 0) {
    throw new UnsupportedError(
      `picture ${uneven} becomes [${tensors[uneven].shape.join(', ')}], the first [${shape.join(', ')}]; this model keeps their proportions: pass them one by one`,
    );
  }
  const size = shape.reduce((a, b) => a * b, 1);
  const data = new Float32Array(tensors.length * size);
  tensors.forEach((tensor, i) => {
    data.set(tensor.data, i * size);
  });
  return { pixel_values: new Tensor('float32', data, [tensors.length, ...shape]) };
}
