/** Straight penalties: ALiBi's fan. */

import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { fanOf } from './figure.js';

export const OPTIONS = STARTS.alibi;
export const NUMBERS = WORDS.alibi;

export const create = fanOf(
  'Every token further away takes the same from the score: head 1 is short-sighted, the last one hardly minds.',
  (_, __, table) => ({ table, keys: table.shape[2], hasPlanes: true }),
);
