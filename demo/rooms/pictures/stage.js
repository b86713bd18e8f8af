/** The large picture: a patch is held by pointer, finger or arrows; Shift with ↑↓ changes the layer, H the head, P lifts the paper. */
import { make } from '../../parts/dom.js';
import { isStill, move, onceAFrame } from '../../parts/motion.js';
import { paintColours, paintKept, paintMark, paintShares, penOf } from './paint.js';

/**
 * @import { Copies, Grid } from './paint.js'
 *
 * @typedef {object} Scene what is to be seen
 * @property {Copies} copies
 * @property {Grid} grid
 * @property {{ row: number, column: number }} held
 * @property {boolean} hasMark
 * @property {Float32Array | null} kept null: the whole picture
 * @property {Float32Array | null} [shares]
 * @property {Float32Array | null} [colours]
 */

/** Patches that PgUp and PgDn go. */
const PAGE = 10;
/** Milliseconds in which paper settles. */
const SETTLE = 120;

/**
 * @param {object} given
 * @param {(row: number, column: number) => void} given.hold
 * @param {(by: number) => void} given.layer
 * @param {() => void} given.head
 * @param {() => void} given.paper
 * @param {AbortSignal} given.signal
 */
export function createStage({ hold, layer, head, paper, signal }) {
  const canvas = make('canvas', {
    className: 'stage',
    tabIndex: 0,
    role: 'application',
    'aria-roledescription': 'picture in patches',
  });
  /** @type {Scene | null} */
  let scene = null;
  /** What is painted now, on its way to the scene's. @type {Float32Array | null} */
  let kept = null;
  let isDragged = false;
  /** @type {AbortController | null} */
  let settling = null;

  /** @param {HTMLCanvasElement} target */
  function paint(target) {
    if (!scene) return;
    const { copies, grid, held, shares, colours, hasMark } = scene;
    const pen = penOf(target);
    if (colours) paintColours(pen, grid, colours);
    else if (shares) paintShares(pen, copies, grid, shares);
    else paintKept(pen, copies, grid, kept);
    if (hasMark) paintMark(pen, grid, held);
  }
  function fit() {
    if (!scene) return;
    const { rows, columns } = scene.grid;
    canvas.style.aspectRatio = `${columns} / ${rows}`;
    const width = Math.round(canvas.clientWidth * devicePixelRatio) || 520;
    const height = Math.round((width * rows) / columns);
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
  }
  const draw = onceAFrame(() => {
    fit();
    paint(canvas);
  });

  /** @param {Scene} next */
  function show(next) {
    const from = kept;
    const to = next.kept;
    scene = next;
    settling?.abort();
    if (!from || !to || from.length !== to.length || isDragged || isStill()) {
      kept = to;
      return draw();
    }
    settling = new AbortController();
    const between = new Float32Array(to.length);
    move(
      SETTLE,
      (t) => {
        for (let i = 0; i < to.length; i++) between[i] = from[i] + t * (to[i] - from[i]);
        kept = t === 1 ? to : between;
        draw();
      },
      settling.signal,
    );
  }

  /** @param {PointerEvent} event */
  function take(event) {
    if (!scene) return;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const { rows, columns } = scene.grid;
    const at = (/** @type {number} */ share, /** @type {number} */ count) =>
      Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    const row = at((event.clientY - top) / height, rows);
    const column = at((event.clientX - left) / width, columns);
    if (row !== scene.held.row || column !== scene.held.column) hold(row, column);
  }
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    take(event);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!(event.buttons & 1)) return;
    isDragged = true;
    take(event);
  });
  for (const end of ['pointerup', 'pointercancel'])
    canvas.addEventListener(end, () => {
      isDragged = false;
    });

  canvas.addEventListener('keydown', (event) => {
    if (!scene || event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, shiftKey } = event;
    const { rows, columns } = scene.grid;
    const { row, column } = scene.held;
    if (shiftKey && (key === 'ArrowUp' || key === 'ArrowDown')) layer(key === 'ArrowUp' ? 1 : -1);
    else if (/^h$/i.test(key)) head();
    else if (/^p$/i.test(key)) paper();
    else {
      const to = {
        ArrowUp: [row - 1, column],
        ArrowDown: [row + 1, column],
        ArrowLeft: [row, column - 1],
        ArrowRight: [row, column + 1],
        PageUp: [row - PAGE, column],
        PageDown: [row + PAGE, column],
        Home: [row, 0],
        End: [row, columns - 1],
      }[key];
      if (!to) return;
      const [r, c] = [Math.min(Math.max(to[0], 0), rows - 1), Math.min(Math.max(to[1], 0), columns - 1)];
      if (r === row && c === column) return event.preventDefault();
      // The next key may come before the next picture.
      scene.held = { row: r, column: c };
      hold(r, c);
    }
    event.preventDefault();
  });
  const watch = new ResizeObserver(draw);
  watch.observe(canvas);
  signal.addEventListener('abort', () => watch.disconnect());

  return {
    canvas,
    show,
    redraw: draw,
    /** As it is seen, for a file. */
    picture() {
      const copy = make('canvas', { width: canvas.width, height: canvas.height });
      paint(copy);
      return copy;
    },
  };
}
