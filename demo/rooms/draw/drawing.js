/** The field that one draws on: strokes by pointer or finger; a short touch, or the arrow keys, hold a patch. */
import { token } from '../../parts/colours.js';
import { make } from '../../parts/dom.js';
import { onceAFrame } from '../../parts/motion.js';
import { inkOf, paintGrid, paintMark, penOf } from './paint.js';
import { GRID, PATCHES } from './patches.js';
import { RADIUS, SIDE } from './strokes.js';

/**
 * @typedef {import('./strokes.js').Stroke} Stroke
 *
 * @typedef {object} Scene
 * @property {readonly Stroke[]} strokes
 * @property {Uint8Array | null} digit a test digit under them
 * @property {number | null} held
 */

/** A touch that is shorter than this, in milliseconds, and moves less, in pixels of the digit, holds a patch. */
const [SHORT, STILL] = [250, 0.6];

/**
 * @param {object} given
 * @param {(stroke: Stroke, isEnd: boolean) => void} given.draw the stroke under the hand, point by point
 * @param {(patch: number | null) => void} given.hold
 * @param {() => void} given.clear
 * @param {AbortSignal} given.signal
 */
export function createDrawing({ draw, hold, clear, signal }) {
  const canvas = make('canvas', {
    className: 'drawing',
    tabIndex: 0,
    role: 'application',
    'aria-roledescription': 'drawing field',
  });
  /** @type {Scene} */
  let scene = { strokes: [], digit: null, held: null };
  /** @type {[number, number][]} */
  let stroke = [];
  let started = 0;
  let isDrawn = false;

  /** The lines alone. @param {CanvasRenderingContext2D} pen @param {number} size */
  function paintInk(pen, size) {
    if (scene.digit) {
      pen.imageSmoothingQuality = 'high';
      pen.drawImage(inkOf(scene.digit), 0, 0, size, size);
    }
    pen.strokeStyle = token('ink');
    pen.lineWidth = (2 * RADIUS * size) / SIDE;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    const at = (/** @type {number} */ x) => (x * size) / SIDE;
    for (const points of scene.strokes) {
      pen.beginPath();
      points.forEach(([x, y], i) => {
        if (i) pen.lineTo(at(x), at(y));
        else pen.moveTo(at(x), at(y));
      });
      if (points.length === 1) pen.lineTo(at(points[0][0]) + 0.01, at(points[0][1]));
      pen.stroke();
    }
  }
  /** @param {HTMLCanvasElement} target */
  function paint(target) {
    const { width: size } = target;
    const pen = penOf(target);
    pen.clearRect(0, 0, size, size);
    paintGrid(pen, size);
    paintInk(pen, size);
    if (scene.held !== null) paintMark(pen, size, scene.held);
  }
  const redraw = onceAFrame(() => {
    const size = Math.round(canvas.clientWidth * devicePixelRatio) || 402;
    if (canvas.width !== size) Object.assign(canvas, { width: size, height: size });
    paint(canvas);
  });

  /** @param {PointerEvent} event @returns {[number, number]} */
  function pointOf({ clientX, clientY }) {
    const { left, top, width } = canvas.getBoundingClientRect();
    const at = (/** @type {number} */ x) => Math.min(Math.max((x * SIDE) / width, 0), SIDE);
    return [at(clientX - left), at(clientY - top)];
  }
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    [stroke, started, isDrawn] = [[pointOf(event)], event.timeStamp, false];
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!(event.buttons & 1) || !stroke.length) return;
    for (const one of event.getCoalescedEvents?.().length ? event.getCoalescedEvents() : [event])
      stroke.push(pointOf(one));
    const [[x, y], [a, b]] = [stroke[0], stroke[stroke.length - 1]];
    isDrawn ||= Math.hypot(a - x, b - y) > STILL;
    if (isDrawn) draw([...stroke], false);
  });
  canvas.addEventListener('pointerup', (event) => {
    if (!stroke.length) return;
    const [x, y] = stroke[0];
    const points = stroke;
    stroke = [];
    if (isDrawn || event.timeStamp - started >= SHORT) return draw(points, true);
    const patch = cellOf(y) * GRID + cellOf(x);
    hold(patch === scene.held ? null : patch);
  });
  canvas.addEventListener('pointercancel', () => {
    stroke = [];
  });

  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (key === 'Escape' && scene.held !== null) hold(null);
    else if (key === 'Delete' || key === 'Backspace') clear();
    else {
      const at = scene.held ?? Math.floor(PATCHES / 2);
      const row = Math.floor(at / GRID) * GRID;
      const to = {
        ArrowUp: at - GRID,
        ArrowDown: at + GRID,
        ArrowLeft: Math.max(at - 1, row),
        ArrowRight: Math.min(at + 1, row + GRID - 1),
        PageUp: at % GRID,
        PageDown: PATCHES - GRID + (at % GRID),
        Home: row,
        End: row + GRID - 1,
      }[key];
      if (to === undefined) return;
      const next = scene.held === null ? at : to < 0 || to >= PATCHES ? at : to;
      scene = { ...scene, held: next }; // the next key may come before the next picture
      hold(next);
    }
    event.preventDefault();
  });
  const watch = new ResizeObserver(redraw);
  watch.observe(canvas);
  signal.addEventListener('abort', () => watch.disconnect());

  return {
    canvas,
    redraw,
    /** @param {Scene} next */
    show(next) {
      scene = next;
      redraw();
    },
    /** What is drawn, without the field. */
    ink() {
      const copy = make('canvas', { width: 10 * SIDE, height: 10 * SIDE });
      paintInk(penOf(copy), copy.width);
      return copy;
    },
    picture() {
      const copy = make('canvas', { width: canvas.width, height: canvas.height });
      paint(copy);
      return copy;
    },
  };
}

/** @param {number} x */
const cellOf = (x) => Math.min(Math.floor((x * GRID) / SIDE), GRID - 1);
