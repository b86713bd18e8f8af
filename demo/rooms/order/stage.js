/** The figure: the words, the bars and answers of both networks, the arcs. Not here: what moves them (hand.js). */
import { make, setAttributes, svg } from '../../parts/dom.js';
import { createArcs } from './arcs.js';
import { HORIZON, layoutOf, widthOf } from './layout.js';
import { answerOf, candidatesOf, ROLES, told as toldIn } from './reading.js';

/**
 * @import { Layout } from './layout.js'
 * @import { Reading } from './reading.js'
 * @import { Word } from './sentences.js'
 * @typedef {{ told: Reading, blind: Reading }} Readings
 */

/** A share of a blind word's bar under this is not drawn. */
const SEEN = 0.03;

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
    bars.replaceChildren(...(layout.upright ? uprightBars : horizonBars)(layout, readings));
    words.forEach(({ id, text }, i) => {
      const [told, blind] = [readings.told, readings.blind].map(({ shares }) => toldIn(shares[i]));
      const label = `${text}, word ${i + 1} of ${words.length}. Told: ${told}. Not told: ${blind}`;
      buttons.get(id)?.setAttribute('aria-label', label);
    });
  };

  return {
    root,
    list,
    place,
    show,
    buttonOf: (/** @type {number} */ id) => buttons.get(id),
    layout: () => layout,
  };
}

/** Words that follow each other and have the same answer. @param {Reading} reading */
function phrasesOf({ shares }) {
  const roles = shares.map(toldIn);
  /** @type {{ from: number, to: number, text: string, role: string }[]} */
  const phrases = [];
  roles.forEach((text, i) => {
    const last = phrases.at(-1);
    if (last?.text === text && text !== '?') last.to = i;
    else phrases.push({ from: i, to: i, text, role: answerOf(shares[i]) });
  });
  return phrases;
}

/** The parts of a word's bar, by probability. @param {number[]} shares @param {number} length */
function partsOf(shares, length) {
  const parts = shares.map((share, i) => ({ share, role: ROLES[i] })).filter(({ share }) => share >= SEEN);
  const sum = parts.reduce((total, { share }) => total + share, 0);
  let at = 0;
  return parts.map(({ share, role }) => {
    const size = (share / sum) * length;
    at += size;
    return { at: at - size, size: Math.max(size - (parts.length > 1 ? 1 : 0), 0.5), role };
  });
}

/** @param {string} role */
const colour = (role) => `var(--${role})`;

/** @param {Layout} layout @param {Readings} readings */
function horizonBars({ spots, size }, { told, blind }) {
  const inset = 8;
  const small = size < 30;
  const upper = phrasesOf(told).flatMap(({ from, to, text, role }) => {
    const [left, right] = [spots[from].left + inset, spots[to].left + spots[to].width - inset];
    const line = svg('rect', { x: left, y: HORIZON.bar, width: right - left, height: 4, rx: 2 });
    line.style.fill = colour(role);
    const word = svg(
      'text',
      { x: (left + right) / 2, y: HORIZON.role, 'text-anchor': 'middle', class: 'role' },
      text,
    );
    if (text !== '–') word.style.fill = colour(role);
    return [line, word];
  });
  const lower = blind.shares.flatMap((shares, i) => {
    const left = spots[i].left + inset;
    const width = spots[i].width - 2 * inset;
    const bar = partsOf(shares, width).map(({ at, size: wide, role }) => {
      const part = svg('rect', { x: left + at, y: HORIZON.blindBar, width: wide, height: 4 });
      part.style.fill = colour(role);
      return part;
    });
    const text = toldIn(shares);
    const isSure = candidatesOf(shares).length === 1;
    const fits = !small || text.length < 6;
    const word = svg(
      'text',
      { x: left + width / 2, y: HORIZON.answer, 'text-anchor': 'middle', class: 'answer' },
      fits ? text : '?',
    );
    if (isSure) word.style.fill = colour(answerOf(shares));
    return [...bar, word];
  });
  return [...upper, ...lower];
}

/** @param {Layout} layout @param {Readings} readings */
function uprightBars({ spots, width }, { told, blind }) {
  const [left, right] = [width * 0.305, width * 0.695];
  const one = phrasesOf(told).flatMap(({ from, to, text, role }) => {
    const [top, bottom] = [spots[from].top + 2, spots[to].top + spots[to].height - 2];
    const line = svg('rect', { x: left - 5, y: top, width: 5, height: bottom - top, rx: 2 });
    line.style.fill = colour(role);
    const word = svg(
      'text',
      { x: left - 13, y: (top + bottom) / 2 + 5, 'text-anchor': 'end', class: 'role' },
      text,
    );
    if (text !== '–') word.style.fill = colour(role);
    return [line, word];
  });
  const other = blind.shares.flatMap((shares, i) => {
    const { top, height } = spots[i];
    const bar = partsOf(shares, height - 4).map(({ at, size, role }) => {
      const part = svg('rect', { x: right, y: top + 2 + at, width: 5, height: size });
      part.style.fill = colour(role);
      return part;
    });
    const lines = toldIn(shares).replace(' or ', ' ').split(' ');
    const words = lines.map((text, k) => {
      const y = top + height / 2 + 4 + (k - (lines.length - 1) / 2) * 15;
      const word = svg('text', { x: right + 12, y, class: 'answer' }, text);
      if (candidatesOf(shares).length === 1) word.style.fill = colour(answerOf(shares));
      return word;
    });
    return [...bar, ...words];
  });
  return [...one, ...other];
}
