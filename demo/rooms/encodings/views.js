/** Second views of a table: the marked row number by number, and how alike its rows are, over the picture where they are patches. */
import { similarity } from '../../../bindings/similarity.js';
import { Tensor } from '../../../bindings/tensor.js';
import { make, svg } from '../../parts/dom.js';
import { createHeat, told } from '../../parts/heat.js';

/** Rows that are compared with each other. */
const MOST_COMPARED = 1024;
/** Products of numbers that take a few milliseconds: more are made bit by bit, or the page would halt. */
const AT_ONCE = 2 ** 22;
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
      const [least, most] = endsOf(values);
      const [low, high] = [Math.min(0, least), Math.max(0, most)];
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
      const ends = least <= most ? `from ${told(least)} to ${told(most)}` : 'no finite number';
      picture.setAttribute('aria-label', `${axis} ${at}: ${values.length} numbers, ${ends}`);
      words.replaceChildren(make('b', {}, `${axis} ${at}, number by number`), ` ${ends}`);
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
