/** One head's map with its words: rows look at columns. A cell is held by pointer, finger or arrows. */
import { mapOf, token } from '../../parts/colours.js';
import { make } from '../../parts/dom.js';
import { onceAFrame } from '../../parts/motion.js';

/** Beyond so many words they are not written. */
const WRITTEN = 26;
const LARGEST_CELL = 31;
/** Room for the words, in px. */
const [LEFT, TOP] = [68, 56];

/**
 * @typedef {object} Shown
 * @property {ArrayLike<number>} map [T, T]
 * @property {string[]} labels
 * @property {number} top the value of the last colour
 * @property {number} row held
 * @property {number} column
 * @property {string} name
 */

/** @param {{ hold: (row: number, column: number) => void }} given */
export function heatOf({ hold }) {
  const canvas = make('canvas', { className: 'heat', tabIndex: 0, role: 'application' });
  const element = make('div', { className: 'heat-holder' }, canvas);
  /** @type {Shown | null} */
  let now = null;
  let [cell, left, top] = [LARGEST_CELL, LEFT, TOP];

  /** @param {Shown} given */
  function show(given) {
    now = given;
    canvas.setAttribute(
      'aria-label',
      `${given.name}: attention of ${given.labels.length} words; arrows move`,
    );
    paint();
  }

  const paint = onceAFrame(() => {
    if (!now || !element.clientWidth) return;
    const scale = devicePixelRatio;
    const { width, height } = measure(element.clientWidth);
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    draw(canvas, scale);
  });

  /** @param {number} room */
  function measure(room) {
    const count = now?.labels.length ?? 0;
    [left, top] = count > WRITTEN ? [0, 0] : [LEFT, TOP];
    const exact = Math.min((room - left - (left && 24)) / count, LARGEST_CELL);
    cell = exact >= 4 ? Math.floor(exact) : exact;
    return {
      width: Math.ceil(left + count * cell + (left && 24)),
      height: Math.ceil(top + count * cell + 2),
    };
  }

  /** @param {HTMLCanvasElement} target @param {number} scale */
  function draw(target, scale) {
    const pen = target.getContext('2d');
    if (!pen || !now) return;
    const { map, labels, row, column } = now;
    const count = labels.length;
    const colours = mapOf('sequential');
    pen.scale(scale, scale);
    const picture = new ImageData(count, count);
    const pixels = new Uint32Array(picture.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = colours[Math.round((255 * map[i]) / (now.top || 1))];
    const small = make('canvas', { width: count, height: count });
    small.getContext('2d')?.putImageData(picture, 0, 0);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, left, top, count * cell, count * cell);
    const [page, ink, caption] = ['page', 'ink', 'caption'].map(token);
    if (cell >= 12) {
      pen.fillStyle = page;
      for (let i = 1; i < count; i++) {
        pen.fillRect(left + i * cell - 0.5, top, 1, count * cell);
        pen.fillRect(left, top + i * cell - 0.5, count * cell, 1);
      }
    }
    if (left) words(pen, { page, ink, caption });
    pen.strokeStyle = '#15173d';
    pen.lineWidth = 4;
    const box = /** @type {const} */ ([left + column * cell, top + row * cell, cell, cell]);
    pen.strokeRect(...box);
    pen.strokeStyle = token('mark');
    pen.lineWidth = 2;
    pen.strokeRect(...box);
  }

  /** @param {CanvasRenderingContext2D} pen @param {{ page: string, ink: string, caption: string }} tones */
  function words(pen, { ink, caption }) {
    if (!now) return;
    const { labels, row } = now;
    const { serif } = Object.fromEntries([
      ['serif', getComputedStyle(document.documentElement).getPropertyValue('--serif')],
    ]);
    pen.font = `400 ${Math.min(16, cell - 2)}px ${serif}`;
    pen.textBaseline = 'middle';
    labels.forEach((label, i) => {
      const isSpecial = i === 0 || i === labels.length - 1;
      const middle = top + (i + 0.5) * cell;
      pen.textAlign = 'right';
      const text = fitted(pen, label, left - 12);
      if (i === row) {
        const wide = pen.measureText(text).width;
        pen.fillStyle = token('mark');
        pen.fillRect(left - 11 - wide, middle - cell / 2 + 2, wide + 8, cell - 4);
      }
      pen.fillStyle = i === row ? '#15173d' : isSpecial ? caption : ink;
      pen.fillText(text, left - 7, middle + 1);
      pen.save();
      pen.translate(left + (i + 0.5) * cell, top - 6);
      pen.rotate(-Math.PI / 4);
      pen.textAlign = 'left';
      pen.fillStyle = isSpecial ? caption : ink;
      pen.fillText(fitted(pen, label, 74), 0, 0);
      pen.restore();
    });
  }

  /** @param {PointerEvent} event */
  function take(event) {
    if (!now) return;
    const { left: x, top: y } = canvas.getBoundingClientRect();
    const [column, row] = [event.clientX - x - left, event.clientY - y - top].map((at) =>
      Math.floor(at / cell),
    );
    const count = now.labels.length;
    if (row < 0 || row >= count || column >= count) return;
    const to = column < 0 ? now.column : column;
    if (row !== now.row || to !== now.column) hold(row, to);
  }
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    take(event);
  });
  canvas.addEventListener('pointermove', (event) => event.buttons & 1 && take(event));
  canvas.addEventListener('keydown', (event) => {
    if (!now) return;
    const { row, column, labels } = now;
    const last = labels.length - 1;
    const to = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      PageUp: [row - 10, column],
      PageDown: [row + 10, column],
      Home: [row, 0],
      End: [row, last],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    const [r, c] = to.map((at) => Math.min(Math.max(at, 0), last));
    hold(r, c);
  });
  new ResizeObserver(paint).observe(element);
  document.fonts.ready.then(paint);
  /** As it is seen, for a file. */
  const picture = () => {
    const copy = make('canvas', { width: canvas.width, height: canvas.height });
    copy.getContext('2d')?.drawImage(canvas, 0, 0);
    return copy;
  };
  return { element, show, picture };
}

/** A word cut to its room. @param {CanvasRenderingContext2D} pen @param {string} text @param {number} room */
function fitted(pen, text, room) {
  if (pen.measureText(text).width <= room) return text;
  let cut = text;
  while (cut && pen.measureText(`${cut}…`).width > room) cut = cut.slice(0, -1);
  return `${cut}…`;
}
