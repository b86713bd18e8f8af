/** Programs of learned tables: rows by position, rows and columns, positions counted from token ids. */
import { stretched } from './resampled.js';

/**
 * @typedef {import('../python.js').Program} Program
 * @typedef {import('../python.js').Lines} Lines
 */

/** The table without a batch axis. @param {string} name @param {number[]} shape */
const single = (name, shape) => shape.length === 3 && `${name} = ${name}[0]`;

/** @param {any} o @param {boolean} torch @returns {Lines} */
function rowColumn(o, torch) {
  const { rowIds, x, combine, order, resize, keepAspect, channelsFirst, size, shape } = o;
  const { height, width, D, E = D } = size;
  const most = keepAspect ? Math.max(height, width) : 0;
  const isStretched = rowIds === null && resize === 'linear';
  const fit = (/** @type {string} */ name, /** @type {number} */ old, /** @type {number} */ wanted) =>
    isStretched && old !== Math.max(most, wanted) && stretched(name, old, Math.max(most, wanted), torch);
  const ids = rowIds ? ['row[row_ids]', 'column[column_ids]'] : ['row[y]', 'column[x]'];
  const both = order === 'row-column' ? ids : [...ids].reverse();
  const grid = `np.arange(${height * width})`;
  const table = combine === 'concat' ? `np.concatenate([${both.join(', ')}], axis=1)` : ids.join(' + ');
  const named = x ? ['row[row_of]', 'column[column_of]'] : null;
  const expression =
    !rowIds && named ? table.replace('row[y]', named[0]).replace('column[x]', named[1]) : table;
  const names = x ? ['row_of', 'column_of'] : ['y', 'x'];
  return [
    single('row', shape.row),
    single('column', shape.column),
    fit('row', size.rows, height),
    fit('column', size.columns, width),
    !rowIds && `${names.join(', ')} = ${grid} // ${width}, ${grid} % ${width}`,
    `table = ${x ? `x + ${combine === 'concat' ? expression : `(${expression})`}` : expression}`,
    channelsFirst && `table = table.T.reshape(${combine === 'concat' ? D + E : D}, ${height}, ${width})`,
  ];
}

/** @type {Record<string, Program>} */
export const learned = {
  positionIds: {
    numpy: ({ inputIds, padding, length, offset }) =>
      inputIds
        ? [`real = input_ids != ${padding}`, `ids = real.cumsum(axis=-1) * real + ${padding}`]
        : [`ids = np.arange(${offset}, ${offset + length})`],
  },
  learnedTable: {
    numpy({ x, length, offset, size, shape }) {
      const rows = `table[${offset}:${offset + (x ? size.T : length)}]`;
      return [single('table', shape.table), `out = ${x ? `x + ${rows}` : rows}`];
    },
  },
  rowColumn: { numpy: (o) => rowColumn(o, false), torch: (o) => rowColumn(o, true) },
};
