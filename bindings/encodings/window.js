/**
 * Positions inside an attention window: Swin's index, bias and shifted-window mask. Not here: tables for other windows
 * (resize_bias.js), BEiT's class token (beit.js), SwinV2's bias (continuous.js).
 */
import { WINDOW } from './enums.js';
import { Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const SIGNS = /** @type {const} */ (['query-key', 'key-query']);

/** @param {Operands} operands */
const signOption = (operands) =>
  operands.choice('sign', SIGNS, 'query-key') === 'key-query' ? WINDOW.KEY_MINUS_QUERY : 0;

/**
 * The row of the relative position table for each pair of positions in a window: what Swin stores as
 * `relative_position_index`.
 *
 * Formula: `index[i, j] = (yi - yj + h - 1)(2w - 1) + (xi - xj + w - 1)`, positions row by row.
 * Models: Swin, Video Swin (2D part), MaxViT, CoAtNet.
 * Source: Liu et al. 2021 (arXiv 2103.14030); timm `gen_relative_position_index`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number | [number, number]} options.window height and width h, w of the window
 * @param {'query-key' | 'key-query'} [options.sign] which offset is counted: 'query-key' (default; Swin, timm, BEiT), or
 *   'key-query' (TensorFlow's MaxViT)
 * @param {Int32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'int32'>} int32 [h w, h w]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.windowIndex({ window: [1, 2] }).tolist(); // [[1, 0], [2, 1]]
 */
export function windowIndex(core, options) {
  const operands = new Operands('windowIndex', options, ['window', 'sign']);
  const [height, width] = operands.pair('window');
  const sign = signOption(operands);
  return operands.result([height * width, height * width], 'int32', (out) => {
    core.invoke('wf_window_index', [{ out }, height, width, sign]);
  });
}

/**
 * The relative position bias of a window: the table's entry for each pair of positions, one plane a head. It is added
 * to the scores: `softmax(q k^T / sqrt(d) + bias) v`.
 *
 * Formula: `bias[h, i, j] = table[index[i, j], h]` with `windowIndex`.
 * Models: Swin, MaxViT, CoAtNet, timm's relative position ViTs.
 * Source: Liu et al. 2021 (arXiv 2103.14030); transformers `SwinRelativePositionBias`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number | [number, number]} options.window height and width h, w of the window
 * @param {Tensor} options.table [(2h-1)(2w-1), H], with a class token 3 more rows; heads first [H, (2h-1)(2w-1)] or
 *   [H, 2h-1, 2w-1]
 * @param {boolean} [options.classToken] a class token in front, as BEiT's; false by default
 * @param {'rows-first' | 'heads-first'} [options.tableLayout] 'rows-first' (default) or 'heads-first' (TensorFlow's MaxViT)
 * @param {'query-key' | 'key-query'} [options.sign] as in `windowIndex`; 'query-key' by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H, N, N], N = h w, with a class token 1 + h w
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} a table of another number of rows
 * @example
 * pe.windowBias({ window: 7, table: random(169, 3) }).shape; // [3, 49, 49]
 */
export function windowBias(core, options) {
  const operands = new Operands('windowBias', options, [
    'window',
    'table',
    'classToken',
    'tableLayout',
    'sign',
  ]);
  const [h, w] = operands.pair('window');
  const classToken = operands.flag('classToken', false);
  const headsFirst =
    operands.choice('tableLayout', ['rows-first', 'heads-first'], 'rows-first') === 'heads-first';
  const rows = (2 * h - 1) * (2 * w - 1) + (classToken ? 3 : 0);
  /** @type {Record<string, number>} */
  const letters = {};
  const plane = classToken ? [] : [['H', 2 * h - 1, 2 * w - 1]];
  const table = operands.floats('table', headsFirst ? [['H', rows], ...plane] : [[rows, 'H']], letters);
  const flags =
    signOption(operands) + (classToken ? WINDOW.CLASS_TOKEN : 0) + (headsFirst ? WINDOW.HEADS_FIRST : 0);
  const tokens = h * w + (classToken ? 1 : 0);
  return operands.result([letters.H, tokens, tokens], 'float32', (out) => {
    core.invoke('wf_window_bias', [{ out }, table, h, w, letters.H, flags]);
  });
}

/**
 * The mask of shifted-window attention: a window that the roll has put together from distant parts of the picture
 * attends only within each part.
 *
 * Formula: `mask[n, i, j] = 0` if positions i and j of window n lie in the same region of the rolled map, else `fill`;
 * regions are cut at `size - window` and `size - shift` of each axis.
 * Models: Swin, SwinV2 (transformers adds SwinV2's mask twice: `fill: -200` gives its outputs).
 * Source: Liu et al. 2021 (arXiv 2103.14030), section 3.2; timm `SwinTransformerBlock.get_attn_mask`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.height rows of the map; padded up to a multiple of the window
 * @param {number} options.width columns of the map, likewise
 * @param {number | [number, number]} options.window height and width of the window
 * @param {number | [number, number]} [options.shift] below the window; half of it, rounded down, by default
 * @param {number} [options.fill] added to the scores of other regions: -100 by default; -Infinity is possible
 * @param {'axis' | 'shared' | 'none'} [options.clamp] what happens to an axis that one window covers: 'axis' (default; timm
 *   and torchvision) shifts the other axis alone; 'shared' (transformers; square windows) shifts none and makes the
 *   window as small as the shorter axis; 'none' takes the options as they are
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [windows, N, N], windows row by row, N = window height times width
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.shiftedWindowMask({ height: 8, width: 8, window: 4, shift: 2 }).shape; // [4, 16, 16]
 */
export function shiftedWindowMask(core, options) {
  const known = ['height', 'width', 'window', 'shift', 'fill', 'clamp'];
  const operands = new Operands('shiftedWindowMask', options, known);
  const size = [operands.integer('height'), operands.integer('width')];
  const window = operands.pair('window');
  const shift = operands.pair('shift', { min: 0, fallback: window.map((side) => Math.floor(side / 2)) });
  if (shift.some((by, axis) => by >= window[axis]))
    operands.refuse('shift', `below the window, [${window}]`, shift);
  const fill = operands.number('fill', { fallback: -100, infinite: true });
  clampShift(operands, size, window, shift);
  const padded = size.map((side, axis) => Math.ceil(side / window[axis]) * window[axis]);
  const area = window[0] * window[1];
  return operands.result([(padded[0] * padded[1]) / area, area, area], 'float32', (out) => {
    core.invoke('wf_shifted_window_mask', [{ out }, ...padded, ...window, ...shift, fill]);
  });
}

/**
 * Applies the option `clamp` to window and shift.
 * @param {Operands} operands
 * @param {number[]} size
 * @param {[number, number]} window
 * @param {[number, number]} shift
 */
function clampShift(operands, size, window, shift) {
  const clamp = operands.choice('clamp', ['axis', 'shared', 'none'], 'axis');
  if (clamp === 'axis') {
    for (const axis of [0, 1]) if (size[axis] <= window[axis]) shift[axis] = 0;
  }
  if (clamp === 'shared') {
    if (window[0] !== window[1]) operands.refuse('window', "square with clamp: 'shared'", window);
    const shorter = Math.min(...size);
    if (shorter <= window[0]) {
      window.fill(shorter);
      shift.fill(0);
    }
  }
}
