/** The files that a figure is saved as, and the table that it is shown as. Fetched when one is asked for: save.js has the menu. */
import { token } from './colours.js';
import { make } from './dom.js';
import { download } from './save.js';

/** @typedef {import('../../bindings/tensor.js').Tensor} Tensor */

/** @typedef {{ head: string[] | null, body: string[][], count: number }} Lines count: of all rows, of which the body may lack some */

/** Cells of a table that a page can hold without halting. */
export const MOST_CELLS = 4096;
/** Of a picture's frame, in px of the screen. */
const [MARGIN, LINE] = [24, 20];

/**
 * Rows of a table, the first one its head if columns have names.
 * @param {Tensor} tensor
 * @param {{ columns?: string[], rows?: string[] }} labels
 * @param {number} [most] cells; rows behind them are left out
 * @returns {Lines}
 */
export function linesOf({ data, shape }, { columns, rows }, most = Number.POSITIVE_INFINITY) {
  const width = shape.length > 1 ? shape[shape.length - 1] : 1;
  const count = width ? data.length / width : 0;
  const text = (/** @type {number} */ x) =>
    String(data instanceof Float32Array ? Number(x.toPrecision(9)) : x);
  const seen = Math.min(count, Math.max(Math.floor(most / width), 1));
  const body = Array.from({ length: seen }, (_, i) => [
    ...(rows ? [rows[i] ?? ''] : []),
    ...Array.from({ length: width }, (_, k) => text(Number(data[i * width + k]))),
  ]);
  return { head: columns ? [...(rows ? [''] : []), ...columns] : null, body, count };
}

/** RFC 4180. @param {Lines} lines */
export const csvOf = ({ head, body }) =>
  [...(head ? [head] : []), ...body].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');

/** @param {string} cell */
const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** @param {Lines} lines @param {string} caption */
export function tableOf({ head, body, count }, caption) {
  const note = body.length < count ? ` (the first ${body.length} of ${count} rows)` : '';
  const row = (/** @type {string[]} */ cells, /** @type {'th' | 'td'} */ kind) =>
    make('tr', {}, ...cells.map((cell) => make(kind, kind === 'th' ? { scope: 'col' } : {}, cell)));
  return make(
    'table',
    {},
    make('caption', {}, caption + note),
    ...(head ? [make('thead', {}, row(head, 'th'))] : []),
    make('tbody', {}, ...body.map((cells) => row(cells, 'td'))),
  );
}

/** @param {string} name @param {HTMLCanvasElement} figure @param {HTMLCanvasElement | undefined} bar @param {string} caption */
export async function savePicture(name, figure, bar, caption) {
  const scale = devicePixelRatio;
  const [margin, line] = [MARGIN * scale, LINE * scale];
  const canvas = make('canvas');
  canvas.width = Math.max(figure.width, 480 * scale) + 2 * margin;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const font = `${14 * scale}px ${getComputedStyle(document.body).fontFamily}`;
  pen.font = font;
  const lines = [...wrapped(pen, caption, canvas.width - 2 * margin), location.href.slice(0, 200)];
  const below = figure.height + margin + (bar ? bar.height + margin : 0);
  canvas.height = margin + below + (lines.length + 0.5) * line;
  pen.fillStyle = token('page');
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(figure, margin, margin);
  if (bar) pen.drawImage(bar, margin, margin + figure.height + margin);
  pen.font = font;
  pen.textBaseline = 'top';
  pen.fillStyle = token('caption');
  lines.forEach(
    (text, i) => void pen.fillText(text, margin, margin + below + i * line, canvas.width - 2 * margin),
  );
  canvas.toBlob((blob) => blob && download(`${name}.png`, blob), 'image/png');
}

/** @param {CanvasRenderingContext2D} pen @param {string} text @param {number} room @returns {string[]} */
function wrapped(pen, text, room) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (pen.measureText(longer).width <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-opacity', 'opacity'];

/**
 * A drawing as it is seen. An SVG that is an image has no fonts of the page, so its letters are written over it.
 * @param {SVGSVGElement} drawing
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function pictureOf(drawing) {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  const [from, to] = [drawing, copy].map((root) => [
    .../** @type {NodeListOf<SVGElement>} */ (root.querySelectorAll('*')),
  ]);
  from.forEach((element, i) => {
    const seen = getComputedStyle(element);
    for (const name of STYLES) to[i].style.setProperty(name, seen.getPropertyValue(name));
  });
  for (const text of copy.querySelectorAll('text')) text.remove();
  const { left, top, width, height } = drawing.getBoundingClientRect();
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const url = URL.createObjectURL(new Blob([copy.outerHTML], { type: 'image/svg+xml' }));
  const image = new Image();
  image.src = url;
  await image.decode();
  URL.revokeObjectURL(url);
  const canvas = make('canvas', {
    width: Math.round(width * devicePixelRatio),
    height: Math.round(height * devicePixelRatio),
  });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const toCanvas = new DOMMatrix().scale(devicePixelRatio).translate(-left, -top);
  for (const text of drawing.querySelectorAll('text')) write(pen, text, toCanvas);
  return canvas;
}

/** @param {CanvasRenderingContext2D} pen @param {SVGTextElement} text @param {DOMMatrix} toCanvas from the screen */
function write(pen, text, toCanvas) {
  const seen = getComputedStyle(text);
  if (!text.textContent || !text.getClientRects().length || seen.visibility === 'hidden') return;
  const { x, y } = text.getStartPositionOfChar(0);
  const words = text.textContent ?? '';
  pen.save();
  pen.setTransform(toCanvas.multiply(/** @type {DOMMatrix} */ (text.getScreenCTM())));
  for (let over = /** @type {Element | null} */ (text); over?.closest('svg'); over = over.parentElement)
    pen.globalAlpha *= Number(getComputedStyle(over).opacity);
  // Of all that `font` may say, a canvas takes these.
  pen.font = `${seen.fontStyle} ${seen.fontWeight} ${seen.fontSize} ${seen.fontFamily}`;
  // A line round letters is a halo: it lies under them.
  pen.lineWidth = Number.parseFloat(seen.strokeWidth);
  pen.strokeStyle = seen.stroke;
  if (seen.stroke !== 'none') pen.strokeText(words, x, y);
  pen.fillStyle = seen.fill;
  pen.fillText(words, x, y);
  pen.restore();
}
