/** Which row of the table a pair of patches shares. */
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { headsOf } from './figure.js';
import { tasteOf } from './shown.js';

export const OPTIONS = STARTS.windowIndex;
export const NUMBERS = WORDS.windowIndex;

export const create = headsOf(
  'For the patch in yellow, the row of the table that it takes for each other. Move it: the same rows go along, as pairs of one offset share one.',
  (_, { window }, table) => tasteOf(table, window, { isIndex: true, hasOffsets: true }),
);
