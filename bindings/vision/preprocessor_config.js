// preprocessor_config.json, or timm's pretrained_cfg in config.json: what happens to a picture, as one plain record. The
// defaults are those of transformers 5 and timm 1. Not here: doing it (processor.js).

import { ConfigError, show, UnsupportedError } from '../errors.js';
import { boolean, number, oneOf } from '../formats/config.js';
import { FILTERS } from './resize.js';

/**
 * @typedef {import('../formats/config.js').Config} Config
 * @typedef {import('./sizes.js').ResizeRule} ResizeRule
 * @typedef {import('./sizes.js').Size} Size
 *
 * @typedef {object} Preparation The steps in their order.
 * @property {ResizeRule | null} resize
 * @property {number} filter One of FILTERS.
 * @property {Size | null} crop In the middle, padded with 0 where the picture is smaller.
 * @property {'down' | 'even'} rounding Of half a pixel of the crop's place.
 * @property {number} scale Multiplies the values from 0 to 255.
 * @property {number[]} mean Of each colour, subtracted after the scale.
 * @property {number[]} deviation Of each colour, which then divides.
 */

const MOST_SIDE = 16384;

const STANDARD = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
const IMAGENET = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const OPENAI = {
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
};

/** Of each image processor: its defaults, and whether a single number as size is a square or the shortest edge. */
const CLIP = { ...OPENAI, resample: 3, size: 224, square: false, do_center_crop: true, crop_size: 224 };
const PROCESSORS = Object.freeze({
  ViT: { ...STANDARD, resample: 2, size: 224, square: true },
  DeiT: { ...STANDARD, resample: 3, size: 256, square: true, do_center_crop: true, crop_size: 224 },
  Beit: { ...STANDARD, resample: 3, size: 224, square: true, crop_size: 224 },
  Siglip: { ...STANDARD, resample: 3, size: { height: 224, width: 224 }, square: false },
  CLIP,
  Bit: CLIP,
  ConvNext: { ...STANDARD, resample: 3, size: 384, square: false, crop_pct: 224 / 256 },
  Segformer: { ...IMAGENET, resample: 2, size: 512, square: true },
  Pvt: { ...IMAGENET, resample: 3, size: 224, square: true },
});

/**
 * @param {Config} config preprocessor_config.json, or a config.json with timm's pretrained_cfg.
 * @returns {Preparation}
 * @throws {ConfigError} If a value is missing or wrong; it names the key.
 * @throws {UnsupportedError} If the image processor is not known, or asks for a step that is not.
 */
export function readPreparation(config) {
  const type = config.image_processor_type ?? config.feature_extractor_type;
  if (type === undefined && config.pretrained_cfg)
    return readTimm(/** @type {any} */ (config.pretrained_cfg));
  if (typeof type !== 'string') {
    throw new ConfigError(
      `config: image_processor_type is ${show(type)}; expected a name such as "ViTImageProcessor"`,
      {
        path: 'image_processor_type',
        value: type,
      },
    );
  }
  const name = type.replace(/(ImageProcessor(Fast|Pil)?|FeatureExtractor)$/, '');
  if (name === type || !Object.hasOwn(PROCESSORS, name)) {
    throw new UnsupportedError(
      `the image processor ${show(type)} is not supported; supported are ${Object.keys(PROCESSORS).join(', ')}`,
      { path: 'image_processor_type', value: type },
    );
  }
  if (boolean(config, 'do_pad', { fallback: false })) {
    throw new UnsupportedError('config: do_pad is true; padding pictures to a common size is not supported', {
      path: 'do_pad',
      value: true,
    });
  }
  const defaults = PROCESSORS[/** @type {keyof typeof PROCESSORS} */ (name)];
  return { ...readGeometry(config, name, defaults), ...readValues(config, defaults) };
}

/**
 * @param {Config} config
 * @param {string} name
 * @param {any} defaults
 * @returns {Pick<Preparation, 'resize' | 'filter' | 'crop' | 'rounding'>}
 */
function readGeometry(config, name, defaults) {
  const { square, do_center_crop: cropsByDefault = false } = defaults;
  const resizes = boolean(config, 'do_resize', { fallback: true });
  const crops = name !== 'Segformer' && boolean(config, 'do_center_crop', { fallback: cropsByDefault });
  const filter = oneOf(config, 'resample', Object.values(FILTERS), { fallback: defaults.resample });
  const resize = resizes ? readSize('size', config.size ?? defaults.size, square) : null;
  const crop = crops ? readBothSides('crop_size', config.crop_size ?? defaults.crop_size) : null;
  const geometry = { resize, filter, crop, rounding: /** @type {const} */ ('down') };
  return name === 'ConvNext' ? convNextGeometry(config, geometry, defaults.crop_pct) : geometry;
}

/**
 * ConvNext's `size` is the picture's after a crop to crop_pct; from 384 on there is no crop, and no proportion either.
 * @template {Pick<Preparation, 'resize' | 'crop'>} T
 * @param {Config} config
 * @param {T} geometry
 * @param {number} fallback
 * @returns {T}
 */
function convNextGeometry(config, geometry, fallback) {
  if (!geometry.resize) return geometry;
  if (!('shortest' in geometry.resize)) throw badSize('size', config.size, 'shortest_edge');
  if (geometry.crop) {
    throw new UnsupportedError('config: do_center_crop is true; ConvNext crops by crop_pct', {
      path: 'do_center_crop',
      value: true,
    });
  }
  const { shortest: side } = geometry.resize;
  const exact = { height: side, width: side };
  if (side >= 384) return { ...geometry, resize: { exact } };
  const share = number(config, 'crop_pct', { min: 0.01, max: 1, fallback });
  return { ...geometry, resize: { shortest: Math.trunc(side / share) }, crop: exact };
}

/**
 * @param {Config} config
 * @param {{image_mean: number[], image_std: number[]}} defaults
 * @returns {Pick<Preparation, 'scale' | 'mean' | 'deviation'>}
 */
function readValues(config, defaults) {
  const rescales = boolean(config, 'do_rescale', { fallback: true });
  const scale = number(config, 'rescale_factor', { min: -1e6, max: 1e6, fallback: 1 / 255 });
  const normalizes = boolean(config, 'do_normalize', { fallback: true });
  const mean = readColours('image_mean', config.image_mean ?? defaults.image_mean, true);
  const deviation = readColours('image_std', config.image_std ?? defaults.image_std, false);
  return {
    scale: rescales ? scale : 1,
    mean: normalizes ? mean : [0, 0, 0],
    deviation: normalizes ? deviation : [1, 1, 1],
  };
}

/**
 * timm's transforms for evaluation: resized so that the crop is crop_pct of the picture.
 * @param {Config} config pretrained_cfg
 * @returns {Preparation}
 */
function readTimm(config) {
  const inputSize = config.input_size ?? [3, 224, 224];
  const [channels, height, width] = Array.isArray(inputSize) ? inputSize : [];
  if (channels !== 3) {
    throw new ConfigError(`config: input_size is ${show(inputSize)}; expected [3, height, width]`, {
      path: 'input_size',
      value: inputSize,
    });
  }
  const crop = /** @type {import('./sizes.js').Exact} */ (readSize('input_size', [height, width], true))
    .exact;
  const share = number(config, 'crop_pct', { min: 0.01, max: 10, fallback: 0.875 });
  const mode = oneOf(config, 'crop_mode', ['center', 'squash', 'border'], { fallback: 'center' });
  const larger = { height: Math.floor(crop.height / share), width: Math.floor(crop.width / share) };
  if (mode === 'border') {
    throw new UnsupportedError(`config: crop_mode "border" is not supported; expected "squash" or "center"`, {
      path: 'crop_mode',
      value: mode,
    });
  }
  const names = /** @type {(keyof typeof FILTERS)[]} */ (Object.keys(FILTERS));
  return {
    resize: resizeOf(mode, larger),
    filter: FILTERS[oneOf(config, 'interpolation', names, { fallback: 'bicubic' })],
    crop,
    rounding: 'even',
    scale: 1 / 255,
    mean: readColours('mean', config.mean ?? IMAGENET.image_mean, true),
    deviation: readColours('std', config.std ?? IMAGENET.image_std, false),
  };
}

/** @param {string} mode timm's crop_mode @param {Size} size from which the crop is cut @returns {ResizeRule} */
function resizeOf(mode, size) {
  if (mode === 'squash') return { exact: size };
  return size.height === size.width ? { shortest: size.height } : { cover: size };
}

/**
 * @param {string} key
 * @param {any} value A number, [height, width], {height, width} or {shortest_edge, longest_edge}.
 * @param {boolean} square What a number is: the sides of a square, or the shortest edge.
 * @returns {ResizeRule}
 */
function readSize(key, value, square) {
  const isSide = (/** @type {any} */ side) => Number.isInteger(side) && side >= 1 && side <= MOST_SIDE;
  if (isSide(value)) return square ? { exact: { height: value, width: value } } : { shortest: value };
  const { height, width, shortest_edge: shortest, longest_edge: longest, ...rest } = sizeKeys(value);
  if (Object.keys(rest).length === 0) {
    const isExact = shortest === undefined && longest === undefined;
    if (isExact && isSide(height) && isSide(width)) return { exact: { height, width } };
    const isShortest = height === undefined && width === undefined && isSide(shortest);
    if (isShortest && longest === undefined) return { shortest };
    if (isShortest && isSide(longest)) return { shortest, longest };
  }
  throw badSize(key, value);
}

/** @param {string} key @param {any} value A number, [height, width] or {height, width}. @returns {Size} */
function readBothSides(key, value) {
  const size = readSize(key, value, true);
  if ('exact' in size) return size.exact;
  throw badSize(key, value, 'height and width');
}

/** @param {any} value @returns {Record<string, any>} Its keys that are not null; another value is a key of its own. */
function sizeKeys(value) {
  if (Array.isArray(value) && value.length === 2) return { height: value[0], width: value[1] };
  if (value === null || typeof value !== 'object') return { value };
  return Object.fromEntries(Object.entries(value).filter(([, side]) => side !== null));
}

/** @param {string} key @param {any} value @param {string} [expected] */
function badSize(key, value, expected = 'height and width, or shortest_edge') {
  const found = value && typeof value === 'object' ? JSON.stringify(value).slice(0, 100) : show(value);
  return new ConfigError(`config: ${key} is ${found}; expected ${expected} from 1 to ${MOST_SIDE}`, {
    path: key,
    value,
  });
}

/**
 * @param {string} key
 * @param {any} value A number, or one for each of three colours.
 * @param {boolean} zero Whether it may be 0.
 * @returns {number[]}
 */
function readColours(key, value, zero) {
  const colours = typeof value === 'number' ? [value, value, value] : value;
  const isColour = (/** @type {any} */ x) =>
    Number.isFinite(x) && Math.abs(x) <= 1e6 && (zero || Math.abs(x) >= 1e-6);
  if (Array.isArray(colours) && colours.length === 3 && colours.every(isColour)) return colours;
  throw new ConfigError(
    `config: ${key} is ${show(value)}; expected three numbers${zero ? '' : ', none of them 0'}`,
    {
      path: key,
      value,
    },
  );
}
