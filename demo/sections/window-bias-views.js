/** The tables of a window's bias that are shown, and what their cells are called. */
import { Tensor } from 'wasmformer';

/**
 * @typedef {import('../parts/heat-map.js').Table} Table
 * @typedef {import('../parts/heat-map.js').Cell} Cell
 */

const minus = (/** @type {unknown} */ number) => String(number).replace('-', '−');
const shown = (/** @type {number | bigint} */ value) =>
  Number.isFinite(Number(value))
    ? minus(Number(Number(value).toPrecision(4)))
    : 'hidden: it lies in another part of the picture';

/**
 * Pairs that the mask hides have no value.
 * @param {Tensor} bias [N, N]
 * @param {Tensor | null} mask [N, N], 0 or below
 * @returns {Tensor} float32 [N, N]
 */
export function withMask({ data, shape }, mask) {
  const values = Float32Array.from(/** @type {Float32Array} */ (data), (value, i) =>
    mask?.data[i] ? Number.NaN : value,
  );
  return new Tensor('float32', values, shape);
}

/**
 * A row of the pairs as the window that it is.
 * @param {Tensor} pairs [N, N]
 * @param {number} side
 * @param {Cell} query
 * @param {string} head
 * @returns {Table}
 */
export function preferenceTable(pairs, side, query, head) {
  const { data } = pairs.slice(query.row * side + query.column);
  return {
    values: data,
    rows: side,
    columns: side,
    ramp: 'diverging',
    title: `what the patch in row ${query.row}, column ${query.column} prefers, ${head}`,
    names: { row: 'row of the key', column: 'column of the key' },
    describe: (row, column) => `patch (${row}, ${column}): ${shown(data[row * side + column])}`,
  };
}

/**
 * A head's table with the query in the middle. It is kept by query minus key, so it is turned around: a key above and to
 * the left of the query then stands above and to the left of the middle.
 * @param {Tensor} column [(2 side - 1)²]
 * @param {number} side
 * @param {string} head
 * @returns {Table}
 */
export function offsetTable({ data }, side, head) {
  const across = 2 * side - 1;
  const values = Float32Array.from(/** @type {Float32Array} */ (data)).reverse();
  const place = (/** @type {number} */ by, /** @type {string} */ before, /** @type {string} */ behind) =>
    by === 0 ? '' : `${Math.abs(by)} ${by < 0 ? before : behind}`;
  return {
    values,
    rows: across,
    columns: across,
    ramp: 'diverging',
    title: `bias by offset, ${head}`,
    names: { row: 'rows down', column: 'columns to the right' },
    from: { row: 1 - side, column: 1 - side },
    describe(row, column) {
      const [y, x] = [row - side + 1, column - side + 1];
      const where = [place(y, 'up', 'down'), place(x, 'left', 'right')].filter(Boolean).join(', ');
      return `key ${where || 'is the query'}: ${shown(values[row * across + column])}`;
    },
  };
}

/**
 * @param {Tensor} pairs [N, N]
 * @param {number} side
 * @param {string} head
 * @returns {Table}
 */
export function pairTable({ data, shape }, side, head) {
  const patch = (/** @type {number} */ i) => `(${Math.floor(i / side)}, ${i % side})`;
  return {
    values: data,
    rows: shape[0],
    columns: shape[1],
    ramp: 'diverging',
    title: `bias of all pairs, ${head}`,
    names: { row: 'query', column: 'key' },
    describe: (row, column) =>
      `query ${patch(row)}, key ${patch(column)}: ${shown(data[row * shape[1] + column])}`,
  };
}
