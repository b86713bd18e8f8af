/**
 * How the goldens of sinusoids and Fourier features call `encodings()`: one entry for each golden's function, from its params
 * and inputs to its outputs by name. Names are translated and presets chosen here, nothing is computed.
 */
import { given } from './entries.js';

/** @import { Entry } from './entries.js' */

/** @type {(preset: string, more?: object) => Entry} */
const line =
  (preset, more = {}) =>
  (pe, { n, len, dim, base, temperature, padding_idx: padding, max_len: maxLength }, { positions }) => ({
    out: pe.sincos1d({
      ...more,
      ...given({
        length: positions ? null : (n ?? len),
        positions,
        dim,
        base: base ?? temperature,
        padding,
        maxLength,
      }),
      preset,
    }),
  });

/** @type {(preset: string, more?: object) => Entry} */
const plane =
  (preset, more = {}) =>
  (pe, { h, w, dim, base, temperature, prefix }) => ({
    out: pe.sincos2d({
      height: h,
      width: w,
      ...more,
      ...given({ dim, base: base ?? temperature, prefix }),
      preset,
    }),
  });

/** @type {(preset: string) => Entry} */
const detr =
  (preset) =>
  (pe, { h, w, num_feats: features, temperature: base, normalize, scale, eps }, { mask }) => ({
    out: pe.sineGrid({
      height: h,
      width: w,
      ...given({ features, base, normalize, scale, epsilon: eps, mask }),
      preset,
    }),
  });

/** The rows of a table that a golden keeps. @type {(table: any, tail?: number) => any} tail: the last ones; all by default */
const lastRows = (table, tail = table.shape[0]) => table.slice([table.shape[0] - tail, table.shape[0]]);

/** @type {Record<string, Entry>} */
export const absolute = {
  // seeds
  seed000_posemb_sincos_1d: line('simple-vit', { guard: false }),
  seed000_posemb_sincos_1d_guarded: line('simple-vit'),
  seed000_posemb_sincos_2d: plane('simple-vit', { guard: false }),
  seed000_posemb_sincos_2d_guarded: plane('simple-vit'),
  seed001_positional_encoding: (pe, { num_hiddens: dim, num_steps: length, tail, max_len: maxLength }) => ({
    out: lastRows(pe.sincos1d({ length, dim, ...given({ maxLength }), preset: 'd2l' }), tail),
  }),
  seed001_positional_encoding_add: (pe, { num_hiddens: dim }, { x }) => ({
    out: pe.learnedTable({ x, table: pe.sincos1d({ length: x.shape[1], dim, preset: 'd2l' }) }),
  }),
  seed002_sincos_pos_vec: line('vaswani'),
  seed002_row_col_embedding: (pe, { h: height, w: width }, { row, col: column, x }) => ({
    table: pe.rowColumn({ row, column, height, width }),
    ...(x && { out: pe.rowColumn({ row, column, height, width, x }) }),
  }),
  seed003_clip_positional_embedding: (
    pe,
    { spacial_dim: from },
    { x_nchw: x, positional_embedding: table },
  ) => ({
    out: pe.attentionPoolTable({ x, table, from, preset: 'clip' }).tokens,
  }),
  seed004_positional_encoding: (pe, { n: length, dim, tail, max_len: maxLength = 5000 }) => ({
    out: lastRows(pe.sincos1d({ length, dim, maxLength, preset: 'vaswani' }), tail),
  }),

  // sincos_1d, timestep
  interleaved: line('videomae'),
  interleaved_positions: line('videomae'),
  concat_ends: line('fairseq'),
  concat_ends_whisper: line('whisper'),
  concat_half_sentinel: line('roformer'),
  fairseq_from_ids: (pe, { dim, padding_idx: padding }, { input_ids: inputIds }) => {
    const positions = pe.positionIds({ inputIds, padding });
    return { out: pe.sincos1d({ positions, dim, padding, preset: 'fairseq' }), position_ids: positions };
  },
  timestep_embedding: (pe, params, { t: timesteps }) => {
    const { dim, flip_sin_to_cos: flip, downscale_freq_shift: shift, scale, max_period: base } = params;
    const order = flip ? 'cos-sin' : 'sin-cos';
    return { out: pe.timestep({ timesteps, dim, order, ...given({ shift, scale, base }) }) };
  },

  // sincos_2d, sincos_3d
  mae_w_first: plane('mae'),
  h_first: plane('hf'),
  moco_v3: plane('moco-v3'),
  timm_build_sincos2d: (pe, params, inputs) => {
    const reverse = params.reverse_coord ? { axes: 'xy', tokens: 'column-major' } : {};
    const layout = params.interleave_sin_cos ? 'per-axis' : 'halves';
    return plane('timm', { ...reverse, layout })(pe, params, inputs);
  },
  detr_sine: detr('detr'),
  deformable_detr_sine: detr('deformable-detr'),
  jepa_3d: (pe, { t, h, w, dim, base, uniform_power: uniform, prefix }) => ({
    out: pe.sincos3d({
      ...{ frames: t, height: h, width: w, dim, ...given({ base, prefix }) },
      preset: uniform ? 'jepa-uniform' : 'jepa',
    }),
  }),
  diffusers_3d: (pe, params) => {
    const {
      t,
      h,
      w,
      dim,
      spatial_interpolation_scale: spatialScale,
      temporal_interpolation_scale: temporalScale,
    } = params;
    const scales = given({ spatialScale, temporalScale });
    return { out: pe.sincos3d({ frames: t, height: h, width: w, dim, ...scales, preset: 'diffusers' }) };
  },
  separable_learned: (pe, _params, { temporal: row, spatial: column }) => ({
    out: pe.rowColumn({ row, column }),
  }),
};

/** @type {Record<string, Entry>} */
export const features = {
  // fourier
  perceiver: (pe, params) => {
    const { shape: sizes, num_bands: bands, max_resolution: maxResolution } = params;
    const { concat_pos: concatPositions, sine_only: sineOnly } = params;
    return {
      out: pe.fourier({
        sizes,
        bands,
        ...given({ maxResolution, concatPositions, sineOnly }),
        preset: 'perceiver',
      }),
    };
  },
  timm_fourier_pixel: (pe, params) => {
    const {
      shape: sizes,
      num_bands: bands,
      max_res: maxResolution,
      linear_bands: even,
      include_grid: concatPositions,
    } = params;
    const {
      in_pixels: inPixels = true,
      temperature,
      grid_offset: offset,
      ref_feat_shape: reference,
    } = params;
    const measured = inPixels ? { maxResolution } : { base: temperature, offset, grid: 'index' };
    const spacing = inPixels ? (even ? 'linear' : 'octaves') : 'geometric';
    const options = given({ ...measured, reference, concatPositions });
    return { out: pe.fourier({ sizes, bands, spacing, ...options, preset: 'timm' }) };
  },
  nerf: (pe, { L: octaves, include_input: includeInput, log_sampling: log = true }, { x }) => ({
    out: pe.nerf({ x, octaves, ...given({ includeInput }), spacing: log ? 'octaves' : 'linear' }),
  }),
  sam_random_fourier: (pe, _params, { coords01: coordinates, gaussian: matrix }) => ({
    out: pe.randomFourier({ coordinates, matrix }),
  }),
};
