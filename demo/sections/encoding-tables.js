/** From a result of an encoding to the table that is shown: which tensor, which plane, what a cell is called. */
import { Tensor } from 'wasmformer';
import { rangeOf, shorten } from '../../web/plot/scale.js';

/** Numbers that a page draws. */
const MOST = 1 << 22;

/**
 * The tensors of a result by name; a single one has none.
 * @param {any} result
 * @returns {Map<string, Tensor>}
 */
export function resultsOf(result) {
  const entries = Object.entries(result instanceof Tensor ? { '': result } : result);
  return new Map(entries.flatMap(([name, value]) => (value instanceof Tensor ? [[name, value]] : [])));
}

/**
 * One plane of the last two axes.
 * @param {Tensor} tensor
 * @param {number} wanted its number; the nearest one there is taken
 * @returns {{ plane: Tensor, count: number, index: number }} plane: [rows, columns]
 */
export function planeOf({ dtype, data, shape }, wanted) {
  const [rows, columns] = [1, 1, ...shape].slice(-2);
  const size = rows * columns;
  if (size === 0) throw new Error('the table is empty');
  if (size > MOST)
    throw new Error(`${rows} x ${columns} numbers are too many for this page; expected at most ${MOST}`);
  const count = data.length / size;
  const index = Math.min(Math.max(Math.trunc(wanted), 0), count - 1);
  const part = data.slice(index * size, (index + 1) * size);
  return { plane: new Tensor(dtype, /** @type {any} */ (part), [rows, columns]), count, index };
}

/** @param {Tensor} tensor @returns {string} */
export function sizeNote({ data }) {
  const { min, max } = rangeOf(data);
  return `values from ${minus(shorten(min))} to ${minus(shorten(max))}`;
}

const minus = (/** @type {string} */ text) => text.replace('-', '−');

/**
 * @param {object} given
 * @param {string} given.name
 * @param {Tensor} given.tensor [rows, columns]
 * @param {import('./encoding-examples.js').Example} given.example
 * @param {import('../../web/plot/colors.js').RampName} given.ramp
 * @param {Record<string, any>} given.options
 * @param {boolean} given.compare whether rows are compared with rows
 * @returns {import('../parts/heat-map.js').Table}
 */
export function tableOf({ name, tensor, example, ramp, options, compare }) {
  const [rows, columns] = tensor.shape;
  const own = rows === 1 ? { row: '', column: 'place' } : (example.names ?? { row: 'row', column: 'column' });
  const names = compare ? { row: own.row, column: own.row } : own;
  const grid = gridOf(options, compare || names.row === 'patch' ? rows : 0);
  const numbered = (/** @type {string} */ axis, /** @type {number} */ at) =>
    `${axis} ${at}${grid && axis === own.row ? ` (y ${Math.floor(at / grid)}, x ${at % grid})` : ''}`;
  return {
    values: tensor.data,
    rows,
    columns,
    names,
    ramp,
    title: compare ? `cosine similarity of the rows of ${name}` : name,
    describe(row, column) {
      const value = minus(String(Number(Number(tensor.data[row * columns + column]).toPrecision(6))));
      const place = rows === 1 ? '' : `${numbered(names.row, row)}, `;
      return `${place}${numbered(names.column, column)}: ${value}`;
    },
  };
}

/** The width of the picture whose patches are the rows, or 0. @param {Record<string, any>} options @param {number} rows */
function gridOf({ height, width, tokens, prefix = 0 }, rows) {
  return rows && prefix === 0 && tokens !== 'column-major' && height * width === rows ? width : 0;
}
