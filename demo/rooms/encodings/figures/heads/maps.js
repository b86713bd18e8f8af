/** The maps of all heads with their names to choose them by; of a single one both arrangements, side by side. */
import { make } from '../../../../parts/dom.js';
import { createMap } from './map.js';

/**
 * @typedef {import('./shown.js').Taste} Taste
 *
 * @param {object} given
 * @param {() => Taste | undefined} given.taste
 * @param {() => { row: number, column: number }} given.at
 * @param {(row: number, column: number) => void} given.hold
 * @param {(head: number) => void} given.choose
 * @param {(down: number, across: number, isOffset: boolean | null) => { row: number, column: number }} given.placeOf
 */
export function createMaps({ taste, at, hold, choose, placeOf }) {
  const root = make('div', { className: 'taste-maps', role: 'radiogroup', 'aria-label': 'Head' });
  /** isOffset null: as is chosen. @type {{ map: ReturnType<typeof createMap>, head: number, isOffset: boolean | null }[]} */
  let all = [];
  /** @type {HTMLElement[]} */
  let names = [];
  let made = '';

  /** @param {number} head @param {boolean | null} isOffset */
  function oneOf(head, isOffset) {
    const map = createMap({
      grid() {
        const { queries = [1, 1], prefix = 0 } = taste() ?? {};
        return { rows: queries[0], columns: queries[1], top: prefix ? -1 : 0 };
      },
      ...{ at, hold },
      choose: () => choose(head),
      placeOf: (down, across) => placeOf(down, across, isOffset),
    });
    return { map, head, isOffset };
  }
  /** @param {number} head */
  function nameOf(head) {
    const name = make('button', { type: 'button', role: 'radio' }, `head ${head + 1}`);
    name.addEventListener('click', () => choose(head));
    return name;
  }
  root.addEventListener('keydown', (event) => {
    const chosen = names.indexOf(/** @type {HTMLElement} */ (event.target));
    if (chosen < 0) return;
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const to = { Home: 0, End: names.length - 1 }[event.key] ?? (step === undefined ? -1 : chosen + step);
    if (!names[to]) return;
    event.preventDefault();
    choose(to);
    names[to].focus();
  });

  return {
    root,
    all: () => all,
    /** @param {Taste} now @returns {boolean} whether there is a choice of arrangements */
    make({ heads, hasOffsets = false }) {
      const isSingle = heads === 1;
      const key = `${heads} ${hasOffsets}`;
      if (key === made) return hasOffsets && !isSingle;
      made = key;
      const ways = isSingle && hasOffsets ? [false, true] : [null];
      all = Array.from({ length: heads }, (_, head) => ways.map((isOffset) => oneOf(head, isOffset))).flat();
      names = isSingle
        ? ways.map((isOffset) =>
            make('p', { className: 'caption' }, isOffset ? 'the whole table, by offset' : 'by patch'),
          )
        : all.map(({ head }) => nameOf(head));
      root.replaceChildren(
        ...all.map(({ map }, i) => make('div', { className: 'taste-head' }, map.root, names[i])),
      );
      root.classList.toggle('single', isSingle);
      root.classList.toggle('taps', heads === 9);
      root.setAttribute('role', isSingle ? 'group' : 'radiogroup');
      root.setAttribute('aria-label', isSingle ? 'Maps' : 'Head');
      return hasOffsets && !isSingle;
    },
    /** @param {number} chosen */
    mark(chosen) {
      if (all.length !== names.length || names[0]?.tagName !== 'BUTTON') return;
      names.forEach((name, head) => {
        name.setAttribute('aria-checked', String(head === chosen));
        name.tabIndex = head === chosen ? 0 : -1;
      });
    },
  };
}
