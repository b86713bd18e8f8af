/** Numbers as coloured cells, in words where there is room. */
import { colourAt } from '../../../parts/colours.js';
import { make, shown } from '../../../parts/dom.js';

/** @param {...readonly number[]} rows */
export const largestOf = (...rows) => Math.max(...rows.flat().map(Math.abs), 1e-9);

/** @param {number} value @param {number} most @param {boolean} [isNumbered] */
export function cell(value, most, isNumbered = true) {
  const made = make('div', { className: 'cell-number' }, ...(isNumbered ? [make('span', {}, shown(value, 1))] : []));
  made.style.backgroundColor = colourAt('diverging', 0.5 + (0.5 * value) / most);
  if (Math.abs(value) > 0.52 * most) made.classList.add('far');
  return made;
}

/** @param {readonly number[]} values @param {number} most @param {boolean} isNumbered */
export const cells = (values, most, isNumbered) =>
  make('div', { className: 'cells' }, ...values.map((value) => cell(value, most, isNumbered)));
