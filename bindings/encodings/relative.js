/**
 * Relative positions as vectors that the content meets: Shaw, Transformer-XL and its kin, DeBERTa's disentangled attention. Not
 * here: the sinusoids that they read (sincos.js), buckets (buckets.js), grids (grid.js), an encoder.
 */

import { allocate } from '../arrays.js';
import { choice, choices, entry, floats, integer, number } from '../options/table.js';
import { made, project } from './call.js';
import { choose, count, encoding, float32, NONE, on, size } from './encoding.js';
import { LAYOUT } from './enums.js';

const CONTEXT = /** @type {const} */ ({ when: { output: 'context' } });
const TERMS = /** @type {const} */ (['c2p', 'p2c']);
/** A projection of the positions for a term. @template {string} T @param {T} terms */
const ofPositions = (terms) => ({ when: { shareKey: false, terms } });
const weight = entry('floats', { shape: "[W', W]" });
const bias = entry('floats', { shape: "[W']", optional: 'none' });

/** The layout of the query of `transformerXL` that a preset has. @param {{ preset: string }} options */
const usualLayout = ({ preset }) => (preset === 'conformer' ? 'BHTD' : 'TBHD');

/** Rows of DeBERTa's embeddings on each side. @param {{ positionBuckets: number, maxRelativePositions: number }} options */
const spanOf = ({ positionBuckets, maxRelativePositions }) =>
  positionBuckets > 0 ? positionBuckets : maxRelativePositions;

// biome-ignore format: tables, a line an entry
export const relatives = {
  disentangled: encoding({
    summary: "The position terms of DeBERTa's attention, content to position and position to content, and on request the attention " +
      'itself.',
    formula: '`bias[i, j] = (q_i . pk[r] + k_j . pq[r]) / sqrt(D (1 + terms))`, `r = clip(bucket(i - j) + span, 0, 2 span - 1)`, ' +
      'span = positionBuckets, or maxRelativePositions without buckets; the attention is `softmax(q k^T / sqrt(D (1 + terms)) + bias) v`. ' +
      'Projections are `x W^T + b` of `hidden` (q, k, v) and of `relativeEmbeddings` (pk, pq).',
    models: 'DeBERTa, DeBERTa-v2, DeBERTa-v3.',
    source: 'He et al. 2021 (arXiv 2006.03654, 2111.09543); transformers `DisentangledSelfAttention`.',
    options: {
      hidden: floats('[B, T, W]'),
      relativeEmbeddings: floats('[rows, W]', 'of which the first 2 span are read', { must: [
        ['of at least 2 span rows, twice positionBuckets or, without buckets, maxRelativePositions', (_, options, sizeOf) => sizeOf('rows') >= 2 * spanOf(options)],
      ] }),
      heads: size("H; a head has D = W' / H columns of the projections' W'", { must: [
        ["a divisor of the projections' {W'} columns", (heads, _values, sizeOf) => sizeOf("W'") % heads === 0],
      ] }),
      positionBuckets: integer('buckets; 0 or -1 for none',
        { min: -1, max: 2 ** 20, default: 256, must: [['at least 2, or 0 for none', (buckets) => buckets !== 1]] }),
      maxRelativePositions: size('', { default: 512, must: [['at least 2 more than half of the buckets', (most, { positionBuckets }) =>
        positionBuckets <= 0 || most >= Math.floor(positionBuckets / 2) + 2]] }),
      terms: choices(TERMS, '', { default: TERMS }),
      shareKey: on("the positions' projections are those of the content (DeBERTa-v3)"),
      queryWeight: weight(),
      queryBias: bias('as every bias here may be left out'),
      keyWeight: weight(),
      keyBias: bias(),
      valueWeight: weight('', CONTEXT),
      valueBias: bias('', CONTEXT),
      positionKeyWeight: weight('', ofPositions('c2p')),
      positionKeyBias: bias('', ofPositions('c2p')),
      positionQueryWeight: weight('', ofPositions('p2c')),
      positionQueryBias: bias('', ofPositions('p2c')),
      output: choose(['bias', 'probabilities', 'context']),
    },
    result: float32('[B, H, T, T]', "'context': [B, T, W']", ({ output, heads }, { B, T, "W'": width }) =>
      output === 'context' ? [B, T, width] : [B, heads, T, T]),
    fill(core, out, { hidden, heads, terms, shareKey, output, ...o }, { B, T, W, "W'": width }) {
      const weights = /** @type {Record<string, any>} */ (o);
      const projected = (/** @type {string} */ name, x = hidden) =>
        project(core, x, weights[`${name}Weight`], weights[`${name}Bias`], W);
      const [span, D] = [spanOf(o), width / heads];
      const rule = [span, Math.max(o.positionBuckets, 0), o.maxRelativePositions];
      const rows = made(core, 'wf_disentangled_rows', allocate(Int32Array, 2 * T - 1), T, ...rule);
      const embeddings = o.relativeEmbeddings.subarray(0, 2 * span * W);
      const names = { c2p: shareKey ? 'key' : 'positionKey', p2c: shareKey ? 'query' : 'positionQuery' };
      const positions = TERMS.map((term) => (terms.includes(term) ? projected(names[term], embeddings) : null));
      const how = [LAYOUT.BTHD, 1 / Math.sqrt(D * (1 + terms.length))];
      const [query, key] = [projected('query'), projected('key')];
      const bias = output === 'bias' ? out : allocate(Float32Array, B * heads * T * T);
      core.invoke('wf_disentangled_bias', [{ out: bias }, query, key, ...positions, rows, B, heads, T, D, span, ...how]);
      if (output === 'bias') return;
      const isWhole = output === 'context';
      const results = [{ out: isWhole ? allocate(Float32Array, bias.length) : out }, isWhole ? { out } : null];
      const inputs = [query, key, isWhole ? projected('value') : null, bias, null];
      core.invoke('wf_biased_attention', [...results, ...inputs, B, heads, T, T, D, 0, 0, ...how]);
    },
    example: 'const [hidden, relativeEmbeddings] = [random(1, 16, 768), random(512, 768)];\n' +
      'const weights = { queryWeight: random(768, 768), keyWeight: random(768, 768) };\n' +
      'pe.disentangled({ hidden, relativeEmbeddings, heads: 12, ...weights }).shape; // [1, 12, 16, 16]',
  }),
  shaw: encoding({
    summary: 'The relative positions of Shaw: a learned vector for each offset up to a limit, met by the query; with values, the ' +
      'whole attention of the paper.',
    formula: "`bias[i, j] = scale q_i . table[left + clip(j - i, -left, right)]`; 'context': with `p = softmax(scale q k^T + bias)`, " +
      '`out_i = sum_j p_ij (v_j + valueTable[left + clip(j - i, -left, right)])`.',
    models: "Shaw's Transformer; wav2vec2-BERT and SeamlessM4T v2 (keys only, left 64, right 8).",
    source: 'Shaw et al. 2018 (arXiv 1803.02155); transformers `wav2vec2_bert` `relative_key`.',
    options: {
      query: floats('[B, H, T, D]'),
      table: floats('[rows, D]', 'rows = left + right + 1', { must: [
        ['of {left + right + 1} rows', (_, { left, right }, sizeOf) => sizeOf('rows') === left + right + 1],
      ] }),
      left: count('offsets to the left that are told apart',
        { default: (_, sizeOf) => sizeOf('rows') >> 1, optional: 'half of the table' }),
      right: count('to the right',
        { default: ({ left }, sizeOf) => Math.max(sizeOf('rows') - 1 - left, 0), optional: 'the rest of the table' }),
      length: size('number of keys',
        { default: (_, sizeOf) => sizeOf('Tk') ?? sizeOf('T'), optional: 'that of `key`, else of the queries' }),
      scale: number('', { default: (_, sizeOf) => 1 / Math.sqrt(sizeOf('D')), optional: '1 / sqrt(D)' }),
      key: floats('[B, H, Tk, D]', '', CONTEXT),
      value: floats('[B, H, Tk, D]', '', CONTEXT),
      valueTable: floats('[left + right + 1, D]', "for 'context'", { ...CONTEXT, ...NONE }),
      output: choose(['bias', 'context']),
    },
    result: float32('[B, H, T, keys]', "'context': [B, H, T, D]", ({ output, length }, { B, H, T, D }) =>
      [B, H, T, output === 'context' ? D : length]),
    fill(core, out, { query, table, left, right, key, value, valueTable, ...o }, { B, H, T, D, rows, Tk = o.length }) {
      const bias = o.output === 'context' ? allocate(Float32Array, B * H * T * Tk) : out;
      const [shape, how] = [[B, H, T, Tk, D], [LAYOUT.BHTD, o.scale]];
      core.invoke('wf_relative_bias', [{ out: bias }, query, null, table, ...shape, rows, 1, 1, left, 1, ...how]);
      if (o.output === 'bias') return;
      const results = [{ out: allocate(Float32Array, bias.length) }, { out }];
      core.invoke('wf_biased_attention', [...results, query, key, value, bias, valueTable, ...shape, left, right, ...how]);
    },
    example: 'const [query, table] = [random(1, 16, 50, 64), random(73, 64)];\n' +
      'pe.shaw({ query, table, left: 64, right: 8 }).shape; // [1, 16, 50, 50]',
  }),
  transformerXL: encoding({
    summary: 'The position term of Transformer-XL: the query, plus a learned vector, meets the projected sinusoid of each distance; ' +
      'what the references write as a matrix product and a shift.',
    formula: '`bias[i, j] = scale (q_i + positionBias) . table[zeroRow + j - i]`, 0 where the table has no such row (beyond a causal ' +
      'one).',
    models: "Transformer-XL, XLNet (preset 'xlnet': zeroRow = queries, scale 1), wav2vec2-conformer, Parakeet (preset 'conformer': " +
      'zeroRow = queries - 1, scale 1 / sqrt(D)).',
    source: 'Dai et al. 2019 (arXiv 1901.02860); transformers `XLNetRelativeAttention.rel_shift_bnij`, wav2vec2_conformer ' +
      '`_apply_relative_position_encoding`.',
    options: {
      query: floats('[T, B, H, D]', 'or in another order of `layout`', { shapeOf: ({ layout }) => `[${[...layout].join(', ')}]` }),
      table: floats('[rows, H, D] or [rows, B, H, D] or [rows, W]', 'one row a distance, as `relativeSincos`: projected, or with ' +
        '`positionWeight` the last', { must: [
        ['of two axes with positionWeight, else of three or four', (_, { positionWeight }, _sizeOf, { table }) =>
          (table.length === 2) === (positionWeight !== null)],
      ] }),
      positionWeight: floats('[H D, W]', 'projects the table', NONE),
      positionBias: floats('[H, D]', '`r_r_bias` or `pos_bias_v`', NONE),
      keys: size('number of keys', { default: 'T', optional: 'that of the queries' }),
      preset: choose(['xlnet', 'conformer'], 'sets the defaults of `zeroRow`, `scale` and `layout`'),
      zeroRow: count("the row of a key at the query's own place", {
        default: ({ preset }, sizeOf) => (preset === 'conformer' ? sizeOf('T') - 1 : sizeOf('T')),
        optional: "the number of queries for 'xlnet', one less for 'conformer'",
      }),
      scale: number('multiplies the terms', {
        default: ({ preset }, sizeOf) => (preset === 'conformer' ? 1 / Math.sqrt(sizeOf('D')) : 1),
        optional: "1 for 'xlnet', 1 / sqrt(D) for 'conformer'",
      }),
      layout: choice(['BHTD', 'BTHD', 'TBHD'], "the query's axes",
        { default: usualLayout, optional: "'TBHD' for 'xlnet', 'BHTD' for 'conformer'" }),
    },
    result: float32('[B, H, T, keys]', 'T queries'),
    fill(core, out, { query, table, positionWeight, positionBias, ...o }, { B, H, T, D, rows, W }) {
      const projected = positionWeight ? project(core, table, positionWeight, null, W) : table;
      const shape = [B, H, T, o.keys, D, rows, projected.length / (rows * H * D), H];
      const inputs = [query, positionBias, projected];
      core.invoke('wf_relative_bias', [{ out }, ...inputs, ...shape, o.zeroRow, 0, LAYOUT[o.layout], o.scale]);
    },
    example: 'const table = random(17, 2, 8); // distances 12 to -4, of 2 heads\n' +
      'pe.transformerXL({ query: random(5, 1, 2, 8), table, positionBias: random(2, 8), keys: 12 }).shape; // [1, 2, 5, 12]',
  }),
};
