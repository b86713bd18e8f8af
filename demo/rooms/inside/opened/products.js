/** A number as what it is added up from: 32 numbers times one row of weights, which is the same for both sentences. */

import { make } from '../../../parts/dom.js';
import { barRow, numberSlider, two } from './bars.js';

/**
 * @param {import('./view.js').View} view
 * @param {object} given
 * @param {string} given.name
 * @param {{ a: number[], b: number[] }} given.x
 * @param {number[]} given.weights
 * @param {number} given.bias
 * @param {[number, number]} given.totals as the network has them
 * @param {string} [given.row]
 */
export function products(view, { name, x, weights, bias, totals, row = '× one row of weights' }) {
  const [a, b] = [x.a, x.b].map((numbers) => numbers.map((value, k) => value * weights[k]));
  let slider = /** @type {ReturnType<typeof numberSlider> | undefined} */ (undefined);
  const slide = (/** @type {number} */ k) => slider?.set(k);
  const rows = [
    barRow({ name, note: `${x.a.length} numbers`, ...x, height: 56 }, slide),
    barRow({ name: row, note: 'found in training', a: weights, height: 56 }, slide),
    barRow(
      { name: `= ${a.length} products`, note: `added, with a bias of ${two(bias)}`, a, b, height: 60 },
      slide,
    ),
  ];
  rows[2]
    .querySelector('.bar-end')
    ?.replaceChildren(
      make('span', { className: 'of-a' }, two(totals[0])),
      make('span', { className: 'of-b' }, two(totals[1])),
    );
  const { twins } = view;
  const text = (/** @type {number} */ k) =>
    `number ${k + 1}: ${two(x.a[k])} × ${two(weights[k])} = ${two(a[k])} ${twins.aName}, ${two(x.b[k])} × ${two(weights[k])} = ${two(b[k])} ${twins.bName}`;
  let first = 0;
  a.forEach((value, k) => {
    if (Math.abs(value - b[k]) > Math.abs(a[first] - b[first])) first = k;
  });
  slider = numberSlider({
    label: 'Which of the products',
    rows,
    children: rows,
    count: a.length,
    value: first,
    text,
    change: (k) => view.say(text(k)),
  });
  return { root: slider.root, key: slider.key, a, b };
}
