/** A table of offsets redrawn for another window: before and after, head by head, at a held offset. */
import { addStyle, make } from '../../../../parts/dom.js';
import { scaleOf, told } from '../../../../parts/heat.js';
import fanCss from '../fan/fan.css';
import { NUMBERS as WORDS } from '../numbers.js';
import { createBar } from '../shared/bar.js';
import { createHeads } from '../shared/heads.js';
import { STARTS } from '../starts.js';
import css from './heads.css';
import { createMap } from './map.js';
import { offsetInWords } from './shown.js';
import { FITS, pairOf } from './tables.js';

export const OPTIONS = STARTS.resizeBias;
export const NUMBERS = WORDS.resizeBias;
export const fit = FITS.resizeBias;

const ABOUT =
  "Above, each head's table as it was made for one window; below, redrawn for another. By the geometric rule the nearest offsets keep their numbers and the far ones spread. The tables are this page's, not learned.";

/** @type {import('../index.js').Module['create']} */
export function create({ page, params, hold, keep }) {
  for (const sheet of [fanCss, css]) addStyle(sheet);
  const asked = params.get('offset')?.split(',').map(Number) ?? [];
  /** The key's place from the query. */
  let held = { down: asked[0] ?? 0, across: asked[1] ?? 2 };
  let chosen = 0;
  /** The windows before and after, and their tables. @type {{ sides: [number, number], data: ArrayLike<number> }[]} */
  let tables = [];
  let heads = 0;
  const names = createHeads(choose);
  const maps = make('div', { className: 'taste-maps' });
  const bar = createBar();
  const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
  /** @type {ReturnType<typeof createMap>[][]} */
  let all = [];

  const sidesOf = (/** @type {number} */ which) => tables[which].sides.map((side) => 2 * side - 1);
  /** Tables count query minus key, maps key minus query. @param {number} which @param {number} head */
  const mapOf = (which, head) => {
    const [rows, columns] = sidesOf(which);
    return Array.from(
      { length: rows * columns },
      (_, i) => tables[which].data[(rows * columns - 1 - i) * heads + head],
    );
  };
  /** The held offset on a map, if it is there. @param {number} which */
  function markOn(which) {
    const [rows, columns] = sidesOf(which);
    const [row, column] = [held.down + (rows - 1) / 2, held.across + (columns - 1) / 2];
    const isThere = row >= 0 && column >= 0 && row < rows && column < columns;
    return isThere ? { row, column, rows: 1, columns: 1 } : null;
  }

  /** @param {number} which @param {number} head */
  function oneOf(which, head) {
    const half = () => sidesOf(which).map((side) => (side - 1) / 2);
    return createMap({
      grid: () => ({ rows: sidesOf(which)[0], columns: sidesOf(which)[1] }),
      at: () => ({ row: held.down + half()[0], column: held.across + half()[1] }),
      hold(row, column) {
        held = { down: row - half()[0], across: column - half()[1] };
        moved();
      },
      placeOf: (down, across) => {
        const [row, column] = [down, across].map((share, axis) =>
          Math.min(Math.max(Math.floor(share * sidesOf(which)[axis]), 0), sidesOf(which)[axis] - 1),
        );
        return { row, column };
      },
      choose: () => choose(head),
    });
  }

  /** @param {number} head */
  function choose(head) {
    chosen = head;
    draw();
    page.say(readOut.textContent ?? '');
  }
  function moved() {
    keep('offset', `${held.down},${held.across}`);
    draw();
    page.say(readOut.textContent ?? '');
    goBelow();
  }
  /** The row of the new table. */
  function goBelow() {
    const [rows, columns] = sidesOf(1);
    const mark = markOn(1);
    if (mark) hold((rows - 1 - mark.row) * columns + columns - 1 - mark.column);
  }

  function draw() {
    const scale = scaleOf(tables.flatMap(({ data }) => Array.from(data, Number)));
    const where = offsetInWords(held.down, held.across);
    const values = tables.map((_, which) => {
      const [rows, columns] = sidesOf(which);
      const mark = markOn(which);
      all[which].forEach((map, head) => {
        map.show(
          {
            ...{ data: mapOf(which, head), rows, columns, mark },
            ...{ range: [scale.low, scale.high], map: scale.map },
            label: `Head ${head + 1}, ${which ? 'redrawn' : 'as made'}, offset ${where}`,
          },
          head === chosen,
        );
      });
      return Array.from({ length: heads }, (__, head) =>
        mark ? told(Number(mapOf(which, head)[mark.row * columns + mark.column])) : 'not there',
      );
    });
    names.show(
      values[1].map((value) => ({ told: value })),
      chosen,
    );
    bar.show([scale.low, scale.high], scale.map);
    readOut.textContent = `${where} · head ${chosen + 1}: ${values[0][chosen]} as made, ${values[1][chosen]} redrawn`;
  }

  let isFirst = true;
  return {
    root: make(
      'figure',
      { className: 'taste' },
      make('div', { className: 'taste-top' }, make('p', {}, ABOUT)),
      maps,
      make('div', { className: 'heat-below' }, readOut, bar.root),
      names.root,
    ),
    show({ table, from, to }, results) {
      const redrawn = results.get('');
      if (!redrawn) return;
      heads = redrawn.shape[1];
      const count = (/** @type {[number, number]} */ [h, w]) => (2 * h - 1) * (2 * w - 1) * heads;
      tables = [
        { sides: pairOf(from), data: table.data.slice(0, count(pairOf(from))) },
        { sides: pairOf(to), data: /** @type {any} */ (redrawn.data.slice(0, count(pairOf(to)))) },
      ];
      const most = [0, 1].map((axis) => Math.max(...tables.map(({ sides }) => sides[axis])) - 1);
      held.down = Math.min(Math.max(held.down, -most[0]), most[0]);
      held.across = Math.min(Math.max(held.across, -most[1]), most[1]);
      if (all[0]?.length !== heads) {
        all = tables.map((_, which) => Array.from({ length: heads }, (__, head) => oneOf(which, head)));
        maps.replaceChildren(
          ...all.flatMap((row, which) =>
            row.map(({ root }, head) =>
              make(
                'div',
                { className: 'taste-head' },
                root,
                make('p', { className: 'caption' }, `head ${head + 1}, ${which ? 'redrawn' : 'as made'}`),
              ),
            ),
          ),
        );
      }
      draw();
      if (isFirst) goBelow();
      isFirst = false;
    },
    mark(row) {
      const [rows, columns] = sidesOf(1);
      if (row >= rows * columns) return;
      const at = rows * columns - 1 - row;
      const next = {
        down: Math.floor(at / columns) - (rows - 1) / 2,
        across: (at % columns) - (columns - 1) / 2,
      };
      if (next.down === held.down && next.across === held.across) return;
      held = next;
      keep('offset', `${held.down},${held.across}`);
      draw();
    },
    draw: () => tables.length && draw(),
  };
}
