/** What the pages of some figures start with: enough heads to compare. Their numbers are this page's own where a model would have learned them. */
import { noise, table } from '../../../docs/pictures/inputs.js';

const HEADS = 8;

/** Weights that only ever take off, head by head less. @param {import('../../../../bindings/tensor.js').Tensor} weights */
const falling = ({ data, shape }) =>
  table(shape, (head, unit) => -Math.abs(Number(data[head * shape[1] + unit])) / (1 + head / 2));

/** @type {Record<string, Record<string, any>>} */
export const STARTS = {
  alibi: { heads: HEADS, length: 40 },
  kerple: { length: 40, r1: table([HEADS], () => 1), r2: table([HEADS], (head) => 8 / 3 ** head) },
  fire: { length: 40, outputWeight: falling(noise(HEADS, 16)) },
  sandwich: { length: 40, heads: HEADS },
};
