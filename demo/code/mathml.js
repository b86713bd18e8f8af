/** The formulas as MathML, for the page's build: browsers show it without a library. Not shipped to the page. */
import temml from 'temml';
import { FORMULAS } from './formulas.js';

/**
 * @param {string} name of an encoding
 * @returns {string} a `math` element a display line, without inline styles, which the page's policy would refuse; in cases the
 *   cells of class tml-left are to be aligned to the left
 * @throws {Error} TeX that cannot be set
 */
export function formulaOf(name) {
  const lines = FORMULAS[name].map((tex) =>
    temml.renderToString(tex, { displayMode: true, throwOnError: true, strict: true }),
  );
  return lines.join('\n').replace(/ style="[^"]*"/g, '');
}
