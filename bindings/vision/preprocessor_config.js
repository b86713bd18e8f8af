// preprocessor_config.json, or timm's pretrained_cfg in config.json: what happens to a picture, as one plain record. The
// defaults are those of transformers 5 and timm 1. Not here: doing it (processor.js).

import { ConfigError, show, UnsupportedError } from '../errors.js';
import { number, oneOf } from '../formats/config.js';
import { badSize, flag, readBothSides, readColours, readFilter, readSize } from './config_values.js';
import { IMAGENET, PROCESSORS, processorOf, refuseOthers } from './processors.js';
import { FILTERS } from './resize.js';
import { roundHalfEven } from './sizes.js';

/**
 * @typedef {import('../formats/config.js').Config} Config
 * @typedef {import('./sizes.js').ResizeRule} ResizeRule
 * @typedef {import('./sizes.js').Size} Size
 *
 * @typedef {object} Preparation The steps in their order.
 * @property {ResizeRule | null} resize
 * @property {number} filter One of FILTERS.
 * @property {import('./processors.js').Arithmetic} arithmetic Of the resizing.
 * @property {Size | null} crop In the middle, padded where the picture is smaller.
 * @property {number[] | null} fill What it is padded with, of each colour; 0 by default.
 * @property {import('./sizes.js').Rounding} rounding Of the crop's place.
 * @property {number} scale Multiplies the values from 0 to 255.
 * @property {number[]} mean Of each colour, subtracted after the scale.
 * @property {boolean} grey Whether a grey picture keeps its one plane, as one mean and one deviation for all colours ask.
 * @property {number[]} deviation Of each colour, which then divides.
 */

/** Whether a config has timm's pretrained_cfg, or is one, as the first were. @param {Config} config */
export const isTimm = (config) =>
  Boolean(config.pretrained_cfg ?? (config.architecture && config.input_size));

/**
 * @param {Config} config preprocessor_config.json, or a config.json with timm's pretrained_cfg.
 * @param {Config} [model] config.json: its model_type says which image processor it is where `config` does not.
 * @returns {Preparation}
 * @throws {ConfigError} If a value is missing or wrong; it names the key.
 * @throws {UnsupportedError} If the image processor is not known, or asks for a step that is not.
 */
export function readPreparation(config, model = {}) {
  const named = config.image_processor_type ?? config.feature_extractor_type ?? 'TimmWrapperImageProcessor';
  if (named === 'TimmWrapperImageProcessor' && isTimm(config))
    return readTimm(/** @type {any} */ (config.pretrained_cfg ?? config));
  const { name, arithmetic } = processorOf(config, model);
  refuseOthers(config, name);
  return {
    arithmetic,
    fill: null,
    rounding: arithmetic === 'pillow' ? 'down' : 'zero',
    filter: readFilter(config, arithmetic, PROCESSORS[name].resample),
    ...readGeometry(config, name),
    ...readValues(config, PROCESSORS[name]),
  };
}

/**
 * @param {Config} config
 * @param {import('./processors.js').Name} name
 * @returns {Pick<Preparation, 'resize' | 'crop'>}
 */
function readGeometry(config, name) {
  /** @type {any} */
  const defaults = PROCESSORS[name];
  const square = flag(config, 'default_to_square', defaults.square);
  const resizes = flag(config, 'do_resize', true);
  const crops = name !== 'Segformer' && flag(config, 'do_center_crop', defaults.do_center_crop ?? false);
  // Its class turns the default into a square then, whatever size the file has.
  const isSquare = name === 'CLIP' && flag(config, 'use_square_size', false);
  const size = isSquare ? [defaults.size, defaults.size] : (config.size ?? defaults.size);
  const resize = resizes ? readSize('size', size, config.size ? square : defaults.square) : null;
  const crop = crops ? readBothSides('crop_size', config.crop_size ?? defaults.crop_size) : null;
  const geometry = { resize, crop };
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
 * @param {{ image_mean: number[], image_std: number[], do_convert_rgb?: boolean }} defaults
 * @returns {Pick<Preparation, 'scale' | 'mean' | 'deviation' | 'grey'>}
 */
function readValues(config, defaults) {
  const rescales = flag(config, 'do_rescale', true);
  const scale = number(config, 'rescale_factor', { min: -1e6, max: 1e6, fallback: 1 / 255 });
  const normalizes = flag(config, 'do_normalize', true);
  const mean = readColours('image_mean', config.image_mean ?? defaults.image_mean, true);
  const deviation = readColours('image_std', config.image_std ?? defaults.image_std, false);
  const toRgb = flag(config, 'do_convert_rgb', defaults.do_convert_rgb ?? false);
  return {
    scale: rescales ? scale : 1,
    mean: normalizes ? forEach(mean) : [0, 0, 0],
    deviation: normalizes ? forEach(deviation) : [1, 1, 1],
    grey: !toRgb && mean.length === 1 && deviation.length === 1,
  };
}

/** One number holds for every colour. @param {number[]} colours */
const forEach = (colours) => (colours.length === 1 ? [...colours, ...colours, ...colours] : colours);

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
  const mean = forEach(readColours('mean', config.mean ?? IMAGENET.image_mean, true));
  const names = /** @type {(keyof typeof FILTERS)[]} */ (Object.keys(FILTERS));
  return {
    resize: resizeOf(mode, larger),
    filter: FILTERS[oneOf(config, 'interpolation', names, { fallback: 'bicubic' })],
    arithmetic: 'pillow',
    crop,
    fill: mode === 'border' ? mean.map((colour) => roundHalfEven(255 * colour)) : null,
    rounding: 'even',
    scale: 1 / 255,
    mean,
    deviation: forEach(readColours('std', config.std ?? IMAGENET.image_std, false)),
    grey: false,
  };
}

/** @param {string} mode timm's crop_mode @param {Size} size from which the crop is cut @returns {ResizeRule} */
function resizeOf(mode, size) {
  if (mode === 'squash') return { exact: size };
  if (mode === 'border') return { contain: size };
  return size.height === size.width ? { shortest: size.height } : { cover: size };
}
