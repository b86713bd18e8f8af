/**
 * How the goldens of learned tables and convolutional positions call `encodings()`: one entry for each golden's function, from
 * its params and inputs to its outputs by name. Names are translated and presets chosen here, nothing is computed.
 */
import { given } from './entries.js';

/** @import { Entry } from './entries.js' */

/** @type {(preset: string) => Entry} */
const resized =
  (preset) =>
  (pe, { old: from, new: to, prefix, interpolate_offset: scaleOffset }, { table }) => ({
    out: pe.resizeTable({ table, from, to, ...given({ prefix, scaleOffset }), preset }),
  });

/** @type {Record<string, Entry>} */
export const learned = {
  // abs_resample
  timm_resample_abs_pos_embed: (pe, params, { table }) => {
    const {
      old_size: from,
      new_size: to,
      num_prefix_tokens: prefix = 1,
      antialias,
      align_corners: alignCorners,
    } = params;
    const options = given({ from, mode: params.interpolation, antialias, alignCorners });
    return { out: pe.resizeTable({ table, to, prefix, ...options, preset: 'timm' }) };
  },
  timm_resample_abs_pos_embed_nhwc: (pe, { new: to, interpolation: mode, antialias }, { table }) => ({
    out: pe.resizeTable({ table, to, ...given({ mode, antialias }), preset: 'timm' }),
  }),
  hf_vit_interpolate_pos_encoding: resized('hf'),
  dinov2_offset_0p1: resized('dinov2'),
  torchvision_interpolate_embeddings: resized('torchvision'),
  siglip2_resize: (pe, { shapes: sizes, max_length: maxLength }, { table_hwc: table }) => ({
    out: pe.resizeTable({ table, sizes, maxLength, preset: 'siglip2' }),
  }),
  resize_1d: (pe, { n_out: to, mode = 'linear', align_corners: alignCorners, antialias }, { table }) => ({
    out: pe.resizeTable({
      table,
      to,
      mode: mode === 'bicubic' ? 'cubic' : mode,
      ...given({ alignCorners, antialias }),
    }),
  }),

  // factorised, attention_pool, position_ids
  naflex_factorised: (
    pe,
    { new: [height, width], ar_preserving: keepAspect },
    { pos_embed_y: row, pos_embed_x: column },
  ) => ({
    out: pe.rowColumn({ row, column, height, width, ...given({ keepAspect }), preset: 'naflex' }),
  }),
  pix2struct_row_col: (pe, _params, { row, col: column, x, row_ids: rowIds, col_ids: columnIds }) => ({
    out: pe.rowColumn({ row, column, rowIds, columnIds, x }),
  }),
  detr_learned: (pe, { h: height, w: width }, { row, col: column }) => ({
    out: pe.rowColumn({ row, column, height, width, preset: 'detr' }),
  }),
  clip_attention_pool: (pe, { feat_size: from, heads }, inputs) => {
    const names = { q: 'query', k: 'key', v: 'value', proj: 'output' };
    const weights = Object.entries(names).flatMap(([theirs, ours]) => [
      [`${ours}Weight`, inputs[`${theirs}.weight`]],
      [`${ours}Bias`, inputs[`${theirs}.bias`]],
    ]);
    const options = { x: inputs.x, table: inputs.pos_embed, heads, ...given(Object.fromEntries(weights)) };
    const { tokens, output } = pe.attentionPoolTable({ ...options, from, preset: 'timm' });
    return { tokens, out: output };
  },
  roberta_position_ids: (pe, { padding_idx: padding }, { input_ids: inputIds }) => ({
    out: pe.positionIds({ inputIds, padding }),
  }),
  learned_table_add: (pe, { offset }, { table, x }) => ({
    out: pe.learnedTable({ table, x, ...given({ offset }) }),
  }),

  // conv_position
  wav2vec2_conv_pos: (pe, { residual }, { x, weight_g: length, weight_v: direction, bias }) => {
    const { output, weight } = pe.convolutionalPosition({
      x,
      direction,
      length,
      ...given({ bias, residual }),
    });
    return { out: output, folded_weight: weight };
  },
  cpvt_peg: (pe, { h: height, w: width, stride }, { x, weight, bias }) => ({
    out: pe.conditionalPosition({ x, height, width, weight, ...given({ bias, stride }) }),
  }),
};
