/** How a heat map is drawn on a canvas: cells, axes, colour bar, cursor. Not here: what the pointer and the keys do. */
import { rampOf } from '../../web/plot/colors.js';
import { barLabels, cellTicks, rangeOf, ticksOf } from '../../web/plot/scale.js';
import { make } from './dom.js';

/** Pixels around the cells: room for numbers, names and the colour bar. */
export const EDGE = { left: 58, top: 8, bottom: 46 };
const TALLEST = 520;
const SHORTEST = 112;
const BAR = {
  gap: 16,
  width: 16,
  text: 5,
  apart: 22,
  heights: [SHORTEST, 200, 280, 360, 440, TALLEST],
};
const FONT = '12px system-ui, "DejaVu Sans", sans-serif';
/**
 * What is drawn again and again: the cells alone, a pixel each, and the range of their values.
 * @param {import('./heat-map.js').Table} table
 */
export function paint({ values, rows, columns, ramp }) {
  const canvas = make('canvas', { width: columns, height: rows });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = context.createImageData(columns, rows);
  const range = rangeOf(Array.from(values), { aroundZero: ramp === 'diverging' });
  const { min, max } = range;
  const color = rampOf(ramp);
  for (let i = 0; i < rows * columns; i++) {
    image.data.set(color((Number(values[i]) - min) / (max - min)), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return { canvas, range };
}

/** @typedef {ReturnType<typeof paint>} Painted */

/** Pixels of a label. @param {string} text */
function widthOf(text) {
  ruler ??= make('canvas').getContext('2d');
  if (!ruler) return 8 * text.length;
  ruler.font = FONT;
  return ruler.measureText(text).width;
}
/** @type {CanvasRenderingContext2D | null} */
let ruler = null;

/** @param {import('./heat-map.js').Table} table @param {Painted} painted @param {number} fullWidth */
export function layoutOf({ rows, columns }, { range }, fullWidth) {
  // Which numbers stand at the bar depends on its height, and that on the room that they leave: here they have room for all.
  const labels = BAR.heights.flatMap((tall) => barLabels(range, tall, BAR.apart));
  const longest = Math.max(...labels.map(({ text }) => widthOf(minus(text))));
  const right = BAR.gap + BAR.width + BAR.text + Math.ceil(longest) + 1;
  const width = Math.max(40, fullWidth - EDGE.left - right);
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

/** @param {CanvasRenderingContext2D} context @param {import('./heat-map.js').Table} table @param {Painted} painted @param {Layout} place @param {CSSStyleDeclaration} style */
export function drawAll(
  context,
  { values, names, ramp, from = { row: 0, column: 0 } },
  painted,
  place,
  style,
) {
  const { rows, columns, width, height, barHeight } = place;
  const { left, top } = EDGE;
  // Cells that are smaller than pixels are averaged, larger ones keep their edges.
  context.imageSmoothingEnabled = columns > width || rows > height;
  context.imageSmoothingQuality = 'high';
  context.drawImage(painted.canvas, left, top, width, height);
  if (rows * columns < 1e5) hatch(context, values, place);
  context.font = FONT;
  context.fillStyle = style.getPropertyValue('color');
  context.strokeStyle = context.fillStyle;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const { at, text } of axisTicks(columns, width / 42, from.column))
    context.fillText(text, left + ((at + 0.5) / columns) * width, top + height + 6);
  context.fillText(names.column, left + width / 2, top + height + 26);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const { at, text } of axisTicks(rows, height / 22, from.row))
    context.fillText(text, left - 6, top + ((at + 0.5) / rows) * height);
  drawTurned(context, names.row, 8, top + height / 2);
  const x = left + width + BAR.gap;
  const color = rampOf(ramp);
  for (let y = 0; y < barHeight; y++) {
    context.fillStyle = `rgb(${color(1 - (y + 0.5) / barHeight).join(' ')})`;
    context.fillRect(x, top + y, BAR.width, 1.5);
  }
  context.fillStyle = context.strokeStyle;
  context.textAlign = 'left';
  for (const { y, text } of barLabels(painted.range, barHeight, BAR.apart))
    context.fillText(minus(text), x + BAR.width + 5, top + Math.min(Math.max(y, 5), barHeight - 5));
}

/**
 * Cells that have a number beside them.
 * @param {number} count of the cells
 * @param {number} most
 * @param {number} from the number of the first cell
 */
function axisTicks(count, most, from) {
  const label = (/** @type {number} */ at) => ({ at, text: minus(String(at + from)) });
  if (from === 0) return cellTicks(count, most).map(label);
  const round = ticksOf({ min: from, max: from + count - 1 }, Math.max(2, most)).filter(Number.isInteger);
  return round.map((number) => label(number - from));
}

const minus = (/** @type {string} */ text) => text.replace('-', '−');

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

/**
 * A frame around a cell, or a ring in it, in two colours, so that one of them is seen on any cell.
 * @param {CanvasRenderingContext2D} context
 * @param {Layout} place
 * @param {import('./heat-map.js').Cell} cell
 * @param {'frame' | 'ring'} form
 */
export function outline(context, { rows, columns, width, height }, { row, column }, form) {
  if (row >= rows || column >= columns) return;
  const [cellWidth, cellHeight] = [Math.max(width / columns, 6), Math.max(height / rows, 6)];
  const x = EDGE.left + ((column + 0.5) / columns) * width;
  const y = EDGE.top + ((row + 0.5) / rows) * height;
  context.beginPath();
  if (form === 'ring') context.arc(x, y, Math.min(cellWidth, cellHeight) / 4, 0, 2 * Math.PI);
  else context.rect(x - cellWidth / 2, y - cellHeight / 2, cellWidth, cellHeight);
  for (const [color, line] of /** @type {[string, number][]} */ ([
    ['#000000', 4],
    ['#ffffff', 1.5],
  ])) {
    context.strokeStyle = color;
    context.lineWidth = line;
    context.stroke();
  }
  context.lineWidth = 1;
}
