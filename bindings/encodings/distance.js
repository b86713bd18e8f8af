/**
 * Biases of the distance of two tokens alone: ALiBi, KERPLE, FIRE, Sandwich; and CoPE's, which counts positions by the content.
 * Not here: buckets (buckets.js), vectors that meet the content (relative.js).
 */

import { allocate } from '../arrays.js';
import { floats, integers, number } from '../options/table.js';
import { made } from './call.js';
import { BASE, choose, encoding, float32, NONE, positive, size } from './encoding.js';
import { ALIBI } from './enums.js';

const NO_SLOPES = /** @type {const} */ ({ only: { slopes: false } });
const FORMS = { symmetric: ALIBI.SYMMETRIC, mpt: ALIBI.LAST, bloom: ALIBI.MASK };

/** A kernel's numbers. @type {import('../options/table.js').Must} */
const POSITIVE = [
  'of positive numbers',
  (values) => values.every((/** @type {number} */ value) => value > 0),
];

// biome-ignore format: tables, a line an entry
export const distances = {
  alibiSlopes: encoding({
    summary: 'The slopes of ALiBi, one a head.',
    formula: '`m_h = 2^(-biasMax (h + 1) / H)`; if H is no power of two, the slopes of the power below, then every other slope of the ' +
      'power above.',
    models: 'MosaicBERT, JinaBERT v2, Bloom, MPT.',
    source: 'Press et al. 2022 (arXiv 2108.12409); transformers `build_alibi_tensor` (Bloom).',
    options: { heads: size('H', { max: 65536 }), biasMax: positive('', { default: 8 }) },
    result: float32('[heads]'),
    fill: (core, out, { heads, biasMax }) => core.invoke('wf_alibi_slopes', [{ out }, heads, biasMax]),
    example: 'pe.alibiSlopes({ heads: 3 }).tolist(); // [0.0625, 0.00390625, 0.25]',
  }),
  alibi: encoding({
    summary: 'Attention with linear biases: a penalty that grows with the distance, steeper in some heads than in others.',
    formula: "'symmetric' `-m_h |i - j|`; 'mpt' `m_h (j - (T - 1))`; 'bloom' `m_h` times the place of j among the ones of the mask, 0 " +
      'where the mask is 0. Slopes as in `alibiSlopes`.',
    models: 'MosaicBERT, JinaBERT v2 (symmetric), MPT, Bloom.',
    source: 'Press et al. 2022 (arXiv 2108.12409); transformers `build_mpt_alibi_tensor`, `build_alibi_tensor`.',
    options: {
      heads: size('H', { max: 65536, ...NO_SLOPES }),
      length: size('tokens T', { when: { form: ['symmetric', 'mpt'] } }),
      form: choose(['symmetric', 'mpt', 'bloom'], "'symmetric' is the encoders' form"),
      mask: integers('1 for a token and 0 for padding', { shape: '[B, T]', nested: true, min: 0, max: 1, only: { form: 'bloom' } }),
      slopes: floats('[H]', 'instead of those of `alibiSlopes`', NONE),
      biasMax: positive('of the slopes', { ...NO_SLOPES, default: 8 }),
    },
    result: float32('[H, T, T]', "'mpt': [H, 1, T]; 'bloom': [B H, 1, T]", ({ form, heads: H, length }, sizes) => {
      const [planes, T] = [(sizes.B ?? 1) * (H ?? sizes.H), sizes.T ?? length];
      return form === 'symmetric' ? [planes, T, T] : [planes, 1, T];
    }),
    fill(core, out, { heads: H, length, form, mask, slopes: given, biasMax }, { B = 1, T = length }) {
      const slopes = given ?? made(core, 'wf_alibi_slopes', allocate(Float32Array, H), H, biasMax);
      core.invoke('wf_alibi', [{ out }, slopes, mask, B, slopes.length, T, FORMS[form]]);
    },
    example: 'pe.alibi({ heads: 1, length: 2 }).tolist(); // [[[0, -0.00390625], [-0.00390625, 0]]]',
  }),
  kerple: encoding({
    summary: "KERPLE's kernels of the distance with two learned numbers a head.",
    formula: "'log' `-r1 ln(1 + r2 |i - j|)`; 'power' `-r1 |i - j|^r2`.",
    models: 'research models; made for causal attention, where the mask hides j > i.',
    source: 'Chi et al. 2022 (arXiv 2205.09921).',
    options: {
      length: size('tokens T'),
      r1: floats('[H]', 'positive', { must: [POSITIVE] }),
      r2: floats('[H]', "positive; for 'power' at most 2", { must: [POSITIVE] }),
      form: choose(['log', 'power']),
    },
    result: float32('[H, length, length]'),
    fill: (core, out, { length, r1, r2, form }, { H }) =>
      core.invoke('wf_kerple', [{ out }, r1, r2, H, length, Number(form === 'power')]),
    example: 'pe.kerple({ length: 128, r1: random(12), r2: random(12) }).shape; // [12, 128, 128]',
  }),
  fire: encoding({
    summary: "FIRE's bias: a small network over the distance, made relative to the query's place.",
    formula: '`x = ln(|c (i - j)| + 1) / (ln(|c max(i, |threshold|)| + 1) + epsilon)`, `bias[h, i, j] = W2 relu(W1 x + b1) + b2`.',
    models: 'research models; made for causal attention, its use in an encoder is ours.',
    source: 'Li et al. 2024 (arXiv 2310.04418).',
    options: {
      length: size('tokens T'),
      hiddenWeight: floats('[F, 1]', 'W1'),
      hiddenBias: floats('[F]', 'b1', NONE),
      outputWeight: floats('[H, F]', 'W2'),
      outputBias: floats('[H]', 'b2', NONE),
      c: number('', { default: 0.1 }),
      threshold: number('L, times its multiplier', { default: 512 }),
      epsilon: positive('', { default: 1e-6 }),
    },
    result: float32('[H, length, length]'),
    fill(core, out, { length: T, ...o }, { F, H }) {
      const offsets = made(core, 'wf_fire_distances', allocate(Float32Array, T * T), T, o.c, o.threshold, o.epsilon);
      const weights = [o.hiddenWeight, o.hiddenBias, o.outputWeight, o.outputBias];
      core.invoke('wf_position_mlp', [{ out }, offsets, ...weights, T * T, 1, F, H, 0]);
    },
    example: 'pe.fire({ length: 128, hiddenWeight: random(32, 1), outputWeight: random(12, 32) }).shape; // [12, 128, 128]',
  }),
  sandwich: encoding({
    summary: 'Sandwich: the inner product of two sinusoids, scaled by head.',
    more: "The paper's appendix was followed from memory; there is no reference to compare with.",
    formula: '`bias[h, i, j] = p_i . p_j H / (8 (h + 1))`, where `p_i . p_j = sum_k cos((i - j) base^(-2k/dim))`.',
    models: 'research models; made for causal attention.',
    source: 'Chi et al. 2023 (arXiv 2212.10356).',
    options: {
      length: size('tokens T'),
      heads: size('H', { max: 65536 }),
      dim: size('width of the sinusoids', { min: 2, multiple: 2, default: 128, must: [
        ['at most 2^28 / length: as many cosines are added', (dim, { length }) => dim * length <= 2 ** 28],
      ] }),
      base: BASE,
    },
    result: float32('[heads, length, length]'),
    fill: (core, out, { length, heads, dim, base }) => core.invoke('wf_sandwich', [{ out }, heads, length, dim, base]),
    example: 'pe.sandwich({ length: 128, heads: 12 }).shape; // [12, 128, 128]',
  }),
  cope: encoding({
    summary: 'Contextual position encoding: positions are counted by gates over the content, so that a position can mean the i-th ' +
      'sentence.',
    more: 'The result is added to the logits.',
    formula: '`p[i, j] = min(sum over t >= j of sigmoid(logits[i, t]), P - 1)`, `out[i, j] = q[i] . table[:, p[i, j]]`, linear between ' +
      'the two nearest columns.',
    models: 'research models; made for causal attention (masked logits are -Infinity and count nothing), its use in an encoder is ours.',
    source: 'Golovneva et al. 2024 (arXiv 2405.18719).',
    options: {
      query: floats('[B, H, Tq, D]'),
      logits: floats('[B, H, Tq, Tk]'),
      table: floats('[D, P]', 'of P positions'),
    },
    result: float32('[B, H, Tq, Tk]'),
    fill: (core, out, { query, logits, table }, { B, H, Tq, Tk, D, P }) =>
      core.invoke('wf_cope', [{ out }, query, logits, table, B * H, Tq, Tk, D, P]),
    example: 'const [query, logits] = [random(1, 12, 50, 64), random(1, 12, 50, 50)];\n' +
      'pe.cope({ query, logits, table: random(64, 20) }).shape; // [1, 12, 50, 50]',
  }),
};
