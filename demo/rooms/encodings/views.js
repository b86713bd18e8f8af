/** Second views of a table: the marked row number by number, and how alike its rows are, over the picture where they are patches. */
import { similarity } from '../../../bindings/similarity.js';
import { make } from '../../parts/dom.js';
import { createHeat, told } from '../../parts/heat.js';

/** @typedef {import('../../../bindings/tensor.js').Tensor} Tensor */

/** Rows that are compared with each other. */
const MOST_COMPARED = 1024;

/** @param {{ row: string, column: string }} axes what a row and a column are @param {(column: number) => void} hold */
export async function createRow(axes, hold) {
  const { createPlot } = await import('../../parts/plot.js');
  const words = make('figcaption');
  const plot = createPlot({
    ...{ label: `A ${axes.row}, number by number`, x: axes.column, y: 'value', height: 260 },
    onMark: hold,
  });
  return {
    root: make('figure', {}, plot.root, words),
    /** @param {Tensor} table @param {{ row: number, column: number }} at */
    show({ data, shape: [, columns] }, { row, column }) {
      const values = Array.from(data.subarray(row * columns, (row + 1) * columns), Number);
      const { low, high } = endsOf(values);
      words.replaceChildren(
        make('b', {}, `${axes.row} ${row}, number by number`),
        low > high ? ' no finite number' : ` from ${told(low)} to ${told(high)}`,
      );
      plot.show({
        series: [{ values }],
        mark: column,
        told: `${axes.row} ${row} · ${axes.column} ${column} · ${told(values[column])}`,
      });
    },
  };
}

/** The least and the largest finite value. @param {number[]} values */
function endsOf(values) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

/** @param {string} axis what a row is @param {import('../../main.js').Page} page @param {(row: number) => void} hold */
export function createAlike(axis, page, hold) {
  let grid = 0;
  /** @type {Tensor | undefined} */
  let cosines;
  const heat = createHeat({
    label: `How alike each ${axis} is`,
    say: page.say,
    tall: 360,
    onMark: (row, column) => hold(grid ? row * grid + column : row),
  });
  const words = make('figcaption');
  const root = make('figure', {}, heat.root, words);

  /** @param {number} at */
  function draw(at) {
    if (!cosines) return;
    const rows = cosines.shape[0];
    const all = Array.from(cosines.data, Number);
    const least = Math.min(...all);
    /** @type {[number, number]} */
    const range = least < 0 ? [-1, 1] : [least, least < 1 ? 1 : 2];
    const map = least < 0 ? 'diverging' : 'sequential';
    if (grid) {
      heat.show(
        {
          data: all.slice(at * rows, (at + 1) * rows),
          rows: rows / grid,
          columns: grid,
          names: { row: 'row', column: 'column' },
          range,
        },
        map,
      );
      words.replaceChildren(
        make('b', {}, `How alike each ${axis} is to ${axis} ${at}`),
        ' by cosine, over the picture; click or use the arrow keys',
      );
    } else {
      heat.show({ data: all, rows, columns: rows, names: { row: axis, column: `to ${axis}` }, range }, map);
      words.replaceChildren(make('b', {}, `How alike each ${axis} is to each`), ' by cosine');
    }
  }

  return {
    root,
    draw: heat.draw,
    /** @param {Tensor} table @param {number} width of the picture whose patches the rows are, or 0 @param {number} at */
    show(table, width, at) {
      const rows = table.shape[0];
      root.hidden = rows < 2 || rows > MOST_COMPARED || !table.data.every((x) => Number.isFinite(Number(x)));
      cosines = root.hidden ? undefined : similarity(table);
      grid = width;
      if (grid) heat.setMark(Math.floor(at / grid), at % grid);
      draw(at);
    },
    /** @param {number} at */
    mark(at) {
      if (!grid || !cosines) return;
      heat.setMark(Math.floor(at / grid), at % grid);
      draw(at);
    },
  };
}
