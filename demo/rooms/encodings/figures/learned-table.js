/** *Learned rows*: the table that DINOv2 has learned for 37 x 37 patches; a held patch, and who is like it. */
import baked from 'baked:positions';
import { range } from '../../../parts/controls.js';
import { addStyle, make, shown } from '../../../parts/dom.js';
import { createDirections } from './directions.js';
import { createHeld } from './held.js';
import { likenessOf } from './likeness.js';
import css from './patches.css';
import { within } from './patches.js';
import { positionTable } from './positions.js';

/** @import { Figure, Given } from './index.js' */

const { side } = baked;
export const OPTIONS = { table: positionTable(baked), length: side * side, offset: 0 };
export { NUMBERS } from './resize-table.js';

/** @param {Given} given @returns {Figure} */
export function create({ page, hold, change }) {
  addStyle(css);
  let [row, column] = [13, 24];
  let [length, offset] = [OPTIONS.length, 0];
  const held = createHeld({
    ...{ say: page.say, hold: set },
    title: 'How alike each patch’s row is to this one’s',
    about: 'Nobody told the network that patches stand on a grid: training did.',
  });
  const last = OPTIONS.length - 1;
  const rows = range({
    ...{ name: 'Rows taken', min: 1, max: OPTIONS.length, value: length },
    change: (n) => change({ length: n, offset: Math.min(offset, OPTIONS.length - n) }),
  });
  const first = range({
    ...{ name: 'Offset', min: 0, max: last, value: 0 },
    change: (at) => change({ offset: at, length: Math.min(length, OPTIONS.length - at) }),
  });
  const maps = createDirections('learnedTable-likeness');

  function draw() {
    const { table } = OPTIONS;
    const cosines = likenessOf(table, row * side + column);
    const taken = cosines.map((x, i) => (i >= offset && i < offset + length ? x : Number.NaN));
    const [below, word] = row + 1 < side ? [row + 1, 'below'] : [row - 1, 'above'];
    held.show({
      ...{ held: { rows: side, columns: side, row, column }, cosines: taken, least: -1 },
      words: `Patch at row ${row}, column ${column}: row ${row * side + column} of the table`,
      more: `Cosine to the patch ${word} ${shown(cosines[below * side + column], 4)}.${length < OPTIONS.length ? ' Grey: rows that are not taken.' : ''}`,
    });
    maps.keep(cosines, side);
  }

  /** @param {number} r @param {number} c @param {boolean} [isTold] false: the page knows it */
  function set(r, c, isTold = true) {
    if (r === row && c === column) return;
    [row, column] = [r, c];
    draw();
    if (isTold) tell();
  }
  function tell() {
    const at = row * side + column - offset;
    if (at >= 0 && at < length) hold(at);
  }

  return {
    root: held.root,
    beside: maps.root,
    controls: make('div', {}, rows, first),
    own: ['length', 'offset'],
    showsLikeness: true,
    draw() {
      held.draw();
      maps.draw();
    },
    /** @param {number} at */
    mark(at) {
      const place = within(at + offset, side * side);
      set(Math.floor(place / side), place % side, false);
    },
    show(options, results) {
      offset = options.offset ?? 0;
      length = results.get('')?.shape[0] ?? 0;
      rows.set(length);
      first.set(offset);
      maps.show(options.table, side, side);
      draw();
      tell();
    },
  };
}
