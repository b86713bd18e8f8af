/** Second views of a table: the marked row number by number, and how alike its rows are, over the picture where they are patches. */
import { similarity } from '../../../bindings/similarity.js';
import { Tensor } from '../../../bindings/tensor.js';
import { make, svg } from '../../parts/dom.js';
import { createHeat, told } from '../../parts/heat.js';

/** Rows that are compared with each other. */
const MOST_COMPARED = 1024;
const [WIDTH, HEIGHT] = [560, 240];

/** @param {string} axis what a row is */
export function createRow(axis) {
  const picture = svg('svg', { role: 'img', class: 'row-lines', viewBox: `0 0 ${WIDTH} ${HEIGHT}` });
  const words = make('figcaption');
  return {
    root: make('figure', {}, picture, words),
    /** @param {Tensor} table @param {number} at */
    show({ data, shape: [, columns] }, at) {
      const values = Array.from(data.subarray(at * columns, (at + 1) * columns), Number);
      const finite = values.filter(Number.isFinite);
      const [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
      const y = (/** @type {number} */ value) => 8 + (HEIGHT - 16) * (1 - (value - low) / (high - low || 1));
      const points = values.flatMap((value, i) =>
        Number.isFinite(value)
          ? [[(WIDTH * (i + 0.5)) / values.length, y(value)].map((x) => x.toFixed(1))]
          : [],
      );
      picture.replaceChildren(
        svg('line', { x1: 0, x2: WIDTH, y1: y(0), y2: y(0), class: 'zero' }),
        svg('path', {
          d: points.length ? `M${points.map((point) => point.join(' ')).join('L')}` : 'M0 0',
          class: 'wave',
        }),
        ...(points.length <= 64
          ? points.map(([cx, cy]) => svg('circle', { cx, cy, r: 2.5, class: 'tip' }))
          : []),
      );
      const ends = finite.length
        ? `from ${told(Math.min(...finite))} to ${told(Math.max(...finite))}`
        : 'no finite number';
      picture.setAttribute('aria-label', `${axis} ${at}: ${values.length} numbers, ${ends}`);
      words.replaceChildren(make('b', {}, `${axis} ${at}, number by number`), ` ${ends}`);
    },
  };
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
