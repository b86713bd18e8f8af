/**
 * Distances between tokens as buckets, T5's bias, which has a learned value for each, and WavLM's gate over it. Not here:
 * DeBERTa's scores (relative.js).
 */
import { floats, integer, integers } from '../options/table.js';
import { choose, count, encoding, float32, int32, on, size } from './encoding.js';
import { BUCKETS } from './enums.js';

const INT32 = 2 ** 31 - 1;
const LIMIT = 2 ** 24;

/** Distances as the caller gives them: a list, or a range. @param {string} about */
const distancesOptions = (about) => ({
  distances: integers(about, { only: { from: false, to: false } }),
  from: integer('the first of a range of distances', { min: -LIMIT, max: LIMIT, when: { distances: false } }),
  to: integer('its last', { min: 'from', max: LIMIT, when: { distances: false } }),
});

/** Buckets of a direction that have one distance each. @param {boolean} bidirectional @param {number} buckets */
const exactBuckets = (bidirectional, buckets) =>
  Math.floor(Math.floor(buckets / (bidirectional ? 2 : 1)) / 2);

// biome-ignore format: a table, a line an entry
/** @type {import('../options/table.js').Must} */
const ENOUGH = ['of at least 4 buckets, or 2 unless bidirectional', (_, { bidirectional }, sizeOf) =>
  sizeOf('buckets') >= (bidirectional ? 4 : 2)];
// biome-ignore format: a table, a line an entry
const RULE = {
  maxDistance: integer('from which all distances share the last bucket', {
    min: 1, max: INT32, default: ({ preset }) => (preset === 'wavlm' ? 800 : 128), optional: "128, 800 with preset 'wavlm'",
    must: [['above the distances that have a bucket each', (most, { bidirectional }, sizeOf) =>
      most > exactBuckets(bidirectional, sizeOf('buckets'))]],
  }),
  bidirectional: on('true in encoders'),
};
const PRESET = choose(['t5', 'mpnet', 'wavlm']);

/** The core's flags. @param {{ bidirectional: boolean, preset: string }} options */
const flagsOf = ({ bidirectional, preset }) =>
  (bidirectional ? BUCKETS.BIDIRECTIONAL : 0) + (preset === 'wavlm' ? BUCKETS.ROUND_SUM : 0);

/** @type {import('./encoding.js').ShapeOf} */
const distancesShape = ({ distances, from, to }) => [distances?.length ?? to - from + 1];

/** @param {{ distances: Int32Array, from: number, to: number }} options */
const distancesOf = ({ distances, from, to }) =>
  distances ?? Int32Array.from({ length: to - from + 1 }, (_, i) => from + i);

// biome-ignore format: tables, a line an entry
export const buckets = {
  t5Buckets: encoding({
    summary: 'The buckets of T5: small distances have one each, larger ones share them on a logarithmic scale.',
    formula: 'for the distance r = key - query and n buckets of a direction: `|r|` below n/2, else ' +
      '`min(n - 1, n/2 + floor(ln(|r| / (n/2)) / ln(maxDistance / (n/2)) (n - n/2)))`; bidirectional: n is half of the buckets and ' +
      'r > 0 has the upper half; else r > 0 has bucket 0. Computed in float32, as the references do.',
    models: 'T5, UMT5, LongT5, MPNet, LayoutLMv3 (1D and 2D), WavLM.',
    source: 'Raffel et al. 2020 (arXiv 1910.10683); transformers `T5Attention._relative_position_bucket`.',
    options: {
      ...distancesOptions('key minus query'),
      buckets: size('of both directions together',
        { default: ({ preset }) => (preset === 'wavlm' ? 320 : 32), optional: "32, 320 with preset 'wavlm'", must: [ENOUGH] }),
      ...RULE,
      preset: { ...PRESET, about: "'t5' and 'mpnet' are one rule; 'wavlm' rounds in another order, which differs at single edges" },
    },
    result: int32('[distances]', '', distancesShape),
    fill: (core, out, o) =>
      core.invoke('wf_t5_buckets', [{ out }, distancesOf(o), out.length, o.buckets, o.maxDistance, flagsOf(o)]),
    example: 'pe.t5Buckets({ distances: [-200, -1, 0, 1, 20] }).tolist(); // [15, 1, 0, 17, 26]',
  }),
  t5Bias: encoding({
    summary: 'The relative position bias of T5: a learned value for each bucket and head, added to the scores, which T5 does not ' +
      'scale.',
    formula: '`bias[h, i, j] = table[bucket(j - (offset + i)), h]` with `t5Buckets`.',
    models: 'T5, UMT5, LongT5, MPNet, LayoutLMv3, WavLM (then gated, `gatedBias`).',
    source: 'Raffel et al. 2020 (arXiv 1910.10683); transformers `T5Attention.compute_bias`.',
    options: {
      table: floats('[buckets, H]', '', { must: [ENOUGH] }),
      length: size('tokens, if queries and keys are the same', { optional: 'none' }),
      queries: size('number of queries', { default: 'length', optional: 'length' }),
      keys: size('number of keys', { default: 'length', optional: 'length' }),
      offset: count('place of the first query among the keys'),
      maxDistance: { ...RULE.maxDistance, about: 'as in `t5Buckets`' },
      bidirectional: { ...RULE.bidirectional, about: 'as in `t5Buckets`' },
      preset: { ...PRESET, about: "as in `t5Buckets`; the table's rows are the buckets" },
    },
    result: float32('[H, queries, keys]'),
    fill: (core, out, o, { buckets: rows, H }) =>
      core.invoke('wf_t5_bias', [{ out }, o.table, o.queries, o.keys, H, o.offset, rows, o.maxDistance, flagsOf(o)]),
    example: 'pe.t5Bias({ table: random(32, 8), length: 12 }).shape; // [8, 12, 12]',
  }),
  debertaBuckets: encoding({
    summary: 'The buckets of DeBERTa: distances up to half of the size stay, larger ones are logarithmic, signs are kept.',
    formula: 'for the distance r = query - key and m = bucketSize / 2: r if `|r| <= m`, else ' +
      '`sign(r) (m + ceil(ln(|r| / m) / ln((maxPosition - 1) / m) (m - 1)))`. Computed in float32: at single edges float64 gives ' +
      'another bucket.',
    models: 'DeBERTa-v2, DeBERTa-v3.',
    source: 'He et al. 2021 (arXiv 2111.09543); transformers `make_log_bucket_position`.',
    options: {
      ...distancesOptions('query minus key'),
      bucketSize: size('', { min: 2, default: 256 }),
      maxPosition: integer('', { above: 'bucketSize/2 + 1', max: INT32, default: 512 }),
    },
    result: int32('[distances]', '', distancesShape),
    fill: (core, out, o) =>
      core.invoke('wf_deberta_buckets', [{ out }, distancesOf(o), out.length, o.bucketSize, o.maxPosition]),
    example: 'pe.debertaBuckets({ distances: [-300, 5, 128] }).tolist(); // [-207, 5, 128]',
  }),
  gatedBias: encoding({
    summary: 'The gated relative position bias of WavLM: each token decides how much of the bias its row of scores receives.',
    formula: '`out[b, h, i, j] = (g1 (g2 constant[h] - 1) + 2) bias[h, i, j]`, g1 and g2 the sigmoids of the sums of the first and ' +
      "the last four outputs of a linear layer over the head's part of hidden state i.",
    models: "WavLM (the bias is `t5Bias` with preset 'wavlm', computed in layer 0 and gated anew in every layer).",
    source: 'Chen et al. 2022 (arXiv 2110.13900); transformers `WavLMAttention`.',
    options: {
      hidden: floats('[B, T, H D]', 'what enters the layer'),
      bias: floats('[H, T, T]'),
      gateWeight: floats('[8, D]', '`gru_rel_pos_linear.weight`'),
      gateBias: floats('[8]', '`gru_rel_pos_linear.bias`'),
      gateConstant: floats('[H] or [1, H, 1, 1]', '`gru_rel_pos_const`'),
    },
    result: float32('[B, H, T, T]'),
    fill: (core, out, o, { B, H, T, D }) =>
      core.invoke('wf_gated_bias', [{ out }, o.hidden, o.bias, o.gateWeight, o.gateBias, o.gateConstant, B, H, T, D]),
    example: "const bias = pe.t5Bias({ table: random(320, 12), length: 50, preset: 'wavlm' });\n" +
      'const gate = { gateWeight: random(8, 64), gateBias: random(8), gateConstant: random(12) };\n' +
      'pe.gatedBias({ hidden: random(1, 50, 768), bias, ...gate }).shape; // [1, 12, 50, 50]',
  }),
};
