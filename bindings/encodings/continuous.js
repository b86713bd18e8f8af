/**
 * SwinV2's continuous position bias: a small network over log-spaced offsets. Not here: tables (window.js).
 */
import { WINDOW } from './enums.js';
import { allocate, Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const WINDOW_OPTIONS = ['window', 'trainedWindow', 'mode', 'oneToken'];

/**
 * @param {Operands} operands
 * @returns {{ window: [number, number], divisors: [number, number], natural: boolean }}
 */
function readWindow(operands) {
  const window = operands.pair('window');
  const trained = operands.pair('trainedWindow', { min: 0, fallback: [0, 0] });
  const natural = operands.choice('mode', ['swin', 'cr'], 'swin') === 'cr';
  const rule = operands.choice('oneToken', ['zero', 'divide', 'transformers'], 'zero');
  const base = trained[0] > 0 ? trained : window;
  if (trained[0] > 0 !== trained[1] > 0)
    operands.refuse('trainedWindow', 'of two sizes, or 0 for none', trained);
  /** @type {[number, number]} */
  const divisors = [base[0] - 1, base[1] - 1];
  if (rule === 'zero') for (const axis of [0, 1]) divisors[axis] = Math.max(divisors[axis], 1);
  if (rule === 'transformers' && trained[0] === 0 && window[0] === 1) divisors.fill(1);
  return { window, divisors, natural };
}

/**
 * The offsets of a window on a logarithmic scale, which SwinV2 feeds to its network.
 *
 * Formula: 'swin': `c = 8 d / (s - 1)`, `sign(c) log2(1 + |c|) / 3`; 'cr': `sign(d) ln(1 + |d|)`; for the offset d = dy and
 * dx, from -(h-1) to h-1 and from -(w-1) to w-1, and the size s of the (trained) window's axis.
 * Models: SwinV2 ('swin'), timm's swin_v2_cr and relative position ViTs ('cr').
 * Source: Liu et al. 2022 (arXiv 2111.09883); timm `gen_relative_log_coords`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number | [number, number]} options.window height and width h, w of the window
 * @param {number | [number, number]} [options.trainedWindow] the window that the network was trained with, which then is the
 *   scale; 0 (default): the window itself
 * @param {'swin' | 'cr'} [options.mode] 'swin' by default
 * @param {'zero' | 'divide' | 'transformers'} [options.oneToken] an axis of one token has s - 1 = 0: 'zero' (default) makes
 *   its offset 0; 'divide' gives NaN, as timm and torchvision; 'transformers' leaves both axes undivided if the window's
 *   height is 1, and divides otherwise
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [2h-1, 2w-1, 2], (dy, dx)
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.logCoordinates({ window: [1, 2] }).tolist(); // [[[0, -1.0566…], [0, 0], [0, 1.0566…]]]
 */
export function logCoordinates(core, options) {
  const operands = new Operands('logCoordinates', options, WINDOW_OPTIONS);
  const { window, divisors, natural } = readWindow(operands);
  return operands.result([2 * window[0] - 1, 2 * window[1] - 1, 2], 'float32', (out) => {
    core.invoke('wf_log_coordinates', [{ out }, ...window, ...divisors, Number(natural)]);
  });
}

/**
 * The bias that SwinV2 computes instead of looking it up: a network of two layers over `logCoordinates`, gathered for
 * each pair of positions.
 *
 * Formula: `table = W2 relu(W1 c + b1) + b2`; `bias[h, i, j] = gain sigmoid(table[index[i, j], h])`, or the table's entry
 * itself with gain 0; index as in `windowIndex`.
 * Models: SwinV2 (gain 16, no b2), timm's swin_v2_cr and relative position ViTs (mode 'cr', gain 0).
 * Source: Liu et al. 2022 (arXiv 2111.09883); timm `RelPosMlp`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number | [number, number]} options.window height and width h, w of the window
 * @param {Tensor} options.hiddenWeight W1 [F, 2], columns for dy and dx
 * @param {Tensor} [options.hiddenBias] b1 [F]; none by default
 * @param {Tensor} options.outputWeight W2 [H, F]
 * @param {Tensor} [options.outputBias] b2 [H]; none by default
 * @param {'swin' | 'cr'} [options.mode] of the coordinates, 'swin' by default
 * @param {number} [options.gain] 0 for no sigmoid; by default 16 in mode 'swin' and 0 in mode 'cr'
 * @param {number | [number, number]} [options.trainedWindow] as in `logCoordinates`; 0 by default
 * @param {'zero' | 'divide' | 'transformers'} [options.oneToken] as in `logCoordinates`; 'zero' by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H, h w, h w]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} weights of other shapes
 * @example
 * const weights = { hiddenWeight: random(512, 2), hiddenBias: random(512), outputWeight: random(3, 512) };
 * pe.continuousBias({ window: 8, ...weights }).shape; // [3, 64, 64]
 */
export function continuousBias(core, options) {
  const weights = ['hiddenWeight', 'hiddenBias', 'outputWeight', 'outputBias'];
  const operands = new Operands('continuousBias', options, [...WINDOW_OPTIONS, ...weights, 'gain']);
  const { window, divisors, natural } = readWindow(operands);
  const gain = operands.number('gain', { fallback: natural ? 0 : 16 });
  /** @type {Record<string, number>} */
  const letters = {};
  const w1 = operands.floats('hiddenWeight', [['F', 2]], letters);
  const b1 = operands.optionalFloats('hiddenBias', [['F']], letters);
  const w2 = operands.floats('outputWeight', [['H', 'F']], letters);
  const b2 = operands.optionalFloats('outputBias', [['H']], letters);
  const { F, H } = letters;
  const points = (2 * window[0] - 1) * (2 * window[1] - 1);
  const tokens = window[0] * window[1];
  return operands.result([H, tokens, tokens], 'float32', (out) => {
    const coordinates = allocate(Float32Array, points * 2);
    const table = allocate(Float32Array, points * H);
    core.invoke('wf_log_coordinates', [{ out: coordinates }, ...window, ...divisors, Number(natural)]);
    core.invoke('wf_position_mlp', [{ out: table }, coordinates, w1, b1, w2, b2, points, 2, F, H, gain]);
    core.invoke('wf_window_bias', [{ out }, table, ...window, H, WINDOW.HEADS_FIRST]);
  });
}
