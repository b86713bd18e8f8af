/**
 * Which tokens may attend to which: padding, a band around the diagonal, packed segments. Not here: the mask of Swin's
 * shifted windows (window.js).
 */
import { Operands } from './operands.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/** Tokens of a square mask that memory can hold. */
const MOST_TOKENS = 2 ** 15;

/**
 * The two values of a mask, and the result as float32 or int32.
 * @param {Operands} operands
 * @param {number[]} shape
 * @param {(out: Float32Array, allowed: number, blocked: number) => void} fill
 */
function maskResult(operands, shape, fill) {
  if (operands.choice('as', ['bias', 'allowed'], 'bias') === 'bias') {
    const blocked = operands.number('fill', { fallback: -1e6, infinite: true });
    return operands.result(shape, 'float32', (out) => fill(out, 0, blocked));
  }
  if (operands.has('fill')) operands.refuse('fill', "left out with as: 'allowed'");
  return operands.result(shape, 'int32', (out) => {
    const values = new Float32Array(out.length);
    fill(values, 1, 0);
    out.set(values);
  });
}

/**
 * The mask of padded sequences, from the number of valid tokens of each.
 *
 * Formula: token i of sequence b is allowed if `i < lengths[b]`.
 * Models: every encoder that pads; D2L's `masked_softmax` (fill -1e6: a sequence of length 0 attends uniformly).
 * Source: Zhang et al., Dive into Deep Learning, 11.3.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {readonly number[] | Int32Array | Tensor} options.lengths valid tokens of each sequence, 0 to `length`
 * @param {number} [options.length] tokens of a padded sequence; the longest of `lengths` by default
 * @param {'bias' | 'allowed'} [options.as] 'bias' (default): float32, 0 where allowed and `fill` elsewhere, to be added to
 *   the scores; 'allowed': int32, 1 and 0
 * @param {number} [options.fill] -1e6 by default; -Infinity is possible, and makes a row without any key NaN
 * @param {Float32Array | Int32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32' | 'int32'>} [B, length]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.paddingMask({ lengths: [1, 3], as: 'allowed' }).tolist(); // [[1, 0, 0], [1, 1, 1]]
 */
export function paddingMask(core, options) {
  const operands = new Operands('paddingMask', options, ['lengths', 'length', 'as', 'fill']);
  const lengths = operands.integers('lengths', { min: 0 });
  const longest = lengths.reduce((most, n) => Math.max(most, n), 0);
  const length = operands.integer('length', { fallback: Math.max(longest, 1) });
  if (longest > length) operands.refuse('lengths', `at most the length, ${length}`, longest);
  return maskResult(operands, [lengths.length, length], (out, allowed, blocked) => {
    core.invoke('wf_padding_mask', [{ out }, lengths, lengths.length, length, allowed, blocked]);
  });
}

/**
 * The mask of local attention: each token attends to a band around itself.
 *
 * Formula: token i may attend to j if `-left <= j - i <= right`; `window` sets both.
 * Models: ModernBERT (window 64 for `local_attention` 128), Longformer, Gemma 3 encoders, Mistral (right 0).
 * Source: Beltagy et al. 2020 (arXiv 2004.05150); transformers `sliding_window_bidirectional_overlay`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.length tokens T
 * @param {number} [options.window] tokens on each side, 0 or more
 * @param {number} [options.left] tokens to the left, instead of `window`; Infinity for all
 * @param {number} [options.right] tokens to the right, likewise
 * @param {'bias' | 'allowed'} [options.as] 'bias' (default): float32, 0 where allowed and `fill` elsewhere; 'allowed': int32,
 *   1 and 0
 * @param {number} [options.fill] -1e6 by default; -Infinity is possible
 * @param {Float32Array | Int32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32' | 'int32'>} [T, T]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.slidingWindowMask({ length: 3, window: 1, as: 'allowed' }).tolist(); // [[1, 1, 0], [1, 1, 1], [0, 1, 1]]
 */
export function slidingWindowMask(core, options) {
  const known = ['length', 'window', 'left', 'right', 'as', 'fill'];
  const operands = new Operands('slidingWindowMask', options, known);
  const length = operands.integer('length');
  const [left, right] = /** @type {const} */ (['left', 'right']).map((side) => {
    const key = operands.has(side) ? side : 'window';
    const reach = options[key];
    if (reach === Number.POSITIVE_INFINITY) return length;
    return Math.min(operands.integer(key, { min: 0, max: Number.MAX_SAFE_INTEGER }), length);
  });
  return maskResult(operands, [length, length], (out, allowed, blocked) => {
    core.invoke('wf_band_mask', [{ out }, length, left, right, allowed, blocked]);
  });
}

/**
 * The mask of sequences packed one after another: tokens attend inside their own segment.
 *
 * Formula: token i may attend to j if both have the same segment, and it is not negative.
 * Models: NaViT, Qwen2-VL vision, FlashAttention's variable lengths (`cu_seqlens`).
 * Source: Dehghani et al. 2023 (arXiv 2307.06304).
 *
 * @param {Instance} core
 * @param {object} options one of `boundaries`, `lengths` and `segments`
 * @param {readonly number[] | Int32Array | Tensor} [options.boundaries] the first token of each segment and at last the
 *   number of tokens, rising from 0: `cu_seqlens`
 * @param {readonly number[] | Int32Array | Tensor} [options.lengths] the tokens of each segment
 * @param {readonly number[] | Int32Array | Tensor} [options.segments] the segment of each token; a negative one is padding,
 *   which attends to nothing
 * @param {'bias' | 'allowed'} [options.as] 'bias' (default): float32, 0 where allowed and `fill` elsewhere; 'allowed': int32,
 *   1 and 0
 * @param {number} [options.fill] -1e6 by default; -Infinity is possible
 * @param {Float32Array | Int32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor<'float32' | 'int32'>} [T, T]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.segmentMask({ lengths: [1, 2], as: 'allowed' }).tolist(); // [[1, 0, 0], [0, 1, 1], [0, 1, 1]]
 */
export function segmentMask(core, options) {
  const forms = ['boundaries', 'lengths', 'segments'];
  const operands = new Operands('segmentMask', options, [...forms, 'as', 'fill']);
  const given = forms.filter((key) => operands.has(key));
  if (given.length !== 1) operands.refuse(given[1] ?? 'boundaries', `the only one of ${forms.join(', ')}`);
  const segments = given[0] === 'segments' ? operands.integers('segments') : spread(operands, given[0]);
  const tokens = segments.length;
  return maskResult(operands, [tokens, tokens], (out, allowed, blocked) => {
    core.invoke('wf_segment_mask', [{ out }, segments, tokens, allowed, blocked]);
  });
}

/**
 * The segment of each token.
 * @param {Operands} operands
 * @param {string} key 'boundaries' or 'lengths'
 */
function spread(operands, key) {
  const numbers = Array.from(operands.integers(key, { min: 0, max: MOST_TOKENS }));
  const ends = key === 'boundaries' ? numbers : [0];
  if (key === 'lengths') for (const length of numbers) ends.push(ends[ends.length - 1] + length);
  const tokens = ends[ends.length - 1];
  const rising = ends.every((end, i) => (i === 0 ? end === 0 : end >= ends[i - 1]));
  if (!rising) operands.refuse(key, 'rising from 0', numbers);
  if (tokens < 1 || tokens > MOST_TOKENS)
    operands.refuse(key, `of 1 to ${MOST_TOKENS} tokens together`, tokens);
  const segments = new Int32Array(tokens);
  for (let i = 1; i < ends.length; i++) segments.fill(i - 1, ends[i - 1], ends[i]);
  return segments;
}
