/** Numbers as coloured cells, in words where there is room. */
import { colourAt } from '../../../parts/colours.js';
import { make, shown } from '../../../parts/dom.js';

/** @param {...readonly number[]} rows */
export const largestOf = (...rows) => Math.max(...rows.flat().map(Math.abs), 1e-9);

/** Black or white, whichever is read better on a colour: by WCAG's contrast. @param {string} colour rgb(…) */
function inkOn(colour) {
  const [r, g, b] = (colour.match(/[\d.]+/g) ?? []).map((c) => {
    const x = Number(c) / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  return light * light > 1.05 * 0.05 ? '#000' : '#fff';
}

/** @param {number} value @param {number} most @param {boolean} [isNumbered] */
export function cell(value, most, isNumbered = true) {
  const made = make(
    'div',
    { className: 'cell-number' },
    ...(isNumbered ? [make('span', {}, shown(value, 1))] : []),
  );
  made.style.backgroundColor = colourAt('diverging', 0.5 + (0.5 * value) / most);
  made.style.color = inkOn(made.style.backgroundColor);
  return made;
}

/** @param {readonly number[]} values @param {number} most @param {boolean} isNumbered */
export const cells = (values, most, isNumbered) =>
  make('div', { className: 'cells' }, ...values.map((value) => cell(value, most, isNumbered)));
