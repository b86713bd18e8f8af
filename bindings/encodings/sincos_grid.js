/**
 * Sines and cosines of the cells of a picture's or a film's grid. Not here: DETR's, which counts the cells of a mask
 * (sine_grid.js).
 */
import { fillAxes, frequenciesOf, SINCOS } from './generate.js';
import { Operands } from './operands.js';
import { withPreset } from './options.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 * @import { Part } from './generate.js'
 */

const SINCOS_2D = {
  'simple-vit': { axes: 'xy', layout: 'per-axis', divisor: 'n-1', tokens: 'row-major' },
  mae: { axes: 'xy', layout: 'per-axis', divisor: 'n', tokens: 'row-major' },
  jepa: { axes: 'yx', layout: 'per-axis', divisor: 'n', tokens: 'row-major' },
  hf: { axes: 'yx', layout: 'per-axis', divisor: 'n', tokens: 'row-major' },
  'moco-v3': { axes: 'xy', layout: 'per-axis', divisor: 'n', tokens: 'column-major' },
  timm: { axes: 'yx', layout: 'halves', divisor: 'n', tokens: 'row-major' },
};

/**
 * Where the columns of the axes' tables go.
 * @param {string} layout
 * @param {number[]} order the axes, first columns first
 * @param {number} pairs of each axis
 * @returns {Part[]}
 */
function planParts(layout, order, pairs) {
  if (layout !== 'halves') {
    return order.map((axis, i) => ({ axis, from: 0, length: 2 * pairs, to: 2 * pairs * i }));
  }
  return [0, 1].flatMap((half) =>
    order.map((axis, i) => ({ axis, from: half * pairs, length: pairs, to: (2 * half + i) * pairs })),
  );
}

/**
 * The sinusoidal encoding of a picture's patches: each axis has half of the columns.
 *
 * Formula: q = dim/4 frequencies `w_i = base^(-i/q)`, or `base^(-i/(q-1))`. 'per-axis' `[sin(a w), cos(a w), sin(b w), cos(b w)]`
 *   with a and b the axes in their order; 'halves' `[sin(a w), sin(b w), cos(a w), cos(b w)]`; 'interleaved' as 'per-axis', but
 *   sine and cosine alternate.
 * Models: big_vision's simple ViT ('simple-vit'), MAE, DiT, CogVideoX ('mae'), I-JEPA ('jepa'), transformers' ViTMAE and RT-DETR
 *   helpers ('hf'), MoCo v3 and OmDet-Turbo ('moco-v3'), timm's sincos2d ViTs ('timm'; its `interleave_sin_cos` is layout
 *   'per-axis', its `reverse_coord` axes 'xy' with tokens 'column-major').
 * Source: Beyer et al. 2022 (arXiv 2205.01580); facebookresearch/mae `util/pos_embed.py`; timm `build_sincos2d_pos_embed`;
 *   facebookresearch/moco-v3 `vits.py`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.height rows of cells
 * @param {number} options.width columns of cells
 * @param {number} options.dim columns of the table, a multiple of 4
 * @param {number} [options.base] 10000 by default
 * @param {'xy' | 'yx'} [options.axes] which axis has the first columns: 'xy' by default
 * @param {'per-axis' | 'halves' | 'interleaved'} [options.layout] 'per-axis' by default
 * @param {'n' | 'n-1'} [options.divisor] of the exponents, n = dim/4: 'n' by default
 * @param {boolean} [options.guard] a single frequency (dim 4) with divisor 'n-1' is 1; if false NaN, as in its originals; true
 *   by default
 * @param {'row-major' | 'column-major'} [options.tokens] the order of the cells: 'row-major' by default
 * @param {number} [options.prefix] rows of zeros in front, for class tokens; 0 by default
 * @param {'simple-vit' | 'mae' | 'jepa' | 'hf' | 'moco-v3' | 'timm'} [options.preset] sets axes, layout, divisor and tokens as
 *   that code has them
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 [prefix + height width, dim]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.sincos2d({ height: 14, width: 14, dim: 384, preset: 'mae', prefix: 1 }).shape; // [197, 384]
 */
export function sincos2d(core, options) {
  const known = 'height width dim base axes layout divisor guard tokens prefix preset'.split(' ');
  const operands = new Operands('sincos2d', withPreset('sincos2d', options, SINCOS_2D), known);
  const [height, width] = [operands.integer('height'), operands.integer('width')];
  const dim = operands.integer('dim');
  if (dim % 4 !== 0) operands.refuse('dim', 'a multiple of 4');
  const pairs = dim / 4;
  const base = operands.number('base', { above: 0, fallback: 10000 });
  const xFirst = operands.choice('axes', ['xy', 'yx'], 'xy') === 'xy';
  const layout = operands.choice('layout', ['per-axis', 'halves', 'interleaved'], 'per-axis');
  const guard = operands.flag('guard', true);
  const ends = operands.choice('divisor', ['n', 'n-1'], 'n') === 'n-1';
  const columnMajor =
    operands.choice('tokens', ['row-major', 'column-major'], 'row-major') === 'column-major';
  const prefix = operands.integer('prefix', { min: 0, fallback: 0 });
  return operands.result([prefix + height * width, dim], 'float32', (out) => {
    const divisor = ends ? (guard ? Math.max(pairs - 1, 1) : pairs - 1) : pairs;
    const frequencies = frequenciesOf(core, pairs, base, divisor);
    const form = layout === 'interleaved' ? 0 : SINCOS.HALVES;
    const axes = (columnMajor ? [width, height] : [height, width]).map((rows) => ({
      ...{ frequencies, rows, width: 2 * pairs, layout: form, start: 0, step: 1 },
    }));
    const order = xFirst === columnMajor ? [0, 1] : [1, 0];
    out.fill(0, 0, prefix * dim);
    fillAxes(core, out.subarray(prefix * dim), dim, axes, planParts(layout, order, pairs));
  });
}

const SINCOS_3D = {
  jepa: { split: 'half', axes: 'tyx', byFrame: false },
  'jepa-uniform': { split: 'equal', axes: 'tyx', byFrame: false },
  diffusers: { split: 'quarter', axes: 'txy', byFrame: true },
};

/** How many columns time, and each axis of space, have: what dim must be a multiple of, and the two widths. */
const SPLITS = {
  half: { multiple: 8, widths: (/** @type {number} */ dim) => [dim / 2, dim / 4] },
  equal: {
    multiple: 1,
    widths: (/** @type {number} */ dim) => [2 * Math.ceil(dim / 6), 2 * Math.ceil(dim / 6)],
  },
  quarter: { multiple: 16, widths: (/** @type {number} */ dim) => [dim / 4, (3 * dim) / 8] },
};

/**
 * The sinusoidal encoding of a film's patches: time has the first columns, then the axes of space.
 *
 * Formula: each axis has n frequencies `w_i = base^(-i/n)` and the columns `[sin(p w), cos(p w)]`; p is the index over the axis'
 *   scale. Columns of time and of each axis of space: 'half' dim/2 and dim/4; 'equal' 2 ceil(dim/6) each, cut to dim;
 *   'quarter' dim/4 and 3 dim/8.
 * Models: V-JEPA ('jepa', 'jepa-uniform' for its `uniform_power`), CogVideoX and Latte ('diffusers').
 * Source: facebookresearch/jepa `src/models/utils/pos_embs.py`; diffusers `get_3d_sincos_pos_embed`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.frames steps of time
 * @param {number} options.height rows of cells
 * @param {number} options.width columns of cells
 * @param {number} options.dim columns of the table: with 'half' a multiple of 8, with 'quarter' of 16
 * @param {number} [options.base] 10000 by default
 * @param {'half' | 'equal' | 'quarter'} [options.split] how the columns are shared; 'half' by default
 * @param {'tyx' | 'txy'} [options.axes] the order of the axes' columns; 'tyx' by default
 * @param {number} [options.spatialScale] cells of the trained grid are so many here (`spatial_interpolation_scale`); 1 by default
 * @param {number} [options.temporalScale] likewise of time; 1 by default
 * @param {boolean} [options.byFrame] the shape [frames, height width, dim]; false by default
 * @param {number} [options.prefix] rows of zeros in front, for class tokens; not with byFrame; 0 by default
 * @param {'jepa' | 'jepa-uniform' | 'diffusers'} [options.preset] sets split, axes and byFrame
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 [prefix + frames height width, dim], time slowest, then rows
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.sincos3d({ frames: 8, height: 14, width: 14, dim: 1024, preset: 'jepa' }).shape; // [1568, 1024]
 */
export function sincos3d(core, options) {
  const known =
    'frames height width dim base split axes spatialScale temporalScale byFrame prefix preset'.split(' ');
  const operands = new Operands('sincos3d', withPreset('sincos3d', options, SINCOS_3D), known);
  const sizes = ['frames', 'height', 'width'].map((key) => operands.integer(key));
  const dim = operands.integer('dim', { min: 2 });
  const split = operands.choice('split', ['half', 'equal', 'quarter'], 'half');
  const { multiple, widths } = SPLITS[split];
  if (dim % multiple !== 0) operands.refuse('dim', `a multiple of ${multiple} with split: '${split}'`);
  const [time, space] = widths(dim);
  const base = operands.number('base', { above: 0, fallback: 10000 });
  const order = operands.choice('axes', ['tyx', 'txy'], 'tyx') === 'tyx' ? [0, 1, 2] : [0, 2, 1];
  const spatial = operands.number('spatialScale', { above: 0, fallback: 1 });
  const temporal = operands.number('temporalScale', { above: 0, fallback: 1 });
  const prefix = operands.integer('prefix', { min: 0, fallback: 0 });
  const [frames, height, width] = sizes;
  const byFrame = operands.flag('byFrame', false);
  if (byFrame && prefix > 0) operands.refuse('prefix', '0 with byFrame');
  const shape = byFrame ? [frames, height * width, dim] : [prefix + frames * height * width, dim];
  return operands.result(shape, 'float32', (out) => {
    const axes = sizes.map((rows, axis) => {
      const columns = axis === 0 ? time : space;
      const frequencies = frequenciesOf(core, columns / 2, base, columns / 2);
      const step = 1 / (axis === 0 ? temporal : spatial);
      return { frequencies, rows, width: columns, layout: SINCOS.HALVES, start: 0, step };
    });
    /** @type {Part[]} */
    const parts = [];
    let to = 0;
    for (const axis of order) {
      const length = Math.min(axes[axis].width, dim - to);
      if (length > 0) parts.push({ axis, from: 0, length, to });
      to += length;
    }
    out.fill(0, 0, prefix * dim);
    fillAxes(core, out.subarray(prefix * dim), dim, axes, parts);
  });
}
