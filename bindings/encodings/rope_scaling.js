/**
 * The frequencies of rotary encodings, stretched to texts longer than those trained on. Not here: the tables (rope.js).
 */
import { Operands } from './operands.js';
import { factors } from './options.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/** wf_rope_method in c/wasmformer.h. */
export const METHODS = { plain: 0, linear: 1, dynamic: 2, yarn: 3, llama3: 4, longrope: 5, proportional: 6 };

/** What each type reads. */
const READ = {
  linear: ['factor'],
  dynamic: ['factor', 'originalLength', 'length'],
  yarn: 'factor maxLength originalLength fast slow truncate attentionFactor attentionScale attentionScaleAll'.split(
    ' ',
  ),
  llama3: ['factor', 'originalLength', 'lowFactor', 'highFactor'],
  longrope: 'factor maxLength originalLength length shortFactors longFactors attentionFactor'.split(' '),
  proportional: ['factor', 'fraction'],
};
const TYPES = /** @type {(keyof typeof READ)[]} */ (Object.keys(READ));

/**
 * @typedef {object} Scaling how frequencies are stretched, by the names of transformers' `rope_type`
 * @property {'linear' | 'dynamic' | 'yarn' | 'llama3' | 'longrope' | 'proportional'} type
 * @property {number} [factor] by which texts are longer; by default maxLength over originalLength for 'yarn' and 'longrope',
 *   1 for 'proportional'
 * @property {number} [originalLength] the length trained on (`original_max_position_embeddings`; for 'dynamic'
 *   `max_position_embeddings`)
 * @property {number} [maxLength] the length it is stretched to (`max_position_embeddings`), for 'yarn' and 'longrope'
 * @property {number} [length] of the text at hand, for 'dynamic' and 'longrope'; as many as there are positions by default
 * @property {number} [fast] turns over the original length above which nothing is stretched (`beta_fast`), 32 by default
 * @property {number} [slow] turns below which all is (`beta_slow`), 1 by default
 * @property {boolean} [truncate] cut the pairs of those turns to whole ones, true by default
 * @property {number} [lowFactor] for 'llama3' (`low_freq_factor`)
 * @property {number} [highFactor] for 'llama3' (`high_freq_factor`), above lowFactor
 * @property {readonly number[]} [shortFactors] a divisor for each pair, for 'longrope' up to originalLength
 * @property {readonly number[]} [longFactors] the divisors beyond originalLength
 * @property {number} [fraction] of the pairs that turn, for 'proportional' (`partial_rotary_factor`); 1 by default
 * @property {number} [attentionFactor] multiplies cosines and sines; by default what 'yarn' and 'longrope' prescribe
 * @property {number} [attentionScale] `mscale` of 'yarn', read together with attentionScaleAll
 * @property {number} [attentionScaleAll] `mscale_all_dim` of 'yarn'
 */

/** @param {Operands} operands */
function readFactor(operands) {
  if (operands.has('factor')) return operands.number('factor', { above: 0 });
  return operands.number('maxLength', { above: 0 }) / operands.number('originalLength', { above: 0 });
}

/**
 * The numbers that the core's method reads.
 * @param {Operands} operands
 * @param {typeof TYPES[number]} type
 * @param {number} pairs
 * @param {number} length of the text, 0 if it is not known
 * @returns {number[]}
 */
function methodNumbers(operands, type, pairs, length) {
  const above = { above: 0 };
  switch (type) {
    case 'linear':
      return [operands.number('factor', above)];
    case 'dynamic': {
      if (pairs === 1) operands.refuse('type', 'another one for dim 2, where dynamic scaling divides by 0');
      const original = operands.number('originalLength', above);
      const here = operands.number('length', { above: 0, fallback: length || original });
      return [operands.number('factor', above), original, Math.max(here, original)];
    }
    case 'yarn': {
      const turns = [
        operands.number('fast', { above: 0, fallback: 32 }),
        operands.number('slow', { above: 0, fallback: 1 }),
      ];
      return [
        readFactor(operands),
        operands.number('originalLength', above),
        ...turns,
        operands.flag('truncate', true) ? 1 : 0,
      ];
    }
    case 'llama3': {
      const low = operands.number('lowFactor', above);
      const high = operands.number('highFactor', { above: low });
      return [operands.number('factor', above), operands.number('originalLength', above), low, high];
    }
    case 'longrope':
      return [readFactor(operands)];
    default: {
      const fraction = operands.number('fraction', { above: 0, fallback: 1 });
      if (fraction > 1) operands.refuse('fraction', 'at most 1');
      return [operands.number('factor', { above: 0, fallback: 1 }), Math.floor(fraction * pairs)];
    }
  }
}

/**
 * The frequencies of `pairs` pairs, and what cosines and sines are multiplied by.
 * @param {Instance} core
 * @param {number} pairs
 * @param {number} base
 * @param {Scaling | undefined} scaling
 * @param {number} length of the text, 0 if it is not known
 * @returns {{ frequencies: Float64Array, attentionFactor: number }}
 */
export function scaledFrequencies(core, pairs, base, scaling, length) {
  const frequencies = new Float64Array(pairs);
  const run = (
    /** @type {number} */ method,
    /** @type {Float64Array | null} */ list,
    /** @type {number[]} */ given,
  ) => {
    const five = Float64Array.from({ length: 5 }, (_, i) => given[i] ?? 0);
    core.invoke('wf_rope_frequencies', [{ out: frequencies }, list, pairs, method, base, five]);
  };
  if (scaling === undefined) {
    run(METHODS.plain, null, []);
    return { frequencies, attentionFactor: 1 };
  }
  const type = new Operands('scaling', { type: scaling?.type }, ['type']).choice('type', TYPES);
  const operands = new Operands(`scaling ${type}`, scaling, ['type', ...READ[type]]);
  const given = methodNumbers(operands, type, pairs, length);
  let list = null;
  if (type === 'longrope') {
    const here = operands.number('length', { above: 0, fallback: length || 1 });
    const lists = ['shortFactors', 'longFactors'].map((key) => factors(operands, scaling, key, pairs));
    list = lists[here > operands.number('originalLength', { above: 0 }) ? 1 : 0];
  }
  run(METHODS[type], list, given);
  return { frequencies, attentionFactor: attentionFactorOf(core, operands, type, given[0]) };
}

/**
 * @param {Instance} core
 * @param {Operands} operands
 * @param {typeof TYPES[number]} type
 * @param {number} factor
 */
function attentionFactorOf(core, operands, type, factor) {
  if (type !== 'yarn' && type !== 'longrope') return 1;
  if (operands.has('attentionFactor')) return operands.number('attentionFactor', { above: 0 });
  const scales = ['attentionScale', 'attentionScaleAll'].map((key) =>
    operands.has(key) ? operands.number(key) : 0,
  );
  const both = scales.every((scale) => scale > 0) ? scales : [1, 0];
  const original = operands.number('originalLength', { above: 0 });
  const out = new Float64Array(1);
  core.invoke('wf_rope_attention_factor', [{ out }, METHODS[type], factor, original, ...both]);
  return out[0];
}

/**
 * The frequencies of a rotary encoding alone, as checkpoints keep them in `inv_freq`.
 *
 * Formula: `w_i = base^(-2i/dim)`, stretched: 'linear' over the factor; 'dynamic' with base times
 *   `(factor length/original - factor + 1)^(dim/(dim-2))`; 'yarn' and 'llama3' slow pairs over the factor, fast ones not;
 *   'longrope' over a list; 'proportional' only the first pairs, others 0.
 * Models: long-context text models; Gemma 4 ('proportional').
 * Source: transformers `modeling_rope_utils`; Peng et al. 2023 (arXiv 2309.00071); Ding et al. 2024 (arXiv 2402.13753).
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.dim rotated channels of a head, even
 * @param {number} [options.base] 10000 by default (`rope_theta`)
 * @param {Scaling} [options.scaling] none by default
 * @param {Float32Array | Tensor} [options.out] filled with the frequencies instead of new memory
 * @returns {{ frequencies: Tensor, attentionFactor: number }} float32 [dim / 2], and what cosines and sines are multiplied by
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.ropeFrequencies({ dim: 64, scaling: { type: 'linear', factor: 4 } }).frequencies.shape; // [32]
 */
export function ropeFrequencies(core, options) {
  const operands = new Operands('ropeFrequencies', options, ['dim', 'base', 'scaling']);
  const dim = operands.integer('dim');
  if (dim % 2 !== 0) operands.refuse('dim', 'even');
  const base = operands.number('base', { above: 0, fallback: 10000 });
  const { frequencies, attentionFactor } = scaledFrequencies(core, dim / 2, base, options.scaling, 0);
  const result = operands.result([dim / 2], 'float32', (out) => out.set(frequencies));
  return { frequencies: result, attentionFactor };
}
