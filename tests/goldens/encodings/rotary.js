/**
 * How the goldens of rotary encodings call `encodings()`: one entry for each golden's function, from its params and inputs to
 * its outputs by name. Names are translated and presets chosen here, nothing is computed.
 */
import { Tensor } from '../../../bindings/tensor.js';
import { given, join } from './entries.js';

/** @import { Entry, Results } from './entries.js' */

/** @type {(layout: string) => Entry} */
const line =
  (layout) =>
  (pe, { n, dim, base }, { x, positions }) => {
    const table = pe.rope({ ...given({ length: positions ? null : n, positions, dim, base }), layout });
    return { ...table, ...(x && { out: pe.applyRope({ x, ...table, layout }) }) };
  };

/** @type {Entry} */
const scaling = (pe, params) => {
  const {
    rope_type: type,
    dim,
    rope_theta: base,
    factor,
    partial_rotary_factor: fraction = 1,
    seq_len: length,
  } = params;
  const { max_position_embeddings: maxLength, original_max_position_embeddings: originalLength } = params;
  const attention = { attentionFactor: params.attention_factor };
  const names = {
    linear: { factor },
    dynamic: { factor, originalLength: maxLength, length },
    yarn: {
      ...{ factor, maxLength, originalLength, fast: params.beta_fast, slow: params.beta_slow },
      ...{ truncate: params.truncate, ...attention },
      ...{ attentionScale: params.mscale, attentionScaleAll: params.mscale_all_dim },
    },
    llama3: {
      factor,
      originalLength,
      lowFactor: params.low_freq_factor,
      highFactor: params.high_freq_factor,
    },
    longrope: {
      ...{ factor, maxLength, originalLength, length, ...attention },
      ...{ shortFactors: params.short_factor, longFactors: params.long_factor },
    },
    proportional: { factor, fraction },
  };
  const options = given(names[/** @type {keyof typeof names} */ (type)] ?? {});
  const rotated = type === 'proportional' ? dim : Math.trunc(dim * fraction);
  const plain = type === 'default';
  const { frequencies, attentionFactor } = pe.ropeFrequencies({
    ...given({ dim: rotated, base }),
    ...(!plain && { scaling: { type, ...options } }),
  });
  return {
    inv_freq: frequencies,
    attention_factor: new Tensor('float32', Float32Array.of(attentionFactor), [1]),
  };
};

/** A table as timm keeps it, and what it does to x. @type {(pe: any, table: any, layout: string, x?: Tensor) => Results} */
const timmTable = (pe, { cos, sin }, layout, x) => {
  const embed = join(sin, cos);
  if (!x) return { embed, out: embed };
  const prefix = x.shape[x.shape.length - 2] - cos.shape[0];
  const applied = pe.applyRope({ x, cos, sin, layout, prefix });
  return { embed, out: embed, applied };
};

/** @type {Entry} */
const timmGrid = (pe, params, { x }) => {
  const {
    shape,
    dim,
    in_pixels: inPixels = true,
    max_res: maxResolution,
    temperature: base,
    linear_bands: even,
  } = params;
  const { ref_feat_shape: reference, grid_offset: offset, grid_indexing: axes, rotate_half: half } = params;
  const layout = half ? 'half' : 'interleaved';
  const { grid_type: grid = inPixels ? 'pixel' : 'index', normalize_coords: normalize } = params;
  const bands = { bands: inPixels ? (even ? 'linear' : 'octaves') : 'geometric', grid };
  const measure = { reference, normalize, offset: grid === 'pixel' ? null : offset };
  const options = given({ dim, maxResolution, base, ...measure, axes: axes === 'xy' ? 'xy' : 'yx' });
  return timmTable(
    pe,
    pe.rope2d({ height: shape[0], width: shape[1], ...options, ...bands, layout }),
    layout,
    x,
  );
};

/** @type {Entry} */
const dinov3 = (pe, params, { x }) => {
  const { shape, dim, temperature, min_period: least, max_period: most, rotate_half: half = true } = params;
  const { normalize_coords: normalize, grid_offset: offset, grid_indexing: axes } = params;
  const layout = half ? 'half' : 'interleaved';
  const ranged = least != null && most != null;
  const periods = ranged ? { periodRange: [least, most] } : given({ base: temperature });
  const options = given({ dim, normalize, offset, axes: axes === 'xy' ? 'xy' : 'yx' });
  const table = pe.rope2d({
    height: shape[0],
    width: shape[1],
    ...options,
    ...periods,
    layout,
    preset: 'dinov3',
  });
  return timmTable(pe, table, layout, x);
};

/** @type {Record<string, Entry>} */
export const rotary = {
  // rope_1d
  rope_half: line('half'),
  rope_interleaved: line('interleaved'),
  rope_positions: line('half'),
  rope_partial: (pe, { n: length, rotary_dim: dim, base, interleaved }, { x }) => {
    const layout = interleaved ? 'interleaved' : 'half';
    const table = pe.rope({ length, dim, ...given({ base }), layout });
    return { ...table, out: pe.applyRope({ x, ...table, layout }) };
  },
  rope_scaling: scaling,

  // rope_2d
  timm_rope_cat: timmGrid,
  timm_rope_mixed: (pe, { shape, dim, grid_indexing: axes }, { freqs: frequencies }) => {
    const options = {
      height: shape[0],
      width: shape[1],
      dim,
      axes: axes === 'xy' ? 'xy' : 'yx',
      frequencies,
    };
    const { cos, sin } = pe.rope2d({ ...options, layout: 'interleaved' });
    return { out: join(sin, cos) };
  },
  dinov3_rope: dinov3,
  dinov3_rope_hf: (pe, { shape, head_dim: dim, base }) =>
    pe.rope2d({ height: shape[0], width: shape[1], dim, ...given({ base }), preset: 'dinov3' }),
  llama4_vision_rope: (pe, { grid, head_dim: dim, base }, { x_bnhd: x }) => {
    const { cos, sin } = pe.rope2d({ height: grid, width: grid, dim, ...given({ base }), preset: 'llama4' });
    const turned = { cos, sin, layout: 'interleaved', repeat: false, order: 'bthd' };
    return { cos, sin, ...(x && { applied: pe.applyRope({ x, ...turned }) }) };
  },
  pixtral_rope: (pe, { shape, head_dim: dim, base }) =>
    pe.rope2d({ height: shape[0], width: shape[1], dim, ...given({ base }), preset: 'pixtral' }),
  qwen2vl_vision_rope: (pe, { t: frames = 1, h: height, w: width, merge, head_dim: dim, base }) =>
    pe.rope2d({ height, width, dim, frames, ...given({ merge, base }), preset: 'qwen2-vl' }),
  mrope: (pe, { sections, dim, base }, { position_ids: positions }) =>
    pe.ropeSections({ positions, sections, dim, ...given({ base }) }),
  mrope_interleaved_image: (pe, { shape, dim, sections, base, temperature }) => {
    const options = {
      height: shape[0],
      width: shape[1],
      dim,
      sections,
      ...given({ base: base ?? temperature }),
    };
    const { cos, sin } = pe.ropeSections({ ...options, mode: 'strided' });
    return { out: join(sin, cos) };
  },
};
