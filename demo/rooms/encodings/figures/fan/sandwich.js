/** The likeness of two sine codes as a penalty: Sandwich's fan. */

import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { fanOf } from './figure.js';

export const OPTIONS = STARTS.sandwich;
export const NUMBERS = WORDS.sandwich;

export const create = fanOf(
  'How alike the sine codes of two places are falls with their distance, in waves.',
  (_, __, table) => ({ table, keys: table.shape[2], hasPlanes: true }),
);
