/** Second views of a table: the marked row number by number, and how alike its rows are, over the picture where they are patches. */
import { similarity } from '../../../bindings/similarity.js';
import { Tensor } from '../../../bindings/tensor.js';
import { make } from '../../parts/dom.js';
import { createHeat, told } from '../../parts/heat.js';

/** Rows that are compared with each other. */
const MOST_COMPARED = 1024;
/** Products of numbers that take a few milliseconds: more are made bit by bit, or the page would halt. */
const AT_ONCE = 2 ** 22;

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
      const [low, high] = endsOf(values);
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

/** The least and the largest finite number. @param {ArrayLike<number | bigint>} values @returns {[number, number]} */
function endsOf(values) {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const x = Number(values[i]);
    if (!Number.isFinite(x)) continue;
    if (x < least) least = x;
    if (x > most) most = x;
  }
  return [least, most];
}

/** @param {string} axis what a row is @param {import('../../main.js').Page} page @param {(row: number) => void} hold */
export function createAlike(axis, page, hold) {
  let [grid, held, least, turn] = [0, 0, 0, 0];
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
    /** @type {[number, number]} */
    const range = least < 0 ? [-1, 1] : [least, least < 1 ? 1 : 2];
    const map = least < 0 ? 'diverging' : 'sequential';
    if (grid) {
      heat.show(
        {
          data: cosines.data.subarray(at * rows, (at + 1) * rows),
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
      heat.show(
        { data: cosines.data, rows, columns: rows, names: { row: axis, column: `to ${axis}` }, range },
        map,
      );
      words.replaceChildren(make('b', {}, `How alike each ${axis} is to each`), ' by cosine');
    }
  }

  return {
    root,
    draw: heat.draw,
    /** @param {Tensor} table @param {number} width of the picture whose patches the rows are, or 0 @param {number} at */
    async show(table, width, at) {
      const now = ++turn;
      const rows = table.shape[0];
      root.hidden = rows < 2 || rows > MOST_COMPARED || !areNumbers(table.data);
      cosines = undefined;
      if (root.hidden) return;
      held = at;
      // What stands there meanwhile is of other numbers.
      root.classList.add('waiting');
      const found = await compared(table, () => now !== turn || page.signal.aborted);
      if (!found) return;
      root.classList.remove('waiting');
      [cosines, grid, least] = [found, width, endsOf(found.data)[0]];
      if (grid) heat.setMark(Math.floor(held / grid), held % grid);
      draw(held);
    },
    /** @param {number} at */
    mark(at) {
      held = at;
      if (!grid || !cosines) return;
      heat.setMark(Math.floor(at / grid), at % grid);
      draw(at);
    },
  };
}

/** Whether all are finite. A call for each of a million would take as long as the map. @param {Tensor['data']} data */
function areNumbers(data) {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(Number(data[i]))) return false;
  return true;
}

/**
 * The cosines of all rows with all rows.
 * @param {Tensor} table
 * @param {() => boolean} isOver whether nobody waits for them any more
 * @returns {Promise<Tensor | undefined>}
 */
async function compared(table, isOver) {
  const [rows, width] = table.shape;
  const block = Math.max(1, Math.floor(AT_ONCE / (rows * width)));
  if (block >= rows) return similarity(table);
  const data = /** @type {Float32Array} */ (table.data);
  const all = new Float32Array(rows * rows);
  for (let from = 0; from < rows; from += block) {
    await new Promise((done) => setTimeout(done));
    if (isOver()) return undefined;
    const [count, rest] = [Math.min(block, rows - from), rows - from];
    const part = new Tensor('float32', data.subarray(from * width, (from + count) * width), [count, width]);
    // Those with the rows before are known: the map is its own mirror image.
    const found = similarity(part, new Tensor('float32', data.subarray(from * width), [rest, width])).data;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < rest; j++) {
        const cosine = Number(found[i * rest + j]);
        all[(from + i) * rows + from + j] = cosine;
        all[(from + j) * rows + from + i] = cosine;
      }
  }
  return new Tensor('float32', all, [rows, rows]);
}
