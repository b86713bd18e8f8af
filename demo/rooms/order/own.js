/** Writing a sentence of one's own. */
import { make } from '../../parts/dom.js';

/** A line for a sentence of one's own. @param {(text: string) => void} done @param {() => string[]} words */
export function ownSentence(done, words) {
  const input = make('input', {
    type: 'text',
    className: 'wide',
    'aria-label': 'Your sentence',
    maxLength: 400,
  });
  const form = make(
    'form',
    { className: 'own', hidden: true },
    input,
    make('button', { className: 'button' }, 'Read it'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    done(input.value);
  });
  return {
    root: form,
    show: () => {
      form.hidden = false;
      input.value = words().join(' ');
      input.select();
    },
    hide: () => {
      form.hidden = true;
    },
  };
}
