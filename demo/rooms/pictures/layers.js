/** The same patch in every layer: a strip of small pictures. */
import { make } from '../../parts/dom.js';
import { paintKept, paintMark, penOf } from './paint.js';
import { rove } from './rove.js';

/**
 * @import { Copies } from './paint.js'
 * @import { Known } from './session.js'
 * @import { Facts } from './reading.js'
 * @import { State } from './state.js'
 */

const SIDE = 168;

/** @param {(layer: number) => void} choose */
export function createLayers(choose) {
  const root = make('div', { className: 'strip chips line', role: 'group', 'aria-label': 'Layers' });
  /** @type {{ button: HTMLButtonElement, canvas: HTMLCanvasElement }[]} */
  let tiles = [];
  const mark = rove(
    root,
    () => tiles.map(({ button }) => button),
    () => 1,
  );

  /** @param {number} count */
  function fit(count) {
    if (tiles.length === count) return;
    tiles = Array.from({ length: count }, (_, i) => {
      const canvas = make('canvas');
      const button = make(
        'button',
        { type: 'button', className: 'tile' },
        canvas,
        make('span', { className: 'tick' }, String(i + 1)),
      );
      button.addEventListener('click', () => choose(i + 1));
      return { button, canvas };
    });
    root.replaceChildren(...tiles.map(({ button }) => button));
  }

  /** @param {{ state: State, known: Known, facts: Facts, copies: Copies }} seen */
  function show({ state, known, facts, copies }) {
    fit(facts.layers);
    const scale = SIDE / Math.max(facts.rows, facts.columns);
    tiles.forEach(({ button, canvas }, i) => {
      canvas.width = Math.round(facts.columns * scale);
      canvas.height = Math.round(facts.rows * scale);
      const kept = known.kept[i];
      const pen = penOf(canvas);
      paintKept(pen, copies, facts, kept ?? new Float32Array(facts.rows * facts.columns));
      if (kept) paintMark(pen, facts, state);
      button.classList.toggle('unknown', !kept);
      button.setAttribute('aria-pressed', String(state.layer === i + 1));
      button.setAttribute('aria-label', `Layer ${i + 1}${kept ? '' : ', not known without the network'}`);
    });
    const chosen = tiles[state.layer - 1];
    if (chosen) mark(chosen.button);
  }
  return { root, show };
}
