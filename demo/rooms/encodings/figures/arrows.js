/** A hand or two on every patch of a picture, as two paths. */
import { setAttributes, svg } from '../../../parts/dom.js';

/** @typedef {import('./hands.js').Pair} Pair */

/** Units of a patch, and of its longest hand. */
const [CELL, HAND] = [40, 16];
const HEAD = 5;

/** @param {readonly string[]} roles tokens of the colours */
export function createArrows(roles) {
  const paths = roles.map((role) => {
    const path = svg('path', { class: 'patch-arrow' });
    path.style.stroke = `var(--${role})`;
    return path;
  });
  const pins = svg('path', { class: 'patch-pins' });
  const root = svg(
    'svg',
    { class: 'patch-arrows', 'aria-hidden': 'true', preserveAspectRatio: 'none' },
    ...paths,
    pins,
  );
  return {
    root,
    /** @param {{ rows: number, columns: number, tips: Pair[][] }} given tips: of each colour one a patch, or none */
    show({ rows, columns, tips }) {
      setAttributes(root, { viewBox: `0 0 ${CELL * columns} ${CELL * rows}` });
      const middle = (/** @type {number} */ i) => [
        CELL * ((i % columns) + 0.5),
        CELL * (Math.floor(i / columns) + 0.5),
      ];
      paths.forEach((path, k) => {
        path.setAttribute('d', (tips[k] ?? []).map((tip, i) => arrow(middle(i), tip)).join(''));
      });
      pins.setAttribute(
        'd',
        Array.from({ length: rows * columns }, (_, i) => `M${middle(i).join(' ')}h0`).join(''),
      );
    },
  };
}

/** @param {number[]} from @param {Pair} tip */
function arrow([x, y], [right, up]) {
  const angle = Math.atan2(up, right);
  const long = HAND * Math.hypot(right, up);
  const at = (/** @type {number} */ r, /** @type {number} */ turn, /** @type {number[]} */ [px, py]) =>
    [px + r * Math.cos(angle + turn), py - r * Math.sin(angle + turn)].map((v) => v.toFixed(1));
  const end = at(long, 0, [x, y]);
  const [left, other] = [0.8, -0.8].map((turn) => at(-HEAD, turn, end.map(Number)).join(' '));
  return `M${x} ${y}L${end.join(' ')}M${left}L${end.join(' ')}L${other}`;
}
