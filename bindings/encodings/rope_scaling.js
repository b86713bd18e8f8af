/**
 * The frequencies of rotary encodings, stretched to texts longer than those trained on. Not here: the tables (rope.js).
 */
import { choice, flag, number, numbers, object } from '../options/table.js';
import { BASE, encoding, float32, positive, size } from './encoding.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Values } from '../options/table.js'
 */

/** wf_rope_method in c/wasmformer.h. */
export const METHODS = { plain: 0, linear: 1, dynamic: 2, yarn: 3, llama3: 4, longrope: 5, proportional: 6 };

/** @template {string} T @param {...T} type */
const of = (...type) => ({ only: { type } });
const DIVISORS = /** @type {const} */ ({ count: 'dim/2', above: 0, max: 2 ** 40, ...of('longrope') });

/** The factor that is left out. @param {any} values */
function usualFactor({ type, maxLength, originalLength }) {
  if (type === 'proportional') return 1;
  return maxLength && originalLength ? maxLength / originalLength : undefined;
}

// biome-ignore format: a table, a line an entry
const SCALING = {
  type: choice(['linear', 'dynamic', 'yarn', 'llama3', 'longrope', 'proportional'], "by the names of transformers' `rope_type`", { must: [
    ['another one for dim 2, where dynamic scaling divides by 0', (type, _values, sizeOf) => type !== 'dynamic' || sizeOf('dim') > 2],
  ] }),
  factor: positive('by which texts are longer',
    { default: usualFactor, optional: "maxLength over originalLength for 'yarn' and 'longrope', 1 for 'proportional'" }),
  originalLength: positive("the length trained on (`original_max_position_embeddings`; for 'dynamic' `max_position_embeddings`)",
    of('dynamic', 'yarn', 'llama3', 'longrope')),
  maxLength: positive('the length it is stretched to (`max_position_embeddings`)', { ...of('yarn', 'longrope'), optional: 'none' }),
  length: positive('of the text at hand', { ...of('dynamic', 'longrope'), optional: 'as many as there are positions' }),
  fast: positive('turns over the original length above which nothing is stretched (`beta_fast`)', { ...of('yarn'), default: 32 }),
  slow: positive('turns below which all is (`beta_slow`)', { ...of('yarn'), default: 1 }),
  truncate: flag('cut the pairs of those turns to whole ones', { ...of('yarn'), default: true }),
  lowFactor: positive('`low_freq_factor`', of('llama3')),
  highFactor: number('`high_freq_factor`', { above: 'lowFactor', ...of('llama3') }),
  shortFactors: numbers('a divisor for each pair, up to originalLength', DIVISORS),
  longFactors: numbers('the divisors beyond originalLength', DIVISORS),
  fraction: positive('of the pairs that turn (`partial_rotary_factor`)', { max: 1, ...of('proportional'), default: 1 }),
  attentionFactor: positive('multiplies cosines and sines', { ...of('yarn', 'longrope'), optional: 'what the type prescribes' }),
  attentionScale: number('`mscale`, read together with attentionScaleAll', { ...of('yarn'), optional: 'none' }),
  attentionScaleAll: number('`mscale_all_dim`', { ...of('yarn'), optional: 'none' }),
};

/** How frequencies are stretched. */
export const scalingOption = object('how frequencies are stretched', {
  fields: SCALING,
  optional: 'not at all',
});

/**
 * The numbers that the core's method reads.
 * @param {Values<typeof SCALING>} scaling
 * @param {number} pairs
 * @param {number} known the length of the text, 0 if it is not known
 * @returns {number[]}
 */
function methodNumbers({ type, factor, originalLength, ...options }, pairs, known) {
  const { length = known || originalLength, fast, slow, truncate, lowFactor, highFactor, fraction } = options;
  if (type === 'dynamic') return [factor, originalLength, Math.max(length, originalLength)];
  if (type === 'yarn') return [factor, originalLength, fast, slow, Number(truncate)];
  if (type === 'llama3') return [factor, originalLength, lowFactor, highFactor];
  return type === 'proportional' ? [factor, Math.floor(fraction * pairs)] : [factor];
}

/**
 * The frequencies of `pairs` pairs, and what cosines and sines are multiplied by.
 * @param {Instance} core
 * @param {number} pairs
 * @param {number} base
 * @param {Values<typeof SCALING> | undefined} scaling
 * @param {number} known the length of the text, 0 if it is not known
 * @returns {{ frequencies: Float64Array, attentionFactor: number }}
 */
export function scaledFrequencies(core, pairs, base, scaling, known) {
  const { type } = scaling ?? { type: 'plain' };
  const given = scaling ? methodNumbers(scaling, pairs, known) : [];
  const frequencies = new Float64Array(pairs);
  const five = Float64Array.from({ length: 5 }, (_, i) => given[i] ?? 0);
  const divisors = scaling?.type === 'longrope' ? divisorsOf(known, scaling) : null;
  core.invoke('wf_rope_frequencies', [{ out: frequencies }, divisors, pairs, METHODS[type], base, five]);
  return { frequencies, attentionFactor: attentionFactorOf(core, scaling) };
}

/** @param {number} known @param {Values<typeof SCALING>} scaling */
const divisorsOf = (known, { length = known || 1, originalLength, shortFactors, longFactors }) =>
  length > originalLength ? longFactors : shortFactors;

/** @param {Instance} core @param {Values<typeof SCALING> | undefined} scaling */
function attentionFactorOf(core, scaling) {
  if (scaling?.type !== 'yarn' && scaling?.type !== 'longrope') return 1;
  const {
    type,
    attentionFactor,
    attentionScale = 0,
    attentionScaleAll = 0,
    factor,
    originalLength,
  } = scaling;
  if (attentionFactor !== undefined) return attentionFactor;
  const scales = attentionScale > 0 && attentionScaleAll > 0 ? [attentionScale, attentionScaleAll] : [1, 0];
  const out = new Float64Array(1);
  core.invoke('wf_rope_attention_factor', [{ out }, METHODS[type], factor, originalLength, ...scales]);
  return out[0];
}

// biome-ignore format: a table, a line an entry
export const frequencies = {
  ropeFrequencies: encoding({
    summary: 'The frequencies of a rotary encoding alone, as checkpoints keep them in `inv_freq`.',
    formula: "`w_i = base^(-2i/dim)`, stretched: 'linear' over the factor; 'dynamic' with base times " +
      "`(factor length/original - factor + 1)^(dim/(dim-2))`; 'yarn' and 'llama3' slow pairs over the factor, fast ones not; " +
      "'longrope' over a list; 'proportional' only the first pairs, others 0.",
    models: "long-context text models; Gemma 4 ('proportional').",
    source: 'transformers `modeling_rope_utils`; Peng et al. 2023 (arXiv 2309.00071); Ding et al. 2024 (arXiv 2402.13753).',
    options: {
      dim: size('rotated channels of a head', { multiple: 2 }),
      base: { ...BASE, about: '`rope_theta`' },
      scaling: { ...scalingOption, optional: 'none' },
    },
    result: { frequencies: float32('[dim / 2]') },
    also: { attentionFactor: /** @type {const} */ ({ dtype: 'number', about: 'what cosines and sines are multiplied by' }) },
    out: 'frequencies',
    fill(core, out, { dim, base, scaling }) {
      const { frequencies, attentionFactor } = scaledFrequencies(core, dim / 2, base, scaling, 0);
      out.frequencies.set(frequencies);
      return { attentionFactor };
    },
    example: "pe.ropeFrequencies({ dim: 64, scaling: { type: 'linear', factor: 4 } }).frequencies.shape; // [32]",
  }),
};
