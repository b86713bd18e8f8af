/** A small network at work on one offset: two numbers in, hidden units, heads out; what the chosen head takes from each unit. */
import { colourAt } from '../../../../parts/colours.js';
import { svg } from '../../../../parts/dom.js';

const [WIDE, TALL] = [270, 270];
const [LEFT, MIDDLE, RIGHT] = [34, 140, 236];

/**
 * @typedef {object} Net
 * @property {number[]} inputs
 * @property {number[]} hidden
 * @property {number[]} weights of the chosen head for the hidden units
 * @property {number[]} outputs by head
 * @property {number} chosen
 */

export function createNet() {
  const root = svg('svg', { class: 'net', viewBox: `0 0 ${WIDE} ${TALL}`, role: 'img' });
  return {
    root,
    /** @param {Net} net */
    show({ inputs, hidden, weights, outputs, chosen }) {
      const place = (/** @type {number} */ i, /** @type {number} */ count) =>
        16 + ((TALL - 32) * (i + 0.5)) / count;
      const parts = hidden.map((value, i) => value * weights[i]);
      const most = Math.max(...parts.map(Math.abs)) || 1;
      const strongest = Math.max(...hidden) || 1;
      const inputAt = [TALL / 2 - 50, TALL / 2 + 50];
      root.setAttribute(
        'aria-label',
        `A network of ${hidden.length} hidden units, ${hidden.filter((value) => value > 0).length} of which answer`,
      );
      root.replaceChildren(
        ...hidden.flatMap((value, i) =>
          value > 0
            ? inputAt.map((y) =>
                svg('line', { x1: LEFT, y1: y, x2: MIDDLE, y2: place(i, hidden.length), class: 'in' }),
              )
            : [],
        ),
        ...parts.flatMap((part, i) => {
          if (!part) return [];
          const line = svg('line', {
            ...{ x1: MIDDLE, y1: place(i, hidden.length), x2: RIGHT, y2: place(chosen, outputs.length) },
            'stroke-width': Math.max((4 * Math.abs(part)) / most, 0.4),
          });
          line.style.stroke = colourAt('diverging', part > 0 ? 0.8 : 0.2);
          return [line];
        }),
        ...inputAt.flatMap((y, i) => [
          svg('circle', { cx: LEFT, cy: y, r: 14, class: 'input' }),
          svg('text', { x: LEFT, y: y + 32 }, inputs[i].toFixed(2).replace('-', '−')),
        ]),
        ...hidden.map((value, i) => {
          const unit = svg('circle', {
            ...{ cx: MIDDLE, cy: place(i, hidden.length), r: Math.min((TALL - 32) / hidden.length / 2.4, 8) },
            class: 'unit',
          });
          unit.style.fill = colourAt('sequential', value / strongest);
          return unit;
        }),
        ...outputs.flatMap((value, i) => [
          svg('circle', {
            ...{ cx: RIGHT, cy: place(i, outputs.length), r: 14 },
            class: i === chosen ? 'output chosen' : 'output',
          }),
          svg('text', { x: RIGHT, y: place(i, outputs.length) + 28 }, value.toFixed(2).replace('-', '−')),
        ]),
      );
    },
  };
}
