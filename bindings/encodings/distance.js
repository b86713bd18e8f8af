/**
 * Biases of the distance of two tokens alone: ALiBi, KERPLE, FIRE, Sandwich. Not here: buckets (buckets.js), terms that
 * meet the content (content.js, relative.js).
 */
import { ALIBI } from './enums.js';
import { allocate, Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/**
 * The slopes of ALiBi, one a head.
 *
 * Formula: `m_h = 2^(-biasMax (h + 1) / H)`; if H is no power of two, the slopes of the power below, then every other slope
 * of the power above.
 * Models: MosaicBERT, JinaBERT v2, Bloom, MPT.
 * Source: Press et al. 2022 (arXiv 2108.12409); transformers `build_alibi_tensor` (Bloom).
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.heads H
 * @param {number} [options.biasMax] 8 by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.alibiSlopes({ heads: 3 }).tolist(); // [0.0625, 0.00390625, 0.25]
 */
export function alibiSlopes(core, options) {
  const operands = new Operands('alibiSlopes', options, ['heads', 'biasMax']);
  const heads = operands.integer('heads', { max: 65536 });
  const biasMax = operands.number('biasMax', { above: 0, fallback: 8 });
  return operands.result([heads], 'float32', (out) => {
    core.invoke('wf_alibi_slopes', [{ out }, heads, biasMax]);
  });
}

/**
 * Attention with linear biases: a penalty that grows with the distance, steeper in some heads than in others.
 *
 * Formula: 'symmetric' `-m_h |i - j|`; 'mpt' `m_h (j - (T - 1))`; 'bloom' `m_h` times the place of j among the ones of the
 * mask, 0 where the mask is 0. Slopes as in `alibiSlopes`.
 * Models: MosaicBERT, JinaBERT v2 (symmetric), MPT, Bloom.
 * Source: Press et al. 2022 (arXiv 2108.12409); transformers `build_mpt_alibi_tensor`, `build_alibi_tensor`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} [options.heads] H; not needed with `slopes`
 * @param {number} [options.length] tokens T; not needed with `mask`
 * @param {'symmetric' | 'mpt' | 'bloom'} [options.form] 'symmetric' by default, the encoders' form
 * @param {Tensor} [options.mask] for 'bloom': integers [B, T], 1 for a token and 0 for padding
 * @param {Tensor} [options.slopes] [H], instead of those of `alibiSlopes`
 * @param {number} [options.biasMax] of the slopes; 8 by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H, T, T]; 'mpt': [H, 1, T]; 'bloom': [B H, 1, T]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} slopes that are not a list
 * @example
 * pe.alibi({ heads: 1, length: 2 }).tolist(); // [[[0, -0.00390625], [-0.00390625, 0]]]
 */
export function alibi(core, options) {
  const known = ['heads', 'length', 'form', 'mask', 'slopes', 'biasMax'];
  const operands = new Operands('alibi', options, known);
  const form = operands.choice('form', ['symmetric', 'mpt', 'bloom'], 'symmetric');
  if (form !== 'bloom' && operands.has('mask')) operands.refuse('mask', "left out unless form is 'bloom'");
  const slopes = readSlopes(core, operands);
  const H = slopes.length;
  const mask = form === 'bloom' ? operands.integers('mask', { min: 0, max: 1 }) : null;
  if (mask && options.mask?.shape?.length !== 2) operands.refuse('mask', 'a Tensor of shape [B, T]');
  const T = mask ? Number(options.mask?.shape[1]) : operands.integer('length');
  const B = mask ? mask.length / T : 1;
  const shape = form === 'symmetric' ? [H, T, T] : [B * H, 1, T];
  const code = { symmetric: ALIBI.SYMMETRIC, mpt: ALIBI.LAST, bloom: ALIBI.MASK }[form];
  return operands.result(shape, 'float32', (out) => {
    core.invoke('wf_alibi', [{ out }, slopes, mask, B, H, T, code]);
  });
}

/** @param {Instance} core @param {Operands} operands */
function readSlopes(core, operands) {
  if (operands.has('slopes')) {
    for (const key of ['heads', 'biasMax'])
      if (operands.has(key)) operands.refuse(key, 'left out with slopes');
    return operands.floats('slopes', [['H']]);
  }
  const slopes = allocate(Float32Array, operands.integer('heads', { max: 65536 }));
  core.invoke('wf_alibi_slopes', [
    { out: slopes },
    slopes.length,
    operands.number('biasMax', { above: 0, fallback: 8 }),
  ]);
  return slopes;
}

/**
 * KERPLE's kernels of the distance with two learned numbers a head.
 *
 * Formula: 'log' `-r1 ln(1 + r2 |i - j|)`; 'power' `-r1 |i - j|^r2`.
 * Models: research models; made for causal attention, where the mask hides j > i.
 * Source: Chi et al. 2022 (arXiv 2205.09921).
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.length tokens T
 * @param {Tensor} options.r1 [H], positive
 * @param {Tensor} options.r2 [H], positive; for 'power' at most 2
 * @param {'log' | 'power'} [options.form] 'log' by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H, T, T]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} r1 and r2 of different sizes
 * @example
 * pe.kerple({ length: 128, r1: random(12), r2: random(12) }).shape; // [12, 128, 128]
 */
export function kerple(core, options) {
  const operands = new Operands('kerple', options, ['length', 'r1', 'r2', 'form']);
  const T = operands.integer('length');
  /** @type {Record<string, number>} */
  const letters = {};
  const [r1, r2] = ['r1', 'r2'].map((key) => {
    const values = operands.floats(key, [['H']], letters);
    if (!values.every((value) => value > 0)) operands.refuse(key, 'of positive numbers', Array.from(values));
    return values;
  });
  const power = Number(operands.choice('form', ['log', 'power'], 'log') === 'power');
  return operands.result([letters.H, T, T], 'float32', (out) => {
    core.invoke('wf_kerple', [{ out }, r1, r2, letters.H, T, power]);
  });
}

/**
 * FIRE's bias: a small network over the distance, made relative to the query's place.
 *
 * Formula: `x = ln(|c (i - j)| + 1) / (ln(|c max(i, |threshold|)| + 1) + epsilon)`,
 * `bias[h, i, j] = W2 relu(W1 x + b1) + b2`.
 * Models: research models; made for causal attention, its use in an encoder is ours.
 * Source: Li et al. 2024 (arXiv 2310.04418).
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.length tokens T
 * @param {Tensor} options.hiddenWeight W1 [F, 1]
 * @param {Tensor} [options.hiddenBias] b1 [F]; none by default
 * @param {Tensor} options.outputWeight W2 [H, F]
 * @param {Tensor} [options.outputBias] b2 [H]; none by default
 * @param {number} [options.c] 0.1 by default
 * @param {number} [options.threshold] L, times its multiplier; 512 by default
 * @param {number} [options.epsilon] 1e-6 by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H, T, T]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} weights of other shapes
 * @example
 * pe.fire({ length: 128, hiddenWeight: random(32, 1), outputWeight: random(12, 32) }).shape; // [12, 128, 128]
 */
export function fire(core, options) {
  const weights = ['hiddenWeight', 'hiddenBias', 'outputWeight', 'outputBias'];
  const operands = new Operands('fire', options, ['length', ...weights, 'c', 'threshold', 'epsilon']);
  const T = operands.integer('length');
  const c = operands.number('c', { fallback: 0.1 });
  const threshold = operands.number('threshold', { fallback: 512 });
  const epsilon = operands.number('epsilon', { above: 0, fallback: 1e-6 });
  /** @type {Record<string, number>} */
  const letters = {};
  const w1 = operands.floats('hiddenWeight', [['F', 1]], letters);
  const b1 = operands.optionalFloats('hiddenBias', [['F']], letters);
  const w2 = operands.floats('outputWeight', [['H', 'F']], letters);
  const b2 = operands.optionalFloats('outputBias', [['H']], letters);
  const { F, H } = letters;
  return operands.result([H, T, T], 'float32', (out) => {
    const distances = allocate(Float32Array, T * T);
    core.invoke('wf_fire_distances', [{ out: distances }, T, c, threshold, epsilon]);
    core.invoke('wf_position_mlp', [{ out }, distances, w1, b1, w2, b2, T * T, 1, F, H, 0]);
  });
}

/**
 * Sandwich: the inner product of two sinusoids, scaled by head. The paper's appendix was followed from memory; there is no
 * reference to compare with.
 *
 * Formula: `bias[h, i, j] = p_i . p_j H / (8 (h + 1))`, where `p_i . p_j = sum_k cos((i - j) base^(-2k/dim))`.
 * Models: research models; made for causal attention.
 * Source: Chi et al. 2023 (arXiv 2212.10356).
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.length tokens T
 * @param {number} options.heads H
 * @param {number} [options.dim] width of the sinusoids, even; 128 by default
 * @param {number} [options.base] 10000 by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H, T, T]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.sandwich({ length: 128, heads: 12 }).shape; // [12, 128, 128]
 */
export function sandwich(core, options) {
  const operands = new Operands('sandwich', options, ['length', 'heads', 'dim', 'base']);
  const [T, H] = [operands.integer('length'), operands.integer('heads', { max: 65536 })];
  const dim = operands.integer('dim', { min: 2, fallback: 128 });
  if (dim % 2 !== 0) operands.refuse('dim', 'an even integer');
  const base = operands.number('base', { above: 0, fallback: 10000 });
  return operands.result([H, T, T], 'float32', (out) => {
    core.invoke('wf_sandwich', [{ out }, H, T, dim, base]);
  });
}
