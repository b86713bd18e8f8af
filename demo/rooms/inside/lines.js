/** Both sentences over the fork, the held word of each over the strip that falls from it. */
import { make } from '../../parts/dom.js';

/** @import { Figure } from './figure.js' */

export function twinLines() {
  const told = make('b', {}, 'Told where each word stands');
  const blind = make('b', {}, 'Not told');
  const both = make('small', {}, 'both', make('br'), 'sentences', make('br'), 'are one');
  const mark = make('div', { className: 'twin-mark' });
  const lines = [make('div', { className: 'twin' }), make('div', { className: 'twin' })];
  const root = make('div', { className: 'twins', 'aria-hidden': 'true' }, told, blind, both, mark, ...lines);
  const pen = /** @type {CanvasRenderingContext2D} */ (make('canvas').getContext('2d'));

  /**
   * @param {Figure} figure
   * @param {number} held
   * @param {{ middle: number, blind: number, width: number, rows: import('./layout.js').Rows }} place
   */
  function draw({ words, order }, held, { middle, blind: blindX, rows }) {
    told.style.left = `${middle}px`;
    blind.style.left = `${blindX}px`;
    both.style.left = `${blindX}px`;
    root.classList.toggle('phone', rows.phone);
    const family = getComputedStyle(document.documentElement).getPropertyValue('--serif');
    pen.font = `23px ${family}`;
    const space = pen.measureText('n n').width - 2 * pen.measureText('n').width;
    const half = pen.measureText(words[held]).width / 2;
    mark.style.left = `${middle - half - 5}px`;
    mark.style.width = `${2 * half + 10}px`;
    // What does not fit beside the held word is left out from the far end, a word at a time.
    const fitted = (/** @type {string[]} */ side, /** @type {number} */ room) => {
      const kept = [...side];
      const width = () => pen.measureText(kept.join(' ')).width + space;
      if (kept.length && width() + half <= room) return kept;
      while (kept.length && width() + half + 24 > room) kept.pop();
      return side.length ? [...kept, '…'] : kept;
    };
    const room = [middle + (rows.phone ? 0 : 40), Math.max(blindX - middle - 46, 80)];
    const sentences = [words, order.map((i) => words[i])];
    const at = [held, order.indexOf(held)];
    sentences.forEach((sentence, k) => {
      const before = fitted(sentence.slice(0, at[k]).reverse(), room[0]).reverse().join(' ');
      const after = fitted(sentence.slice(at[k] + 1), room[1]).join(' ');
      const line = lines[k];
      line.style.left = `${middle}px`;
      const sides = [before, after].map((text, side) => {
        const part = make('span', { className: side ? 'after' : 'before' }, text);
        part.style[side ? 'left' : 'right'] = `${half + space}px`;
        return part;
      });
      line.replaceChildren(sides[0], make('span', { className: 'own' }, words[held]), sides[1]);
    });
  }
  return { root, draw };
}
