/**
 * Which tokens may attend to which: padding, a band around the diagonal, packed segments. Not here: the mask of Swin's shifted
 * windows (window.js).
 */
import { integer, integers, number } from '../options/table.js';
import { made } from './call.js';
import { choose, encoding, float32, integersIf, size } from './encoding.js';

/** @import { Argument, Instance } from '../core/instance.js' */

/** Tokens of a square mask that memory can hold. */
const MOST_TOKENS = 2 ** 15;

/** The two values of a mask. */
// biome-ignore format: a table, a line an entry
const VALUES = {
  as: choose(['bias', 'allowed'], "'bias': float32, 0 where allowed and `fill` elsewhere, to be added to the scores; " +
    "'allowed': int32, 1 and 0"),
  fill: number('-Infinity is possible', { default: -1e6, infinite: true, only: { as: 'bias' } }),
};
const REACH = /** @type {const} */ ({ min: 0, max: Number.MAX_SAFE_INTEGER, or: [Number.POSITIVE_INFINITY] });

/** @param {string} shape @param {import('./encoding.js').ShapeOf} [shapeOf] */
const mask = (shape, shapeOf) => integersIf(float32(shape, "'allowed': int32", shapeOf), 'as', 'allowed');

/**
 * @param {Instance} core
 * @param {string} name of the core's function, which writes float32
 * @param {Float32Array | Int32Array} out
 * @param {Argument[]} args
 * @param {{ fill: number }} values
 */
function fillMask(core, name, out, args, { fill }) {
  if (out instanceof Float32Array) made(core, name, out, ...args, 0, fill);
  else out.set(made(core, name, new Float32Array(out.length), ...args, 1, 0));
}

/** The ends of segments, of their lengths or as they stand. @param {{ boundaries: Int32Array | null, lengths: Int32Array | null }} of */
function endsOf({ boundaries, lengths }) {
  if (boundaries) return Array.from(boundaries);
  const ends = [0];
  for (const length of lengths ?? []) ends.push(ends[ends.length - 1] + length);
  return ends;
}

/** @param {any} options */
const tokensOf = ({ segments, ...options }) => segments?.length ?? endsOf(options).at(-1);

// biome-ignore format: a line a rule
/** @type {import('../options/table.js').Must[]} */
const ENDS = [
  ['rising from 0', (_, options) => endsOf(options).every((end, i, ends) => (i === 0 ? end === 0 : end >= ends[i - 1]))],
  [`of 1 to ${MOST_TOKENS} tokens together`, (_, options) => tokensOf(options) >= 1 && tokensOf(options) <= MOST_TOKENS],
];

/** @param {{ lengths: Int32Array }} options at least 1 */
const longest = ({ lengths }) => lengths.reduce((most, n) => Math.max(most, n), 1);

// biome-ignore format: tables, a line an entry
export const masks = {
  paddingMask: encoding({
    summary: 'The mask of padded sequences, from the number of valid tokens of each.',
    formula: 'token i of sequence b is allowed if `i < lengths[b]`.',
    models: "every encoder that pads; D2L's `masked_softmax` (fill -1e6: a sequence of length 0 attends uniformly).",
    source: 'Zhang et al., Dive into Deep Learning, 11.3.',
    options: {
      lengths: integers('valid tokens of each sequence, 0 to `length`', { min: 0, must: [
        ['at most {length}', (lengths, { length }) => lengths.every((/** @type {number} */ n) => n <= length)],
      ] }),
      length: size('tokens of a padded sequence', { default: longest, optional: 'the longest of `lengths`' }),
      as: VALUES.as,
      fill: { ...VALUES.fill, about: '-Infinity is possible, and makes a row without any key NaN' },
    },
    result: mask('[B, length]', ({ lengths, length }) => [lengths.length, length]),
    fill: (core, out, o) => fillMask(core, 'wf_padding_mask', out, [o.lengths, o.lengths.length, o.length], o),
    example: "pe.paddingMask({ lengths: [1, 3], as: 'allowed' }).tolist(); // [[1, 0, 0], [1, 1, 1]]",
  }),
  slidingWindowMask: encoding({
    summary: 'The mask of local attention: each token attends to a band around itself.',
    formula: 'token i may attend to j if `-left <= j - i <= right`; `window` sets both.',
    models: 'ModernBERT (window 64 for `local_attention` 128), Longformer, Gemma 3 encoders, Mistral (right 0).',
    source: 'Beltagy et al. 2020 (arXiv 2004.05150); transformers `sliding_window_bidirectional_overlay`.',
    options: {
      length: size('tokens T'),
      window: integer('tokens on each side, 0 or more', { ...REACH, optional: 'none' }),
      left: integer('tokens to the left; Infinity for all', { ...REACH, default: ({ window }) => window, optional: 'window' }),
      right: integer('tokens to the right, likewise', { ...REACH, default: ({ window }) => window, optional: 'window' }),
      ...VALUES,
    },
    result: mask('[length, length]'),
    fill: (core, out, o) => fillMask(core, 'wf_band_mask', out,
      [o.length, Math.min(o.left, o.length), Math.min(o.right, o.length)], o),
    example: "pe.slidingWindowMask({ length: 3, window: 1, as: 'allowed' }).tolist(); // [[1, 1, 0], [1, 1, 1], [0, 1, 1]]",
  }),
  segmentMask: encoding({
    summary: 'The mask of sequences packed one after another: tokens attend inside their own segment.',
    formula: 'token i may attend to j if both have the same segment, and it is not negative.',
    models: "NaViT, Qwen2-VL vision, FlashAttention's variable lengths (`cu_seqlens`).",
    source: 'Dehghani et al. 2023 (arXiv 2307.06304).',
    options: {
      boundaries: integers('the first token of each segment and at last the number of tokens, rising from 0: `cu_seqlens`',
        { min: 0, max: MOST_TOKENS, when: { lengths: false, segments: false }, must: ENDS }),
      lengths: integers('the tokens of each segment',
        { min: 0, max: MOST_TOKENS, only: { boundaries: false, segments: false }, optional: 'none', must: ENDS }),
      segments: integers('the segment of each token; a negative one is padding, which attends to nothing',
        { only: { boundaries: false }, optional: 'none' }),
      ...VALUES,
    },
    result: mask('[T, T]', (options) => [tokensOf(options), tokensOf(options)]),
    fill(core, out, o) {
      const tokens = Math.sqrt(out.length);
      const spread = o.segments ?? new Int32Array(tokens);
      const ends = o.segments ? [] : endsOf(o);
      for (let i = 1; i < ends.length; i++) spread.fill(i - 1, ends[i - 1], ends[i]);
      fillMask(core, 'wf_segment_mask', out, [spread, tokens], o);
    },
    example: "pe.segmentMask({ lengths: [1, 2], as: 'allowed' }).tolist(); // [[1, 0, 0], [0, 1, 1], [0, 1, 1]]",
  }),
};
