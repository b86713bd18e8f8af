/** The last row's bars: an answer for each phrase, and what the network says that is not told. */
import { svg } from '../../parts/dom.js';
import { ROLES, toldIn } from '../order/reading.js';
import { colourOf, roleOf } from './roles.js';
import { STATES } from './steps.js';

/**
 * @import { Figure } from './figure.js'
 * @import { Column, Rows } from './layout.js'
 */

/** A bar and its word for each phrase. @param {Figure} figure @param {Rows} rows @param {Column[]} columns */
export function answerBars({ words, shares }, rows, columns) {
  const roles = words.map((_, i) => roleOf(shares.a[i]));
  const out = [];
  for (let from = 0; from < words.length; ) {
    let to = from;
    while (to + 1 < words.length && roles[to + 1] === roles[from]) to++;
    const [start, end] = [columns[from + 1], columns[to + 1]];
    const left = start.x - start.width / 2;
    const width = end.x + end.width / 2 - left;
    const y = rows.y[STATES];
    const bar = svg('rect', { x: left, y: y - 2.5, width, height: 5, rx: 2.5 });
    const label = svg(
      'text',
      { x: left + width / 2, y: rows.label, class: 'answer', 'text-anchor': 'middle' },
      roles[from] === 'none' ? '–' : roles[from],
    );
    for (const element of [bar, label]) element.style.fill = colourOf(roles[from]);
    out.push(bar, label);
    from = to + 1;
  }
  return out;
}

/**
 * The answer of the network that is not told: a bar by its shares, and what it says.
 * @param {number[]} shares
 * @param {number} x
 * @param {Rows} rows
 * @param {number} right
 */
export function blindBar(shares, x, rows, right) {
  const width = 54;
  let left = x - width / 2;
  const bars = shares.map((share, i) => {
    const bar = svg('rect', { x: left, y: rows.y[STATES] - 2.5, width: share * width, height: 5 });
    bar.style.fill = colourOf(ROLES[i]);
    left += share * width;
    return bar;
  });
  const words = toldIn(shares);
  const look = words.endsWith('?') ? 'doubt' : 'answer';
  const text = { x: Math.min(x, right - 44), y: rows.label, class: look, 'text-anchor': 'middle' };
  return [...bars, svg('text', text, words)];
}
