/** The visitor's own sentences, one a line. */
import { segments } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';
import { linesOf, MOST } from './words.js';

const PAUSE = 400;

/** @param {{ change: (text: string, isOnly: boolean) => void }} given */
export function own({ change }) {
  const area = make('textarea', {
    rows: 5,
    'aria-label': 'Your own sentences, one a line',
    placeholder: 'One sentence a line: paste, type, or drop a text file',
    spellcheck: false,
  });
  let isOnly = false;
  const choice = segments({
    name: 'What is asked',
    choices: [
      ['both', 'with the page’s'],
      ['mine', 'only mine'],
    ],
    value: 'both',
    change: (value) => {
      isOnly = value === 'mine';
      take();
    },
  });
  const told = make('output', { className: 'caption' });
  let timer = 0;
  function take() {
    clearTimeout(timer);
    timer = 0;
    change(area.value, isOnly);
  }
  area.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(take, PAUSE);
  });
  const element = make('div', { className: 'own' }, area, make('div', { className: 'chips' }, choice, told));
  /** @param {{ text: string, isOnly: boolean, message: string }} given */
  function show(given) {
    isOnly = given.isOnly;
    // What is being typed is newer.
    if (area.value !== given.text && !timer) area.value = given.text;
    choice.set(isOnly ? 'mine' : 'both');
    const count = linesOf(given.text).length;
    const over =
      given.text.split('\n').filter((line) => line.trim()).length > MOST
        ? ` The first ${MOST} lines count.`
        : '';
    told.value = given.message || (count ? `${count} of yours.${over}` : 'None yet.');
  }
  return { element, show };
}
