/**
 * The enums that the biases share with c/wasmformer.h; a test compares them. Values of the `...Options` are added.
 */

export const WINDOW = { CLASS_TOKEN: 1, KEY_MINUS_QUERY: 2, HEADS_FIRST: 4 };

export const BUCKETS = { BIDIRECTIONAL: 1, ROUND_SUM: 2 };

export const LAYOUT = { BHTD: 0, BTHD: 1, TBHD: 2 };

export const ALIBI = { SYMMETRIC: 0, LAST: 1, MASK: 2 };

export { RESAMPLE } from '../core/resample.js';
