/**
 * Sines and cosines of one coordinate: of a sequence's positions, of a diffusion model's time steps. Not here: grids
 * (sincos_grid.js, sine_grid.js), learned or random frequencies (fourier.js).
 */
import { fillGrid, fillSinusoids, frequenciesOf, SINCOS, targetsOf } from './generate.js';
import { Operands } from './operands.js';
import { exclude, LARGEST_POSITION, numbers, withPreset } from './options.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

const SINCOS_1D = {
  vaswani: { layout: 'interleaved', divisor: 'n', odd: 'error' },
  d2l: { layout: 'interleaved', divisor: 'n', odd: 'error', maxLength: 10000 },
  videomae: { layout: 'interleaved', divisor: 'n', odd: 'split' },
  tensor2tensor: { layout: 'halves', divisor: 'n-1', odd: 'zero' },
  fairseq: { layout: 'halves', divisor: 'n-1', odd: 'zero' },
  whisper: { layout: 'halves', divisor: 'n-1', odd: 'error' },
  'simple-vit': { layout: 'halves', divisor: 'n-1', odd: 'error' },
  roformer: { layout: 'halves', divisor: 'n', odd: 'split' },
  mae: { layout: 'halves', divisor: 'n', odd: 'error' },
};

const SINCOS_1D_OPTIONS = [
  'length',
  'positions',
  'dim',
  'base',
  'layout',
  'order',
  'divisor',
  'odd',
  'guard',
  'offset',
  'scale',
  'padding',
  'maxLength',
  'preset',
];

/**
 * The divisor of the exponents, and what a width that is odd means.
 * @param {Operands} operands
 * @param {number} dim
 * @returns {{ pairs: number, divisor: number }}
 */
function readScale(operands, dim) {
  const odd = operands.choice('odd', ['error', 'split', 'zero'], 'error');
  if (dim % 2 !== 0 && odd === 'error') operands.refuse('dim', "even, or odd with odd: 'split' or 'zero'");
  const pairs = odd === 'zero' ? Math.floor(dim / 2) : Math.ceil(dim / 2);
  const guard = operands.flag('guard', true);
  if (operands.choice('divisor', ['n', 'n-1'], 'n') === 'n')
    return { pairs, divisor: odd === 'zero' ? pairs : dim / 2 };
  return { pairs, divisor: guard ? Math.max(pairs - 1, 1) : pairs - 1 };
}

/**
 * The sinusoidal encoding of positions in a sequence.
 *
 * Formula: `w_i = base^(-i/n)` for the n = dim/2 pairs, or `base^(-i/(n-1))`; 'interleaved' `out[p, 2i] = sin(p w_i)`,
 *   `out[p, 2i+1] = cos(p w_i)`; 'halves' `[sin(p w) | cos(p w)]`. Angles in double, rounded to float32 once.
 * Models: the original Transformer, XLM, D2L ('vaswani', 'd2l'), VideoMAE ('videomae'), fairseq, M2M100, NLLB, Speech2Text
 *   ('fairseq'), Whisper ('whisper'), big_vision's simple ViT ('simple-vit'), RoFormer ('roformer'), MAE in one dimension
 *   ('mae').
 * Source: Vaswani et al. 2017 (arXiv 1706.03762); transformers `Speech2TextSinusoidalPositionalEmbedding.get_embedding`,
 *   `WhisperEncoder.sinusoids`, `RoFormerSinusoidalPositionalEmbedding`, VideoMAE `get_sinusoid_encoding_table`.
 *
 * @param {Instance} core
 * @param {object} options `length` or `positions`
 * @param {number} [options.length] positions 0 to length - 1
 * @param {readonly any[] | ArrayBufferView | Tensor} [options.positions] any positions, of any shape; fractions and negative
 *   ones too
 * @param {number} options.dim columns
 * @param {number} [options.base] 10000 by default
 * @param {'interleaved' | 'halves'} [options.layout] 'interleaved' by default
 * @param {'sin-cos' | 'cos-sin'} [options.order] which comes first; 'sin-cos' by default
 * @param {'n' | 'n-1'} [options.divisor] of the exponents, n pairs: 'n' by default; with 'n-1' the last frequency is 1/base
 * @param {boolean} [options.guard] a single pair with divisor 'n-1' has frequency 1; if false NaN, as in its originals; true by
 *   default
 * @param {'error' | 'split' | 'zero'} [options.odd] an odd dim: 'error' (default) refuses it, 'split' has one sine more than
 *   cosines, 'zero' a last column of zeros
 * @param {number} [options.offset] added to the positions; 0 by default
 * @param {number} [options.scale] multiplies them after that; 1 by default
 * @param {number} [options.padding] the position (before offset and scale) whose row is zero, fairseq's `padding_idx`
 * @param {number} [options.maxLength] a longer `length` is refused; no limit by default
 * @param {'vaswani' | 'd2l' | 'videomae' | 'tensor2tensor' | 'fairseq' | 'whisper' | 'simple-vit' | 'roformer' | 'mae'} [options.preset]
 *   sets layout, divisor, odd (and maxLength 10000 for 'd2l') as that code has them
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 [length, dim], or the positions' shape with dim columns
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.sincos1d({ length: 2, dim: 4 }).tolist(); // [[0, 1, 0, 1], [0.8414…, 0.5403…, 0.0099…, 0.9999…]]
 */
export function sincos1d(core, options) {
  const given = withPreset('sincos1d', options, SINCOS_1D);
  const operands = new Operands('sincos1d', given, SINCOS_1D_OPTIONS);
  const dim = operands.integer('dim');
  const { pairs, divisor } = readScale(operands, dim);
  if (pairs === 0) operands.refuse('dim', "at least 2 with odd: 'zero'");
  const base = operands.number('base', { above: 0, fallback: 10000 });
  const halves = operands.choice('layout', ['interleaved', 'halves'], 'interleaved') === 'halves';
  const cosineFirst = operands.choice('order', ['sin-cos', 'cos-sin'], 'sin-cos') === 'cos-sin';
  const layout = (halves ? SINCOS.HALVES : 0) + (cosineFirst ? SINCOS.COSINE_FIRST : 0);
  const [offset, scale] = [
    operands.number('offset', { fallback: 0 }),
    operands.number('scale', { fallback: 1 }),
  ];
  const padding = operands.has('padding') ? operands.number('padding') : Number.NaN;
  const maxLength = operands.integer('maxLength', { fallback: 2 ** 20 });
  const frequencies = () => frequenciesOf(core, pairs, base, divisor);
  if (!operands.has('positions')) {
    const rows = operands.integer('length', { max: maxLength });
    return operands.result([rows, dim], 'float32', (out) => {
      const grid = {
        frequencies: frequencies(),
        rows,
        width: dim,
        layout,
        start: offset * scale,
        step: scale,
      };
      fillGrid(core, out, grid);
      if (Number.isInteger(padding) && padding >= 0) out.fill(0, padding * dim, (padding + 1) * dim);
    });
  }
  exclude(
    operands,
    ['length', 'maxLength'].filter((key) => key in options),
    'left out with positions',
  );
  const { data, shape } = numbers(operands, given, 'positions');
  return operands.result([...shape, dim], 'float32', (out) => {
    const coordinates = data.map((p) => (p + offset) * scale);
    const targets = lineTargets(pairs, dim, halves, cosineFirst);
    fillSinusoids(core, out, null, { coordinates, frequencies: frequencies(), targets, width: dim });
    for (let i = data.indexOf(padding); i >= 0; i = data.indexOf(padding, i + 1))
      out.fill(0, i * dim, (i + 1) * dim);
  });
}

/**
 * Where the pairs of one coordinate stand in a row.
 * @param {number} pairs
 * @param {number} width at least 2 pairs - 1
 * @param {boolean} halves
 * @param {boolean} cosineFirst
 */
function lineTargets(pairs, width, halves, cosineFirst) {
  return targetsOf(pairs, (k) => {
    const first = halves ? k : 2 * k;
    const second = halves ? pairs + k : 2 * k + 1;
    const there = second < width ? [second] : [];
    return cosineFirst ? { cosine: [first], sine: there } : { sine: [first], cosine: there };
  });
}

const TIMESTEP = {
  ddpm: { shift: 1, order: 'sin-cos', scale: 1 },
  'stable-diffusion': { shift: 0, order: 'cos-sin', scale: 1 },
  dit: { shift: 0, order: 'cos-sin', scale: 1 },
  'qwen2.5-omni': { shift: 1, order: 'sin-cos', scale: 1000 },
};

/**
 * The sinusoidal encoding of diffusion time steps.
 *
 * Formula: `w_i = base^(-i/(n - shift))`, n = floor(dim/2); `[sin(scale t w) | cos(scale t w)]`, or the cosines first; an odd
 *   dim ends with a column of zeros.
 * Models: DDPM (shift 1), Stable Diffusion and DiT (shift 0, cosines first), Qwen2.5-Omni (scale 1000).
 * Source: Ho et al. 2020 (arXiv 2006.11239); diffusers `get_timestep_embedding`; transformers `SinusPositionEmbedding`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {readonly any[] | ArrayBufferView | Tensor} options.timesteps of any shape; fractions too
 * @param {number} options.dim columns, at least 2
 * @param {'sin-cos' | 'cos-sin'} [options.order] which half comes first (`flip_sin_to_cos`); 'sin-cos' by default
 * @param {number} [options.shift] taken from the divisor of the exponents (`downscale_freq_shift`); 1 by default
 * @param {number} [options.scale] multiplies the time steps; 1 by default
 * @param {number} [options.base] the longest period over 2 pi (`max_period`); 10000 by default
 * @param {'ddpm' | 'stable-diffusion' | 'dit' | 'qwen2.5-omni'} [options.preset] sets order, shift and scale
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32, the time steps' shape with dim columns
 * @throws {InputError} an option that is missing, unknown or out of range, among them a shift of n, which divides by 0
 * @example
 * pe.timestep({ timesteps: [0, 500], dim: 320, preset: 'stable-diffusion' }).shape; // [2, 320]
 */
export function timestep(core, options) {
  const given = withPreset('timestep', options, TIMESTEP);
  const operands = new Operands('timestep', given, [
    'timesteps',
    'dim',
    'order',
    'shift',
    'scale',
    'base',
    'preset',
  ]);
  const dim = operands.integer('dim', { min: 2 });
  const pairs = Math.floor(dim / 2);
  const cosineFirst = operands.choice('order', ['sin-cos', 'cos-sin'], 'sin-cos') === 'cos-sin';
  const shift = operands.number('shift', { fallback: 1 });
  if (shift === pairs) operands.refuse('shift', `other than the number of pairs, ${pairs}`, shift);
  const scale = operands.number('scale', { fallback: 1 });
  const base = operands.number('base', { above: 0, fallback: 10000 });
  const { data, shape } = numbers(operands, given, 'timesteps');
  if (Math.abs(scale) > LARGEST_POSITION) operands.refuse('scale', `at most ${LARGEST_POSITION}`);
  return operands.result([...shape, dim], 'float32', (out) => {
    const frequencies = frequenciesOf(core, pairs, base, pairs - shift);
    const targets = lineTargets(pairs, dim, true, cosineFirst);
    fillSinusoids(core, out, null, {
      coordinates: data.map((t) => t * scale),
      frequencies,
      targets,
      width: dim,
    });
  });
}
