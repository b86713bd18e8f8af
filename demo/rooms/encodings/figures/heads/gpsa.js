/** ConViT's gated heads, by place alone: each starts as one tap of a convolution. */
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { headsOf } from './figure.js';
import { tasteOf } from './shown.js';

export const OPTIONS = STARTS.gpsa;
export const NUMBERS = WORDS.gpsa;

export const create = headsOf(
  'Where the patch in yellow looks by place alone, after softmax: nine heads begin as the nine taps of a small convolution.',
  (_, { grid }, table) => tasteOf(table, grid, { isShares: true, hasOffsets: false }),
);
