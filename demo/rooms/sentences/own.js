/** The visitor's own sentences, one a line. */
import { segments } from '../../parts/controls.js';
import { make } from '../../parts/dom.js';

/** More take too long to compare, and no map shows them. */
const MOST = 100;
const PAUSE = 400;

/** @param {string} text @returns {string[]} without empty and repeated lines */
export const linesOf = (text) =>
  [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean).slice(0, MOST);

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
      change(area.value, isOnly);
    },
  });
  const told = make('output', { className: 'caption' });
  let timer = 0;
  area.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => change(area.value, isOnly), PAUSE);
  });
  const element = make('div', { className: 'own' }, area, make('div', { className: 'chips' }, choice, told));
  /** @param {{ text: string, isOnly: boolean, message: string }} given */
  function show(given) {
    isOnly = given.isOnly;
    if (area.value !== given.text && document.activeElement !== area) area.value = given.text;
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
