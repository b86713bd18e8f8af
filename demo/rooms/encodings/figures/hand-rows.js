/** Rows of hands with a name each: a few of all that a held patch has. */
import { addStyle, make } from '../../../parts/dom.js';
import { createDial, degreesOf, someOf } from './hands.js';
import css from './rope.css';

/** Dials a row. */
const MOST = 7;

/** @param {readonly string[]} roles tokens of the rows' colours */
export function createHandRows(roles) {
  addStyle(css);
  const rows = roles.map((role) => {
    const name = make('span');
    const dials = Array.from({ length: MOST }, createDial);
    const holder = make('div', { className: 'hand-dials', role: 'img' }, ...dials.map(({ root }) => root));
    return { role, name, dials, holder, root: make('div', { className: 'hands-of' }, name, holder) };
  });
  return {
    roots: rows.map(({ root }) => root),
    /** @param {{ words: string, tips: import('./hands.js').Pair[] }[]} given */
    show(given) {
      rows.forEach(({ role, name, dials, holder, root }, i) => {
        const { words, tips } = given[i];
        const chosen = someOf(tips.length, MOST);
        root.hidden = tips.length === 0;
        name.textContent = words;
        dials.forEach((dial, d) => {
          dial.root.style.display = d < chosen.length ? '' : 'none';
          if (d < chosen.length) dial.show([{ tip: tips[chosen[d]], role }]);
        });
        const degrees = chosen.map((k) => `hand ${k} ${degreesOf(tips[k])}°`);
        holder.setAttribute('aria-label', `${words}: ${degrees.join(', ')}`);
      });
    },
  };
}
