/** One head's map: cells, the held patch's mark, a class token beside them, numbers where there is room, parts at the edges. */
import { make, svg } from '../../../../parts/dom.js';
import { paint } from '../../../../parts/heat.js';
import { holdGrid } from '../shared/hold.js';

/**
 * @typedef {{ row: number, column: number }} Cell row −1: the class token
 * @typedef {object} View
 * @property {ArrayLike<number>} data
 * @property {number} rows
 * @property {number} columns
 * @property {[number, number]} range
 * @property {Parameters<typeof paint>[2]} map
 * @property {{ row: number, column: number, rows: number, columns: number } | null} mark
 * @property {number} [token] the class token's value
 * @property {boolean} [isToken] whether it is held
 * @property {{ rows: number[], columns: number[] }} [parts]
 * @property {boolean} [hasNumbers]
 * @property {string} label
 */

/**
 * @param {object} given
 * @param {() => { rows: number, columns: number, top?: number }} given.grid of what may be held
 * @param {() => Cell} given.at
 * @param {(row: number, column: number) => void} given.hold
 * @param {(down: number, across: number) => Cell} given.placeOf
 * @param {() => void} given.choose this head
 */
export function createMap({ grid, at, hold, placeOf, choose }) {
  const canvas = make('canvas');
  const mark = make('div', { className: 'taste-mark' });
  const numbers = svg('svg', { class: 'taste-numbers', 'aria-hidden': 'true' });
  const frame = make(
    'div',
    { className: 'taste-map', role: 'application', 'aria-roledescription': 'map of patches' },
    canvas,
    numbers,
    mark,
  );
  const tokenName = make('span', { className: 'tick' });
  const dot = make('canvas', { width: 1, height: 1 });
  const token = make('div', { className: 'taste-token', hidden: true }, dot, tokenName);
  const [across, down] = [
    make('canvas', { className: 'taste-across' }),
    make('canvas', { className: 'taste-down' }),
  ];
  const root = make('div', { className: 'taste-one' }, token, across, down, frame);
  holdGrid(frame, { grid, at, hold, placeOf });
  frame.addEventListener('pointerdown', choose);
  token.addEventListener('click', () => {
    choose();
    hold(-1, 0);
  });

  return {
    root,
    frame,
    /** @param {View} view @param {boolean} isChosen */
    show(
      { data, rows, columns, range, map, mark: box, token: value, isToken, parts, hasNumbers, label },
      isChosen,
    ) {
      paint(canvas, { data, rows, columns, range }, map);
      frame.style.aspectRatio = `${columns} / ${rows}`;
      frame.setAttribute('aria-label', label);
      frame.tabIndex = isChosen ? 0 : -1;
      mark.hidden = !box;
      if (box)
        Object.assign(mark.style, {
          top: `${(100 * box.row) / rows}%`,
          left: `${(100 * box.column) / columns}%`,
          height: `${(100 * box.rows) / rows}%`,
          width: `${(100 * box.columns) / columns}%`,
        });
      token.hidden = value === undefined;
      tokenName.textContent = hasNumbers ? `class: ${value}` : 'class';
      token.classList.toggle('held', isToken ?? false);
      if (value !== undefined) paint(dot, { data: [value], rows: 1, columns: 1, range }, map);
      root.classList.toggle('parted', parts !== undefined);
      if (parts) {
        paint(across, { data: parts.columns, rows: 1, columns, range }, map);
        paint(down, { data: parts.rows, rows, columns: 1, range }, map);
      }
      numbers.replaceChildren(...(hasNumbers ? textsOf(data, rows, columns, range) : []));
      numbers.setAttribute('viewBox', `0 0 ${columns} ${rows}`);
    },
  };
}

/** @param {ArrayLike<number>} data @param {number} rows @param {number} columns @param {[number, number]} range */
function textsOf(data, rows, columns, [low, high]) {
  return Array.from(data).flatMap((value, i) => {
    if (!Number.isFinite(value)) return [];
    const isDark = (value - low) / (high - low) > 0.6;
    return [
      svg(
        'text',
        {
          ...{ x: (i % columns) + 0.5, y: Math.floor(i / columns) + 0.5, 'dominant-baseline': 'central' },
          ...{ 'font-size': Math.min(0.36, 6 / rows / 3), class: isDark ? 'dark' : '' },
        },
        String(value),
      ),
    ];
  });
}
