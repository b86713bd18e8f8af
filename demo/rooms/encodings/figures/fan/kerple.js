/** Log penalties: KERPLE's fan. */

import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { fanOf } from './figure.js';

export const OPTIONS = STARTS.kerple;
export const NUMBERS = WORDS.kerple;

export const create = fanOf(
  "The first tokens cost much, those behind them hardly more. The two numbers of a head are this page's, not learned.",
  (_, __, table) => ({ table, keys: table.shape[2], hasPlanes: true }),
);
