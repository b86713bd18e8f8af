/**
 * A table of numbers on a canvas: colours, axes with numbers, a colour bar, and a cursor that the pointer and the arrow
 * keys move, whose value is said in words. Knows nothing of what the numbers are.
 */
import { rampOf } from '../../web/plot/colors.js';
import { barLabels, cellTicks, rangeOf } from '../../web/plot/scale.js';
import { make } from './dom.js';

/**
 * @typedef {object} Table
 * @property {ArrayLike<number | bigint>} values [rows, columns]; what is not finite is grey and hatched
 * @property {number} rows
 * @property {number} columns
 * @property {string} title said by screen readers
 * @property {import('../../web/plot/colors.js').RampName} [ramp] viridis by default
 * @property {{ row: string, column: string }} names of the axes
 * @property {(row: number, column: number) => string} describe a cell, in words
 *
 * @typedef {{ row: number, column: number }} Cell
 */

/** Pixels around the cells: room for numbers, names and the colour bar. */
const EDGE = { left: 58, top: 8, right: 86, bottom: 46 };
const BAR = { gap: 16, width: 16 };
const TALLEST = 520;
const SHORTEST = 140;
const FONT = '12px system-ui, "DejaVu Sans", sans-serif';
/** Rows that a page key moves. */
const PAGE = 10;

/**
 * @param {HTMLElement} root gets the canvas and the line that says what is under the cursor
 * @param {{ onChoose?: (cell: Cell) => void }} [options] onChoose: a cell was clicked, or chosen by Enter
 */
export function createHeatMap(root, { onChoose } = {}) {
  const canvas = make('canvas', { tabIndex: 0, className: 'heat-map' });
  const readout = make('p', { className: 'readout', role: 'status' });
  canvas.setAttribute('role', 'application');
  canvas.setAttribute('aria-roledescription', 'heat map');
  root.replaceChildren(canvas, readout);
  /** @type {Table | null} */
  let table = null;
  /** @type {HTMLCanvasElement | null} */
  let cells = null;
  /** @type {Cell} */
  let cursor = { row: 0, column: 0 };
  /** @type {Cell | null} */
  let mark = null;

  const layout = () => layoutOf(/** @type {Table} */ (table), canvas.clientWidth);
  function draw() {
    if (!table || !cells || canvas.clientWidth === 0) return;
    const place = layout();
    canvas.style.height = `${place.fullHeight}px`;
    const scale = window.devicePixelRatio;
    canvas.width = Math.round(place.fullWidth * scale);
    canvas.height = Math.round(place.fullHeight * scale);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.scale(scale, scale);
    drawAll(context, table, cells, place, getComputedStyle(canvas));
    if (mark) outline(context, place, mark, '#000000', '#ffffff');
    outline(context, place, cursor, '#ffffff', '#000000');
  }

  /** @param {Cell} to */
  function move(to) {
    if (!table) return;
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
    move(next);
  });
  const under = (/** @type {PointerEvent} */ event) => table && cellAt(event, layout());
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
    /** @param {Table} next @param {Cell | null} [marked] a cell that stays outlined */
    show(next, marked = null) {
      table = next;
      mark = marked;
      cells = paint(next);
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

/** The cells alone, a pixel each. @param {Table} table */
function paint({ values, rows, columns, ramp = 'viridis' }) {
  const canvas = make('canvas', { width: columns, height: rows });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = context.createImageData(columns, rows);
  const { min, max } = rangeOf(Array.from(values), { aroundZero: ramp === 'diverging' });
  const color = rampOf(ramp);
  for (let i = 0; i < rows * columns; i++) {
    image.data.set(color((Number(values[i]) - min) / (max - min)), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @param {Table} table @param {number} fullWidth */
function layoutOf({ rows, columns }, fullWidth) {
  const width = Math.max(40, fullWidth - EDGE.left - EDGE.right);
  const wanted = (width / columns) * rows;
  const height = Math.min(Math.max(wanted, Math.min(SHORTEST, 24 * rows)), Math.min(TALLEST, width));
  const barHeight = Math.max(height, SHORTEST);
  return {
    rows,
    columns,
    width,
    height,
    barHeight,
    fullWidth,
    fullHeight: EDGE.top + barHeight + EDGE.bottom,
  };
}

/** @typedef {ReturnType<typeof layoutOf>} Layout */

/** @param {CanvasRenderingContext2D} context @param {Table} table @param {HTMLCanvasElement} cells @param {Layout} place @param {CSSStyleDeclaration} style */
function drawAll(context, { values, names, ramp = 'viridis' }, cells, place, style) {
  const { rows, columns, width, height, barHeight } = place;
  const { left, top } = EDGE;
  // Cells that are smaller than pixels are averaged, larger ones keep their edges.
  context.imageSmoothingEnabled = columns > width || rows > height;
  context.imageSmoothingQuality = 'high';
  context.drawImage(cells, left, top, width, height);
  if (rows * columns < 1e5) hatch(context, values, place);
  context.font = FONT;
  context.fillStyle = style.getPropertyValue('color');
  context.strokeStyle = context.fillStyle;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const column of cellTicks(columns, width / 42))
    context.fillText(String(column), left + ((column + 0.5) / columns) * width, top + height + 6);
  context.fillText(names.column, left + width / 2, top + height + 26);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const row of cellTicks(rows, height / 22))
    context.fillText(String(row), left - 6, top + ((row + 0.5) / rows) * height);
  drawTurned(context, names.row, 8, top + height / 2);
  const range = rangeOf(Array.from(values), { aroundZero: ramp === 'diverging' });
  const x = left + width + BAR.gap;
  const color = rampOf(ramp);
  for (let y = 0; y < barHeight; y++) {
    context.fillStyle = `rgb(${color(1 - (y + 0.5) / barHeight).join(' ')})`;
    context.fillRect(x, top + y, BAR.width, 1.5);
  }
  context.fillStyle = context.strokeStyle;
  context.textAlign = 'left';
  for (const { y, text } of barLabels(range, barHeight, 22))
    context.fillText(
      text.replace('-', '−'),
      x + BAR.width + 5,
      top + Math.min(Math.max(y, 5), barHeight - 5),
    );
}

/** Grey is a colour too: cells without a value also get a stroke. @param {CanvasRenderingContext2D} context @param {ArrayLike<number | bigint>} values @param {Layout} place */
function hatch(context, values, { rows, columns, width, height }) {
  context.strokeStyle = '#555555';
  context.beginPath();
  for (let i = 0; i < rows * columns; i++) {
    if (Number.isFinite(Number(values[i]))) continue;
    const x = EDGE.left + ((i % columns) / columns) * width;
    const y = EDGE.top + (Math.floor(i / columns) / rows) * height;
    context.moveTo(x, y + height / rows);
    context.lineTo(x + width / columns, y);
  }
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y */
function drawTurned(context, text, x, y) {
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  context.fillText(text, 0, 0);
  context.restore();
}

/** A frame in two colours, so that one of them is seen on any cell. @param {CanvasRenderingContext2D} context @param {Layout} place @param {Cell} cell @param {string} inner @param {string} outer */
function outline(context, { rows, columns, width, height }, { row, column }, inner, outer) {
  if (row >= rows || column >= columns) return;
  const [cellWidth, cellHeight] = [Math.max(width / columns, 6), Math.max(height / rows, 6)];
  const x = EDGE.left + ((column + 0.5) / columns) * width - cellWidth / 2;
  const y = EDGE.top + ((row + 0.5) / rows) * height - cellHeight / 2;
  for (const [color, line] of /** @type {[string, number][]} */ ([
    [outer, 4],
    [inner, 1.5],
  ])) {
    context.strokeStyle = color;
    context.lineWidth = line;
    context.strokeRect(x, y, cellWidth, cellHeight);
  }
  context.lineWidth = 1;
}

/** @param {PointerEvent} event @param {Layout} place @returns {Cell | null} */
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
