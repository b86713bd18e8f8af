/**
 * How the goldens of relative biases and masks call `encodings()`: one entry for each golden's function, from its params
 * and inputs to its outputs by name. Names are translated and presets chosen here, nothing is computed.
 */

/**
 * @typedef {import('../../../bindings/tensor.js').Tensor} Tensor
 * @typedef {(pe: Record<string, (options: any) => Tensor>, params: any, inputs: Record<string, Tensor>) =>
 *   Record<string, Tensor>} Entry
 */

/** @type {Entry} */
const levit = (pe, { resolution, resolution_in = resolution, resolution_out, stride }, { table }) => {
  const options = { grid: resolution_in, queryGrid: resolution_out, stride };
  return { index: pe.levitBias({ ...options, output: 'index' }), bias: pe.levitBias({ ...options, table }) };
};

/** @type {(method: object) => Entry} */
const resize =
  (method) =>
  (pe, { old, new: to, extra }, { table }) => ({
    out: pe.resizeBias({ table, from: old, to, extra, ...method }),
  });

/** @type {(preset: string) => Entry} */
const buckets =
  (preset) =>
  (pe, { rel_from: from, rel_to: to, num_buckets, max_distance: maxDistance, bidirectional }) => ({
    out: pe.t5Buckets({ from, to, buckets: num_buckets, maxDistance, bidirectional, preset }),
  });

/** @type {(mode: string) => Entry} */
const continuous =
  (mode) =>
  (pe, { win, pretrained }, { w1, b1, w2, b2 }) => ({
    out: pe.continuousBias({
      window: win,
      trainedWindow: pretrained,
      mode,
      hiddenWeight: w1,
      hiddenBias: b1,
      outputWeight: w2,
      outputBias: b2,
    }),
  });

/** @type {Entry} */
const disentangled = (pe, params, inputs) => {
  /** @type {Record<string, any>} */
  const options = {
    hidden: inputs.x,
    relativeEmbeddings: inputs.rel_embeddings,
    heads: params.heads,
    positionBuckets: params.position_buckets,
    maxRelativePositions: params.max_relative_positions,
    shareKey: params.share_att_key,
    terms: params.pos_att_type,
  };
  const names = {
    query: 'query',
    key: 'key',
    value: 'value',
    pos_key: 'positionKey',
    pos_query: 'positionQuery',
  };
  for (const [theirs, ours] of Object.entries(names)) {
    options[`${ours}Weight`] = inputs[`${theirs}_proj.weight`];
    options[`${ours}Bias`] = inputs[`${theirs}_proj.bias`];
  }
  return {
    bias: pe.disentangled({ ...options, output: 'bias' }),
    probs: pe.disentangled({ ...options, output: 'probabilities' }),
    context: pe.disentangled({ ...options, output: 'context' }),
  };
};

/** @type {Record<string, Entry>} */
export const bias = {
  // swin_bias
  relative_position_index: (pe, { win }) => ({ out: pe.windowIndex({ window: win }) }),
  relative_position_bias: (pe, { win }, { table }) => ({ out: pe.windowBias({ window: win, table }) }),
  shift_window_mask: (pe, { h, w, win, shift, neg }) => ({
    out: pe.shiftedWindowMask({ height: h, width: w, window: win, shift, fill: neg }),
  }),
  resize_table_geometric: resize({ preset: 'timm' }),
  resize_table_bicubic: resize({ preset: 'swin' }),
  resize_table_bicubic_aa: resize({ preset: 'tinyvit' }),

  // swinv2_cpb
  log_coords: (pe, { win, pretrained, mode }) => ({
    out: pe.logCoordinates({ window: win, trainedWindow: pretrained, mode }),
  }),
  cpb_bias: continuous('swin'),
  cpb_bias_cr: continuous('cr'),

  // beit_bias
  index_cls: (pe, { win }) => ({ out: pe.beitIndex({ window: win }) }),
  bias_cls_bilinear: (pe, { pretrain, win }, { table }) => ({
    out: pe.beitBias({ table, trainedWindow: pretrain, window: win }),
  }),

  // decomposed_rel_pos
  get_rel_pos: (pe, { q, k }, { table }) => ({
    out: pe.decomposedBias({ output: 'axis', table, queries: q, keys: k }),
  }),
  decomposed_rel_pos: (pe, { q_size, k_size }, { query, rel_pos_h, rel_pos_w }) => ({
    out: pe.decomposedBias({
      query,
      heightTable: rel_pos_h,
      widthTable: rel_pos_w,
      queryGrid: q_size,
      keyGrid: k_size,
    }),
  }),

  // levit_bias
  attention_bias: levit,
  attention_bias_subsample: levit,

  // masks
  padding_valid_lens: (pe, { n, neg }, { valid_lens }) => ({
    out: pe.paddingMask({ lengths: valid_lens, length: n, fill: neg }),
  }),
  sliding_window_bidirectional: (pe, { n, window }) => ({
    out: pe.slidingWindowMask({ length: n, window, as: 'allowed' }),
  }),
  packed_segments: (pe, { cu_seqlens }) => ({
    out: pe.segmentMask({ boundaries: cu_seqlens, as: 'allowed' }),
  }),

  // buckets
  t5_bucket: buckets('t5'),
  mpnet_bucket: buckets('mpnet'),
  t5_bias: (pe, { n, bidirectional, max_distance: maxDistance }, { table }) => ({
    out: pe.t5Bias({ table, length: n, bidirectional, maxDistance }),
  }),
  wavlm_gated_bias: (pe, { n, max_distance: maxDistance }, { table, x, gate_w, gate_b, gate_const }) => ({
    out: pe.gatedBias({
      hidden: x,
      bias: pe.t5Bias({ table, length: n, maxDistance, preset: 'wavlm' }),
      gateWeight: gate_w,
      gateBias: gate_b,
      gateConstant: gate_const,
    }),
  }),
  deberta_log_bucket: (pe, { rel_from: from, rel_to: to, bucket_size: bucketSize, max_position }) => ({
    out: pe.debertaBuckets({ from, to, bucketSize, maxPosition: max_position }),
  }),
  deberta_disentangled: disentangled,

  // alibi
  slopes: (pe, { heads, bias_max }) => ({ out: pe.alibiSlopes({ heads, biasMax: bias_max }) }),
  symmetric: (pe, { n, heads, bias_max }) => ({ out: pe.alibi({ length: n, heads, biasMax: bias_max }) }),
  mpt: (pe, { n, heads, bias_max }) => ({
    out: pe.alibi({ length: n, heads, biasMax: bias_max, form: 'mpt' }),
  }),
  bloom: (pe, { heads }, { mask }) => ({ out: pe.alibi({ heads, mask, form: 'bloom' }) }),

  // shaw_xl
  shaw_relative_key: (pe, { left, right }, { q, table }) => ({
    out: pe.shaw({ query: q, table, left, right }),
  }),
  shaw_full: (pe, { k: reach }, { q, k, v, a_k, a_v }) => ({
    out: pe.shaw({
      query: q,
      key: k,
      value: v,
      table: a_k,
      valueTable: a_v,
      left: reach,
      right: reach,
      output: 'context',
    }),
  }),
  xl_sincos: (pe, { q_len: queries, k_len: keys, dim, bidirectional, clamp_len }) => ({
    out: pe.relativeSincos({
      preset: 'xlnet',
      queries,
      keys,
      dim,
      causal: !bidirectional,
      clamp: clamp_len > 0 ? clamp_len : undefined,
    }),
  }),
  xlnet_rel_shift: (pe, { k_len: keys }, { q, k_r, r_r_bias }) => ({
    out: pe.transformerXL({ query: q, table: k_r, positionBias: r_r_bias, keys }),
  }),
  conformer_rel_pos: (pe, { n, dim }) => ({
    out: pe.relativeSincos({ preset: 'conformer', length: n, dim }),
  }),
  conformer_rel_bias: (pe, _params, { q, pos, linear_pos, pos_bias_v }) => ({
    out: pe.transformerXL({
      preset: 'conformer',
      query: q,
      table: pos,
      positionWeight: linear_pos,
      positionBias: pos_bias_v,
    }),
  }),

  // learned_decay
  kerple_log: (pe, { n }, { r1, r2 }) => ({ out: pe.kerple({ length: n, r1, r2, form: 'log' }) }),
  kerple_power: (pe, { n }, { r1, r2 }) => ({ out: pe.kerple({ length: n, r1, r2, form: 'power' }) }),
  fire: (pe, { n, c, L, L_multiplier: multiplier = 1, eps }, { w1, b1, w2, b2 }) => ({
    out: pe.fire({
      length: n,
      c,
      threshold: L * multiplier,
      epsilon: eps,
      hiddenWeight: w1,
      hiddenBias: b1,
      outputWeight: w2,
      outputBias: b2,
    }),
  }),
  sandwich: (pe, { n, heads, bar_d: dim }) => ({ out: pe.sandwich({ length: n, heads, dim }) }),
  cope: (pe, _params, { q, logits, pos_emb }) => ({ out: pe.cope({ query: q, logits, table: pos_emb }) }),

  // position_ids
  botnet_rel_logits: (pe, { h, w }, { q, height_rel, width_rel }) => ({
    out: pe.botnetBias({ query: q, heightTable: height_rel, widthTable: width_rel, grid: [h, w] }),
  }),
  convit_gpsa_pos: (pe, { grid }, { pos_proj_w, pos_proj_b }) => ({
    rel_indices: pe.gpsa({ grid, output: 'offsets' }),
    pos_attn: pe.gpsa({ grid, weight: pos_proj_w, bias: pos_proj_b }),
  }),
};
