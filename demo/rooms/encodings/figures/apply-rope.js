/** *One vector, turned*: each pair of its numbers as it was and as it is at a held place; its hands turn and keep their length. */
import { addStyle, make, shown } from '../../../parts/dom.js';
import { createDial, degreesBetween, someOf } from './hands.js';
import css from './rope.css';
import { createRuler } from './ruler.js';
import { pairsOf } from './turned.js';

/** @import { Figure, Given } from './index.js' */

const DIALS = 16;

/** @param {Given} given @returns {Figure} */
export function create({ hold }) {
  addStyle(css);
  let at = 9;
  /** @type {{ before: import('./hands.js').Pair[][], after: import('./hands.js').Pair[][] } | undefined} */
  let pairs;
  const ruler = createRuler({ label: 'Place of the vector', onMove: (to) => set(to) });
  const dials = Array.from({ length: DIALS }, () => {
    const dial = createDial();
    const [name, angle] = [make('b'), make('span', { className: 'tick' })];
    return { dial, name, angle, root: make('div', {}, dial.root, name, angle) };
  });
  const readOut = make('output');
  const root = make(
    'figure',
    { className: 'turned-vector' },
    ruler.root,
    make('div', { className: 'hand-dials' }, ...dials.map((one) => one.root)),
    make(
      'figcaption',
      {},
      make('b', {}, readOut),
      make('br'),
      'Orange is a pair of its numbers as it was, blue as it is here; yellow is how far it was turned.',
    ),
  );

  function draw() {
    if (!pairs) return;
    const [before, after] = [pairs.before[at], pairs.after[at]];
    const chosen = someOf(before.length, DIALS);
    const longest = Math.max(...before.map((pair) => Math.hypot(...pair)), 1e-9);
    dials.forEach(({ dial, name, angle, root: one }, i) => {
      one.hidden = i >= chosen.length;
      if (one.hidden) return;
      const pair = chosen[i];
      const hands = [
        { tip: after[pair], role: 'who' },
        { tip: before[pair], role: 'whom' },
      ];
      dial.show(hands, longest);
      name.textContent = `pair ${pair}`;
      angle.textContent = `${Math.round(degreesBetween(before[pair], after[pair])) % 360}°`;
    });
    const [long, still] = [before, after].map((all) => shown(Math.hypot(...all.flat()), 4));
    readOut.textContent = `At place ${at} the vector is ${still} long; unturned ${long}`;
    ruler.show({ low: at, last: pairs.after.length - 1, told: `place ${at}` });
  }

  /** @param {number} to @param {boolean} [isTold] false: the page knows it */
  function set(to, isTold = true) {
    if (to === at || !pairs || to >= pairs.after.length) return;
    at = to;
    draw();
    if (isTold) hold(at);
  }

  return {
    root,
    /** @param {number} row */
    mark: (row) => set(row, false),
    show(options, results) {
      const after = results.get('');
      if (!after) return;
      const width = after.shape[after.shape.length - 1];
      pairs = {
        before: pairsOf(options.x.data, width, options),
        after: pairsOf(after.data, width, options),
      };
      at = Math.min(at, pairs.after.length - 1);
      draw();
      hold(at);
    },
  };
}
