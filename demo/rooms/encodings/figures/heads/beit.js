/** BEiT's bias: the whole picture and a class token, head by head. */
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { headsOf } from './figure.js';
import { tasteOf } from './shown.js';
import { FITS } from './tables.js';

export const OPTIONS = STARTS.beitBias;
export const NUMBERS = WORDS.beitBias;
export const fit = FITS.beitBias;

export const create = headsOf(
  "What each head adds to a score, for the patch in yellow, or for the class token over the map: it has no offset, so it gets three numbers of its own. The tables are this page's, not learned.",
  (_, { window }, table) => tasteOf(table, window, { prefix: 1, hasOffsets: true }),
);
