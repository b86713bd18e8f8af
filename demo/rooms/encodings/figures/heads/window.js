/** Swin's window bias, head by head. */
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { headsOf } from './figure.js';
import { tasteOf } from './shown.js';
import { FITS } from './tables.js';

export const OPTIONS = STARTS.windowBias;
export const NUMBERS = WORDS.windowBias;
export const fit = FITS.windowBias;

export const create = headsOf(
  "The number that each head adds to a score, for the patch in yellow. Orange: look here. Blue: look away. By offset, each head's whole table, and the part of it that the patch cuts out. The tables are this page's, not learned.",
  (_, { window, classToken }, table) =>
    tasteOf(table, window, { prefix: classToken ? 1 : 0, hasOffsets: true }),
);
