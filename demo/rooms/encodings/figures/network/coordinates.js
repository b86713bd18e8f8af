/** SwinV2's log coordinates: a window's offsets as they are, and as its network is told of them. */
import { addStyle, make } from '../../../../parts/dom.js';
import { told } from '../../../../parts/heat.js';
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import { createLattice } from './lattice.js';
import css from './network.css';
import { axesOf, offsetsOf, pairOf, signed } from './scales.js';
import { createStretch } from './stretch.js';

export const OPTIONS = STARTS.logCoordinates;
export const NUMBERS = WORDS.logCoordinates;

const ABOUT =
  'Left, the offsets of a window as they are; right, as the network is told of them: near ones wide apart, far ones close together. Hold one. Then take a larger window than the trained one: it reaches hardly further.';

/** @type {import('../index.js').Module['create']} */
export function create({ page, params, hold, keep }) {
  addStyle(css);
  const asked = params.get('offset')?.split(',').map(Number) ?? [];
  let held = { down: asked[0] ?? -2, across: asked[1] ?? 3 };
  /** @type {{ down: number[], across: number[] }} */
  let axes = { down: [0], across: [0] };
  let window = [1, 1];
  const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
  const lattices = [0, 1].map(() =>
    createLattice((row, column) => take(row - window[0] + 1, column - window[1] + 1)),
  );
  const stretch = createStretch({
    label: 'Columns away',
    hold: (at) => take(held.down, at - window[1] + 1),
  });

  /** @param {number} down @param {number} across */
  function take(down, across) {
    held = { down, across };
    keep('offset', `${down},${across}`);
    draw();
    page.say(readOut.textContent ?? '');
    goBelow();
  }
  const goBelow = () => hold(held.across + window[1] - 1, undefined, held.down + window[0] - 1);

  function draw() {
    const [row, column] = [held.down + window[0] - 1, held.across + window[1] - 1];
    const at = { row, column };
    const even = { down: offsetsOf(window[0]), across: offsetsOf(window[1]) };
    const where = `${signed(held.down)} rows, ${signed(held.across)} columns`;
    lattices[0].show({ ...even, held: at, label: `Offsets as they are, ${where}` });
    lattices[1].show({ ...axes, held: at, label: `Offsets as they are told, ${where}` });
    const text = `${where} · told as ${told(axes.down[row])} and ${told(axes.across[column])}`;
    stretch.show(even.across, axes.across, column, text);
    readOut.textContent = text;
  }

  let isFirst = true;
  return {
    root: make(
      'figure',
      { className: 'network' },
      make('p', {}, ABOUT),
      make(
        'div',
        { className: 'network-two' },
        ...['as they are', 'as they are told'].map((name, i) =>
          make('div', {}, lattices[i].root, make('p', { className: 'caption' }, name)),
        ),
      ),
      stretch.root,
      readOut,
    ),
    show(options, results) {
      const coordinates = results.get('');
      if (!coordinates) return;
      window = pairOf(options.window);
      axes = axesOf(coordinates);
      held = {
        down: Math.min(Math.max(held.down, 1 - window[0]), window[0] - 1),
        across: Math.min(Math.max(held.across, 1 - window[1]), window[1] - 1),
      };
      draw();
      if (isFirst) goBelow();
      isFirst = false;
    },
    mark(row) {
      const across = row - window[1] + 1;
      if (across === held.across || across >= window[1]) return;
      held.across = across;
      keep('offset', `${held.down},${held.across}`);
      draw();
    },
  };
}
