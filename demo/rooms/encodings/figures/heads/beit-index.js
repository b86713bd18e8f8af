/** Which row of BEiT's table a pair shares, with a class token. */
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { headsOf } from './figure.js';
import { tasteOf } from './shown.js';

export const OPTIONS = STARTS.beitIndex;
export const NUMBERS = WORDS.beitIndex;

export const create = headsOf(
  'For the patch in yellow, the row of the table that it takes for each other and for the class token over the map. Hold the class token: one row for all.',
  (_, { window }, table) => tasteOf(table, window, { prefix: 1, isIndex: true, hasOffsets: true }),
);
