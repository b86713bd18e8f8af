/** A matrix of similarities as a table: numbers in cells shaded by their size, with a legend. */
import { make } from './dom.js';

/** Beyond this shade a number changes its colour; style.css is made for it. */
const STRONG = 0.6;
/** So many columns have room for numbers on a telephone. */
const FEW = 8;

/**
 * @param {string[]} sentences n
 * @param {ArrayLike<number>} similarities n·n, row by row, from -1 to 1
 * @returns {HTMLElement[]} the table in a box that scrolls, and the legend
 */
export function similarityTable(sentences, similarities) {
  const n = sentences.length;
  const head = make('tr', {}, make('th', { scope: 'col', className: 'sentence', textContent: 'Sentence' }));
  head.append(...sentences.map((_, i) => make('th', { scope: 'col', textContent: String(i + 1) })));
  const rows = sentences.map((sentence, row) => {
    const number = make('span', { className: 'number', textContent: String(row + 1) });
    const header = make('th', { scope: 'row', className: 'sentence' }, number, ' ', sentence);
    const cells = sentences.map((_, column) => cell(similarities[row * n + column]));
    return make('tr', {}, header, ...cells);
  });
  const table = make(
    'table',
    { className: n > FEW ? 'matrix many' : 'matrix' },
    make('caption', {
      className: 'hidden',
      textContent: 'Cosine similarity of each sentence with each other one',
    }),
    make('thead', {}, head),
    make('tbody', {}, ...rows),
  );
  table.style.setProperty('--count', String(n));
  const box = make('div', { className: 'scroll', tabIndex: 0 }, table);
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', 'Table of similarities');
  return [box, legend()];
}

/** @param {number} value */
function cell(value) {
  const shade = Math.min(Math.max(value, 0), 1);
  const data = make('data', { value: String(value), title: inShort(value), textContent: inShort(value) });
  const element = make('td', { className: shade > STRONG ? 'strong' : '' }, data);
  element.style.setProperty('--shade', String(shade));
  return element;
}

/** @param {number} value @returns {string} two decimals with a real minus, none before zero */
const inShort = (value) => value.toFixed(2).replace('-0.00', '0.00').replace('-', '−');

function legend() {
  return make(
    'p',
    { className: 'legend' },
    make('span', { textContent: '0 or less' }),
    make('span', { className: 'ramp', ariaHidden: 'true' }),
    make('span', { textContent: '1: alike' }),
  );
}
