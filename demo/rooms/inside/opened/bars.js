/** Rows of numbers as bars, the first sentence's beside the second's; where the two agree they are one bar in ink. */
import { make, shown, svg } from '../../../parts/dom.js';

/** Nearer than this share of a row's largest, two numbers are the same to the eye. */
const SAME = 0.005;
/** A number's width and the figure's height in the drawing's own units, which it stretches. */
const [CELL, HIGH] = [100, 100];

/**
 * @typedef {object} Row
 * @property {string | Node} name
 * @property {string} [note]
 * @property {number[]} a
 * @property {number[]} [b] none: the same in both
 * @property {string} [apart] what stands at its end
 * @property {number} [height] px
 * @property {number} [scaledBy] a largest number that it shares with other rows
 */

/**
 * @param {Row} row
 * @param {(index: number) => void} [slide] called with the number that a pointer is over
 */
export function barRow({ name, note, a, b, apart, height = 68, scaledBy }, slide) {
  const most = scaledBy ?? Math.max(...a.map(Math.abs), ...(b ?? []).map(Math.abs), 1e-9);
  const all = [...a, ...(b ?? [])];
  const [up, down] = scaledBy
    ? [1, 1]
    : [Math.max(...all, 0) / most, Math.max(...all.map((x) => -x), 0) / most];
  const scale = HIGH / Math.max(up + down, 0.2);
  const zero = up * scale;
  const bar = (
    /** @type {number} */ value,
    /** @type {number} */ x,
    /** @type {number} */ width,
    /** @type {string} */ kind,
  ) => {
    const size = Math.max((Math.abs(value) / most) * scale, 0.6);
    return svg('rect', { x, y: value > 0 ? zero - size : zero, width, height: size, class: kind });
  };
  const bars = a.map((value, k) => {
    const other = b ? b[k] : value;
    const x = k * CELL;
    return Math.abs(value - other) < SAME * most
      ? [bar(value, x + 10, 78, 'same')]
      : [bar(value, x + 10, 39, 'a'), bar(other, x + 49, 39, 'b')];
  });
  const mark = svg('rect', { class: 'mark', width: CELL, height: HIGH, visibility: 'hidden' });
  const drawing = svg(
    'svg',
    { viewBox: `0 0 ${a.length * CELL} ${HIGH}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    mark,
    svg('path', { d: `M0 ${zero}H${a.length * CELL}`, class: 'axis' }),
    ...bars.flat(),
  );
  drawing.style.height = `${height}px`;
  const field = make('div', { className: 'bars' });
  field.append(drawing);
  if (slide) {
    const at = (/** @type {PointerEvent} */ { clientX }) => {
      const { left, width } = field.getBoundingClientRect();
      slide(Math.min(Math.max(Math.floor(((clientX - left) / width) * a.length), 0), a.length - 1));
    };
    field.dataset.slide = '';
    field.addEventListener('pointerdown', at);
    field.addEventListener('pointermove', at);
  }
  const root = make(
    'div',
    { className: 'bar-row' },
    make(
      'div',
      { className: 'bar-name' },
      typeof name === 'string' ? make('b', {}, name) : name,
      ...(note ? [make('small', {}, note)] : []),
    ),
    field,
    make('div', { className: 'bar-end big' }, ...(apart === undefined ? [] : [apart])),
  );
  let marked = -1;
  return Object.assign(root, {
    /** Marks a number. @param {number} index */
    mark(index) {
      for (const bar of bars[marked] ?? []) bar.classList.remove('on');
      for (const bar of bars[index] ?? []) bar.classList.add('on');
      marked = index;
      mark.setAttribute('visibility', index >= 0 && index < a.length ? 'visible' : 'hidden');
      mark.setAttribute('x', String(index * CELL));
    },
  });
}

/** The two sentences by their colours. @param {import('./view.js').View} view */
export function legend({ pair, state, twin }) {
  const line = (
    /** @type {readonly string[]} */ words,
    /** @type {number} */ held,
    /** @type {string} */ kind,
  ) =>
    make(
      'span',
      { className: 'legend-line' },
      make('i', { className: `swatch ${kind}` }),
      ...words.flatMap((word, i) => [i + 1 === held ? make('mark', {}, word) : word, ' ']),
    );
  const { words, order } = pair;
  const second = order.map((i) => words[i]);
  return make(
    'p',
    { className: 'legend' },
    line(words, state.held + 1, 'a'),
    line(second, twin, 'b'),
    make('span', { className: 'legend-note' }, make('i', { className: 'swatch same' }), 'the same in both'),
  );
}

/**
 * Rows that share one held number: a slider for who uses keys, read out as text.
 * @param {object} given
 * @param {string} given.label
 * @param {ReturnType<typeof barRow>[]} given.rows those that the mark goes through
 * @param {Node[]} given.children
 * @param {number} given.count
 * @param {number} given.value
 * @param {(index: number) => string} given.text
 * @param {(index: number) => void} [given.change]
 * @param {boolean} [given.isQuiet] where the figure itself says it
 */
export function numberSlider({ label, rows, children, count, value, text, change, isQuiet = false }) {
  const note = make('output', { className: isQuiet ? 'readout quiet' : 'readout' });
  const root = make(
    'div',
    {
      className: 'numbers',
      role: 'slider',
      tabIndex: 0,
      'aria-label': label,
      'aria-valuemin': 1,
      'aria-valuemax': count,
    },
    ...children,
    note,
  );
  let now = value;
  function set(/** @type {number} */ index, isTold = true) {
    now = Math.min(Math.max(index, 0), count - 1);
    for (const row of rows) row.mark(now);
    note.textContent = text(now);
    root.setAttribute('aria-valuenow', String(now + 1));
    root.setAttribute('aria-valuetext', text(now));
    if (isTold) change?.(now);
  }
  set(value, false);
  /** @param {KeyboardEvent} event */
  const key = ({ key }) => {
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: count - 1 }[key];
    if (to === undefined) return false;
    set(to);
    return true;
  };
  return { root, set, key };
}

/** @param {number} value */
export const two = (value) => shown(value, 2);
