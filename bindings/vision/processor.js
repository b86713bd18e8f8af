// The image processor of a model: a picture becomes the tensor that the model reads, in the arithmetic of transformers'
// Pillow processors (or timm's transforms). Not here: decoding files (input.js), and what the configuration means
// (preprocessor_config.js).

import { Tensor } from '../tensor.js';
import { checkPixels, checkSize } from './pixels.js';
import { readPreparation } from './preprocessor_config.js';
import { resizeImage } from './resize.js';
import { cropStart, resizedSize } from './sizes.js';

/**
 * @typedef {object} ImageProcessor
 * @property {(core: import('../core/instance.js').Instance, image: import('../public.js').Pixels) => Tensor<'float32'>} process
 *   Makes the pixel_values [3, height, width] of one picture: resized, cropped, rescaled and normalised as the
 *   configuration says. Grey counts for all three colours, alpha is left out. Throws an InputError for pixels that are
 *   none, have no size, more than 64 megapixels, or sides too different for the size asked for.
 */

/**
 * Makes the image processor of a ViT, DeiT, Swin, BEiT, CLIP, SigLIP, DINOv2 (Bit), ConvNext, Segformer, Pvt or timm model.
 * @param {import('../formats/config.js').Config} config preprocessor_config.json, parsed; for timm the config.json that
 *   has pretrained_cfg.
 * @param {import('../formats/config.js').Config} [model] config.json, whose model_type says which processor it is where
 *   `config` names none.
 * @returns {ImageProcessor}
 * @throws {ConfigError} If a value is missing or wrong; it names the key.
 * @throws {UnsupportedError} If the image processor is not one of these, or asks for a step that is not supported.
 */
export function createImageProcessor(config, model) {
  const { resize, filter, crop, rounding, scale, mean, deviation } = readPreparation(config, model);
  const colours = { mean: new Float32Array(mean), deviation: new Float32Array(deviation) };
  return Object.freeze({
    process(core, image) {
      const pixels = checkPixels(image);
      const resized = resize ? resizeImage(core, pixels, resizedSize(resize, pixels), filter) : pixels;
      const { height, width } = crop ?? resized;
      checkSize(width, height, 'the picture that the configuration asks for');
      const out = new Float32Array(3 * height * width);
      core.invoke('wf_image_normalize', [
        { out },
        resized.data,
        colours.mean,
        colours.deviation,
        resized.height,
        resized.width,
        resized.channels,
        height,
        width,
        cropStart(resized.height, height, rounding),
        cropStart(resized.width, width, rounding),
        scale,
      ]);
      return new Tensor('float32', out, [3, height, width]);
    },
  });
}
