/**
 * Looking closer at a figure: pinch, Ctrl and wheel, + and −; two fingers or a drag with Space move it; a double-click or 0 shows
 * all. Not here: what is drawn, and the mark, whose pointers these are not.
 */

/** @typedef {{ x: number, y: number }} Point */

/** Cells of the longer side that are seen at least. */
const LEAST = 4;
/** By a key; and by a pixel of a wheel. */
const [STEP, BY_PIXEL] = [1.5, 0.01];
/** Pixels of a wheel that counts in lines. */
const LINE = 16;

/**
 * @param {HTMLElement} frame what is looked through; it gets the focus
 * @param {HTMLElement} view what is in it, as large as the frame or larger
 * @param {object} given
 * @param {() => { rows: number, columns: number }} given.cells
 * @param {() => { x: number, y: number }} given.centre of what the keys look at, as shares of the whole
 * @param {(scale: number) => void} given.onZoom
 */
export function createZoom(frame, view, { cells, centre, onZoom }) {
  // What is seen: 1 / scale of the whole, from these shares of it on.
  let [scale, left, top] = [1, 0, 0];
  let isSpace = false;
  // From the second finger on until the last is lifted.
  let isPinch = false;
  /** @type {Map<number, Point>} */
  const pointers = new Map();

  const most = () => Math.max(cells().rows, cells().columns, LEAST) / LEAST;
  /** A line of numbers keeps its height. */
  const scales = () => [cells().columns > 1 ? scale : 1, cells().rows > 1 ? scale : 1];

  /** @param {number} wanted @param {(across: number, down: number) => [left: number, top: number]} place at these scales */
  function set(wanted, place) {
    const was = scale;
    scale = Math.min(Math.max(wanted, 1), most());
    const [across, down] = scales();
    const [x, y] = place(across, down);
    left = Math.min(Math.max(x, 0), 1 - 1 / across);
    top = Math.min(Math.max(y, 0), 1 - 1 / down);
    Object.assign(view.style, {
      ...{ width: `${100 * across}%`, height: `${100 * down}%` },
      ...{ left: `${-100 * left * across}%`, top: `${-100 * top * down}%` },
    });
    frame.classList.toggle('zoomed', scale > 1);
    if (scale === 1) hold(false);
    if (scale !== was) onZoom(scale);
  }

  /** Where a point of the screen is, as a share of the frame. @param {Point} point */
  function inFrame({ x, y }) {
    const box = frame.getBoundingClientRect();
    return { x: (x - box.left) / box.width, y: (y - box.top) / box.height };
  }

  /** The same as a share of the whole. @param {Point} point */
  function toWhole(point) {
    const { x, y } = inFrame(point);
    const [across, down] = scales();
    return { x: left + x / across, y: top + y / down };
  }

  /** What stands at a share of the whole comes to a point of the screen. @param {number} wanted @param {Point} what @param {Point} to */
  function zoom(wanted, what, to) {
    const { x, y } = inFrame(to);
    set(wanted, (across, down) => [what.x - x / across, what.y - y / down]);
  }

  const reset = () => set(1, () => [0, 0]);

  /** @param {boolean} held */
  function hold(held) {
    isSpace = held;
    frame.classList.toggle('holding', held);
  }

  const isMine = () => isSpace || isPinch;
  const middle = () => {
    const all = [...pointers.values()];
    const sum = all.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }));
    return { x: sum.x / all.length, y: sum.y / all.length };
  };
  const spread = () => {
    const [a, b] = [...pointers.values()];
    return b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };

  /** What the pointers hold, as it was when they took it. */
  let grip = { what: { x: 0, y: 0 }, scale, spread: 0 };
  function take() {
    isPinch = pointers.size > 1 || (isPinch && pointers.size > 0);
    if (pointers.size) grip = { what: toWhole(middle()), scale, spread: spread() };
  }

  frame.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const way = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1);
      zoom(scale * Math.exp(-way * BY_PIXEL), toWhole(event), event);
    },
    { passive: false },
  );
  frame.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ') {
      if (scale === 1) return;
      if (!isSpace) take();
      hold(true);
    } else if (event.key === '0') reset();
    else if ('+=-−_'.includes(event.key)) {
      const { x, y } = centre();
      const by = '+='.includes(event.key) ? STEP : 1 / STEP;
      set(scale * by, (across, down) => [x - 0.5 / across, y - 0.5 / down]);
    } else return;
    event.preventDefault();
  });
  frame.addEventListener('keyup', ({ key }) => key === ' ' && hold(false));
  frame.addEventListener('blur', () => hold(false));
  frame.addEventListener('dblclick', reset);

  frame.addEventListener('pointerdown', (event) => {
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    take();
  });
  frame.addEventListener('pointermove', (event) => {
    if (!pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (isMine()) zoom(grip.spread ? (grip.scale * spread()) / grip.spread : scale, grip.what, middle());
  });
  for (const end of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture']))
    frame.addEventListener(end, ({ pointerId }) => {
      if (pointers.delete(pointerId)) take();
    });
  // Two fingers are the figure's; the page would scroll or grow by them.
  frame.addEventListener('touchstart', (event) => event.touches.length > 1 && event.preventDefault(), {
    passive: false,
  });

  return {
    toWhole,
    reset,
    /** Whether pointers move the view and not the mark. */
    isMine,
    /** A box, in shares of the whole, comes into view. @param {{ x: number, y: number, width: number, height: number }} box */
    reveal({ x, y, width, height }) {
      const near = (
        /** @type {number} */ from,
        /** @type {number} */ size,
        /** @type {number} */ seen,
        /** @type {number} */ at,
      ) => Math.min(Math.max(at, from + size - seen), from);
      set(scale, (across, down) => [near(x, width, 1 / across, left), near(y, height, 1 / down, top)]);
    },
  };
}
