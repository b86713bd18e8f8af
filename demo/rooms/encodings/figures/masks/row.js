/** Words in a row, upright where there is no room: one may be held, and edges between them are moved by hand and by keys. */
import { make } from '../../../../parts/dom.js';
import { holdLine, sweep } from '../shared/hold.js';

/** Pixels that a word needs along the row. */
const ROOM = 44;

/**
 * @typedef {object} Edge
 * @property {string} label
 * @property {number} at stands before the word of this number
 * @property {number} from where it may go
 * @property {number} to
 * @property {string} told
 *
 * @typedef {object} Shown
 * @property {readonly string[]} words
 * @property {(at: number) => boolean} seen
 * @property {number} [held]
 * @property {readonly Edge[]} edges
 * @property {string} [told] the held word
 * @property {boolean} [isHeld] the whole row
 */

/**
 * @param {object} given
 * @param {string} given.label
 * @param {(at: number) => void} given.hold
 * @param {(edge: number, at: number) => void} given.move
 * @param {boolean} [given.isSlider] whether keys move what is held
 */
export function createWords({ label, hold, move, isSlider = true }) {
  const list = make('div', { className: 'mask-words' });
  const root = make('div', { className: 'mask-row' }, list);
  /** @type {Shown} */
  let shown = { words: [], seen: () => true, edges: [] };
  let isUpright = false;
  const along = (/** @type {PointerEvent} */ event) => {
    const { left, top, width, height } = list.getBoundingClientRect();
    const share = isUpright ? (event.clientY - top) / height : (event.clientX - left) / width;
    return share * shown.words.length;
  };
  const inside = (/** @type {number} */ at) => Math.min(Math.max(at, 0), shown.words.length - 1);
  const tell = isSlider
    ? holdLine(list, {
        ...{ label, count: () => shown.words.length, at: () => shown.held ?? 0, hold },
        isSwept: false,
      })
    : null;
  sweep(list, (event) => {
    const at = inside(Math.floor(along(event)));
    if (at !== shown.held) hold(at);
  });

  /** @type {{ root: HTMLElement, tell: ReturnType<typeof holdLine> }[]} */
  let edges = [];
  /** @param {number} which */
  function edgeOf(which) {
    const edge = make('div', { className: 'mask-edge' }, make('i'));
    const now = () => shown.edges[which];
    const go = (/** @type {number} */ at) => move(which, Math.min(Math.max(at, now().from), now().to));
    const told = holdLine(edge, {
      label: shown.edges[which].label,
      count: () => now().to - now().from + 1,
      at: () => now().at - now().from,
      hold: (at) => go(at + now().from),
      isSwept: false,
    });
    sweep(edge, (event) => {
      const at = Math.round(along(event));
      if (at !== now().at) go(at);
    });
    return { root: edge, tell: told };
  }

  function place() {
    const count = shown.words.length;
    isUpright = root.clientWidth > 0 && (root.parentElement?.clientWidth ?? 0) < 600;
    root.classList.toggle('upright', isUpright);
    root.classList.toggle('bare', !isUpright && root.clientWidth / count < ROOM);
    list.style.setProperty('--count', String(count));
    edges.forEach(({ root: edge }, i) => {
      edge.style.setProperty('--at', `${(100 * shown.edges[i].at) / count}%`);
    });
  }
  new ResizeObserver(place).observe(root);

  return {
    root,
    /** @param {Shown} next */
    show(next) {
      shown = next;
      const { words, seen, held } = next;
      root.classList.toggle('held', next.isHeld ?? false);
      if (list.children.length !== words.length)
        list.replaceChildren(...words.map(() => make('span', {}, make('span'))));
      words.forEach((word, at) => {
        const cell = /** @type {HTMLElement} */ (list.children[at]);
        const text = /** @type {HTMLElement} */ (cell.firstChild);
        if (text.textContent !== word) text.textContent = word;
        cell.className = `mask-word ${at === held ? 'held' : seen(at) ? 'seen' : 'unseen'}`;
      });
      if (edges.length !== next.edges.length) {
        for (const { root: edge } of edges) edge.remove();
        edges = next.edges.map((_, i) => edgeOf(i));
        root.append(...edges.map(({ root: edge }) => edge));
      }
      next.edges.forEach(({ told, at, label: name }, i) => {
        edges[i].root.setAttribute('aria-label', name);
        edges[i].tell(told, at);
      });
      tell?.(next.told ?? '');
      place();
    },
  };
}
