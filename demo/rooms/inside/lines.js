/** Both sentences over the fork, the held word of each over the strip that falls from it. */
import { make } from '../../parts/dom.js';

/** @import { Figure } from './figure.js' */

/** Of the letters, the largest that fits. */
const SIZES = [23, 21, 19];

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
    const sentences = [words, order.map((i) => words[i])];
    const at = [held, order.indexOf(held)];
    const room = [middle - (words.length > 7 ? 30 : 0), Math.max(blindX - middle - 40, 80)];
    const sides = sentences.map((sentence, k) => [sentence.slice(0, at[k]), sentence.slice(at[k] + 1)]);
    const size =
      SIZES.find((size) => {
        pen.font = `${size}px ${family}`;
        const half = pen.measureText(words[held]).width / 2;
        return sides.every((both) =>
          both.every((side, i) => pen.measureText(side.join(' ')).width + half + 8 <= room[i]),
        );
      }) ?? SIZES[1];
    pen.font = `${size}px ${family}`;
    const half = pen.measureText(words[held]).width / 2;
    mark.style.left = `${middle - half - 5}px`;
    mark.style.width = `${2 * half + 10}px`;
    // What does not fit beside the held word is left out from the far end, a word at a time.
    const fitted = (/** @type {string[]} */ side, /** @type {number} */ most) => {
      const kept = [...side];
      const width = () => pen.measureText(kept.join(' ')).width + 8 + half;
      if (width() <= most) return kept;
      while (kept.length && width() + 24 > most) kept.pop();
      return [...kept, '…'];
    };
    sides.forEach(([before, after], k) => {
      const texts = [fitted([...before].reverse(), room[0]).reverse(), fitted(after, room[1])];
      const line = lines[k];
      line.style.left = `${middle}px`;
      line.style.fontSize = `${size}px`;
      const parts = texts.map((text, side) => {
        const part = make('span', { className: side ? 'after' : 'before' }, text.join(' '));
        part.style[side ? 'left' : 'right'] = `${half + 8}px`;
        return part;
      });
      line.replaceChildren(parts[0], make('span', { className: 'own' }, words[held]), parts[1]);
    });
  }
  return { root, draw };
}
