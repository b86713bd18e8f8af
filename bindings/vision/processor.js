// The image processor of a model: a picture becomes the tensor that the model reads, in the arithmetic of transformers'
// processors (or timm's transforms): Pillow's, or torchvision's where a class has no other or its name ends in Fast. Not here: decoding files (input.js), and what the configuration means
// (preprocessor_config.js).

import { allocate } from '../arrays.js';
import { Tensor } from '../tensor.js';
import { checkPixels, checkSize } from './pixels.js';
import { readPreparation } from './preprocessor_config.js';
import { FILTERS, resizeImage } from './resize.js';
import { resizeFloats } from './resize_floats.js';
import { cropStart, resizedSize } from './sizes.js';

/**
 * @typedef {import('../core/instance.js').Instance} Instance
 * @typedef {import('./resize.js').Image} Image
 * @typedef {import('./preprocessor_config.js').Preparation} Preparation
 * @typedef {{ height: number, width: number, top: number, left: number }} Part Of a picture, which may reach beyond it.
 *
 * @typedef {object} ImageProcessor
 * @property {(core: Instance, image: import('../public.js').Pixels) => Tensor<'float32'>} process
 *   Makes the pixel_values [3, height, width] of one picture: resized, cropped, rescaled and normalised as the
 *   configuration says. Grey counts for all three colours, but in a model of grey pictures gives [1, height, width]; alpha is left out. Throws an InputError for pixels that are
 *   none, have no size, more than 64 megapixels, or sides too different for the size asked for.
 */

/**
 * Makes the image processor of a ViT, DeiT, Swin, BEiT, CLIP, SigLIP, DINOv2 (Bit), DINOv3, ConvNext, Segformer, Pvt or timm model.
 * @param {import('../formats/config.js').Config} config preprocessor_config.json, parsed; for timm the config.json that
 *   has pretrained_cfg.
 * @param {import('../formats/config.js').Config} [model] config.json, whose model_type says which processor it is where
 *   `config` names none.
 * @returns {ImageProcessor}
 * @throws {ConfigError} If a value is missing or wrong; it names the key.
 * @throws {UnsupportedError} If the image processor is not one of these, or asks for a step that is not supported.
 */
export function createImageProcessor(config, model) {
  const preparation = readPreparation(config, model);
  return Object.freeze({
    process(core, image) {
      const pixels = checkPixels(image);
      const whole = prepare(core, pixels, preparation);
      // The three planes of a grey picture are alike.
      return preparation.grey && pixels.channels === 1
        ? /** @type {Tensor<'float32'>} */ (whole.slice([0, 1]))
        : whole;
    },
  });
}

/**
 * @param {Instance} core
 * @param {Image} image
 * @param {Preparation} preparation
 * @returns {Tensor<'float32'>}
 */
function prepare(core, image, preparation) {
  const { resize, filter, arithmetic, crop, rounding, fill } = preparation;
  const size = resize ? resizedSize(resize, image) : image;
  const { height, width } = crop ?? size;
  checkSize(width, height, 'the picture that the configuration asks for');
  const isResized = size.height !== image.height || size.width !== image.width;
  // The nearest pixels are the same before and after the scale.
  const inFloats = arithmetic === 'floats' && isResized && filter !== FILTERS.nearest;
  const [top, left] = [cropStart(size.height, height, rounding), cropStart(size.width, width, rounding)];
  /** @type {Part} */
  const part = { height, width, top, left };
  const numbersOf = (/** @type {Image} */ one, /** @type {Part} */ of) =>
    normalize(core, one, of, preparation);
  if (inFloats) {
    const whole = (/** @type {Image} */ one) => numbersOf(one, { ...one, top: 0, left: 0 });
    const planes = resizeFloats(core, image, size, filter, whole);
    const black = whole({ data: new Uint8Array(3), height: 1, width: 1, channels: 3 });
    return new Tensor('float32', cropPlanes(planes, size, part, black), [3, height, width]);
  }
  const resized = isResized
    ? resizeImage(core, image, size, filter, arithmetic === 'pillow' ? 'pillow' : 'bytes')
    : image;
  const framed = fill ? frame(resized, part, fill) : null;
  const numbers = framed ? numbersOf(framed, { ...framed, top: 0, left: 0 }) : numbersOf(resized, part);
  return new Tensor('float32', numbers, [3, height, width]);
}

/**
 * @param {Instance} core
 * @param {Image} image
 * @param {Part} part Black outside of the picture.
 * @param {Preparation} preparation
 * @returns {Float32Array} [3, height, width]
 */
function normalize(core, image, { height, width, top, left }, { mean, deviation, scale }) {
  const out = allocate(Float32Array, 3 * height * width);
  const colours = [new Float32Array(mean), new Float32Array(deviation)];
  const sizes = [image.height, image.width, image.channels, height, width, top, left, scale];
  core.invoke('wf_image_normalize', [{ out }, image.data, ...colours, ...sizes]);
  return out;
}

/**
 * @param {Image} image
 * @param {Part} part
 * @param {number[]} fill A colour for what lies outside of the picture.
 * @returns {Image} RGB
 */
function frame(image, { height, width, top, left }, fill) {
  const data = Uint8Array.from({ length: height * width * 3 }, (_, i) => fill[i % 3]);
  for (let y = Math.max(0, -top); y < Math.min(height, image.height - top); y++) {
    for (let x = Math.max(0, -left); x < Math.min(width, image.width - left); x++) {
      const at = ((y + top) * image.width + x + left) * image.channels;
      for (let c = 0; c < 3; c++)
        data[(y * width + x) * 3 + c] = image.data[at + (image.channels === 1 ? 0 : c)];
    }
  }
  return { data, height, width, channels: 3 };
}

/**
 * @param {Float32Array} planes [3, height, width] of size
 * @param {import('./sizes.js').Size} size
 * @param {Part} part
 * @param {Float32Array} outside A number for each plane.
 * @returns {Float32Array} [3, height, width] of part
 */
function cropPlanes(planes, size, { height, width, top, left }, outside) {
  const out = allocate(Float32Array, 3 * height * width);
  const [first, end] = [Math.max(0, left), Math.min(size.width, left + width)];
  for (let line = 0; line < 3 * height; line++) {
    const [plane, y] = [Math.floor(line / height), (line % height) + top];
    out.fill(outside[plane], line * width, (line + 1) * width);
    if (y < 0 || y >= size.height || first >= end) continue;
    const from = (plane * size.height + y) * size.width;
    out.set(planes.subarray(from + first, from + end), line * width + first - left);
  }
  return out;
}
