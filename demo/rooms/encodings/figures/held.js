/** A picture in patches, one of them held, and beside it how alike the others are. */
import { make } from '../../../parts/dom.js';
import { createHeat } from '../../../parts/heat.js';
import { scaleFrom } from './likeness.js';
import { CREDIT, createPatches, photo } from './patches.js';

/**
 * @param {object} given
 * @param {string} given.title of the map
 * @param {string} given.about it
 * @param {(text: string) => void} given.say
 * @param {(row: number, column: number) => void} given.hold
 * @param {HTMLElement[]} [given.below] the picture
 * @param {SVGElement} [given.over] the picture, which is paler then
 */
export function createHeld({ title, about, say, hold, below = [], over }) {
  const patches = createPatches({
    label: 'The picture in patches',
    under: photo(),
    over,
    hasLines: !over,
    hold,
  });
  const heat = createHeat({
    ...{ label: 'How alike each patch is to the held one', say, tall: 416 },
    onMark: hold,
  });
  const readOut = make('output');
  const facts = make('span');
  const note = make('p', { hidden: true });
  const root = make(
    'div',
    { className: 'held-patch' },
    make(
      'figure',
      {},
      patches.root,
      make(
        'figcaption',
        {},
        make('b', {}, readOut),
        make('br'),
        note,
        'Click, drag, or use the arrow keys. ',
        CREDIT,
      ),
      ...below,
    ),
    make(
      'figure',
      {},
      heat.root,
      make('figcaption', {}, make('b', {}, title), make('br'), about, ' ', facts),
    ),
  );
  return {
    root,
    draw: heat.draw,
    /**
     * @param {object} shown
     * @param {{ rows: number, columns: number, row: number, column: number }} shown.held
     * @param {ArrayLike<number>} shown.cosines of the held patch with all
     * @param {number} shown.least of the colours
     * @param {string} shown.words of the held patch
     * @param {string} shown.more of the others
     * @param {string} [shown.note] under the held one
     */
    show({ held, cosines, least, words, more, note: under = '' }) {
      const { rows, columns, row, column } = held;
      patches.show(held);
      const { range, map } = scaleFrom(least);
      heat.show({ data: cosines, rows, columns, names: { row: 'row', column: 'column' }, range }, map);
      heat.setMark(row, column);
      readOut.textContent = words;
      facts.textContent = more;
      note.hidden = !under;
      note.textContent = under;
    },
  };
}
