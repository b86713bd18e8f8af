/** Several texts packed in one row: each word sees its own; where one ends and the next begins is moved by hand. */
import { addStyle, make } from '../../../../parts/dom.js';
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import css from './masks.css';
import { createWords } from './row.js';
import { allowedBy, PACKED, wordsOf } from './words.js';

export const OPTIONS = STARTS.segmentMask;
export const NUMBERS = WORDS.segmentMask;

/** @type {import('../index.js').Module['create']} */
export function create({ page, params, change, hold, keep }) {
  addStyle(css);
  const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
  let held = Number(params.get('word') ?? 5) || 0;
  /** @type {number[]} */
  let lengths = [];
  /** @type {(at: number) => boolean} */
  let isAllowed = () => true;
  let length = 0;

  const words = createWords({
    label: 'Word',
    hold(at) {
      held = at;
      keep('word', String(at));
      draw();
      page.say(readOut.textContent ?? '');
      hold(at);
    },
    move(edge, at) {
      const by = at - startOf(edge + 1);
      lengths = lengths.map((one, i) => (i === edge ? one + by : i === edge + 1 ? one - by : one));
      change({ lengths });
      // The next key may come before the next picture.
      draw();
    },
  });
  /** @param {number} text */
  const startOf = (text) => lengths.slice(0, text).reduce((sum, one) => sum + one, 0);

  function draw() {
    held = Math.min(held, length - 1);
    const all = wordsOf(PACKED, length);
    const seen = (/** @type {number} */ at) => isAllowed(held * length + at);
    const text = lengths.findIndex((_, i) => held < startOf(i + 1));
    const count = [...all.keys()].filter(seen).length;
    readOut.textContent = `word ${held}, “${all[held]}”, of text ${text + 1} of ${lengths.length} · sees ${count} of ${length} words`;
    words.show({
      ...{ words: all, seen, held, told: readOut.textContent },
      edges: lengths.slice(1).map((_, i) => ({
        ...{
          label: `End of text ${i + 1}`,
          at: startOf(i + 1),
          from: startOf(i) + 1,
          to: startOf(i + 2) - 1,
        },
        told: `text ${i + 1} has ${lengths[i]} words, text ${i + 2} has ${lengths[i + 1]}`,
      })),
    });
  }

  let isFirst = true;
  return {
    root: make(
      'figure',
      { className: 'mask' },
      make(
        'p',
        {},
        'Four texts in one row, without filling between them. Hold a word: it sees its own text, and not what is hatched. Drag where one ends.',
      ),
      words.root,
      readOut,
    ),
    show(options, results) {
      const mask = results.get('');
      if (!mask || !options.lengths) return;
      length = mask.shape[1];
      lengths = Array.from(options.lengths, Number);
      isAllowed = allowedBy(mask, options);
      draw();
      if (isFirst) hold(held);
      isFirst = false;
    },
    mark(row) {
      if (row === held) return;
      held = row;
      keep('word', String(row));
      draw();
    },
  };
}
