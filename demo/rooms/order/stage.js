/** The figure: the words, the bars and answers of both networks, the arcs. Not here: what moves them (hand.js). */
import { make, setAttributes, svg } from '../../parts/dom.js';
import { createArcs } from './arcs.js';
import { barsOf } from './bars.js';
import { layoutOf, widthOf } from './layout.js';
import { toldIn } from './reading.js';

/**
 * @import { Layout } from './layout.js'
 * @import { Reading } from './reading.js'
 * @import { Word } from './sentences.js'
 * @typedef {{ told: Reading, blind: Reading }} Readings
 */

/** @returns the figure and what changes it */
export function createStage() {
  const bars = svg('g');
  const arcs = svg('g');
  const picture = svg('svg', { 'aria-hidden': 'true' }, arcs, bars);
  const list = make('div', { className: 'words', role: 'group', 'aria-label': 'The sentence' });
  const root = make('div', { className: 'stage' }, picture, list);
  const drawing = createArcs(arcs);
  /** @type {Map<number, HTMLButtonElement>} */
  const buttons = new Map();
  /** @type {Layout} */
  let layout = layoutOf([], 1168);

  /** @param {readonly Word[]} words @param {ReadonlySet<number>} marked ids @param {number | null} held id of a word in the hand */
  const place = (words, marked, held) => {
    layout = layoutOf(
      words.map(({ text }) => widthOf(text)),
      root.clientWidth || 1168,
    );
    root.style.height = `${layout.height}px`;
    root.classList.toggle('upright', layout.upright);
    setAttributes(picture, {
      width: layout.width,
      height: layout.height,
      viewBox: `0 0 ${layout.width} ${layout.height}`,
    });
    for (const [id, button] of buttons) {
      if (words.some((word) => word.id === id)) continue;
      button.remove();
      buttons.delete(id);
    }
    words.forEach(({ id, text }, i) => {
      const button = buttons.get(id) ?? make('button', { type: 'button', className: 'word' });
      buttons.set(id, button);
      button.dataset.id = String(id);
      if (button.textContent !== text) button.textContent = text;
      button.classList.toggle('marked', marked.has(id));
      button.style.fontSize = `${layout.size}px`;
      const { left, top, width, height } = layout.spots[i];
      Object.assign(button.style, { width: `${width}px`, height: `${height}px` });
      if (id !== held) button.style.transform = `translate(${left}px, ${top}px)`;
      // The order of the document is that of the sentence, for those who hear it.
      // What is in a hand keeps its element where it is, or it would lose the focus or the finger.
      if (held === null && list.children[i] !== button) list.insertBefore(button, list.children[i] ?? null);
      else if (!button.isConnected) list.append(button);
    });
  };

  /**
   * @param {readonly Word[]} words
   * @param {Readings} readings
   * @param {{ focus?: number, atOnce?: boolean }} [how]
   */
  const show = (words, readings, { focus = -1, atOnce = false } = {}) => {
    drawing.show(layout, words, readings, focus, atOnce);
    bars.replaceChildren(...barsOf(layout, readings).map(elementOf));
    words.forEach(({ id, text }, i) => {
      const [told, blind] = [readings.told, readings.blind].map(({ shares }) => toldIn(shares[i]));
      const label = `${text}, word ${i + 1} of ${words.length}. Told: ${told}. Not told: ${blind}`;
      buttons.get(id)?.setAttribute('aria-label', label);
    });
  };

  return {
    root,
    list,
    picture,
    place,
    show,
    buttonOf: (/** @type {number} */ id) => buttons.get(id),
    layout: () => layout,
  };
}

/** @param {import('./bars.js').Mark} mark */
function elementOf({ role, text, ...attributes }) {
  const element =
    text === undefined ? svg('rect', attributes) : svg('text', /** @type {any} */ (attributes), text);
  if (role) element.style.fill = `var(--${role})`;
  return element;
}
