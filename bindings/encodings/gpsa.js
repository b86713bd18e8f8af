/**
 * ConViT's gated positional self-attention. Not here: other biases of a grid (grid.js).
 */
import { Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/**
 * Gated positional self-attention: an attention by position alone, and its blend with the attention by content.
 *
 * Formula: `position = softmax_k(W [dx, dy, dx^2 + dy^2] + b)`, offsets key minus query; with content scores
 * `(1 - s) softmax(scores) + s position`, `s = sigmoid(gate)`, rows made to sum to 1.
 * Models: ConViT (its grids are square).
 * Source: d'Ascoli et al. 2021 (arXiv 2103.10697); timm `convit.GPSA`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number | [number, number]} options.grid height and width h, w; N = h w
 * @param {Tensor} [options.weight] W [H, 3]
 * @param {Tensor} [options.bias] b [H]
 * @param {Tensor} [options.scores] content scores [B, H, N, N], scaled, before the softmax
 * @param {Tensor} [options.gate] [H], read with `scores`
 * @param {'attention' | 'offsets'} [options.output] 'attention' (default), or 'offsets': (dx, dy, d^2) of each pair, for
 *   which only `grid` is read
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [H, N, N]; with scores [B, H, N, N]; 'offsets': [N, N, 3]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} tensors of other shapes
 * @example
 * pe.gpsa({ grid: [1, 2], output: 'offsets' }).tolist(); // [[[0, 0, 0], [1, 0, 1]], [[-1, 0, 1], [0, 0, 0]]]
 */
export function gpsa(core, options) {
  const operands = new Operands('gpsa', options, ['grid', 'weight', 'bias', 'scores', 'gate', 'output']);
  const grid = operands.pair('grid');
  const N = grid[0] * grid[1];
  if (operands.choice('output', ['attention', 'offsets'], 'attention') === 'offsets') {
    return operands.result([N, N, 3], 'float32', (out) => {
      core.invoke('wf_gpsa_offsets', [{ out }, ...grid]);
    });
  }
  /** @type {Record<string, number>} */
  const letters = { N };
  const weight = operands.floats('weight', [['H', 3]], letters);
  const bias = operands.floats('bias', [['H']], letters);
  const scores = operands.optionalFloats('scores', [['B', 'H', 'N', 'N']], letters);
  const gate = scores ? operands.floats('gate', [['H']], letters) : null;
  const { H, B = 1 } = letters;
  return operands.result(scores ? [B, H, N, N] : [H, N, N], 'float32', (out) => {
    core.invoke('wf_gpsa', [{ out }, scores, weight, bias, gate, B, H, ...grid]);
  });
}
