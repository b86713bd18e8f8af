/** A word sees a band around itself: its edges are moved by hand, and the band goes with the word. */
import { addStyle, make } from '../../../../parts/dom.js';
import { NUMBERS as WORDS } from '../numbers.js';
import { STARTS } from '../starts.js';
import css from './masks.css';
import { createWords } from './row.js';
import { allowedBy, SENTENCE, wordsOf } from './words.js';

export const OPTIONS = STARTS.slidingWindowMask;
export const NUMBERS = WORDS.slidingWindowMask;

/** @type {import('../index.js').Module['create']} */
export function create({ page, params, change, hold, keep }) {
  addStyle(css);
  const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
  let held = Number(params.get('word') ?? 6) || 0;
  /** @type {Record<string, any>} */
  let options = {};
  /** @type {import('../../../../../bindings/tensor.js').Tensor | undefined} */
  let mask;
  /** @type {number | undefined} */
  let windowBefore;

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
      const reach = edge ? { right: at - held - 1 } : { left: held - at };
      options = { ...options, ...reach };
      change(reach);
      // The next key may come before the next picture.
      draw();
      page.say(readOut.textContent ?? '');
    },
  });

  function draw() {
    if (!mask) return;
    const length = mask.shape[1];
    held = Math.min(held, length - 1);
    const isAllowed = allowedBy(mask, options);
    const seen = (/** @type {number} */ at) => isAllowed(held * length + at);
    const { left = options.window, right = options.window } = options;
    const all = wordsOf(SENTENCE, length);
    const places = [...all.keys()].filter(seen);
    const band = places.length > 1 ? `, from “${all[places[0]]}” to “${all[places[places.length - 1]]}”` : '';
    readOut.textContent = `word ${held}, “${all[held]}” · sees ${places.length} of ${length} words${band}`;
    words.show({
      ...{ words: all, seen, held, told: readOut.textContent },
      edges: [
        {
          ...{ label: 'Left edge of the band', at: Math.max(held - left, 0), from: 0, to: held },
          told: `${Math.min(left, held)} words to the left`,
        },
        {
          ...{ label: 'Right edge of the band', at: Math.min(held + right + 1, length) },
          ...{ from: held + 1, to: length },
          told: `${Math.min(right, length - 1 - held)} words to the right`,
        },
      ],
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
        'Hold a word: it sees the band, and not what is hatched. Drag an edge of the band, or the word itself.',
      ),
      words.root,
      readOut,
    ),
    show(given, results) {
      // The slider sets both sides again.
      if (
        windowBefore !== undefined &&
        given.window !== windowBefore &&
        ('left' in given || 'right' in given)
      )
        change({ left: undefined, right: undefined });
      windowBefore = given.window;
      options = { ...given };
      mask = results.get('');
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
