/** What each of the three groups does, as a small drawing: bars that are added, hands that turn, squares that get a number. */
import { colourAt } from '../../parts/colours.js';
import { svg } from '../../parts/dom.js';

/** @param {string} key of a group */
export function pictogram(key) {
  const root = svg('svg', {
    viewBox: '0 0 190 70',
    width: 190,
    height: 70,
    'aria-hidden': 'true',
    class: 'pictogram',
  });
  root.append(...(key === 'added' ? added() : key === 'rotated' ? rotated() : biased()));
  return root;
}

/** @param {number} x @param {string} text */
const sign = (x, text) => svg('text', { x, y: 40, 'text-anchor': 'middle' }, text);

function added() {
  const [a, b] = [
    [18, -10, 14, -16, 12, 8],
    [-12, 16, -8, 20, -14, 12],
  ];
  const bars = (/** @type {number[]} */ values, /** @type {number} */ left, /** @type {string} */ role) =>
    values.map((value, i) => {
      const bar = svg('rect', {
        x: left + i * 8,
        y: value > 0 ? 35 - value : 35,
        width: 6,
        height: Math.abs(value),
      });
      bar.style.fill = `var(--${role})`;
      return bar;
    });
  const sum = a.map((value, i) => value + b[i]);
  return [
    ...bars(a, 4, 'ink'),
    sign(61, '+'),
    ...bars(b, 70, 'who'),
    sign(127, '='),
    ...bars(sum, 136, 'whom'),
  ];
}

const rotated = () =>
  [0, 1, 2].flatMap((k) => {
    const [x, y, r] = [32 + k * 63, 35, 26];
    const hand = (/** @type {number} */ angle, /** @type {string} */ role) => {
      const line = svg('line', {
        x1: x,
        y1: y,
        x2: x + r * Math.cos(angle),
        y2: y - r * Math.sin(angle),
        'stroke-width': 2.5,
      });
      line.style.stroke = `var(--${role})`;
      return line;
    };
    const circle = svg('circle', { cx: x, cy: y, r, fill: 'none' });
    circle.style.stroke = 'var(--edge)';
    return [circle, hand(0.4 + k * 1.5, 'who'), hand(1.2 + k * 1.5, 'whom')];
  });

const biased = () =>
  [0, 1].flatMap((side) => [
    ...Array.from({ length: 36 }, (_, i) => {
      const [r, c] = [Math.floor(i / 6), i % 6];
      const value = side ? 0.5 - Math.abs(r - c) / 8 : 0.5 + 0.45 * Math.sin(3.1 * r + 1.7 * c * c);
      const cell = svg('rect', { x: 4 + side * 106 + c * 11, y: 2 + r * 11, width: 10, height: 10 });
      cell.style.fill = colourAt('diverging', side ? value * 0.9 : value);
      return cell;
    }),
    ...(side ? [] : [sign(91, '+')]),
  ]);
