/** The question: a line of serif with the page's mark as its caret, and questions to begin with. */

import { button } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';
import { QUESTIONS } from './texts.js';

/** Milliseconds without a key before a new question is asked. */
const PAUSE = 150;
/** Letters; the model reads fewer. */
const MOST = 2000;

const context = /** @type {CanvasRenderingContext2D} */ (make('canvas').getContext('2d'));

/**
 * @param {object} given
 * @param {(question: string) => void} given.change
 * @param {AbortSignal} given.signal
 */
export function askLine({ change, signal }) {
  const input = make('input', {
    type: 'text',
    className: 'question',
    'aria-label': 'Question',
    placeholder: 'Ask for something',
    maxLength: MOST,
    autocomplete: 'off',
    spellcheck: false,
  });
  const caret = make('span', { className: 'caret', 'aria-hidden': true });
  const time = make('output', { className: 'caption', 'aria-label': 'Time' });
  const line = make('div', { className: 'ask' }, make('div', { className: 'field' }, input, caret), time);
  const chips = QUESTIONS.map((text) =>
    button(text, () => choose(text), { className: 'chip', 'aria-pressed': false }),
  );

  let timer = 0;
  /** @param {string} text */
  function choose(text) {
    clearTimeout(timer);
    timer = 0;
    change(text);
  }

  /** The mark stands where the next letter will. */
  function place() {
    const { selectionStart, selectionEnd, value, scrollLeft, clientWidth } = input;
    const isFocused = document.activeElement === input;
    caret.hidden = isFocused && selectionStart !== selectionEnd;
    context.font = getComputedStyle(input).font;
    const before = value.slice(0, isFocused ? (selectionEnd ?? value.length) : value.length);
    const x = context.measureText(before).width - scrollLeft;
    caret.style.translate = `${Math.min(Math.max(x, 0), clientWidth - 8)}px 0`;
  }
  input.addEventListener('input', () => {
    place();
    clearTimeout(timer);
    timer = window.setTimeout(() => choose(input.value), PAUSE);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') choose(input.value);
  });
  for (const name of ['focus', 'blur', 'scroll', 'click', 'keyup']) input.addEventListener(name, place);
  document.addEventListener('selectionchange', place, { signal });
  addEventListener('resize', place, { signal });
  document.fonts.ready.then(place);

  /** @param {string} question */
  function set(question) {
    // What is being typed is newer.
    if (input.value !== question && !timer) input.value = question;
    for (const chip of chips) chip.setAttribute('aria-pressed', String(chip.textContent === question));
    place();
  }
  return {
    element: make('div', {}, line, make('div', { className: 'chips line' }, ...chips)),
    set,
    /** @param {string} text */
    say: (text) => {
      time.value = text;
    },
  };
}
