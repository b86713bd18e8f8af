/**
 * A table of numbers on a canvas: colours, axes with numbers, a colour bar, and a cursor that the pointer and the arrow
 * keys move, whose value is said in words. Knows nothing of what the numbers are.
 */
import { make } from './dom.js';
import { drawAll, EDGE, layoutOf, outline, paint } from './heat-map-drawing.js';

/**
 * @typedef {object} Table
 * @property {ArrayLike<number | bigint>} values [rows, columns]; what is not finite is grey and hatched
 * @property {number} rows
 * @property {number} columns
 * @property {string} title said by screen readers
 * @property {import('../../web/plot/colors.js').RampName} ramp
 * @property {{ row: string, column: string }} names of the axes
 * @property {Cell} [from] the numbers of the first row and column; 0 by default
 * @property {(row: number, column: number) => string} describe a cell, in words
 *
 * @typedef {{ row: number, column: number }} Cell
 */

/** Rows that a page key moves. */
const PAGE = 10;

/**
 * @param {HTMLElement} root gets the canvas and the line that says what is under the cursor
 * @param {{ onChoose?: (cell: Cell) => void }} [options] onChoose: a cell was clicked, or chosen by Enter
 */
export function createHeatMap(root, { onChoose } = {}) {
  const canvas = make('canvas', { tabIndex: 0, className: 'heat-map' });
  const readout = make('p', { className: 'readout' });
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-roledescription', 'heat map');
  root.replaceChildren(canvas, readout);
  /** @type {Table | null} */
  let table = null;
  /** @type {import('./heat-map-drawing.js').Painted | null} */
  let painted = null;
  /** @type {Cell} */
  let cursor = { row: 0, column: 0 };
  /** @type {Cell | null} */
  let mark = null;

  function draw() {
    if (!table || !painted || canvas.clientWidth === 0) return;
    const place = layoutOf(table, painted, canvas.clientWidth);
    canvas.style.height = `${place.fullHeight}px`;
    const scale = window.devicePixelRatio;
    canvas.width = Math.round(place.fullWidth * scale);
    canvas.height = Math.round(place.fullHeight * scale);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.scale(scale, scale);
    drawAll(context, table, painted, place, getComputedStyle(canvas));
    if (mark) outline(context, place, mark, 'ring');
    outline(context, place, cursor, 'frame');
  }

  /** @param {Cell} to @param {'polite' | 'off'} [live] polite: screen readers say what is under the cursor now */
  function move(to, live = 'off') {
    if (!table) return;
    readout.ariaLive = live;
    cursor = {
      row: Math.min(Math.max(to.row, 0), table.rows - 1),
      column: Math.min(Math.max(to.column, 0), table.columns - 1),
    };
    readout.textContent = table.describe(cursor.row, cursor.column);
    draw();
  }

  canvas.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && onChoose) onChoose(cursor);
    const next = table && keyed(event, cursor, table);
    if (!next) return;
    event.preventDefault();
    move(next, 'polite');
  });
  const under = (/** @type {PointerEvent} */ event) =>
    table && painted && cellAt(event, layoutOf(table, painted, canvas.clientWidth));
  canvas.addEventListener('pointermove', (event) => {
    const cell = under(event);
    if (cell) move(cell);
  });
  canvas.addEventListener('pointerdown', (event) => {
    const cell = under(event);
    if (!cell) return;
    move(cell);
    onChoose?.(cell);
  });
  new ResizeObserver(draw).observe(root);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);

  return {
    /** @param {Table} next @param {Cell | null} [marked] a cell that keeps a ring */
    show(next, marked = null) {
      table = next;
      mark = marked;
      painted = paint(next);
      canvas.hidden = false;
      canvas.setAttribute('aria-label', `${next.title}: ${next.rows} rows, ${next.columns} columns`);
      move(cursor);
    },
    clear() {
      table = null;
      canvas.hidden = true;
      readout.textContent = '';
    },
  };
}

/** @param {PointerEvent} event @param {import('./heat-map-drawing.js').Layout} place @returns {Cell | null} */
function cellAt(event, { rows, columns, width, height }) {
  const column = Math.floor(((event.offsetX - EDGE.left) / width) * columns);
  const row = Math.floor(((event.offsetY - EDGE.top) / height) * rows);
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null;
}

/** @param {KeyboardEvent} event @param {Cell} cell @param {Table} table @returns {Cell | undefined} */
function keyed({ key, ctrlKey }, { row, column }, { rows, columns }) {
  /** @type {Record<string, Cell>} */
  const moves = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - PAGE, column },
    PageDown: { row: row + PAGE, column },
    Home: { row: ctrlKey ? 0 : row, column: 0 },
    End: { row: ctrlKey ? rows - 1 : row, column: columns - 1 },
  };
  return Object.hasOwn(moves, key) ? moves[key] : undefined;
}
