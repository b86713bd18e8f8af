/**
 * One case of the image processors' reference outputs: a picture and a preprocessor_config go through the image processor,
 * its pixel_values are compared. The index gives the tolerance in levels, of which pixels have 255, and may say what one level of
 * each colour is in the output; else image_std does.
 */
import { join } from 'node:path';
import { Instance } from '../../bindings/core/instance.js';
import { createImageProcessor } from '../../bindings/vision/processor.js';
import { loadCore } from '../../web/core.js';
import { compare, nearest, readTensorFile } from './models.js';

/** @typedef {import('./run.js').Difference} Difference */

/** Single precision of values up to 8, which rescaling and normalising may round differently. */
const ROUNDING = 1e-6;

/**
 * @param {any} entry of index.json
 * @param {{ folder: string, build?: 'base' | 'relaxed' }} options
 * @returns {Promise<Difference>}
 */
export async function runImageCase(entry, { folder, build }) {
  const tensors = readTensorFile(join(folder, 'images.safetensors'));
  const image = /** @type {import('../../web/index.js').Tensor<'uint8'>} */ (tensors.get(entry.image));
  const expected = /** @type {import('../../web/index.js').Tensor} */ (tensors.get(entry.output));
  const [height, width, channels] = image.shape;
  const core = await Instance.create(await loadCore({ simd: build ?? 'auto' }));
  const { image_std: deviation } = entry.preprocessor_config;
  const step = entry.step ?? [0, 1, 2].map((colour) => 1 / 255 / deviation[colour]);
  const actual = createImageProcessor(entry.preprocessor_config).process(core, {
    data: image.data,
    width,
    height,
    channels,
  });
  // A step of the least spread colour is the largest, but each colour is held to its own.
  const differences = [0, 1, 2].map((colour) => {
    const tolerance = entry.tol_u8 * step[colour] + ROUNDING;
    return compare(`colour ${colour}`, actual.slice(colour), expected.slice(colour), tolerance);
  });
  return nearest(differences);
}
