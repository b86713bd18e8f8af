/** Penalties that a small network draws: FIRE's fan. */

import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { fanOf } from './figure.js';

export const OPTIONS = STARTS.fire;
export const NUMBERS = WORDS.fire;

export const create = fanOf(
  "Each head's curve is drawn by a small network, and stretched by how much has been read. Its weights are this page's, not learned.",
  (_, __, table) => ({ table, keys: table.shape[2], hasPlanes: true }),
);
