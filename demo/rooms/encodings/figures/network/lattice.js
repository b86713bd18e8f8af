/** All offsets of a window as the crossings of a lattice, evenly or where a network is told that they are; one is held. */
import { make, svg } from '../../../../parts/dom.js';
import { holdGrid } from '../shared/hold.js';

/**
 * @typedef {object} Lattice
 * @property {readonly number[]} down where each row is told to be
 * @property {readonly number[]} across
 * @property {{ row: number, column: number }} held
 * @property {string} label
 */

/** Room around the lattice, as a share of its half. */
const ROOM = 1.12;

/** @param {(row: number, column: number) => void} hold */
export function createLattice(hold) {
  const picture = svg('svg', { viewBox: '-1 -1 2 2', 'aria-hidden': 'true', preserveAspectRatio: 'none' });
  const root = make(
    'div',
    { className: 'lattice', role: 'application', 'aria-roledescription': 'lattice of offsets' },
    picture,
  );
  /** @type {Lattice} */
  let lattice = { down: [0], across: [0], held: { row: 0, column: 0 }, label: '' };
  const most = () => ROOM * (Math.max(...lattice.down.map(Math.abs), ...lattice.across.map(Math.abs)) || 1);
  /** @param {readonly number[]} places @param {number} share */
  const nearest = (places, share) => {
    const at = (2 * share - 1) * most();
    return places.reduce(
      (best, place, i) => (Math.abs(place - at) < Math.abs(places[best] - at) ? i : best),
      0,
    );
  };
  holdGrid(root, {
    grid: () => ({ rows: lattice.down.length, columns: lattice.across.length }),
    at: () => lattice.held,
    hold,
    placeOf: (down, across) => ({
      row: nearest(lattice.down, down),
      column: nearest(lattice.across, across),
    }),
  });
  return {
    root,
    /** @param {Lattice} next */
    show(next) {
      lattice = next;
      const { down, across, held, label } = next;
      const scale = 1 / most();
      const [x, y] = [across[held.column] * scale, down[held.row] * scale];
      root.setAttribute('aria-label', label);
      const ends = (/** @type {readonly number[]} */ places) => [
        places[0] * scale,
        places[places.length - 1] * scale,
      ];
      const [[top, bottom], [left, right]] = [ends(down), ends(across)];
      picture.replaceChildren(
        ...across.map((place, i) =>
          svg('line', {
            ...{ x1: place * scale, x2: place * scale, y1: top, y2: bottom },
            class: i === held.column ? 'held' : '',
          }),
        ),
        ...down.map((place, i) =>
          svg('line', {
            ...{ y1: place * scale, y2: place * scale, x1: left, x2: right },
            class: i === held.row ? 'held' : '',
          }),
        ),
        svg('path', { d: 'M-.03 0H.03M0-.03V.03', class: 'middle' }),
        svg('circle', { cx: x, cy: y, r: 0.045 }),
      );
    },
  };
}
