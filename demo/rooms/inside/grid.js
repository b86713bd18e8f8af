/** The loom as a grid of cells for pointers, keys and who hears it: one tab stop, words over it, names of steps beside. */
import { make, setAttributes, svg } from '../../parts/dom.js';
import { apartInWords } from './figure.js';
import { roleOf } from './roles.js';
import { STEPS } from './steps.js';

/**
 * @import { Figure } from './figure.js'
 * @import { Column, Rows } from './layout.js'
 *
 * @typedef {object} Acts what the room does when it is asked
 * @property {(word: number) => void} hold
 * @property {(step: number) => void} open
 * @property {(r: number) => void} step goes to a step, or between two
 * @property {() => number} ring where the ring stands
 * @property {(from: number, to: number) => void} carry moves a word in the second sentence
 * @property {(word: number, step: number) => void} tell reads a cell out
 */

const SIZES = [28, 22, 18, 15];
/** Words in a sentence from which on they are set small. */
const MANY = 7;

/** What a cell says. @param {Figure} figure @param {number} word @param {number} step */
export function cellText({ words, apart, shares }, word, step) {
  const name = step === 1 ? 'plus its place' : STEPS[step].name.toLowerCase();
  if (step === STEPS.length - 1)
    return `${words[word]}, ${name}: ${roleOf(shares.a[word])}; turned round: ${roleOf(shares.b[word])}`;
  return `${words[word]}, ${name}, ${apartInWords(apart.told[step][word + 1])}`;
}

/** @param {Acts} acts */
export function createGrid(acts) {
  const header = make('div', { role: 'row', className: 'grid-row' });
  const lines = STEPS.map(({ name, note, brief }, step) => {
    const title = make(
      'div',
      { role: 'rowheader', className: 'name' },
      make('b', {}, name),
      make('i', {}, brief),
      make('small', {}, note),
    );
    title.addEventListener('click', () => acts.open(step));
    return { row: make('div', { role: 'row', className: 'grid-row' }, title), title };
  });
  const rail = svg('svg', { class: 'rail', 'aria-hidden': 'true' });
  const root = make(
    'div',
    {
      role: 'grid',
      'aria-label': 'Words by steps: arrows hold another word and step, Enter opens',
      className: 'grid',
    },
    header,
    ...lines.map(({ row }) => row),
  );
  const pen = /** @type {CanvasRenderingContext2D} */ (make('canvas').getContext('2d'));
  /** @type {HTMLElement[][]} */
  let cells = [];
  /** @type {HTMLElement[]} */
  let heads = [];
  let held = 0;
  /** The row that keys are in: the ring's, until they leave it. */
  let at = 0;
  let ringAt = -1;
  /** @type {Rows} */
  let rows;
  root.append(/** @type {any} */ (rail));

  function rebuild(/** @type {number} */ count) {
    heads = Array.from({ length: count }, (_, i) => {
      const head = make('div', { role: 'columnheader', className: 'word' });
      // It may come a moment after the room.
      import('./drag.js')
        .then(({ dragWord }) =>
          dragWord(head, () => heads, i, { press: () => acts.hold(i), carry: (to) => acts.carry(i, to) }),
        )
        .catch(() => {});
      return head;
    });
    header.replaceChildren(
      make('div', { role: 'columnheader', className: 'side' }, 'start'),
      ...heads,
      make('div', { role: 'columnheader', className: 'side' }, 'end'),
    );
    cells = lines.map(({ row, title }, step) => {
      const made = Array.from({ length: count }, (_, i) => {
        const cell = make('div', { role: 'gridcell', className: 'cell', tabIndex: -1 });
        cell.addEventListener('click', () => (i === held ? acts.open(step) : acts.hold(i)));
        cell.addEventListener('pointerenter', () => acts.tell(i, step));
        return cell;
      });
      row.replaceChildren(title, ...made);
      return made;
    });
  }

  /** Words' size that fits their columns; 0 if none does. @param {readonly string[]} words @param {Column[]} columns */
  function sizeOf(words, columns) {
    const room = columns[2] ? columns[2].x - columns[1].x : columns[1].width;
    const family = getComputedStyle(document.documentElement).getPropertyValue('--serif');
    const most = words.length > MANY ? 15 : columns[1].width < 60 ? 18 : 28;
    return SIZES.find((size) => {
      pen.font = `${size}px ${family}`;
      return size <= most && words.every((word) => pen.measureText(word).width < room - 3);
    });
  }

  /** @param {Figure} figure @param {number} word @param {Rows} place @param {Column[]} columns @param {boolean} isSlanted */
  function draw(figure, word, place, columns, isSlanted) {
    const { words, known } = figure;
    [rows, held] = [place, word];
    const hadFocus = root.contains(document.activeElement);
    if (heads.length !== words.length) rebuild(words.length);
    root.classList.toggle('slanted', isSlanted);
    root.classList.toggle('phone', rows.phone);
    const size = sizeOf(words, columns) ?? 15;
    [...header.children].forEach((head, i) => {
      const element = /** @type {HTMLElement} */ (head);
      element.style.left = `${columns[i].x}px`;
      element.style.top = `${rows.words}px`;
      if (i === 0 || i > words.length) return;
      element.textContent = words[i - 1];
      element.style.fontSize = `${size}px`;
      element.classList.toggle('held', i === word + 1);
      element.classList.toggle('unknown', !known[i - 1]);
      element.title = known[i - 1] ? '' : 'unknown to the network';
    });
    STEPS.forEach((_, step) => {
      const y = rows.y[step];
      const above = step ? (rows.y[step - 1] + y) / 2 : rows.y[0] - rows.strip;
      const below = step < STEPS.length - 1 ? (y + rows.y[step + 1]) / 2 : rows.height;
      lines[step].title.style.top = `${y}px`;
      cells[step].forEach((cell, i) => {
        const { x, width } = columns[i + 1];
        Object.assign(cell.style, {
          left: `${x - width / 2 - 4}px`,
          width: `${width + 8}px`,
          top: `${above}px`,
          height: `${below - above}px`,
        });
        cell.setAttribute('aria-label', cellText(figure, i, step));
        cell.setAttribute('aria-selected', String(i === word));
      });
    });
    rail.replaceChildren(
      svg('path', { d: `M5 ${rows.y[0]}V${rows.y[STEPS.length - 1]}`, class: 'line' }),
      ...rows.y.map((y) => svg('circle', { cx: 5, cy: y + 1, r: 4 })),
      svg('circle', { cx: 5, r: 7.5, class: 'ring' }),
    );
    setAttributes(rail, { width: 24, height: rows.height });
    reach();
    if (hadFocus) focus();
  }

  /** The one cell that Tab reaches. */
  function reach() {
    cells.forEach((line, step) => {
      line.forEach((cell, i) => {
        cell.tabIndex = step === at && i === held ? 0 : -1;
      });
    });
  }

  /** @param {number} [step] */
  function focus(step = at) {
    at = step;
    reach();
    cells[step]?.[held]?.focus({ preventScroll: true });
  }

  root.addEventListener('keydown', (event) => {
    const { key, altKey } = event;
    const now = at;
    const last = STEPS.length - 1;
    const way = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const down = { ArrowUp: -1, ArrowDown: 1, PageUp: -2, PageDown: 2 }[key];
    const words = heads.length - 1;
    if (event.ctrlKey || event.metaKey) return;
    if (way && altKey) acts.carry(held, held + way);
    else if (way) acts.hold(Math.min(Math.max(held + way, 0), words));
    else if (key === 'Home') acts.hold(0);
    else if (key === 'End') acts.hold(words);
    else if (key === 'Enter' || key === ' ') acts.open(now);
    else if (down) {
      const to = Math.min(Math.max(now + down, 0), last);
      acts.step(to);
      focus(to);
    } else return;
    acts.tell(held, at);
    event.preventDefault();
  });

  rail.addEventListener('pointerdown', (event) => {
    rail.setPointerCapture(event.pointerId);
    const to = (/** @type {PointerEvent} */ { clientY }) => {
      const y = clientY - rail.getBoundingClientRect().top;
      const next = rows.y.findIndex((row) => row >= y);
      if (next <= 0) return acts.step(next < 0 ? STEPS.length - 1 : 0);
      const share = (y - rows.y[next - 1]) / (rows.y[next] - rows.y[next - 1]);
      acts.step(next - 1 + share);
    };
    to(event);
    const end = () => {
      rail.removeEventListener('pointermove', to);
      acts.step(Math.round(acts.ring()));
    };
    rail.addEventListener('pointermove', to);
    rail.addEventListener('pointerup', end, { once: true });
    rail.addEventListener('pointercancel', end, { once: true });
  });

  return {
    root,
    draw,
    focus,
    isCrowded: (/** @type {readonly string[]} */ words, /** @type {Column[]} */ columns) =>
      !sizeOf(words, columns),
    /** Moves the ring. @param {number} r */
    ring(r) {
      const ring = rail.querySelector('.ring');
      if (!ring) return;
      const from = Math.floor(r);
      const y = rows.y[from] + (r - from) * ((rows.y[from + 1] ?? 0) - rows.y[from]);
      ring.setAttribute('cy', String(y + 1));
      if (ringAt === r) return;
      ringAt = r;
      at = Math.round(r);
      reach();
    },
  };
}
