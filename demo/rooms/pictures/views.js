/** Three ways to look at the picture, each a small picture of itself to press; and what the way that is chosen lets one choose. */
import { segments, select } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';
import { paintColours, paintKept, paintMark, paintShares, penOf } from './paint.js';

/**
 * @import { Copies, Grid } from './paint.js'
 * @import { Known } from './session.js'
 * @import { Facts } from './reading.js'
 * @import { State, View } from './state.js'
 */

/** @type {readonly [View, string][]} */
const VIEWS = [
  ['like', 'Like this patch'],
  ['looks', 'What it looks at'],
  ['colours', 'Parts by colour'],
];
const SIDE = 208;

/** @param {(changes: Partial<State>) => void} change */
export function createViews(change) {
  const tiles = VIEWS.map(([view, title]) => {
    const canvas = make('canvas');
    const note = make('span', { className: 'caption' });
    const button = make(
      'button',
      { type: 'button', className: 'tile', 'aria-pressed': false },
      canvas,
      make('b', {}, title),
      note,
    );
    button.addEventListener('click', () => change({ view }));
    return { view, button, canvas, note };
  });
  const choices = make('div', { className: 'choices' });
  const root = make(
    'div',
    { className: 'views' },
    make(
      'div',
      { className: 'tiles', role: 'group', 'aria-label': 'Views' },
      ...tiles.map(({ button }) => button),
    ),
    choices,
  );
  let shape = '';

  /** Layer, head or rollout, as inputs. @param {State} state @param {Facts} facts */
  function choose(state, { layers, heads }) {
    const next = `${state.view} ${layers} ${heads} ${state.look} ${state.head}`;
    if (next === shape) return;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    const name = choices.contains(focused) ? focused?.getAttribute('aria-label') : null;
    shape = next;
    choices.hidden = state.view !== 'looks' || !heads;
    if (choices.hidden) return choices.replaceChildren();
    const numbers = (/** @type {number} */ count) => Array.from({ length: count }, (_, i) => String(i + 1));
    const mode = segments({
      name: 'What is shown',
      choices: [
        ['one', 'one layer'],
        ['rollout', 'rollout'],
      ],
      value: state.look ? 'one' : 'rollout',
      change: (value) => change({ look: value === 'rollout' ? 0 : Math.ceil((2 * layers) / 3), head: 0 }),
    });
    choices.replaceChildren(mode);
    if (state.look) {
      choices.append(
        make(
          'label',
          {},
          'layer ',
          select({
            name: 'Layer',
            choices: numbers(layers),
            value: String(state.look),
            change: (value) => change({ look: Number(value) }),
          }),
        ),
        make(
          'label',
          {},
          'head ',
          select({
            name: 'Head',
            choices: ['mean', ...numbers(heads)],
            value: String(state.head || 'mean'),
            change: (value) => change({ head: Number(value) || 0 }),
          }),
        ),
      );
    }
    if (name)
      /** @type {HTMLElement | null} */ (choices.querySelector(`select[aria-label="${name}"]`))?.focus();
  }

  /** @param {{ state: State, known: Known, facts: Facts, copies: Copies }} seen */
  function show({ state, known, facts, copies }) {
    const notes = {
      like: state.layer === facts.layers ? 'cosine to all patches' : `cosine in layer ${state.layer}`,
      looks: facts.heads ? lookName(state) : 'no maps',
      colours:
        state.layer === facts.layers ? 'three main directions' : `three directions, layer ${state.layer}`,
    };
    for (const { view, button, canvas, note } of tiles) {
      button.setAttribute('aria-pressed', String(view === state.view));
      note.textContent = notes[view];
      canvas.width = Math.round((SIDE * facts.columns) / Math.max(facts.rows, facts.columns));
      canvas.height = Math.round((SIDE * facts.rows) / Math.max(facts.rows, facts.columns));
      const pen = penOf(canvas);
      if (view === 'like') {
        paintKept(pen, copies, facts, known.kept[state.layer - 1] ?? null);
        paintMark(pen, facts, state);
      } else if (view === 'looks' && known.look) paintShares(pen, copies, facts, known.look);
      else if (view === 'colours' && known.colours) paintColours(pen, facts, known.colours);
      else paintKept(pen, copies, facts, null);
    }
    choose(state, facts);
  }
  return { root, show };
}

/** @param {State} state */
const lookName = ({ look, head }) =>
  look ? `layer ${look}, ${head ? `head ${head}` : 'mean of heads'}` : 'rollout through all layers';
