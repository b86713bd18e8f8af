/** LeViT's bias: mirrored offsets count the same. */
import { readOptions } from '../../../../code/inputs.js';
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { headsOf } from './figure.js';
import { tasteOf } from './shown.js';
import { FITS, pairOf } from './tables.js';

export const OPTIONS = STARTS.levitBias;
export const NUMBERS = WORDS.levitBias;
export const fit = FITS.levitBias;

export const create = headsOf(
  "What each head adds to a score, for the patch in yellow. Up or down, left or right count the same, so that every map is its own mirror image. The tables are this page's, not learned.",
  (_, options, table) => {
    const { stride, queryGrid } = readOptions('levitBias', options).o;
    return tasteOf(table, options.grid, {
      queries: pairOf(queryGrid),
      stride: [stride, stride],
      ...{ hasOffsets: true, isIndex: options.output === 'index' },
    });
  },
);
