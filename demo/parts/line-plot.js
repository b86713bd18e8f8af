/** Columns of a table as lines, in the page. The drawing itself is shared with files. */
import { linePlot, MOST_SERIES } from '../../web/plot/line-plot.js';

export { MOST_SERIES };

const SVG = 'http://www.w3.org/2000/svg';

/** @param {Parameters<typeof linePlot>[0]} plot @returns {Element} */
export const linePlotElement = (plot) => /** @type {Element} */ (elementOf(linePlot(plot)));

/** @param {import('../../web/plot/line-plot.js').SvgNode | string} tree @returns {Element | string} */
function elementOf(tree) {
  if (typeof tree === 'string') return tree;
  const element = document.createElementNS(SVG, tree.tag);
  for (const [name, value] of Object.entries(tree.attributes)) {
    if (name !== 'xmlns') element.setAttribute(name, String(value));
  }
  element.append(...tree.children.map(elementOf));
  return element;
}

/**
 * The columns that a text names, such as "6-9, 12".
 * @param {string} text
 * @param {number} count columns that there are
 * @param {number} most
 * @returns {number[] | null} null if it names none, too many, or some that are not there
 */
export function parseColumns(text, count, most) {
  const found = text.split(',').flatMap((part) => {
    const [, first, last = first] = /^\s*(\d+)\s*(?:[-–]\s*(\d+)\s*)?$/.exec(part) ?? [];
    if (first === undefined) return [Number.NaN];
    const size = Math.min(Number(last) - Number(first) + 1, most + 1);
    return size < 1 ? [Number.NaN] : Array.from({ length: size }, (_, i) => Number(first) + i);
  });
  const isGood = found.length <= most && found.every((column) => column < count);
  return isGood ? found : null;
}
