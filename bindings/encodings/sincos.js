/**
 * Sines and cosines of one coordinate: of a sequence's positions, of a diffusion model's time steps, of distances.
 * Not here: grids (sincos_grid.js), learned or random frequencies (fourier.js).
 */
import { choice, flag, integer, number } from '../options/table.js';
import {
  BASE,
  choose,
  coordinates,
  encoding,
  float32,
  NONE,
  on,
  positive,
  preset,
  REACH,
  size,
} from './encoding.js';
import { evenly, frequenciesOf } from './frequencies.js';
import { fillGrid, fillSinusoids, SINCOS, targetsOf } from './generate.js';

/** @import { Instance } from '../core/instance.js' */

const DISTANCE = /** @type {const} */ ({ min: -(2 ** 20), max: 2 ** 20 });
export const ORDER = choose(['sin-cos', 'cos-sin'], 'which comes first');
/** @param {string} n what n is */
export const divisorOption = (n) =>
  choose(['n', 'n-1'], `of the exponents, ${n}; with 'n-1' the last frequency is 1/base`);
/** @param {string} single when there is a single frequency */
export const guardOption = (single) =>
  on(`${single} with divisor 'n-1' has frequency 1; if false NaN, as in its originals`);

/** @param {number} pairs @param {'n' | 'n-1'} divisor @param {boolean} guard */
export function lastOf(pairs, divisor, guard) {
  if (divisor === 'n') return pairs;
  return guard ? Math.max(pairs - 1, 1) : pairs - 1;
}

// biome-ignore format: tables, a line an entry
export const lines = {
  sincos1d: encoding({
    summary: 'The sinusoidal encoding of positions in a sequence.',
    formula: "`w_i = base^(-i/n)` for the n = dim/2 pairs, or `base^(-i/(n-1))`; 'interleaved' `out[p, 2i] = sin(p w_i)`, " +
      "`out[p, 2i+1] = cos(p w_i)`; 'halves' `[sin(p w) | cos(p w)]`. Angles in double, rounded to float32 once.",
    models: "the original Transformer, XLM, D2L ('vaswani', 'd2l'), VideoMAE ('videomae'), fairseq, M2M100, NLLB, Speech2Text " +
      "('fairseq'), Whisper ('whisper'), big_vision's simple ViT ('simple-vit'), RoFormer ('roformer'), MAE in one dimension ('mae').",
    source: 'Vaswani et al. 2017 (arXiv 1706.03762); transformers `Speech2TextSinusoidalPositionalEmbedding.get_embedding`, ' +
      '`WhisperEncoder.sinusoids`, `RoFormerSinusoidalPositionalEmbedding`, VideoMAE `get_sinusoid_encoding_table`.',
    options: {
      length: size('positions 0 to length - 1', { max: 'maxLength', only: { positions: false } }),
      positions: coordinates('any positions, of any shape; fractions and negative ones too', { optional: 'none' }),
      dim: size('columns', { must: [
        ["even, or odd with odd: 'split' or 'zero'", (dim, { odd }) => dim % 2 === 0 || odd !== 'error'],
        ["at least 2 with odd: 'zero'", (dim, { odd }) => dim > 1 || odd !== 'zero'],
      ] }),
      base: BASE,
      layout: choose(['interleaved', 'halves']),
      order: ORDER,
      divisor: divisorOption('n pairs'),
      guard: guardOption('a single pair'),
      odd: choose(['error', 'split', 'zero'], "an odd dim: 'error' refuses it, 'split' has one sine more than cosines, 'zero' " +
        'a last column of zeros'),
      offset: number('added to the positions', { default: 0 }),
      scale: number('multiplies them after that', { default: 1 }),
      padding: number("the position (before offset and scale) whose row is zero, fairseq's `padding_idx`", { optional: 'none' }),
      maxLength: size('a longer `length` is refused', { only: { positions: false }, default: 2 ** 20, optional: 'no limit' }),
      preset: preset({
        vaswani: { layout: 'interleaved', divisor: 'n', odd: 'error' },
        d2l: { layout: 'interleaved', divisor: 'n', odd: 'error', maxLength: 10000 },
        videomae: { layout: 'interleaved', divisor: 'n', odd: 'split' },
        tensor2tensor: { layout: 'halves', divisor: 'n-1', odd: 'zero' },
        fairseq: { layout: 'halves', divisor: 'n-1', odd: 'zero' },
        whisper: { layout: 'halves', divisor: 'n-1', odd: 'error' },
        'simple-vit': { layout: 'halves', divisor: 'n-1', odd: 'error' },
        roformer: { layout: 'halves', divisor: 'n', odd: 'split' },
        mae: { layout: 'halves', divisor: 'n', odd: 'error' },
      }, "sets layout, divisor, odd (and maxLength 10000 for 'd2l') as that code has them"),
    },
    result: float32('[length, dim]', "or the positions' shape with dim columns",
      ({ length, dim }, _, { positions }) => [...(positions ?? [length]), dim]),
    fill(core, out, o) {
      const { dim, base, odd, divisor, offset, scale, positions, padding = Number.NaN } = o;
      const pairs = odd === 'zero' ? Math.floor(dim / 2) : Math.ceil(dim / 2);
      const exponents = divisor === 'n' && odd !== 'zero' ? dim / 2 : lastOf(pairs, divisor, o.guard);
      const [isHalves, isCosineFirst] = [o.layout === 'halves', o.order === 'cos-sin'];
      const zero = (/** @type {number} */ row) => out.fill(0, row * dim, (row + 1) * dim);
      if (positions) {
        fillLine(core, out, positions.map((p) => (p + offset) * scale), pairs, dim, base, exponents, isHalves, isCosineFirst);
        for (let i = positions.indexOf(padding); i >= 0; i = positions.indexOf(padding, i + 1)) zero(i);
        return;
      }
      const layout = (isHalves ? SINCOS.HALVES : 0) + (isCosineFirst ? SINCOS.COSINE_FIRST : 0);
      const frequencies = frequenciesOf(core, pairs, base, exponents);
      fillGrid(core, out, { frequencies, rows: o.length, width: dim, layout, start: offset * scale, step: scale });
      if (Number.isInteger(padding) && padding >= 0) zero(padding);
    },
    example: 'pe.sincos1d({ length: 2, dim: 4 }).tolist(); // [[0, 1, 0, 1], [0.8414…, 0.5403…, 0.0099…, 0.9999…]]',
  }),
  timestep: encoding({
    summary: 'The sinusoidal encoding of diffusion time steps.',
    formula: '`w_i = base^(-i/(n - shift))`, n = floor(dim/2); `[sin(scale t w) | cos(scale t w)]`, or the cosines first; an odd ' +
      'dim ends with a column of zeros.',
    models: 'DDPM (shift 1), Stable Diffusion and DiT (shift 0, cosines first), Qwen2.5-Omni (scale 1000).',
    source: 'Ho et al. 2020 (arXiv 2006.11239); diffusers `get_timestep_embedding`; transformers `SinusPositionEmbedding`.',
    options: {
      timesteps: coordinates('of any shape; fractions too'),
      dim: size('columns, at least 2', { min: 2 }),
      order: { ...ORDER, about: 'which half comes first (`flip_sin_to_cos`)' },
      shift: number('taken from the divisor of the exponents (`downscale_freq_shift`)', { default: 1, must: [
        ['other than the number of pairs, floor(dim/2), which divides by 0', (shift, { dim }) => shift !== Math.floor(dim / 2)],
      ] }),
      scale: number('multiplies the time steps', { ...REACH, default: 1 }),
      base: { ...BASE, about: 'the longest period over 2 pi (`max_period`)' },
      preset: preset({
        ddpm: { shift: 1, order: 'sin-cos', scale: 1 },
        'stable-diffusion': { shift: 0, order: 'cos-sin', scale: 1 },
        dit: { shift: 0, order: 'cos-sin', scale: 1 },
        'qwen2.5-omni': { shift: 1, order: 'sin-cos', scale: 1000 },
      }, 'sets order, shift and scale'),
    },
    result: float32('[..., dim]', "the time steps' shape with dim columns", ({ dim }, _, { timesteps }) => [...timesteps, dim]),
    fill(core, out, { timesteps, dim, order, shift, scale, base }) {
      const pairs = Math.floor(dim / 2);
      fillLine(core, out, timesteps.map((t) => t * scale), pairs, dim, base, pairs - shift, true, order === 'cos-sin');
    },
    example: "pe.timestep({ timesteps: [0, 500], dim: 320, preset: 'stable-diffusion' }).shape; // [2, 320]",
  }),
  relativeSincos: encoding({
    summary: 'The sinusoids of relative distances, one row a distance from the largest (key far to the left) to the smallest, as ' +
      "Transformer-XL's kin project and meet them in `transformerXL`.",
    formula: "row of distance p: `w_i = base^(-2i/dim)`; 'halves' `[sin(p w) | cos(p w)]`, 'interleaved' `sin, cos, sin, cos …`.",
    models: "Transformer-XL, XLNet (preset 'xlnet': keys … 1 - queries, halves; causal: keys … 0), wav2vec2-conformer and Parakeet " +
      "(preset 'conformer': length - 1 … 1 - length, interleaved).",
    source: 'Dai et al. 2019 (arXiv 1901.02860); transformers `XLNetModel.relative_positional_encoding`, ' +
      '`Wav2Vec2ConformerRelPositionalEmbedding`.',
    options: {
      dim: size('columns', { min: 2, multiple: 2 }),
      from: integer("the first row's distance", { ...DISTANCE, only: { preset: false } }),
      to: integer("the last row's", { ...DISTANCE, max: 'from', only: { preset: false } }),
      preset: choice(['xlnet', 'conformer'], 'sets `from`, `to` and `layout`', NONE),
      queries: size('', { when: { preset: 'xlnet' } }),
      keys: size('', { when: { preset: 'xlnet' } }),
      causal: flag("for 'xlnet': no distances to the right", { when: { preset: 'xlnet' }, default: false }),
      length: size('', { when: { preset: 'conformer' } }),
      layout: choice(['halves', 'interleaved'], '',
        { default: ({ preset: name }) => (name === 'conformer' ? 'interleaved' : 'halves'), optional: "'halves', 'interleaved' for 'conformer'" }),
      base: BASE,
      clamp: positive('distances beyond it become it (`clamp_len`)', { infinite: true, default: Number.POSITIVE_INFINITY, ...NONE }),
    },
    result: float32('[from - to + 1, dim]', '', (options) => {
      const [from, to] = distancesOf(options);
      return [from - to + 1, options.dim];
    }),
    fill(core, out, { dim, layout, base, clamp, ...o }) {
      const [from, to] = distancesOf(o);
      const distances = evenly(from, to, from - to + 1).map((at) => Math.max(Math.min(at, clamp), -clamp));
      fillLine(core, out, distances, dim / 2, dim, base, dim / 2, layout === 'halves', false);
    },
    example: "pe.relativeSincos({ preset: 'conformer', length: 5, dim: 8 }).shape; // [9, 8]",
  }),
};

/** The first distance and the last one. @param {any} options */
function distancesOf({ preset: name, from, to, queries, keys, causal, length }) {
  if (name === 'conformer') return [length - 1, 1 - length];
  return name === 'xlnet' ? [keys, causal ? 0 : 1 - queries] : [from, to];
}

/**
 * Sines and cosines of one coordinate.
 * @param {Instance} core
 * @param {Float32Array} out [rows, width]
 * @param {Float64Array} coordinates [rows]
 * @param {number} pairs
 * @param {number} width at least 2 pairs - 1
 * @param {number} base
 * @param {number} exponents their divisor
 * @param {boolean} isHalves
 * @param {boolean} isCosineFirst
 */
function fillLine(core, out, coordinates, pairs, width, base, exponents, isHalves, isCosineFirst) {
  const frequencies = frequenciesOf(core, pairs, base, exponents);
  const [step, apart] = isHalves ? [1, pairs] : [2, 1];
  const first = isCosineFirst ? apart : 0;
  const targets = targetsOf(pairs, (k) => first + step * k, isCosineFirst ? -apart : apart, width);
  fillSinusoids(core, out, null, { coordinates, frequencies, targets });
}
