/** A batch of texts, filled up to the longest: each text's end is moved by hand. */
import { addStyle, make } from '../../../../parts/dom.js';
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import css from './masks.css';
import { createWords } from './row.js';
import { allowedBy, textOf } from './words.js';

export const OPTIONS = STARTS.paddingMask;
export const NUMBERS = WORDS.paddingMask;

/** Texts that are shortened with the batch are no fault. @param {Record<string, any>} options */
export function fit(options) {
  const { lengths, length } = options;
  if (length && Math.max(...lengths) > length)
    options.lengths = lengths.map((/** @type {number} */ one) => Math.min(one, length));
}

/** @type {import('../index.js').Module['create']} */
export function create({ page, change, hold }) {
  addStyle(css);
  const rows = make('div', { className: 'mask-rows mask-batch' });
  const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
  /** @type {ReturnType<typeof createWords>[]} */
  let texts = [];
  /** @type {number[]} */
  let lengths = [];
  /** @type {(at: number) => boolean} */
  let isAllowed = () => true;
  let [length, held] = [0, 0];

  function draw() {
    texts.forEach((row, text) => {
      const seen = (/** @type {number} */ at) => isAllowed(text * length + at);
      row.show({
        words: textOf(text, length).map((word, at) => (seen(at) ? word : '')),
        ...{ seen, isHeld: text === held },
        edges: [
          {
            ...{ label: `End of text ${text + 1}`, at: lengths[text], from: 0, to: length },
            told: `${lengths[text]} of ${length} words`,
          },
        ],
      });
    });
    const seen = Array.from({ length }, (_, at) => isAllowed(held * length + at)).filter(Boolean).length;
    readOut.textContent = `text ${held + 1} of ${lengths.length} · ${seen} of ${length} places are words that all its words see, ${length - seen} are filling that nobody sees`;
  }
  /** @param {number} text */
  function choose(text) {
    held = text;
    draw();
    page.say(readOut.textContent ?? '');
    hold(text);
  }
  /** @param {number} text @param {number} to */
  function move(text, to) {
    // The frame that computes may come after the next key.
    lengths = lengths.map((one, i) => (i === text ? to : one));
    change({ lengths });
    choose(text);
  }

  return {
    root: make(
      'figure',
      { className: 'mask' },
      make(
        'p',
        {},
        'Five texts of a batch. Drag the end of one: what is hatched is filling, and the mask hides it from every word.',
      ),
      rows,
      readOut,
    ),
    show(options, results) {
      const mask = results.get('');
      if (!mask) return;
      const [count, columns] = mask.shape;
      length = columns;
      lengths = Array.from(options.lengths, Number);
      isAllowed = allowedBy(mask, options);
      if (texts.length !== count) {
        texts = Array.from({ length: count }, (_, text) =>
          createWords({
            label: `Text ${text + 1}`,
            isSlider: false,
            hold: () => choose(text),
            move: (_, to) => move(text, to),
          }),
        );
        rows.replaceChildren(...texts.map(({ root }) => root));
      }
      held = Math.min(held, count - 1);
      draw();
    },
    mark(row) {
      held = row;
      draw();
    },
  };
}
