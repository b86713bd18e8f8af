/** What a figure of heads shows: for each head and query a value for each key, whatever the encoding calls them. */
import { pairOf } from './tables.js';

/**
 * @typedef {import('../../../../../bindings/tensor.js').Tensor} Tensor
 *
 * @typedef {object} Taste
 * @property {number} heads
 * @property {[number, number]} queries rows and columns of their grid
 * @property {[number, number]} keys
 * @property {[number, number]} stride of the queries on the keys' grid
 * @property {number} prefix 1 with a class token in front of both
 * @property {(head: number, query: number, key: number) => number} value queries and keys counted with the class token
 * @property {boolean} [isIndex] whether values are rows of a table
 * @property {boolean} [isShares] whether they are what a softmax gave
 * @property {boolean} [hasOffsets] whether pairs of one offset share a value
 * @property {(head: number, query: number) => { rows: number[], columns: number[] }} [parts] of which the values are sums
 */

/**
 * @param {Tensor} table [heads, queries, keys] or [queries, keys]
 * @param {number | readonly number[]} grid of the keys
 * @param {Partial<Taste>} [more]
 * @returns {Taste}
 */
export function tasteOf(table, grid, more = {}) {
  const [queries, keys] = table.shape.slice(-2);
  const heads = table.shape.length > 2 ? table.shape[table.shape.length - 3] : 1;
  const sides = pairOf(grid);
  return {
    ...{ heads, keys: sides, queries: sides, stride: [1, 1], prefix: 0 },
    value: (head, query, key) => Number(table.data[(head * queries + query) * keys + key]),
    ...more,
  };
}

/** How many tokens there are to hold. @param {Taste} taste */
export const countOf = ({ queries, prefix }) => prefix + queries[0] * queries[1];

/** All keys' values. @param {Taste} taste @param {number} head @param {number} query */
export function valuesOf({ value, keys, prefix }, head, query) {
  return Array.from({ length: prefix + keys[0] * keys[1] }, (_, key) => value(head, query, key));
}

/**
 * The values of a head by offset, key minus query, with what has none left out.
 * @param {Taste} taste
 * @param {number} head
 * @param {(head: number, query: number) => ArrayLike<number>} of values of all keys
 */
export function byOffset({ queries, keys, stride, prefix }, head, of) {
  const [down, across] = [0, 1].map((axis) => (queries[axis] - 1) * stride[axis]);
  const [rows, columns] = [down + keys[0], across + keys[1]];
  const data = new Float64Array(rows * columns).fill(Number.NaN);
  for (let y = 0; y < queries[0]; y++)
    for (let x = 0; x < queries[1]; x++) {
      const values = of(head, prefix + y * queries[1] + x);
      for (let i = 0; i < keys[0]; i++)
        for (let j = 0; j < keys[1]; j++)
          data[(i + down - y * stride[0]) * columns + j + across - x * stride[1]] =
            values[prefix + i * keys[1] + j];
    }
  return { data, rows, columns };
}

/** Where a key is from a query, in words. @param {number} down @param {number} across */
export function offsetInWords(down, across) {
  const words = [
    ...(down ? [`${Math.abs(down)} ${down < 0 ? 'up' : 'down'}`] : []),
    ...(across ? [`${Math.abs(across)} ${across < 0 ? 'left' : 'right'}`] : []),
  ];
  return words.length ? words.join(', ') : 'itself';
}
