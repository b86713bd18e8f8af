/** The slopes of ALiBi, as the lines that they draw. */
import { told } from '../../../../parts/heat.js';
import { fanOf } from './figure.js';

/** Tokens of the line on which the slopes are drawn. */
const LENGTH = 40;

export const create = fanOf(
  'A slope is what a head takes off for every token further away.',
  (core, { heads, biasMax }, { data }) => ({
    table: core.alibi({ heads, biasMax, length: LENGTH }),
    keys: LENGTH,
    tell: (head) => told(Number(data[head])),
  }),
);
