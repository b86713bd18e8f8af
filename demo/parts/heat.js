/**
 * A heat map: a pixel a cell, a colour from a table of 256, sized by CSS; a mark that mouse, finger and keys move; what stands there
 * read out; the bar of its colours. Not here: what the numbers mean, and looking closer (zoom.js).
 */
import { createBrackets } from './brackets.js';
import { colourChoice } from './colour-choice.js';
import { mapOf } from './colours.js';
import { button } from './controls.js';
import { make, shown } from './dom.js';
import { barPicture, largePicture } from './heat-files.js';
import { onceAFrame } from './motion.js';
import { createZoom } from './zoom.js';

/**
 * @typedef {import('./colours.js').MapName} MapName
 *
 * @typedef {object} Table
 * @property {ArrayLike<number | bigint>} data
 * @property {number} rows
 * @property {number} columns
 * @property {{ row: string, column: string }} names of the axes
 * @property {[number, number]} [range] of the colours; by default that of the values
 * @property {readonly import('./brackets.js').Part[]} [parts] what its columns hold
 */

/** A cell without a place on the map: infinities and what is no number. */
const NOWHERE = 0xff969696;

/**
 * The least and the largest finite value; a table that crosses zero is centred there.
 * @param {ArrayLike<number | bigint>} data
 * @returns {{ low: number, high: number, map: MapName }}
 */
export function scaleOf(data) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < data.length; i++) {
    const x = Number(data[i]);
    if (!Number.isFinite(x)) continue;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  if (low > high) return { low: 0, high: 1, map: 'sequential' };
  if (low < 0 && high > 0) {
    const most = Math.max(-low, high);
    return { low: -most, high: most, map: 'diverging' };
  }
  return { low, high: high > low ? high : low + 1, map: 'sequential' };
}

/** Numbers of one kind: a loop over a million of any kind takes three times as long. @param {Table['data']} data */
const numbersOf = (data) => (data instanceof Float32Array ? data : Float64Array.from(data, Number));

/**
 * Draws a table into a canvas, a pixel a cell.
 * @param {HTMLCanvasElement} canvas
 * @param {Pick<Table, 'data' | 'rows' | 'columns' | 'range'>} table
 * @param {MapName} [wanted] instead of the map that fits
 * @returns {{ low: number, high: number, map: MapName }}
 */
export function paint(canvas, { data, rows, columns, range }, wanted) {
  const values = numbersOf(data);
  const found = scaleOf(values);
  const [low, high] = range ?? [found.low, found.high];
  const map = wanted ?? (range && low < 0 ? 'diverging' : found.map);
  const colours = mapOf(map);
  if (canvas.width !== columns || canvas.height !== rows)
    Object.assign(canvas, { width: columns, height: rows });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = pen.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const step = 255 / (high - low);
  for (let i = 0; i < pixels.length; i++) {
    const place = (values[i] - low) * step + 0.5;
    if (place >= 0 && place < 256) pixels[i] = colours[place | 0];
    else pixels[i] = Number.isFinite(values[i]) ? colours[place < 0 ? 0 : 255] : NOWHERE;
  }
  pen.putImageData(image, 0, 0);
  return { low, high, map };
}

/** A value for people: at most five digits. @param {number} value */
export const told = (value) =>
  Number.isInteger(value)
    ? shown(value, 0)
    : Math.abs(value) >= 1000 || Math.abs(value) < 1e-4
      ? value.toExponential(2).replace('-', '−')
      : shown(value, 4);

/**
 * @param {object} given
 * @param {string} given.label for who does not see it
 * @param {(row: number, column: number) => void} [given.onMark]
 * @param {(text: string) => void} [given.say]
 * @param {number} [given.tall] the most pixels of its height
 */
export function createHeat({ label, onMark, say, tall = 460 }) {
  const canvas = make('canvas', { className: 'heat-canvas' });
  const mark = make('div', { className: 'heat-mark', 'aria-hidden': 'true' });
  const cell = make('div', { className: 'heat-cell', 'aria-hidden': 'true' });
  const view = make('div', { className: 'heat-view' }, canvas, mark, cell);
  const frame = make(
    'div',
    {
      className: 'heat-frame',
      tabIndex: 0,
      role: 'application',
      'aria-label': label,
      'aria-keyshortcuts': 'Plus - 0',
    },
    view,
  );
  const bar = make('canvas', { className: 'bar-canvas', width: 256, height: 1 });
  const ticks = make('div', { className: 'bar-ticks number' });
  const readOut = make('output', { className: 'caption' });
  const brackets = createBrackets();
  const choice = colourChoice();
  const whole = button('', () => zoom.reset(), { className: 'plain', hidden: true });
  const root = make(
    'div',
    { className: 'heat' },
    frame,
    brackets.root,
    make(
      'div',
      { className: 'heat-below' },
      ...[readOut, whole, choice, make('div', { className: 'colour-bar' }, bar, ticks)],
    ),
  );
  /** @type {Table | undefined} */
  let table;
  /** @type {MapName | undefined} */
  let wanted;
  let [row, column] = [0, 0];
  const zoom = createZoom(frame, view, {
    cells: () => table ?? { rows: 1, columns: 1 },
    centre: () => {
      const { x, y, width, height } = boxOfMark();
      return { x: x + width / 2, y: y + height / 2 };
    },
    onZoom: (scale) => {
      whole.hidden = scale === 1;
      brackets.show(whole.hidden ? table?.parts : []);
      whole.textContent = `Show all (now ${shown(scale, scale < 10 ? 1 : 0)} times as large)`;
    },
  });

  const draw = onceAFrame(() => {
    if (!table) return;
    const { low, high, map } = paint(canvas, table, wanted);
    paint(
      bar,
      { data: Float32Array.from({ length: 256 }, (_, i) => i), rows: 1, columns: 256, range: [0, 255] },
      map,
    );
    ticks.replaceChildren(...[low, (low + high) / 2, high].map((x) => make('span', {}, told(x))));
    // Tables of pairs are square; others fill the width, whatever the shape of their cells.
    const ratio = table.columns / table.rows;
    const isSquare = ratio > 0.7 && ratio < 1.5;
    frame.style.aspectRatio = isSquare ? String(ratio) : '';
    frame.style.height = isSquare ? '' : `${table.rows === 1 ? 64 : tall}px`;
    frame.style.maxWidth = isSquare ? `${Math.round(tall * ratio)}px` : '';
    brackets.root.style.maxWidth = frame.style.maxWidth;
    choice.hidden = map !== 'sequential';
    place();
  });

  /** The marked cell, in shares of the whole. */
  function boxOfMark() {
    const { rows, columns } = table ?? { rows: 1, columns: 1 };
    return { x: column / columns, y: row / rows, width: 1 / columns, height: 1 / rows };
  }

  function place() {
    if (!table) return;
    const { data, rows, columns, names } = table;
    const [left, top, width, height] = Object.values(boxOfMark()).map((share) => `${100 * share}%`);
    Object.assign(mark.style, { top, height });
    mark.hidden = rows === 1;
    Object.assign(cell.style, { left, top, width, height });
    const where =
      rows === 1 ? `${names.column} ${column}` : `${names.row} ${row} · ${names.column} ${column}`;
    readOut.textContent = `${where} · ${told(Number(data[row * columns + column]))}`;
  }

  /** @param {number} r @param {number} c */
  function setMark(r, c) {
    if (!table) return;
    const [was, wasColumn] = [row, column];
    row = Math.min(Math.max(r, 0), table.rows - 1);
    column = Math.min(Math.max(c, 0), table.columns - 1);
    if (row === was && column === wasColumn) return;
    zoom.reveal(boxOfMark());
    place();
    say?.(readOut.textContent ?? '');
    onMark?.(row, column);
  }

  frame.addEventListener('keydown', (event) => {
    if (!table || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = {
      ...{ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] },
      ...{ PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -column], End: [0, table.columns] },
    }[event.key];
    if (!by) return;
    event.preventDefault();
    setMark(row + by[0], column + by[1]);
  });
  const point = (/** @type {PointerEvent} */ { clientX, clientY }) => {
    if (!table || zoom.isMine()) return;
    const { x, y } = zoom.toWhole({ x: clientX, y: clientY });
    setMark(Math.floor(y * table.rows), Math.floor(x * table.columns));
  };
  frame.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse') frame.setPointerCapture(event.pointerId);
    point(event);
  });
  frame.addEventListener('pointermove', (event) => event.buttons && point(event));

  return {
    root,
    canvas,
    bar,
    readOut,
    draw,
    mark: () => ({ row, column }),
    setMark,
    /** @param {Table} given @param {MapName} [map] */
    show(given, map) {
      if (given.rows !== table?.rows || given.columns !== table.columns) zoom.reset();
      table = given;
      if (whole.hidden) brackets.show(given.parts);
      wanted = map;
      row = Math.min(row, given.rows - 1);
      column = Math.min(column, given.columns - 1);
      draw();
    },
    picture: () => largePicture(canvas),
    barPicture: () =>
      barPicture(
        bar,
        [...ticks.children].map(({ textContent }) => textContent ?? ''),
      ),
  };
}
