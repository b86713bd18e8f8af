/**
 * BEiT's relative positions: those of a window, with a class token in front. Not here: the window's own (window.js).
 */
import { WINDOW } from './enums.js';
import { Operands } from './operands.js';
import { resizeBias } from './resize_bias.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/**
 * The index of BEiT: the window's index with a class token in front, whose three rows lie behind those of the window:
 * r = (2h-1)(2w-1) from the class token to a position, r + 1 from a position to it, r + 2 from it to itself.
 *
 * Formula: as `windowIndex` for i, j >= 1; `index[0, j] = r`, `index[i, 0] = r + 1`, `index[0, 0] = r + 2`.
 * Models: BEiT, BEiT v2, data2vec-vision.
 * Source: Bao et al. 2022 (arXiv 2106.08254); timm `gen_relative_position_index(class_token=True)`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number | [number, number]} options.window height and width h, w of the grid
 * @param {Int32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'int32'>} int32 [1 + h w, 1 + h w]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.beitIndex({ window: 1 }).tolist(); // [[3, 1], [2, 0]]
 */
export function beitIndex(core, options) {
  const operands = new Operands('beitIndex', options, ['window']);
  const [height, width] = operands.pair('window');
  const tokens = height * width + 1;
  return operands.result([tokens, tokens], 'int32', (out) => {
    core.invoke('wf_window_index', [{ out }, height, width, WINDOW.CLASS_TOKEN]);
  });
}

/**
 * The bias of BEiT: the table, resized to the grid if it was trained on another, gathered with a class token in front.
 *
 * Formula: `bias[h, i, j] = resized[beitIndex[i, j], h]`; the window's part of the table is resized bilinearly (MiDaS), its
 * last three rows are kept.
 * Models: BEiT, BEiT v2, data2vec-vision, MiDaS 3.1.
 * Source: Bao et al. 2022 (arXiv 2106.08254); transformers `BeitRelativePositionBias`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.table [(2h-1)(2w-1) + 3, H] of the grid it was trained on
 * @param {number | [number, number]} options.window the grid h, w that the bias is for
 * @param {number | [number, number]} [options.trainedWindow] the grid of the table; the same by default
 * @param {'geometric' | 'bicubic' | 'bilinear'} [options.mode] of resizing, as in `resizeBias`; 'bilinear' by default
 * @param {'height-width' | 'width-height'} [options.tableOrder] the order of the table's axes: 'height-width' (default),
 *   or 'width-height', as transformers reads it when it resizes, which differs only for a trained grid that is not square
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H, 1 + h w, 1 + h w]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} a table of another number of rows
 * @example
 * pe.beitBias({ table: random(28, 12), trainedWindow: 3, window: [4, 5] }).shape; // [12, 21, 21]
 */
export function beitBias(core, options) {
  const known = ['table', 'window', 'trainedWindow', 'mode', 'tableOrder'];
  const operands = new Operands('beitBias', options, known);
  const [h, w] = operands.pair('window', { max: 4096 });
  const trained = operands.pair('trainedWindow', { max: 4096, fallback: [h, w] });
  const rows = (2 * trained[0] - 1) * (2 * trained[1] - 1) + 3;
  /** @type {Record<string, number>} */
  const letters = {};
  operands.floats('table', [[rows, 'H']], letters);
  const mode = operands.choice('mode', ['geometric', 'bicubic', 'bilinear'], 'bilinear');
  const order = operands.choice('tableOrder', ['height-width', 'width-height'], 'height-width');
  const from =
    order === 'height-width' ? trained : /** @type {[number, number]} */ ([trained[1], trained[0]]);
  const resized = resizeBias(core, { table: options.table, from, to: [h, w], extra: 3, mode });
  return operands.result([letters.H, h * w + 1, h * w + 1], 'float32', (out) => {
    core.invoke('wf_window_bias', [{ out }, resized.data, h, w, letters.H, WINDOW.CLASS_TOKEN]);
  });
}
