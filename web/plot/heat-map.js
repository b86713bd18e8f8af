/**
 * Tables as pictures: a heat map with a colour bar and axes with numbers, in pixels, the same for the command line, the
 * tutorials and the page's downloads. More than two axes become panels, one for each plane of the last two.
 */
import { sizeOfShape } from '../../bindings/arrays.js';
import { InputError } from '../../bindings/errors.js';
import { rampFor, rampOf } from './colors.js';
import { LETTER, LINE_HEIGHT, Raster, widthOf } from './raster.js';
import { barLabels, cellTicks, rangeOf } from './scale.js';

/**
 * @typedef {import('./colors.js').Rgb} Rgb
 * @typedef {{ data: ArrayLike<number | bigint> & Iterable<number | bigint>, shape: readonly number[] }} Table a Tensor, or
 *   anything of its form
 *
 * @typedef {object} HeatMapOptions
 * @property {string} [title]
 * @property {string} [rows] name of the axis that runs down; 'row' by default
 * @property {string} [columns] name of the axis that runs across; 'column' by default
 * @property {import('./colors.js').RampName} [ramp] by default that of its values; with diverging, zero is in its middle
 */

/** @type {Record<'paper' | 'ink' | 'soft', Rgb>} */
const COLORS = { paper: [255, 255, 255], ink: [25, 30, 36], soft: [120, 128, 138] };

const LARGEST_SIDE = 4096;
const MOST_PANELS = 64;
/** Pixels that the panels together should have, and a cell at most; a side that is short is drawn out. */
const [WANTED, LARGEST_CELL, SHORTEST] = [{ width: 960, height: 720 }, 24, 200];
const [GAP, TICK, MARGIN] = [12, 6, 16];
const BAR = { width: 24, least: 160 };

/**
 * Draws a table.
 * @param {Table} table of one to four axes
 * @param {HeatMapOptions} [options]
 * @returns {Raster}
 * @throws {InputError} a table without numbers, or one that is too large for a picture
 */
export function drawHeatMap({ data, shape }, { title = '', rows, columns, ramp = rampFor(data) } = {}) {
  const layout = layOut(shape, title === '' ? 0 : LINE_HEIGHT + GAP);
  const range = rangeOf(data, { aroundZero: ramp === 'diverging' });
  const labels = barLabels(range, barHeight(layout), 2 * LETTER.height);
  const barWidth = BAR.width + TICK + GAP / 2 + Math.max(...labels.map(({ text }) => widthOf(text)));
  const width = Math.max(layout.right + 2 * GAP + barWidth, layout.left + widthOf(title)) + MARGIN;
  const height = Math.max(layout.bottom, layout.top + barHeight(layout) + LETTER.height) + MARGIN;
  const raster = new Raster(width, height, COLORS.paper);
  raster.text(title, layout.left, MARGIN + LETTER.height, { color: COLORS.ink });
  const color = rampOf(ramp);
  const shade = (/** @type {number} */ value) => color((value - range.min) / (range.max - range.min));
  layout.panels.forEach((panel, i) => {
    drawCells(raster, panel, layout, (cell) => shade(Number(data[i * layout.rows * layout.columns + cell])));
    drawAxes(raster, panel, layout);
    raster.text(panel.name, panel.x, panel.y - TICK, { color: COLORS.ink });
  });
  drawNames(raster, layout, { rows: rows ?? 'row', columns: columns ?? 'column' });
  drawBar(raster, layout, labels, color);
  return raster;
}

/**
 * Where everything stands.
 * @param {readonly number[]} shape
 * @param {number} titleHeight
 */
function layOut(shape, titleHeight) {
  const [rows, columns] = shape.length < 2 ? [1, shape[0] ?? 1] : shape.slice(-2);
  const leading = shape.slice(0, -2);
  const count = sizeOfShape(leading);
  const refuse = (/** @type {string} */ rule) => {
    throw new InputError(`a table of shape [${shape.join(', ')}] cannot be drawn; expected ${rule}`, {
      value: shape,
    });
  };
  if (rows * columns * count === 0) refuse('at least one number');
  if (count > MOST_PANELS) refuse(`at most ${MOST_PANELS} planes`);
  if (Math.max(rows, columns) > LARGEST_SIDE) refuse(`at most ${LARGEST_SIDE} rows and columns`);
  const across = Math.ceil(Math.sqrt(count));
  const down = Math.ceil(count / across);
  const { width, height } = WANTED;
  const cell = Math.floor(Math.min(width / (across * columns), height / (down * rows), LARGEST_CELL));
  const side = (/** @type {number} */ cells, /** @type {number} */ panels) =>
    Math.max(cell, 1, Math.min(LARGEST_CELL, Math.floor(SHORTEST / (cells * panels))));
  const size = { across: side(columns, across), down: side(rows, down) };
  const labels = widthOf(String(rows - 1));
  const left = MARGIN + LINE_HEIGHT + GAP + labels + TICK;
  const top = MARGIN + titleHeight + (count > 1 ? LINE_HEIGHT : 0);
  const stepX = columns * size.across + labels + TICK + 2 * GAP;
  const stepY = rows * size.down + 2 * LINE_HEIGHT + TICK + GAP;
  const panels = Array.from({ length: count }, (_, i) => ({
    x: left + (i % across) * stepX,
    y: top + Math.floor(i / across) * stepY,
    name: count > 1 ? `[${indexOf(i, leading).join(', ')}]` : '',
  }));
  const right = left + (across - 1) * stepX + columns * size.across;
  const bottom = top + (down - 1) * stepY + rows * size.down + TICK + 2 * LINE_HEIGHT + GAP;
  return { rows, columns, size, panels, left, top, right, bottom };
}

/** @typedef {ReturnType<typeof layOut>} Layout */

/** @param {Layout} layout */
const barHeight = ({ rows, size }) => Math.max(BAR.least, rows * size.down);

/** @param {number} flat @param {readonly number[]} shape @returns {number[]} */
function indexOf(flat, shape) {
  return shape.map((size, axis) => {
    const below = sizeOfShape(shape.slice(axis + 1));
    return Math.floor(flat / below) % size;
  });
}

/** @param {Raster} raster @param {{ x: number, y: number }} panel @param {Layout} layout @param {(cell: number) => Rgb} colorOf */
function drawCells(raster, { x, y }, { rows, columns, size }, colorOf) {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const place = /** @type {const} */ ([
        x + column * size.across,
        y + row * size.down,
        size.across,
        size.down,
      ]);
      raster.rectangle(...place, colorOf(row * columns + column));
    }
  }
}

/**
 * The numbers of rows and columns beside the middle of their cells.
 * @param {Raster} raster
 * @param {{ x: number, y: number }} panel
 * @param {Layout} layout
 */
function drawAxes(raster, { x, y }, { rows, columns, size }) {
  const { ink, soft } = COLORS;
  const [width, height] = [columns * size.across, rows * size.down];
  const room = widthOf(String(columns - 1)) + 2 * LETTER.width;
  for (const column of cellTicks(columns, width / room)) {
    const middle = x + Math.floor((column + 0.5) * size.across);
    raster.rectangle(middle, y + height, 1, TICK, soft);
    const below = y + height + TICK + GAP / 2 + LETTER.height;
    raster.text(String(column), middle, below, { color: ink, align: 'middle' });
  }
  for (const row of cellTicks(rows, height / (2 * LINE_HEIGHT))) {
    const middle = y + Math.floor((row + 0.5) * size.down);
    raster.rectangle(x - TICK, middle, TICK, 1, soft);
    raster.text(String(row), x - TICK - GAP / 2, middle + LETTER.height / 2, { color: ink, align: 'end' });
  }
}

/** @param {Raster} raster @param {Layout} layout @param {{ rows: string, columns: string }} names of the axes */
function drawNames(raster, { left, top, right, bottom }, { rows, columns }) {
  const options = /** @type {const} */ ({ color: COLORS.soft, align: 'middle' });
  raster.text(columns, (left + right) / 2, bottom, options);
  const height = bottom - TICK - 2 * LINE_HEIGHT - GAP - top;
  raster.text(rows, MARGIN + LETTER.height, top + height / 2, { ...options, turned: true });
}

/** @param {Raster} raster @param {Layout} layout @param {{ y: number, text: string }[]} labels @param {(t: number) => Rgb} color */
function drawBar(raster, layout, labels, color) {
  const { right, top } = layout;
  const x = right + 2 * GAP;
  const height = barHeight(layout);
  for (let y = 0; y < height; y++) raster.rectangle(x, top + y, BAR.width, 1, color(1 - (y + 0.5) / height));
  for (const { y, text } of labels) {
    raster.rectangle(x + BAR.width, top + y, TICK, 1, COLORS.soft);
    const left = x + BAR.width + TICK + GAP / 2;
    raster.text(text, left, top + y + LETTER.height / 2, { color: COLORS.ink });
  }
}
