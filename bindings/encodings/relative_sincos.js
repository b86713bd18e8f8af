/**
 * The sinusoids of relative distances that Transformer-XL and its kin read. Not here: what they do with them
 * (relative.js), sinusoids of places (sincos.js).
 */
import { fillSinusoids, frequenciesOf, targetsOf } from './generate.js';
import { Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/**
 * The sinusoids of relative distances, one row a distance from the largest (key far to the left) to the smallest, as
 * Transformer-XL's kin project and meet them in `transformerXL`.
 *
 * Formula: row of distance p: `w_i = base^(-2i/dim)`; 'halves' `[sin(p w) | cos(p w)]`, 'interleaved' `sin, cos, sin, cos …`.
 * Models: Transformer-XL, XLNet (preset 'xlnet': keys … 1 - queries, halves; causal: keys … 0), wav2vec2-conformer and
 *   Parakeet (preset 'conformer': length - 1 … 1 - length, interleaved).
 * Source: Dai et al. 2019 (arXiv 1901.02860); transformers `XLNetModel.relative_positional_encoding`,
 *   `Wav2Vec2ConformerRelPositionalEmbedding`.
 *
 * @param {Instance} core
 * @param {object} options `from` and `to`, or a preset with its sizes
 * @param {number} options.dim columns, even
 * @param {number} [options.from] the first row's distance
 * @param {number} [options.to] the last row's, at most `from`
 * @param {'xlnet' | 'conformer'} [options.preset] sets `from`, `to` and `layout`
 * @param {number} [options.queries] for 'xlnet'
 * @param {number} [options.keys] for 'xlnet'
 * @param {boolean} [options.causal] for 'xlnet': no distances to the right; false by default
 * @param {number} [options.length] for 'conformer'
 * @param {'halves' | 'interleaved'} [options.layout] 'halves' by default
 * @param {number} [options.base] 10000 by default
 * @param {number} [options.clamp] distances beyond it become it (`clamp_len`); none by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32'>} float32 [from - to + 1, dim]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.relativeSincos({ preset: 'conformer', length: 5, dim: 8 }).shape; // [9, 8]
 */
export function relativeSincos(core, options) {
  const known = [
    'dim',
    'from',
    'to',
    'preset',
    'queries',
    'keys',
    'causal',
    'length',
    'layout',
    'base',
    'clamp',
  ];
  const operands = new Operands('relativeSincos', options, known);
  const dim = operands.integer('dim', { min: 2 });
  if (dim % 2 !== 0) operands.refuse('dim', 'an even integer');
  const { from, to, layout } = readDistances(operands);
  const base = operands.number('base', { above: 0, fallback: 10000 });
  const clamp = operands.number('clamp', { above: 0, fallback: Number.POSITIVE_INFINITY, infinite: true });
  const positions = Float64Array.from({ length: from - to + 1 }, (_, i) =>
    Math.max(Math.min(from - i, clamp), -clamp),
  );
  return operands.result([positions.length, dim], 'float32', (out) => {
    const pairs = dim / 2;
    const frequencies = frequenciesOf(core, pairs, base, pairs);
    const targets = targetsOf(pairs, (i) =>
      layout === 'halves' ? { sine: [i], cosine: [pairs + i] } : { sine: [2 * i], cosine: [2 * i + 1] },
    );
    fillSinusoids(core, out, null, { coordinates: positions, frequencies, targets, width: dim });
  });
}

/**
 * @param {Operands} operands
 * @returns {{ from: number, to: number, layout: 'halves' | 'interleaved' }}
 */
function readDistances(operands) {
  const layouts = /** @type {const} */ (['halves', 'interleaved']);
  const limit = 2 ** 20;
  if (!operands.has('preset')) {
    const from = operands.integer('from', { min: -limit, max: limit });
    const to = operands.integer('to', { min: -limit, max: from });
    return { from, to, layout: operands.choice('layout', layouts, 'halves') };
  }
  for (const key of ['from', 'to']) if (operands.has(key)) operands.refuse(key, 'left out with a preset');
  if (operands.choice('preset', ['xlnet', 'conformer']) === 'conformer') {
    const length = operands.integer('length');
    return { from: length - 1, to: 1 - length, layout: operands.choice('layout', layouts, 'interleaved') };
  }
  const [queries, keys] = [operands.integer('queries'), operands.integer('keys')];
  const to = operands.flag('causal', false) ? 0 : 1 - queries;
  return { from: keys, to, layout: operands.choice('layout', layouts, 'halves') };
}
