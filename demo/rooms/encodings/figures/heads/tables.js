/**
 * The tables of the figures of windows and grids: tastes by a rule, where a model would have learned its own. Whatever size is chosen
 * gets tables that fit. Learned tables would come in here: `tasteOf` is the one source of all.
 */
import { hill, table } from '../../../../docs/pictures/inputs.js';

/** @typedef {import('../../../../../bindings/tensor.js').Tensor} Tensor */

/** What each head likes, over how far below and to the right of the query the key is. @type {((y: number, x: number) => number)[]} */
const TASTES = [
  (y, x) => 2.2 * hill(1.4 * y, 1.4 * x) - 1,
  (y, x) => 2.2 * hill(1.5 * y, 1.5 * (x - 2)) - 0.8,
  (y, x) => 2.2 * hill(1.5 * y, 1.5 * (x + 2)) - 0.8,
  (y, x) => 2.2 * hill(1.5 * (y + 2), 1.5 * x) - 0.8,
  (y, x) => 2.2 * hill(1.5 * (y - 2), 1.5 * x) - 0.8,
  (y) => 1.8 * hill(2.4 * y) - 0.8,
  (_, x) => 1.8 * hill(2.4 * x) - 0.8,
  (y, x) => 1.9 * hill(2.2 * (Math.hypot(y, x) - 3)) - 0.8,
];
const ALL = [...TASTES.keys()];
/** Those that see the same in a mirror, or gain by it. */
const MIRRORED = [0, 1, 4, 5, 6, 7];
/** A few that show what becomes of a table. */
const FEW = [0, 1, 5, 7];

/** What a head has for a key so far below and to the right of the query. @param {number} head @param {number} y @param {number} x */
const tasteOf = (head, y, x) => TASTES[head](y, x);

/** From and to the class token, and itself. */
const CLASS = [0.6, 0.3, -0.4];

/** @param {number | readonly number[]} sides @returns {[number, number]} */
export const pairOf = (sides) =>
  typeof sides === 'number' ? [sides, sides] : /** @type {[number, number]} */ ([...sides]);

/**
 * A table of offsets, query minus key, row by row, with rows of the class token behind them.
 * @param {number | readonly number[]} window
 * @param {number} [extra]
 * @param {readonly number[]} [heads]
 */
export function offsetsOf(window, extra = 0, heads = ALL) {
  const [h, w] = pairOf(window);
  const rows = (2 * h - 1) * (2 * w - 1);
  return table([rows + extra, heads.length], (row, head) => {
    if (row >= rows) return CLASS[(row - rows) % CLASS.length] * (1 - head / heads.length);
    const [y, x] = [Math.floor(row / (2 * w - 1)) - h + 1, (row % (2 * w - 1)) - w + 1];
    return tasteOf(heads[head], -y, -x);
  });
}

/** @param {Record<string, any>} options */
function fitWindow(options) {
  const { window, classToken, tableLayout } = options;
  const made = offsetsOf(window, classToken ? 3 : 0);
  const [rows, heads] = made.shape;
  options.table =
    tableLayout === 'heads-first'
      ? table([heads, rows], (head, row) => Number(made.data[row * heads + head]))
      : made;
}

/** @param {Record<string, any>} options */
function fitBeit(options) {
  options.table = offsetsOf(options.trainedWindow ?? options.window, 3);
}

/** @param {Record<string, any>} options */
function fitResize(options) {
  options.table = offsetsOf(options.from, options.extra ?? 0, FEW);
}

/** @param {Record<string, any>} options */
function fitLevit(options) {
  const [h, w] = pairOf(options.grid);
  options.table = table([MIRRORED.length, h * w], (head, entry) =>
    tasteOf(MIRRORED[head], Math.floor(entry / w), entry % w),
  );
}

/** Numbers of a query, and what each of them likes of rows and of columns. */
const ASKED = 4;

/**
 * Each head's query asks for its own two of four kinds of offset; those further down the picture ask louder.
 * @param {string} gridName
 * @returns {(options: Record<string, any>) => void}
 */
const fitAsked = (gridName) => (options) => {
  const [h, w] = pairOf(options[gridName]);
  const prefix = options.prefix ?? 0;
  const likes = [0, -2, 2, 4];
  options.query = table([ASKED, prefix + h * w, ASKED], (head, cell, unit) =>
    unit === head ? 1 : unit === 0 ? 0.5 * Math.max(0, (cell - prefix) / (h * w)) : 0,
  );
  const axis = (/** @type {number} */ size, /** @type {number} */ sign) =>
    table(
      [2 * size - 1, ASKED],
      (row, unit) => 1.6 * hill(1.5 * (row - size + 1 - sign * likes[unit])) - 0.5,
    );
  options.heightTable = axis(h, 1);
  options.widthTable = axis(w, -1);
};

/** By the name of the function: tables that fit the sizes among its options. @type {Record<string, (options: Record<string, any>) => void>} */
export const FITS = {
  windowBias: fitWindow,
  beitBias: fitBeit,
  resizeBias: fitResize,
  levitBias: fitLevit,
  decomposedBias: fitAsked('queryGrid'),
  botnetBias: fitAsked('grid'),
};
