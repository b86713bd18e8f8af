/**
 * Tables of relative positions for other sizes: Swin's and BEiT's tables for another window, and the table of one axis.
 * Not here: absolute tables (resample.js).
 */
import { RESAMPLE } from './enums.js';
import { allocate, Operands } from './operands.js';

/**
 * @import { Instance } from '../instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/** What a preset stands for: the method and whether it filters. */
const PRESETS = /** @type {const} */ ({
  timm: ['geometric', false],
  swin: ['bicubic', false],
  tinyvit: ['bicubic', true],
  midas: ['bilinear', false],
});

/**
 * Resizes the middle axis of x [outer, from, inner].
 * @param {Instance} core
 * @param {Float32Array} x
 * @param {{ outer?: number, from: number, to: number, inner: number, flags?: number }} plan
 * @returns {Float32Array}
 */
export function resampleAxis(core, x, { outer = 1, from, to, inner, flags = 0 }) {
  const out = allocate(Float32Array, outer * to * inner);
  core.invoke('wf_resample_axis', [{ out }, x, outer, from, to, inner, 0, flags]);
  return out;
}

/**
 * A table of relative positions for another window. Offsets of the old window are either placed on a geometric
 * progression, so that near offsets keep their values, or resampled evenly as a picture.
 *
 * Formula: 'geometric': old offsets lie at 0, ±1, ±(1 + q), ±(1 + q + q²) …, q in [1.01, 1.5] such that the last meets the
 * last new offset; linear between them, constant beyond. 'bicubic' and 'bilinear': `F.interpolate` of the
 * (2h-1) x (2w-1) picture (cubic a = -0.75, with `antialias` -0.5).
 * Models: any Swin, BEiT or MaxViT checkpoint at another window.
 * Source: Bao et al. 2022 (arXiv 2106.08254) and timm `resize_rel_pos_bias_table` ('timm'), `_simple` ('swin', Swin's own),
 *   `_levit` ('tinyvit'); transformers `BeitRelativePositionBias` ('midas').
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.table [(2h-1)(2w-1) + extra, H] of the window `from`
 * @param {number | [number, number]} options.from its height and width
 * @param {number | [number, number]} options.to those of the new window
 * @param {number} [options.extra] rows at the end that are copied (BEiT: 3); 0 by default
 * @param {'geometric' | 'bicubic' | 'bilinear'} [options.method] 'geometric' by default
 * @param {boolean} [options.antialias] widen the filter when shrinking, for 'bicubic' and 'bilinear'; false by default
 * @param {'timm' | 'swin' | 'tinyvit' | 'midas'} [options.preset] instead of `method` and `antialias`: geometric; bicubic;
 *   bicubic with antialias; bilinear
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [(2h'-1)(2w'-1) + extra, H]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} a table of another number of rows
 * @example
 * pe.resizeBias({ table, from: 7, to: 12 }).shape; // [529, 3]
 */
export function resizeBias(core, options) {
  const known = ['table', 'from', 'to', 'extra', 'method', 'antialias', 'preset'];
  const operands = new Operands('resizeBias', options, known);
  const from = operands.pair('from', { max: 4096 });
  const to = operands.pair('to', { max: 4096 });
  const extra = operands.integer('extra', { min: 0, fallback: 0 });
  const [method, antialias] = readMethod(operands);
  const old = from.map((size) => 2 * size - 1);
  const grid = to.map((size) => 2 * size - 1);
  /** @type {Record<string, number>} */
  const letters = {};
  const table = operands.floats('table', [[old[0] * old[1] + extra, 'H']], letters);
  const { H } = letters;
  return operands.result([grid[0] * grid[1] + extra, H], 'float32', (out) => {
    if (method === 'geometric') {
      core.invoke('wf_resize_bias_geometric', [{ out }, table, ...from, ...to, H, extra]);
      return;
    }
    const flags = (method === 'bicubic' ? RESAMPLE.CUBIC : 0) + (antialias ? RESAMPLE.ANTIALIAS : 0);
    const picture = table.subarray(0, old[0] * old[1] * H);
    const rows = resampleAxis(core, picture, { from: old[0], to: grid[0], inner: old[1] * H, flags });
    out.set(resampleAxis(core, rows, { outer: grid[0], from: old[1], to: grid[1], inner: H, flags }));
    out.set(table.subarray(picture.length), grid[0] * grid[1] * H);
  });
}

/**
 * @param {Operands} operands
 * @returns {readonly ['geometric' | 'bicubic' | 'bilinear', boolean]}
 */
function readMethod(operands) {
  if (operands.has('preset')) {
    for (const key of ['method', 'antialias'])
      if (operands.has(key)) operands.refuse(key, 'left out with a preset');
    return PRESETS[operands.choice('preset', /** @type {(keyof typeof PRESETS)[]} */ (Object.keys(PRESETS)))];
  }
  const method = operands.choice('method', ['geometric', 'bicubic', 'bilinear'], 'geometric');
  const antialias = operands.flag('antialias', false);
  if (antialias && method === 'geometric') operands.refuse('antialias', "false with method 'geometric'");
  return [method, antialias];
}
