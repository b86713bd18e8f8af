/** The mark of a figure: click or tap sets it, a drag sweeps it, arrows move it by one, PgUp and PgDn by ten, Home and End to the ends. */

/** @typedef {{ rows: number, columns: number, top?: number }} Grid top: the first row, if it is not 0 */

/** Places that PgUp and PgDn go. */
const PAGE = 10;

/** @param {number} x @param {number} count @param {number} [low] */
const within = (x, count, low = 0) => Math.min(Math.max(x, low), count - 1);

/** @param {KeyboardEvent} event @param {number} at @param {number} count @returns {number | undefined} where a key leads along a line */
export function alongLine({ key, ctrlKey, metaKey, altKey }, at, count) {
  if (ctrlKey || metaKey || altKey) return undefined;
  const to = {
    ...{ ArrowLeft: at - 1, ArrowRight: at + 1, ArrowDown: at - 1, ArrowUp: at + 1 },
    ...{ PageDown: at - PAGE, PageUp: at + PAGE, Home: 0, End: count - 1 },
  }[key];
  return to === undefined ? undefined : within(to, count);
}

/**
 * @param {KeyboardEvent} event
 * @param {{ row: number, column: number }} at
 * @param {Grid} grid
 * @returns {{ row: number, column: number } | undefined} where a key leads on a grid
 */
function onGrid({ key, ctrlKey, metaKey, altKey }, { row, column }, { rows, columns, top }) {
  if (ctrlKey || metaKey || altKey) return undefined;
  const to = {
    ...{ ArrowUp: [row - 1, column], ArrowDown: [row + 1, column] },
    ...{ ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1] },
    ...{ PageUp: [row - PAGE, column], PageDown: [row + PAGE, column] },
    ...{ Home: [row, 0], End: [row, columns - 1] },
  }[key];
  return to && { row: within(to[0], rows, top), column: within(to[1], columns) };
}

/**
 * Lets pointers sweep over an element.
 * @param {HTMLElement | SVGElement} element
 * @param {(event: PointerEvent) => void} take
 */
export function sweep(element, take) {
  element.addEventListener('pointerdown', (event) => {
    const { button, pointerId } = /** @type {PointerEvent} */ (event);
    if (button) return;
    element.setPointerCapture(pointerId);
    take(/** @type {PointerEvent} */ (event));
  });
  element.addEventListener('pointermove', (event) => {
    if (/** @type {PointerEvent} */ (event).buttons & 1) take(/** @type {PointerEvent} */ (event));
  });
}

/**
 * A mark on a grid that fills an element.
 * @param {HTMLElement} element
 * @param {object} given
 * @param {() => Grid} given.grid
 * @param {() => { row: number, column: number }} given.at
 * @param {(row: number, column: number) => void} given.hold
 * @param {(down: number, across: number) => { row: number, column: number }} [given.placeOf] of shares of the height and the width
 */
export function holdGrid(element, { grid, at, hold, placeOf }) {
  const place =
    placeOf ??
    ((down, across) => {
      const { rows, columns } = grid();
      return {
        row: within(Math.floor(down * rows), rows),
        column: within(Math.floor(across * columns), columns),
      };
    });
  const go = (/** @type {{ row: number, column: number }} */ to) => {
    const now = at();
    if (to.row !== now.row || to.column !== now.column) hold(to.row, to.column);
  };
  element.tabIndex = 0;
  element.addEventListener('keydown', (event) => {
    const to = onGrid(event, at(), grid());
    if (!to) return;
    event.preventDefault();
    go(to);
  });
  sweep(element, ({ clientX, clientY }) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    go(place((clientY - top) / height, (clientX - left) / width));
  });
}

/**
 * A mark on a line: a slider for who does not see it.
 * @param {HTMLElement | SVGElement} element
 * @param {object} given
 * @param {string} given.label
 * @param {() => number} given.count
 * @param {() => number} given.at
 * @param {(at: number) => void} given.hold
 * @param {(clientX: number) => number} [given.placeOf] a place under a pointer; by default the element's width is that of all places
 * @param {boolean} [given.isSwept] false: pointers are someone else's
 * @returns {(text: string, shown?: number) => void} tells the mark: in words, and as a number if not its place
 */
export function holdLine(element, { label, count, at, hold, placeOf, isSwept = true }) {
  const place =
    placeOf ??
    ((clientX) => {
      const { left, width } = element.getBoundingClientRect();
      return Math.floor(((clientX - left) / width) * count());
    });
  const go = (/** @type {number} */ to) => {
    const wanted = within(to, count());
    if (wanted !== at()) hold(wanted);
  };
  element.setAttribute('role', 'slider');
  element.setAttribute('aria-label', label);
  element.setAttribute('tabindex', '0');
  element.addEventListener('keydown', (event) => {
    const to = alongLine(/** @type {KeyboardEvent} */ (event), at(), count());
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  if (isSwept) sweep(element, ({ clientX }) => go(place(clientX)));
  return (text, shown = at()) => {
    element.setAttribute('aria-valuemin', String(shown - at()));
    element.setAttribute('aria-valuemax', String(shown - at() + count() - 1));
    element.setAttribute('aria-valuenow', String(shown));
    element.setAttribute('aria-valuetext', text);
  };
}
