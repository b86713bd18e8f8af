/** A picture in patches, whatever lies under them: one is held, by pointer, finger or keys. */
import photograph from 'asset:.cache/photo/photo.jpg';
import { addStyle, make } from '../../../parts/dom.js';
import css from './patches.css';

const PAGE = 10;

/** The sample photograph. */
export const photo = () => make('img', { src: photograph, alt: '' });

export const CREDIT = 'Photograph: Chelsea the cat, by Stéfan van der Walt, CC0.';

/**
 * @param {object} given
 * @param {string} given.label for who does not see it
 * @param {HTMLElement | SVGElement} given.under
 * @param {SVGElement} [given.over]
 * @param {boolean} [given.hasLines] between the patches
 * @param {(row: number, column: number) => void} given.hold
 */
export function createPatches({ label, under, over, hasLines = false, hold }) {
  addStyle(css);
  const mark = make('div', { className: 'heat-cell', 'aria-hidden': 'true' });
  const lines = make('div', { className: 'lines', hidden: !hasLines });
  const root = make(
    'div',
    { className: 'patches', role: 'application', tabIndex: 0, 'aria-label': label },
    under,
    lines,
    ...(over ? [over] : []),
    mark,
  );
  let [rows, columns, row, column] = [1, 1, 0, 0];

  /** @param {number} r @param {number} c */
  function take(r, c) {
    const [atRow, atColumn] = [within(r, rows), within(c, columns)];
    if (atRow !== row || atColumn !== column) hold(atRow, atColumn);
  }
  root.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = {
      ...{ ArrowUp: [row - 1, column], ArrowDown: [row + 1, column] },
      ...{ ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1] },
      ...{ PageUp: [row - PAGE, column], PageDown: [row + PAGE, column] },
      ...{ Home: [row, 0], End: [row, columns] },
    }[event.key];
    if (!to) return;
    event.preventDefault();
    take(to[0], to[1]);
  });
  const point = (/** @type {PointerEvent} */ { clientX, clientY }) => {
    const { left, top, width, height } = root.getBoundingClientRect();
    take(Math.floor(((clientY - top) / height) * rows), Math.floor(((clientX - left) / width) * columns));
  };
  root.addEventListener('pointerdown', (event) => {
    if (event.button) return;
    if (event.pointerType === 'mouse') root.setPointerCapture(event.pointerId);
    point(event);
  });
  root.addEventListener('pointermove', (event) => event.buttons & 1 && point(event));

  return {
    root,
    /** @param {{ rows: number, columns: number, row: number, column: number }} held */
    show(held) {
      ({ rows, columns } = held);
      // Before its options are known a figure has one patch.
      [row, column] = [within(held.row, rows), within(held.column, columns)];
      root.style.aspectRatio = `${columns} / ${rows}`;
      lines.style.backgroundSize = `${100 / columns}% ${100 / rows}%`;
      Object.assign(mark.style, {
        ...{ left: `${(100 * column) / columns}%`, width: `${100 / columns}%` },
        ...{ top: `${(100 * row) / rows}%`, height: `${100 / rows}%` },
      });
    },
  };
}

/** @param {number} at @param {number} count */
export const within = (at, count) => Math.min(Math.max(at, 0), count - 1);
