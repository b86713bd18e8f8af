/** BEiT's bias: the whole picture and a class token, head by head, as the page's digit model has learned it. */
import baked from 'baked:tastes';
import { NUMBERS as WORDS } from '../numbers.js';
import { headsOf } from './figure.js';
import { learnedTable } from './learned.js';
import { tasteOf } from './shown.js';
import { FITS, pairOf } from './tables.js';

const table = learnedTable(baked);

export const OPTIONS = { window: baked.window, table };
export const NUMBERS = WORDS.beitBias;

/** What was learned fits one window; to others the library stretches it. @param {Record<string, any>} options */
export function fit(options) {
  const trained = pairOf(options.trainedWindow ?? options.window);
  if (trained.every((side) => side === baked.window)) options.table = table;
  else FITS.beitBias(options);
}

export const create = headsOf(
  `What each head adds to a score, for the patch in yellow, or for the class token over the map: it has no offset, so it gets three numbers of its own. Real tables, learned by the digit model of this page in its layers ${baked.layers.join(' and ')}; those of other windows than ${baked.window} are made up.`,
  (_, { window }, given) => tasteOf(given, window, { prefix: 1, hasOffsets: true }),
);
