/**
 * DETR's sinusoids of a feature map, which count the cells of a mask. Not here: tables of a grid without a mask
 * (sincos_grid.js).
 */
import { fillSinusoids, frequenciesOf, targetsOf } from './generate.js';
import { allocate, Operands } from './operands.js';
import { wholeNumbers, withPreset } from './options.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const PRESETS = {
  detr: { normalize: true, offset: 0 },
  'deformable-detr': { normalize: true, offset: -0.5 },
  xcit: { normalize: true, offset: 0 },
};

/**
 * The mask, or only the sizes of the grid.
 * @param {Operands} operands
 * @param {any} options
 * @returns {{ mask: Int32Array | null, shape: number[] }} shape: [height, width], with a batch [B, height, width]
 */
function readGrid(operands, options) {
  if (!operands.has('mask')) {
    return { mask: null, shape: [operands.integer('height'), operands.integer('width')] };
  }
  const { data, shape } = wholeNumbers(operands, options, 'mask', { min: 0, max: 1 });
  if (shape.length !== 2 && shape.length !== 3)
    operands.refuse('mask', 'of shape [height, width] or [B, height, width]');
  const [height, width] = shape.slice(-2);
  if (operands.integer('height', { fallback: height }) !== height)
    operands.refuse('height', `the mask's, ${height}`);
  if (operands.integer('width', { fallback: width }) !== width)
    operands.refuse('width', `the mask's, ${width}`);
  return { mask: data, shape };
}

/**
 * The sinusoidal encoding of a feature map's cells, counted along the rows and columns of a mask.
 *
 * Formula: y and x are the number of the mask's ones up to the cell in its column and its row; normalised
 *   `(y + offset) / (y_last + epsilon) scale`. Channels of an axis: `sin(y w_i), cos(y w_i)` alternating, `w_i = base^(-2i/features)`.
 * Models: DETR, Conditional DETR, MaskFormer ('detr'), Deformable DETR, Grounding DINO ('deformable-detr'), XCiT ('xcit').
 * Source: Carion et al. 2020 (arXiv 2005.12872); transformers `DetrSinePositionEmbedding`,
 *   `DeformableDetrSinePositionEmbedding`; timm `PositionalEncodingFourier`.
 *
 * @param {Instance} core
 * @param {object} options `height` and `width`, or `mask`
 * @param {number} [options.height] rows of cells
 * @param {number} [options.width] columns of cells
 * @param {readonly any[] | ArrayBufferView | Tensor} [options.mask] [height, width] or [B, height, width], 1 where the picture
 *   is, 0 where padding is; all ones by default
 * @param {number} options.features channels of each axis (`num_pos_feats`), even
 * @param {number} [options.base] 10000 by default (`temperature`)
 * @param {boolean} [options.normalize] to scale by the last count; true by default
 * @param {number} [options.scale] 2 pi by default
 * @param {number} [options.epsilon] 1e-6 by default
 * @param {number} [options.offset] added to the counts before normalising; 0 by default, -0.5 for Deformable DETR
 * @param {'yx' | 'xy'} [options.axes] which axis has the first channels; 'yx' by default
 * @param {boolean} [options.channelsFirst] true by default
 * @param {'detr' | 'deformable-detr' | 'xcit'} [options.preset] sets normalize and offset
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 [2 features, height, width], or [height, width, 2 features]; with a batch of masks B in front
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.sineGrid({ height: 25, width: 34, features: 128, preset: 'detr' }).shape; // [256, 25, 34]
 */
export function sineGrid(core, options) {
  const known =
    'height width mask features base normalize scale epsilon offset axes channelsFirst preset'.split(' ');
  const given = withPreset('sineGrid', options, PRESETS);
  const operands = new Operands('sineGrid', given, known);
  const { mask, shape } = readGrid(operands, given);
  const features = operands.integer('features');
  if (features % 2 !== 0) operands.refuse('features', 'even');
  const base = operands.number('base', { above: 0, fallback: 10000 });
  const normalize = operands.flag('normalize', true);
  const scale = operands.number('scale', { above: 0, fallback: 2 * Math.PI });
  const epsilon = operands.number('epsilon', { above: 0, fallback: 1e-6 });
  const offset = operands.number('offset', { fallback: 0 });
  const yFirst = operands.choice('axes', ['yx', 'xy'], 'yx') === 'yx';
  const channelsFirst = operands.flag('channelsFirst', true);
  const [height, width] = shape.slice(-2);
  const batch = shape.slice(0, -2);
  const channels = 2 * features;
  const cells = height * width;
  const full = channelsFirst ? [...batch, channels, height, width] : [...batch, height, width, channels];
  return operands.result(full, 'float32', (out) => {
    const frequencies = axisFrequencies(frequenciesOf(core, features / 2, base, features / 2), yFirst);
    const targets = targetsOf(features, (k) => ({ sine: [2 * k], cosine: [2 * k + 1] }));
    const coordinates = new Float64Array(2 * cells);
    const rows = channelsFirst ? allocate(Float32Array, cells * channels) : null;
    for (let b = 0; b < (batch[0] ?? 1); b++) {
      const part = out.subarray(b * cells * channels, (b + 1) * cells * channels);
      const here = mask?.subarray(b * cells, (b + 1) * cells) ?? null;
      const terms = [offset, epsilon, normalize ? scale : 0];
      core.invoke('wf_mask_coordinates', [{ out: coordinates }, here, height, width, ...terms]);
      fillSinusoids(core, rows ?? part, null, {
        coordinates,
        frequencies,
        targets,
        axes: 2,
        width: channels,
      });
      if (rows) transpose(part, rows, cells, channels);
    }
  });
}

/**
 * The frequencies of pairs that each belong to one axis: [2, pairs] over the coordinates (y, x).
 * @param {Float64Array} frequencies of one axis
 * @param {boolean} yFirst whether y has the first pairs
 */
function axisFrequencies(frequencies, yFirst) {
  const count = frequencies.length;
  const both = new Float64Array(4 * count);
  both.set(frequencies, yFirst ? 0 : count);
  both.set(frequencies, yFirst ? 3 * count : 2 * count);
  return both;
}

/**
 * @param {Float32Array} out [columns, rows]
 * @param {Float32Array} x [rows, columns]
 * @param {number} rows
 * @param {number} columns
 */
export function transpose(out, x, rows, columns) {
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) out[column * rows + row] = x[row * columns + column];
  }
}
