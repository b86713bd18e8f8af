/** The loom in small, at the top right of an opened row: where one is, and the way back. */
import { make, svg } from '../../../parts/dom.js';
import { hashOfState, STEPS } from '../steps.js';

/** @param {import('./view.js').View} view @param {number} step @param {() => void} out */
export function mapOf({ pair, state, token }, step, out) {
  const columns = pair.words.length + 2;
  const pitch = Math.min(15, 108 / columns);
  const width = pitch * columns;
  const y = (/** @type {number} */ row) => 6 + 13 * row;
  const drawing = svg(
    'svg',
    { viewBox: `-2 -2 ${width + 4} 98`, width: width + 4, height: 98, 'aria-hidden': 'true' },
    svg('rect', { x: token * pitch, y: -2, width: pitch, height: 96, class: 'yellow' }),
    ...STEPS.flatMap((_, row) =>
      Array.from({ length: columns }, (_, i) =>
        svg('rect', {
          x: i * pitch + 0.16 * pitch,
          y: y(row),
          width: 0.68 * pitch,
          height: 4,
          rx: 1,
          class: row === step || i === token ? 'on' : 'off',
        }),
      ),
    ),
    svg('rect', { x: -1, y: y(step) - 4, width: width + 2, height: 12, rx: 3, class: 'here' }),
  );
  const link = make('a', {
    className: 'map',
    href: hashOfState({ ...state, path: [] }),
    'aria-label': 'Back to the whole',
  });
  link.append(drawing);
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    out();
  });
  return link;
}
