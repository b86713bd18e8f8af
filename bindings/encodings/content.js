/**
 * Biases that meet the content of each token: WavLM's gate over a bias, and CoPE's counted positions. Not here: relative
 * vectors (relative.js), DeBERTa (disentangled.js).
 */
import { Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/**
 * The gated relative position bias of WavLM: each token decides how much of the bias its row of scores receives.
 *
 * Formula: `out[b, h, i, j] = (g1 (g2 constant[h] - 1) + 2) bias[h, i, j]`, g1 and g2 the sigmoids of the sums of the first
 * and the last four outputs of a linear layer over the head's part of hidden state i.
 * Models: WavLM (the bias is `t5Bias` with preset 'wavlm', computed in layer 0 and gated anew in every layer).
 * Source: Chen et al. 2022 (arXiv 2110.13900); transformers `WavLMAttention`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.hidden [B, T, H D], what enters the layer
 * @param {Tensor} options.bias [H, T, T]
 * @param {Tensor} options.gateWeight [8, D], `gru_rel_pos_linear.weight`
 * @param {Tensor} options.gateBias [8], `gru_rel_pos_linear.bias`
 * @param {Tensor} options.gateConstant [H] or [1, H, 1, 1], `gru_rel_pos_const`
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [B, H, T, T]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors whose sizes do not fit together
 * @example
 * const bias = pe.t5Bias({ table: random(320, 12), length: 50, preset: 'wavlm' });
 * const gate = { gateWeight: random(8, 64), gateBias: random(8), gateConstant: random(12) };
 * pe.gatedBias({ hidden: random(1, 50, 768), bias, ...gate }).shape; // [1, 12, 50, 50]
 */
export function gatedBias(core, options) {
  const known = ['hidden', 'bias', 'gateWeight', 'gateBias', 'gateConstant'];
  const operands = new Operands('gatedBias', options, known);
  /** @type {Record<string, number>} */
  const letters = {};
  const bias = operands.floats('bias', [['H', 'T', 'T']], letters);
  const weight = operands.floats('gateWeight', [[8, 'D']], letters);
  const { H, T, D } = letters;
  const x = operands.floats('hidden', [['B', 'T', H * D]], letters);
  const gateBias = operands.floats('gateBias', [[8]]);
  const constant = operands.floats('gateConstant', [[H], [1, H, 1, 1]]);
  return operands.result([letters.B, H, T, T], 'float32', (out) => {
    core.invoke('wf_gated_bias', [{ out }, x, bias, weight, gateBias, constant, letters.B, H, T, D]);
  });
}

/**
 * Contextual position encoding: positions are counted by gates over the content, so that a position can mean the i-th
 * sentence. The result is added to the logits.
 *
 * Formula: `p[i, j] = min(sum over t >= j of sigmoid(logits[i, t]), P - 1)`, `out[i, j] = q[i] . table[:, p[i, j]]`, linear
 * between the two nearest columns.
 * Models: research models; made for causal attention (masked logits are -Infinity and count nothing), its use in an
 * encoder is ours.
 * Source: Golovneva et al. 2024 (arXiv 2405.18719).
 *
 * @param {Instance} core
 * @param {object} options
 * @param {Tensor} options.query [B, H, Tq, D]
 * @param {Tensor} options.logits [B, H, Tq, Tk]
 * @param {Tensor} options.table [D, P] of P positions
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [B, H, Tq, Tk]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors whose sizes do not fit together
 * @example
 * const [query, logits] = [random(1, 12, 50, 64), random(1, 12, 50, 50)];
 * pe.cope({ query, logits, table: random(64, 20) }).shape; // [1, 12, 50, 50]
 */
export function cope(core, options) {
  const operands = new Operands('cope', options, ['query', 'logits', 'table']);
  /** @type {Record<string, number>} */
  const letters = {};
  const query = operands.floats('query', [['B', 'H', 'Tq', 'D']], letters);
  const logits = operands.floats('logits', [['B', 'H', 'Tq', 'Tk']], letters);
  const table = operands.floats('table', [['D', 'P']], letters);
  const { B, H, Tq, Tk, D, P } = letters;
  return operands.result([B, H, Tq, Tk], 'float32', (out) => {
    core.invoke('wf_cope', [{ out }, query, logits, table, B * H, Tq, Tk, D, P]);
  });
}
