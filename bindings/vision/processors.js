// The image processors of transformers 5 that are supported: their defaults, the model types that get them, and what becomes of
// each key that they know. Not here: reading the keys (preprocessor_config.js).

import { ConfigError, show, UnsupportedError } from '../errors.js';

/** @typedef {import('../formats/config.js').Config} Config */

const STANDARD = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
export const IMAGENET = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const OPENAI = {
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
};
const CLIP = {
  ...{ ...OPENAI, resample: 3, size: 224, square: false, do_center_crop: true, crop_size: 224 },
  do_convert_rgb: true,
};

/** Of each image processor: its defaults, and whether a single number as size is a square or the shortest edge. */
export const PROCESSORS = Object.freeze({
  ViT: { ...STANDARD, resample: 2, size: 224, square: true },
  DeiT: { ...STANDARD, resample: 3, size: 256, square: true, do_center_crop: true, crop_size: 224 },
  Beit: { ...STANDARD, resample: 3, size: 224, square: true, crop_size: 224 },
  Siglip: {
    ...{ ...STANDARD, resample: 3, size: { height: 224, width: 224 }, square: false },
    do_convert_rgb: true,
  },
  CLIP,
  Bit: CLIP,
  ConvNext: { ...STANDARD, resample: 3, size: 384, square: false, crop_pct: 224 / 256 },
  Segformer: { ...IMAGENET, resample: 2, size: 512, square: true },
  Pvt: { ...IMAGENET, resample: 3, size: 224, square: true },
  DINOv3ViT: { ...IMAGENET, resample: 2, size: 224, square: true },
});

/**
 * Whose arithmetic resizes a picture: Pillow's on bytes; torchvision's on bytes, which is that of the classes that end in Fast; or
 * torchvision's on numbers that were rescaled before, which is all that DINOv3 has.
 * @typedef {'pillow' | 'bytes' | 'floats'} Arithmetic
 */

/** @typedef {keyof typeof PROCESSORS} Name */

/** The model types that get a processor where their files name none. @type {Record<Name, string>} */
export const MODEL_TYPES = Object.freeze({
  ViT: 'clipseg dinat ijepa mgp-str swiftformer swin swinv2 trocr vit vit_mae vit_msn',
  DeiT: 'deit',
  Beit: 'beit data2vec-vision',
  Siglip: 'colpali gemma3n paligemma siglip',
  CLIP: 'aimv2 aimv2_vision_model altclip clip florence2 git groupvit kosmos-2 metaclip_2 mlcd vipllava xclip',
  Bit: 'bit dinov2 focalnet hiera pixio',
  ConvNext: 'convnext convnextv2 cvt regnet resnet',
  Segformer: 'segformer upernet',
  Pvt: 'pvt pvt_v2',
  DINOv3ViT: 'dinov3_vit',
});

/**
 * What becomes of a key: it is read; it changes nothing of the pixel_values of a picture; or it has one of these values, which
 * change nothing, and is refused with others.
 * @typedef {'read' | 'harmless' | readonly unknown[]} Use
 */

/** @type {Record<string, Use>} */
const EVERY = Object.freeze({
  image_processor_type: 'read',
  feature_extractor_type: 'read',
  do_resize: 'read',
  size: 'read',
  default_to_square: 'read',
  resample: 'read',
  do_center_crop: 'read',
  crop_size: 'read',
  do_rescale: 'read',
  rescale_factor: 'read',
  do_normalize: 'read',
  image_mean: 'read',
  image_std: 'read',
  do_pad: [false],
  pad_size: 'harmless', // of do_pad
  do_convert_rgb: 'read',
  input_data_format: 'harmless', // of arrays
  data_format: 'harmless', // the processors ignore it
  return_tensors: 'harmless',
  device: 'harmless',
  disable_grouping: 'harmless',
  image_seq_length: 'harmless',
  processor_class: 'harmless',
});

/** Where a processor differs: it ignores a key, or knows more. @type {Partial<Record<Name, Record<string, Use>>>} */
const OWN = Object.freeze({
  Beit: { do_pad: 'harmless', do_reduce_labels: 'harmless' },
  DINOv3ViT: { do_pad: 'harmless' },
  CLIP: { use_square_size: 'read' },
  ConvNext: { do_pad: 'harmless', crop_pct: 'read' },
  Segformer: {
    do_pad: 'harmless',
    do_reduce_labels: 'harmless',
    do_center_crop: 'harmless',
    crop_size: 'harmless',
  },
});

/** @param {Name} name @returns {Record<string, Use>} */
export const usesOf = (name) => ({ ...EVERY, ...OWN[name] });

/**
 * @param {Config} config
 * @param {Name} name
 * @throws {UnsupportedError} If a key asks for what is not done; it names the key.
 */
export function refuseOthers(config, name) {
  for (const [key, use] of Object.entries(usesOf(name))) {
    if (typeof use === 'string') continue;
    const value = config[key] ?? null;
    if (value === null || use.includes(value)) continue;
    throw new UnsupportedError(
      `config: ${key} is ${show(value)}, which is not supported; expected ${use.map(show).join(' or ')}`,
      { path: key, value },
    );
  }
}

/**
 * The image processor that the files name, or the one of the model's type.
 * @param {Config} config preprocessor_config.json
 * @param {Config} model config.json
 * @returns {{ name: Name, arithmetic: Arithmetic }}
 * @throws {ConfigError} If no processor is named, and the model's type has none.
 * @throws {UnsupportedError} If it is not known.
 */
export function processorOf(config, model) {
  const type = config.image_processor_type ?? config.feature_extractor_type ?? model.image_processor_type;
  const name = type === undefined || type === null ? nameOfModel(model.model_type) : nameOfClass(type);
  if (name === 'DINOv3ViT') return { name, arithmetic: 'floats' };
  return { name, arithmetic: /Fast$/.test(String(type)) ? 'bytes' : 'pillow' };
}

/** @param {unknown} type @returns {Name} */
function nameOfClass(type) {
  if (typeof type !== 'string') {
    throw new ConfigError(
      `config: image_processor_type is ${show(type)}; expected a name such as "ViTImageProcessor"`,
      { path: 'image_processor_type', value: type },
    );
  }
  const name = type.replace(/(ImageProcessor(Fast|Pil)?|FeatureExtractor)$/, '');
  if (name !== type && Object.hasOwn(PROCESSORS, name)) return /** @type {Name} */ (name);
  throw new UnsupportedError(
    `the image processor ${show(type)} is not supported; supported are ${Object.keys(PROCESSORS).join(', ')}`,
    { path: 'image_processor_type', value: type },
  );
}

/** @param {unknown} type @returns {Name} */
function nameOfModel(type) {
  const names = /** @type {Name[]} */ (Object.keys(MODEL_TYPES));
  const found = names.find((name) => MODEL_TYPES[name].split(' ').includes(String(type)));
  if (found) return found;
  throw new ConfigError(
    `config: image_processor_type is undefined, and the model_type ${show(type)} has no image processor that is supported; expected a name such as "ViTImageProcessor"`,
    { path: 'image_processor_type', value: undefined },
  );
}
