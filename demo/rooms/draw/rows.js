/** A row a network: what it looks at and what it says, of the drawing and of its shuffled patches; what it gets right. */
import { make } from '../../parts/dom.js';
import { inkOf, paintSeen } from './paint.js';
import { digitOf, KINDS } from './reading.js';
import { DIGITS, majorityOf, NAMES, percent } from './words.js';

/**
 * @typedef {import('./networks.js').AllAnswers} AllAnswers
 * @typedef {{ of: number, kinds: Record<string, { right: number, shuffled: number }> }} Measured
 * @typedef {{ answers: AllAnswers, pixels: Uint8Array, mixed: Uint8Array, held: number | null, order: readonly number[] }} Seen
 */

/** Pixels of a small picture, twice its size on the page. */
const SMALL = 144;

/** @param {Measured} measured */
export function createRows(measured) {
  const rows = KINDS.map((kind) => {
    const [title, about, encoding] = NAMES[kind];
    const [drawn, mixed] = [0, 1].map(() => ({
      seen: make('canvas', { width: SMALL, height: SMALL, role: 'img' }),
      said: make('span', { className: 'said' }),
    }));
    const bars = DIGITS.map((digit) => ({
      bar: make('i'),
      digit: make('b', {}, String(digit)),
    }));
    const { right, shuffled } = measured.kinds[kind];
    const cell = (/** @type {string} */ className, /** @type {(Node | string)[]} */ ...children) =>
      make('td', { className }, ...children);
    const row = make(
      'tr',
      {},
      make(
        'th',
        { scope: 'row' },
        encoding ? make('a', { href: `#encodings/${encoding}` }, title) : title,
        make('small', {}, about),
      ),
      cell(
        'drawn',
        make(
          'div',
          {},
          drawn.seen,
          drawn.said,
          make(
            'div',
            { className: 'bars', 'aria-hidden': 'true' },
            ...bars.map(({ bar, digit }) => make('span', {}, make('u', {}, bar), digit)),
          ),
        ),
      ),
      cell('mixed', make('div', {}, mixed.seen, mixed.said)),
      cell(
        'right number',
        make('span', {}, percent(right / measured.of)),
        make('span', {}, percent(shuffled / measured.of)),
      ),
    );
    return { kind, title, row, drawn, mixed, bars };
  });
  const head = (/** @type {string} */ text, className = '') => make('th', { scope: 'col', className }, text);
  const root = make(
    'table',
    { className: 'rows' },
    make(
      'thead',
      {},
      make(
        'tr',
        {},
        make('th', { scope: 'col' }, make('span', { className: 'hidden' }, 'network')),
        head('as drawn: where it looks, what it says'),
        head('shuffled'),
        head('test digits right', 'right'),
      ),
    ),
    make('tbody', {}, ...rows.map(({ row }) => row)),
  );

  /** @param {Seen} seen */
  function show({ answers, pixels, mixed: shuffled, held, order }) {
    const saidOf = (/** @type {'drawn' | 'mixed'} */ which) =>
      KINDS.map((kind) => digitOf(answers[kind][which].shares));
    const most = { drawn: majorityOf(saidOf('drawn')), mixed: majorityOf(saidOf('mixed')) };
    const inks = [inkOf(pixels), inkOf(shuffled)];
    for (const { kind, title, drawn, mixed, bars } of rows) {
      const place = held === null ? null : order.indexOf(held);
      paintSeen(drawn.seen, inks[0], answers[kind].drawn, held);
      paintSeen(mixed.seen, inks[1], answers[kind].mixed, place);
      for (const [one, which, name] of /** @type {const} */ ([
        [drawn, 'drawn', 'of the drawing'],
        [mixed, 'mixed', 'of the shuffled patches'],
      ])) {
        const digit = digitOf(answers[kind][which].shares);
        one.said.textContent = String(digit);
        one.said.classList.toggle('with-most', which === 'drawn' && digit === most.drawn);
        const { look } = answers[kind][which];
        const at = look.indexOf(Math.max(...look));
        one.seen.setAttribute(
          'aria-label',
          `${title}, ${name}: ${digit}, ${percent(answers[kind][which].shares[digit])} sure; looks most at row ${Math.floor(at / 7)}, column ${at % 7}`,
        );
      }
      answers[kind].drawn.shares.forEach((share, digit) => {
        const { bar, digit: word } = bars[digit];
        bar.style.height = `${(100 * share).toFixed(2)}%`;
        word.classList.toggle('is-said', digit === digitOf(answers[kind].drawn.shares));
      });
    }
  }
  return { root, show };
}
