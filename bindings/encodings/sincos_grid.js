/**
 * Sines and cosines of the cells of a picture's or a film's grid, and DETR's, which count the cells of a mask. Not here: one
 * coordinate (sincos.js), rotary and Fourier encodings (rope_grid.js, fourier.js).
 */

import { allocate } from '../arrays.js';
import { integers, number } from '../options/table.js';
import { BASE, choose, count, encoding, float32, off, on, positive, preset, size } from './encoding.js';
import { frequenciesOf, spread } from './frequencies.js';
import { fillAxes, fillSinusoids, SINCOS, targetsOf, transpose } from './generate.js';
import { divisorOption, guardOption, lastOf } from './sincos.js';

/** @type {import('./encoding.js').ShapeOf} */
function gridShape({ features, channelsFirst }, { height, width }, { mask = [] }) {
  const batch = mask.slice(0, -2);
  return channelsFirst ? [...batch, 2 * features, height, width] : [...batch, height, width, 2 * features];
}

// biome-ignore format: tables, a line an entry
export const cells = {
  sincos2d: encoding({
    summary: "The sinusoidal encoding of a picture's patches: each axis has half of the columns.",
    formula: "q = dim/4 frequencies `w_i = base^(-i/q)`, or `base^(-i/(q-1))`. 'per-axis' `[sin(a w), cos(a w), sin(b w), " +
      "cos(b w)]` with a and b the axes in their order; 'halves' `[sin(a w), sin(b w), cos(a w), cos(b w)]`; 'interleaved' as " +
      "'per-axis', but sine and cosine alternate.",
    models: "big_vision's simple ViT ('simple-vit'), MAE, DiT, CogVideoX ('mae'), I-JEPA ('jepa'), transformers' ViTMAE and RT-DETR " +
      "helpers ('hf'), MoCo v3 and OmDet-Turbo ('moco-v3'), timm's sincos2d ViTs ('timm'; its `interleave_sin_cos` is layout " +
      "'per-axis', its `reverse_coord` axes 'xy' with tokens 'column-major').",
    source: 'Beyer et al. 2022 (arXiv 2205.01580); facebookresearch/mae `util/pos_embed.py`; timm `build_sincos2d_pos_embed`; ' +
      'facebookresearch/moco-v3 `vits.py`.',
    options: {
      height: size('rows of cells'),
      width: size('columns of cells'),
      dim: size('columns of the table', { multiple: 4 }),
      base: BASE,
      axes: choose(['xy', 'yx'], 'which axis has the first columns'),
      layout: choose(['per-axis', 'halves', 'interleaved']),
      divisor: divisorOption('n = dim/4'),
      guard: guardOption('a single frequency (dim 4)'),
      tokens: choose(['row-major', 'column-major'], 'the order of the cells'),
      prefix: count('rows of zeros in front, for class tokens'),
      preset: preset({
        'simple-vit': { axes: 'xy', layout: 'per-axis', divisor: 'n-1', tokens: 'row-major' },
        mae: { axes: 'xy', layout: 'per-axis', divisor: 'n', tokens: 'row-major' },
        jepa: { axes: 'yx', layout: 'per-axis', divisor: 'n', tokens: 'row-major' },
        hf: { axes: 'yx', layout: 'per-axis', divisor: 'n', tokens: 'row-major' },
        'moco-v3': { axes: 'xy', layout: 'per-axis', divisor: 'n', tokens: 'column-major' },
        timm: { axes: 'yx', layout: 'halves', divisor: 'n', tokens: 'row-major' },
      }, 'sets axes, layout, divisor and tokens as that code has them'),
    },
    result: float32('[prefix + height width, dim]'),
    fill: (core, out, { height, width, dim, base, axes, layout, divisor, guard, tokens }) => {
      const pairs = dim / 4;
      const frequencies = frequenciesOf(core, pairs, base, lastOf(pairs, divisor, guard));
      const isColumnMajor = tokens === 'column-major';
      const form = layout === 'interleaved' ? 0 : SINCOS.HALVES;
      const lines = (isColumnMajor ? [width, height] : [height, width]).map((rows) => ({
        ...{ frequencies, rows, width: 2 * pairs, layout: form, start: 0, step: 1 },
      }));
      const order = (axes === 'xy') === isColumnMajor ? [0, 1] : [1, 0];
      const parts = layout === 'halves' ? [0, pairs].flatMap((from) => order.map((axis) => [axis, from, pairs])) :
        order.map((axis) => [axis, 0, 2 * pairs]);
      fillAxes(core, out, dim, lines, parts);
    },
    example: "pe.sincos2d({ height: 14, width: 14, dim: 384, preset: 'mae', prefix: 1 }).shape; // [197, 384]",
  }),
  sincos3d: encoding({
    summary: "The sinusoidal encoding of a film's patches: time has the first columns, then the axes of space.",
    formula: "each axis has n frequencies `w_i = base^(-i/n)` and the columns `[sin(p w), cos(p w)]`; p is the index over the " +
      "axis' scale. Columns of time and of each axis of space: 'half' dim/2 and dim/4; 'equal' 2 ceil(dim/6) each, cut to dim; " +
      "'quarter' dim/4 and 3 dim/8.",
    models: "V-JEPA ('jepa', 'jepa-uniform' for its `uniform_power`), CogVideoX and Latte ('diffusers').",
    source: 'facebookresearch/jepa `src/models/utils/pos_embs.py`; diffusers `get_3d_sincos_pos_embed`.',
    options: {
      frames: size('steps of time'),
      height: size('rows of cells'),
      width: size('columns of cells'),
      dim: size('columns of the table', { min: 2, must: [
        ["a multiple of 8 with split: 'half'", (dim, { split }) => split !== 'half' || dim % 8 === 0],
        ["a multiple of 16 with split: 'quarter'", (dim, { split }) => split !== 'quarter' || dim % 16 === 0],
      ] }),
      base: BASE,
      split: choose(['half', 'equal', 'quarter'], 'how the columns are shared'),
      axes: choose(['tyx', 'txy'], "the order of the axes' columns"),
      spatialScale: positive('cells of the trained grid are so many here (`spatial_interpolation_scale`)', { default: 1 }),
      temporalScale: positive('likewise of time', { default: 1 }),
      byFrame: off('the shape [frames, height width, dim]'),
      prefix: count('rows of zeros in front, for class tokens',
        { must: [['0 with byFrame', (prefix, { byFrame }) => prefix === 0 || !byFrame]] }),
      preset: preset({
        jepa: { split: 'half', axes: 'tyx', byFrame: false },
        'jepa-uniform': { split: 'equal', axes: 'tyx', byFrame: false },
        diffusers: { split: 'quarter', axes: 'txy', byFrame: true },
      }, 'sets split, axes and byFrame'),
    },
    result: float32('[prefix + frames height width, dim]', 'time slowest, then rows', (options) => {
      const { frames, height, width, dim, byFrame, prefix } = options;
      return byFrame ? [frames, height * width, dim] : [prefix + frames * height * width, dim];
    }),
    fill(core, out, { frames, height, width, dim, base, split, axes, spatialScale, temporalScale }) {
      const [time, space] = SPLITS[split](dim);
      const lines = [frames, height, width].map((rows, axis) => {
        const columns = axis === 0 ? time : space;
        const frequencies = frequenciesOf(core, columns / 2, base, columns / 2);
        const step = 1 / (axis === 0 ? temporalScale : spatialScale);
        return { frequencies, rows, width: columns, layout: SINCOS.HALVES, start: 0, step };
      });
      const order = axes === 'tyx' ? [0, 1, 2] : [0, 2, 1];
      fillAxes(core, out, dim, lines, order.map((axis) => [axis, 0, lines[axis].width]));
    },
    example: "pe.sincos3d({ frames: 8, height: 14, width: 14, dim: 1024, preset: 'jepa' }).shape; // [1568, 1024]",
  }),
  sineGrid: encoding({
    summary: "The sinusoidal encoding of a feature map's cells, counted along the rows and columns of a mask.",
    formula: "y and x are the number of the mask's ones up to the cell in its column and its row; normalised " +
      '`(y + offset) / (y_last + epsilon) scale`. Channels of an axis: `sin(y w_i), cos(y w_i)` alternating, `w_i = base^(-2i/features)`.',
    models: "DETR, Conditional DETR, MaskFormer ('detr'), Deformable DETR, Grounding DINO ('deformable-detr'), XCiT ('xcit').",
    source: 'Carion et al. 2020 (arXiv 2005.12872); transformers `DetrSinePositionEmbedding`, ' +
      '`DeformableDetrSinePositionEmbedding`; timm `PositionalEncodingFourier`.',
    options: {
      height: size('rows of cells', { default: 'h', optional: "the mask's", must: [["the mask's, {h}", isMasks('h')]] }),
      width: size('columns of cells', { default: 'w', optional: "the mask's", must: [["the mask's, {w}", isMasks('w')]] }),
      mask: integers('1 where the picture is, 0 where padding is',
        { shape: '[h, w] or [B, h, w]', min: 0, max: 1, nested: true, optional: 'all ones' }),
      features: size('channels of each axis (`num_pos_feats`)', { multiple: 2 }),
      base: { ...BASE, about: '`temperature`' },
      normalize: on('to scale by the last count'),
      scale: positive('', { default: 2 * Math.PI, optional: '2 pi' }),
      epsilon: positive('', { default: 1e-6 }),
      offset: number('added to the counts before normalising; -0.5 for Deformable DETR', { default: 0 }),
      axes: choose(['yx', 'xy'], 'which axis has the first channels'),
      channelsFirst: on(),
      preset: preset({
        detr: { normalize: true, offset: 0 },
        'deformable-detr': { normalize: true, offset: -0.5 },
        xcit: { normalize: true, offset: 0 },
      }, 'sets normalize and offset'),
    },
    result: float32('[2 features, height, width]', 'or [height, width, 2 features]; with a batch of masks B in front', gridShape),
    fill(core, out, { mask, features, base, normalize, scale, epsilon, offset, axes, channelsFirst }, { height, width }) {
      const channels = 2 * features;
      const cells = height * width;
      const single = frequenciesOf(core, features / 2, base, features / 2);
      const half = features / 2;
      const frequencies = spread(2, features, (k) => Number(k < half === (axes === 'xy')), (k) => single[k % half]);
      const targets = targetsOf(features, (k) => 2 * k, 1);
      const plan = { frequencies, targets, axes: 2 };
      const coordinates = new Float64Array(2 * cells);
      const rows = channelsFirst ? allocate(Float32Array, cells * channels) : null;
      for (let at = 0; at * channels < out.length; at += cells) {
        const part = out.subarray(at * channels, (at + cells) * channels);
        const here = mask?.subarray(at, at + cells) ?? null;
        const terms = [offset, epsilon, normalize ? scale : 0];
        core.invoke('wf_mask_coordinates', [{ out: coordinates }, here, height, width, ...terms]);
        fillSinusoids(core, rows ?? part, null, { ...plan, coordinates });
        if (rows) transpose(part, rows, cells, channels);
      }
    },
    example: "pe.sineGrid({ height: 25, width: 34, features: 128, preset: 'detr' }).shape; // [256, 25, 34]",
  }),
};

/** How many columns time, and each axis of space, have. @type {Record<string, (dim: number) => [number, number]>} */
const SPLITS = {
  half: (dim) => [dim / 2, dim / 4],
  equal: (dim) => [2 * Math.ceil(dim / 6), 2 * Math.ceil(dim / 6)],
  quarter: (dim) => [dim / 4, (3 * dim) / 8],
};

/** @param {string} letter of the mask's size @returns {import('../options/table.js').Must[1]} */
function isMasks(letter) {
  return (sides, { mask }, sizeOf) => mask === null || sides === sizeOf(letter);
}
