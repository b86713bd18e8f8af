// What a page with a figure starts with, over the picture of the documentation: by rule, or learned. Not a test.
import bakePositions from '../../demo/bake/positions.js';
import bakeTastes from '../../demo/bake/tastes.js';
import { learnedTable } from '../../demo/rooms/encodings/figures/heads/learned.js';
import { positionTable } from '../../demo/rooms/encodings/figures/positions.js';
import { STARTS as BY_RULE } from '../../demo/rooms/encodings/figures/starts.js';

const table = positionTable(await bakePositions());
const tastes = await bakeTastes();

/** @type {Record<string, any>} */
export const STARTS = {
  ...BY_RULE,
  learnedTable: { table, length: 37 * 37, offset: 0 },
  resizeTable: { table, to: 16, mode: 'bicubic', antialias: true, alignCorners: false, scaleOffset: 0 },
  beitBias: { window: 7, table: learnedTable(tastes) },
};
