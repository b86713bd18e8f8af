/**
 * Tables of relative positions for another window. Not here: tables of absolute positions (resample.js).
 */
import { RESAMPLE } from './enums.js';
import { Operands } from './operands.js';
import { withPreset } from './options.js';
import { resampleGrid } from './resample.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const PRESETS = {
  timm: { mode: 'geometric' },
  swin: { mode: 'bicubic' },
  tinyvit: { mode: 'bicubic', antialias: true },
  midas: { mode: 'bilinear' },
};

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
 * @param {'geometric' | 'bicubic' | 'bilinear'} [options.mode] 'geometric' by default
 * @param {boolean} [options.antialias] widen the filter when shrinking, for 'bicubic' and 'bilinear'; false by default
 * @param {'timm' | 'swin' | 'tinyvit' | 'midas'} [options.preset] sets `mode` and `antialias`: geometric; bicubic; bicubic
 *   with antialias; bilinear
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [(2h'-1)(2w'-1) + extra, H]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} a table of another number of rows
 * @example
 * pe.resizeBias({ table: random(169, 3), from: 7, to: 12 }).shape; // [529, 3]
 */
export function resizeBias(core, options) {
  const given = withPreset('resizeBias', options, PRESETS);
  const known = 'table from to extra mode antialias preset'.split(' ');
  const operands = new Operands('resizeBias', given, known);
  const from = operands.pair('from', { max: 4096 });
  const to = operands.pair('to', { max: 4096 });
  const extra = operands.integer('extra', { min: 0, fallback: 0 });
  const mode = operands.choice('mode', ['geometric', 'bicubic', 'bilinear'], 'geometric');
  const antialias = operands.flag('antialias', false);
  if (antialias && mode === 'geometric') operands.refuse('antialias', "false with mode 'geometric'");
  const old = from.map((size) => 2 * size - 1);
  const grid = to.map((size) => 2 * size - 1);
  /** @type {Record<string, number>} */
  const letters = {};
  const table = operands.floats('table', [[old[0] * old[1] + extra, 'H']], letters);
  const { H } = letters;
  return operands.result([grid[0] * grid[1] + extra, H], 'float32', (out) => {
    if (mode === 'geometric') {
      core.invoke('wf_resize_bias_geometric', [{ out }, table, ...from, ...to, H, extra]);
      return;
    }
    const flags = (mode === 'bicubic' ? RESAMPLE.CUBIC : 0) + (antialias ? RESAMPLE.ANTIALIAS : 0);
    const [before, after] = [old[0] * old[1] * H, grid[0] * grid[1] * H];
    const picture = table.subarray(0, before);
    resampleGrid(core, out.subarray(0, after), picture, old, grid, H, { flags, scaleOffset: 0 });
    out.set(table.subarray(before), after);
  });
}
