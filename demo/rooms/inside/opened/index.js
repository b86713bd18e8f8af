/** An opened row: the way that led here, the row at full width, the map back, and its neighbours. */
import { writeAddress } from '../../../parts/address.js';
import { addStyle, make } from '../../../parts/dom.js';
import { saveMenu } from '../../../parts/save.js';
import { addressOf, hashOfState, STEPS, stepOf } from '../steps.js';
import { mapOf } from './map.js';
import css from './opened.css';
import { viewOf } from './view.js';

/**
 * @import { Figure } from '../figure.js'
 * @import { Pair } from '../pair.js'
 * @import { State } from '../steps.js'
 * @import { Page } from '../../../main.js'
 * @import { Opening, View } from './view.js'
 *
 * @typedef {object} Opened
 * @property {HTMLElement} root
 * @property {(pair: Pair, state: State) => Promise<void>} show
 * @property {(event: KeyboardEvent) => void} key
 * @property {() => void} focus
 *
 * @typedef {object} Asked what it asks of the room
 * @property {(path: string[]) => void} go into the history
 * @property {() => void} out
 * @property {(path: string[]) => void} slide within the row, not into the history
 * @property {() => Promise<import('../pair.js').Encoder>} encoder the told one
 */

/** A swipe's least way in px, and how much fingers close to go out. */
const [SWIPE, PINCH] = [60, 0.75];

/** @param {Asked} asked @param {Page} page @returns {Opened} */
export function createOpened(asked, page) {
  addStyle(css);
  const root = make('article', { className: 'opened' });
  /** @type {Opening | undefined} */
  let opening;
  /** @type {{ pair: Pair, state: State } | undefined} */
  let seen;
  let turn = 0;

  /** @param {Pair} pair @param {State} state */
  async function show(pair, state) {
    const mine = ++turn;
    seen = { pair, state };
    const view = viewOf(pair, state, {
      go: (path, { isStep = false } = {}) => (isStep ? asked.go(path) : asked.slide(path)),
      weight: async (name, rows) => (await asked.encoder()).weight(name, { rows }),
      say: page.say,
    });
    const found = await openingOf(view);
    if (mine !== turn) return;
    opening = found;
    const hadFocus = root.contains(document.activeElement);
    root.style.setProperty('--a', `var(--${view.twins.a})`);
    root.style.setProperty('--b', `var(--${view.twins.b})`);
    root.style.setProperty('--a-on', `var(--${view.twins.a}-on)`);
    root.style.setProperty('--b-on', `var(--${view.twins.b}-on)`);
    root.classList.toggle('agree', view.twins.agree);
    const step = stepOf(state.path[0]);
    root.replaceChildren(
      make(
        'header',
        { className: 'opened-head' },
        crumbs(found, state),
        make('div', { className: 'head' }, make('h1', {}, ...found.title), make('p', {}, ...found.caption)),
        mapOf(view, step, asked.out),
      ),
      ...found.body,
      make(
        'footer',
        { className: 'rule opened-foot' },
        make(
          'p',
          { className: 'caption' },
          ...(found.blind ? [make('b', {}, 'Not told: '), found.blind] : []),
        ),
        neighbours(step, state),
      ),
      saveMenu({ picture: drawn, ...found.save }),
    );
    page.title(`${view.word}: ${root.querySelector('h1')?.textContent}`);
    if (hadFocus) focus();
  }
  const drawn = async () => {
    const { cellsPicture, stacked } = await import('../picture.js');
    const grid = /** @type {HTMLElement | null} */ (root.querySelector('.asks'));
    if (grid)
      return cellsPicture(
        grid,
        '.asks-word, .cell-number, .score-bar, .score-number, .share-bar, .share-text',
      );
    return stacked(/** @type {NodeListOf<SVGSVGElement>} */ (root.querySelectorAll('.bars > svg')));
  };
  const focus = () => opening?.focus?.focus({ preventScroll: true });

  /** @param {string} text @param {string[]} path @param {State} state @param {string} [className] */
  function link(text, path, state, className = '') {
    const made = make('a', { href: hashOfState({ ...state, path }), className }, text);
    made.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (path.length) asked.go(path);
      else asked.out();
    });
    return made;
  }

  /** @param {Opening} found @param {State} state */
  const crumbs = ({ crumbs }, state) =>
    make(
      'nav',
      { className: 'crumbs', 'aria-label': 'Where this is' },
      link(innerWidth < 760 ? 'Whole' : 'Follow one word', [], state),
      ...crumbs.flatMap(([text, path]) => [' · ', path ? link(text, path, state) : text]),
    );

  /** @param {number} step @param {State} state */
  function neighbours(step, state) {
    const out = [];
    if (step > 0) out.push(link(`← ${STEPS[step - 1].name.toLowerCase()}`, [STEPS[step - 1].key], state));
    if (step < STEPS.length - 1)
      out.push(link(`${STEPS[step + 1].name.toLowerCase()} →`, [STEPS[step + 1].key], state));
    return make('nav', { className: 'neighbours', 'aria-label': 'Steps before and after' }, ...out);
  }

  /** One step on or back. @param {number} by */
  function move(by) {
    const to = STEPS[stepOf(seen?.state.path[0]) + by];
    if (to) asked.go([to.key]);
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const path = seen?.state.path ?? [];
    if (event.key === 'Escape') {
      if (path.length > 2) asked.go(path.slice(0, 2));
      else asked.out();
    } else if (event.key === 'PageDown' || event.key === 'PageUp') move(event.key === 'PageDown' ? 1 : -1);
    else if (!opening?.key?.(event)) return;
    event.preventDefault();
  }

  touch(root, { swipe: move, pinch: asked.out });
  page.onTheme(() => seen && root.isConnected && show(seen.pair, seen.state));
  return { root, show, key, focus };
}

/** What the address asks for; what it leaves open is chosen where the two sentences differ most. @param {View} view @returns {Promise<Opening>} */
async function openingOf(view) {
  const [key] = view.state.path;
  const { layer } = STEPS[stepOf(key)];
  if (key === 'word') return (await import('./place.js')).wordRow(view);
  if (key === 'place') return (await import('./place.js')).place(view);
  if (key === 'answers') return (await import('./alone.js')).answers(view);
  if (key.startsWith('alone')) return (await import('./alone.js')).alone(view, layer);
  const { attention } = await import('./attention.js');
  const { path, opening } = await attention(view, layer);
  view.state.path = path;
  writeAddress(...addressOf(view.state));
  return opening;
}

/** Swiping leads to the next step, closing two fingers leads out. @param {HTMLElement} root @param {{ swipe: (by: number) => void, pinch: () => void }} acts */
function touch(root, { swipe, pinch }) {
  const apart = (/** @type {TouchList} */ list) =>
    Math.hypot(list[0].clientX - list[1].clientX, list[0].clientY - list[1].clientY);
  /** @type {{ x: number, y: number, wide: number } | null} */
  let start = null;
  root.addEventListener(
    'touchstart',
    (event) => {
      const { touches, target } = event;
      const isSliding = target instanceof Element && target.closest('[data-slide], .heads, .scrolling');
      start =
        isSliding && touches.length < 2
          ? null
          : { x: touches[0].clientX, y: touches[0].clientY, wide: touches.length > 1 ? apart(touches) : 0 };
    },
    { passive: true },
  );
  root.addEventListener(
    'touchmove',
    ({ touches }) => {
      if (!start?.wide || touches.length < 2 || apart(touches) > PINCH * start.wide) return;
      start = null;
      pinch();
    },
    { passive: true },
  );
  root.addEventListener(
    'touchend',
    ({ changedTouches }) => {
      if (!start || start.wide) return;
      const [x, y] = [changedTouches[0].clientX - start.x, changedTouches[0].clientY - start.y];
      start = null;
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) swipe(x < 0 ? 1 : -1);
    },
    { passive: true },
  );
}
