/** Rows and columns asked apart: SAM's bias, and BoTNet's. */
import { Tensor } from '../../../../../bindings/tensor.js';
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { headsOf } from './figure.js';
import { countOf, tasteOf } from './shown.js';
import { FITS, pairOf } from './tables.js';

/** @typedef {import('../../../../../web/encodings.js').Encodings} Encodings */

/** @param {Tensor} table */
const zerosLike = ({ shape, data }) => new Tensor('float32', new Float32Array(data.length), shape);

/**
 * The two answers of which a bias is the sum: what the encoding gives when the other table is empty.
 * @param {(options: any) => Tensor} call
 * @param {Record<string, any>} options
 * @param {import('./shown.js').Taste} taste
 */
function partsOf(call, options, taste) {
  const [h, w] = taste.keys;
  const keys = taste.prefix + h * w;
  const [down, across] = ['widthTable', 'heightTable'].map(
    (other) => call({ ...options, [other]: zerosLike(options[other]) }).data,
  );
  return (/** @type {number} */ head, /** @type {number} */ query) => {
    const from = (head * countOf(taste) + query) * keys + taste.prefix;
    return {
      rows: Array.from({ length: h }, (_, y) => Number(down[from + y * w])),
      columns: Array.from({ length: w }, (_, x) => Number(across[from + x])),
    };
  };
}

/** @param {'decomposedBias' | 'botnetBias'} name @param {string} gridName @param {string} about */
const askedOf = (name, gridName, about) => ({
  OPTIONS: STARTS[name],
  NUMBERS: WORDS[name],
  fit: FITS[name],
  create: headsOf(about, (core, options, table) => {
    const grid = pairOf(options[gridName]);
    const taste = tasteOf(table, grid, { prefix: options.prefix ?? 0 });
    return { ...taste, parts: partsOf((given) => core[name](given), options, taste) };
  }),
});

const ABOUT =
  "The patch in yellow asks twice: the strip on the left is what it thinks of each row, the one above of each column, and a cell is their sum. Patches further down ask louder here. The tables are this page's, not learned.";

export const decomposed = askedOf('decomposedBias', 'queryGrid', ABOUT);
export const botnet = askedOf('botnetBias', 'grid', ABOUT);
