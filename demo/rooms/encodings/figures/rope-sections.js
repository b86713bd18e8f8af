/** *Time, row, column*: of a picture's tokens some pairs turn with the row, some with the column, and those of time stand still. */
import { createTurns } from './grid-turns.js';
import { STARTS } from './starts.js';

export const OPTIONS = STARTS.ropeSections;
export const NUMBERS = {
  rows: 'token',
  columns: 'channel',
  about:
    'The cosines of all tokens of one picture down: the channels of time are constant, the next follow the row, the last the column.',
};

/** @type {import('./index.js').Module['create']} */
export const create = (given) => createTurns(given, { name: 'ropeSections' });
