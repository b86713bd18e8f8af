/** A line to write a sentence of one's own; it is read with every letter. */
import { button } from '../../parts/controls.js';
import { addStyle, make } from '../../parts/dom.js';
import css from './writing.css';

/**
 * @param {(text: string) => string | null} write returns what is wrong, if anything
 * @param {() => void} closed
 */
export function createWriting(write, closed) {
  addStyle(css);
  const input = make('input', {
    type: 'text',
    className: 'wide',
    'aria-label': 'Your sentence',
    spellcheck: false,
    autocomplete: 'off',
    maxLength: 300,
  });
  const fault = make('p', { className: 'fault', role: 'alert', hidden: true });
  const about = make(
    'p',
    { className: 'caption' },
    'Trained on made-up sentences of some two hundred words, such as “a small girl was followed by the wolf yesterday”; others count as unknown.',
  );
  const done = button('Done', () => close());
  const root = make('form', { className: 'writing', hidden: true }, input, done, fault, about);
  /** @type {Element | null} */
  let opener = null;

  function read() {
    const wrong = write(input.value);
    fault.hidden = !wrong;
    fault.textContent = wrong ?? '';
  }
  function close() {
    root.hidden = true;
    closed();
    if (opener instanceof HTMLElement) opener.focus();
  }
  input.addEventListener('input', read);
  root.addEventListener('submit', (event) => {
    event.preventDefault();
    read();
    if (fault.hidden) close();
  });
  root.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
  });
  return {
    root,
    /** @param {string} text */
    open(text) {
      opener = document.activeElement;
      root.hidden = false;
      input.value = text;
      fault.hidden = true;
      input.focus();
      input.select();
    },
  };
}
