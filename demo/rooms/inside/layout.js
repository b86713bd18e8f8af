/** Where everything of the whole stands, in px: rows by step, columns by word. */
import { STATES, STEPS } from './steps.js';

/**
 * @typedef {object} Rows
 * @property {boolean} phone
 * @property {number[]} y [steps] the middle of each row
 * @property {number} strip a strip's height
 * @property {{ y: number, height: number }} place the row of places between the first two
 * @property {number} words the words' baseline
 * @property {number} top of the held column
 * @property {number} bottom of it
 * @property {number} label the answers' baseline
 * @property {number} height
 *
 * @typedef {{ x: number, width: number }} Column x: its middle
 */

/** From one row's middle to the next: the first two, then attention and feed-forward of a layer, then the answers. */
const WIDE = { first: 119, place: 78, asks: 96, alone: 64, answers: 50 };
const NARROW = { first: 64, place: 82, asks: 82, alone: 60, answers: 47 };

/** @param {boolean} phone @param {number} [above] room for words that stand slanted @returns {Rows} */
export function rowsOf(phone, above = 0) {
  const ways = phone ? NARROW : WIDE;
  const first = ways.first + above;
  const y = [first, first + ways.place];
  for (let state = 2; state < STATES; state++) y.push(y[state - 1] + (state % 2 ? ways.alone : ways.asks));
  y.push(y[STATES - 1] + ways.answers);
  const strip = phone ? 20 : 24;
  return {
    phone,
    y,
    strip,
    place: { y: first + (phone ? 27 : 35), height: phone ? 11 : 13 },
    words: first - (phone ? 20 : 26),
    top: first - (phone ? 56 : 62),
    bottom: y[STEPS.length - 1] + 10,
    label: y[STEPS.length - 1] + 30,
    height: y[STEPS.length - 1] + 40,
  };
}

/**
 * A column for the start, one a word, one for the end.
 * @param {number} left
 * @param {number} width
 * @param {number} words
 * @returns {Column[]}
 */
export function columnsOf(left, width, words) {
  const pitch = (width - 56 - 13) / words;
  const gap = Math.min(Math.max(0.146 * pitch, 2), 13);
  const side = words > 7 ? Math.min(28, pitch - gap) : width < 420 ? 18 : 28;
  const inner = (width - 2 * side - gap) / words;
  const columns = Array.from({ length: words }, (_, i) => ({
    x: left + side + gap + i * inner + (inner - gap) / 2,
    width: inner - gap,
  }));
  return [{ x: left + side / 2, width: side }, ...columns, { x: left + width - side / 2, width: side }];
}

/**
 * Where something is that goes down, at step r (0 to the last, also between): its height, and how far it is from one row's place to
 * the next, along the same curve that wires take.
 * @param {Rows} rows
 * @param {number} r
 */
export function downAt({ y }, r) {
  const from = Math.min(Math.floor(r), y.length - 2);
  const t = r - from;
  return {
    from,
    share: t * t * (3 - 2 * t),
    y: y[from] + (y[from + 1] - y[from]) * (1.5 * t * (1 - t) + t ** 3),
  };
}

/** The lower edge of what is seen at step r. @param {Rows} rows @param {number} r */
export function edgeAt(rows, r) {
  const last = rows.y.length - 1;
  if (r >= last) return rows.height + 4;
  return downAt(rows, r).y + rows.strip / 2 + 3;
}

/** A wire from one place to another, leaving and arriving upright. @param {number} x @param {number} y @param {number} toX @param {number} toY */
export const wire = (x, y, toX, toY) => {
  const [n, m] = [y + 0.6 * (toY - y), toY - 0.6 * (toY - y)].map((v) => v.toFixed(1));
  return `M${x.toFixed(1)} ${y.toFixed(1)}C${x.toFixed(1)} ${n} ${toX.toFixed(1)} ${m} ${toX.toFixed(1)} ${toY.toFixed(1)}`;
};
/** One that is as downAt goes. @param {number} x @param {number} y @param {number} toX @param {number} toY */
export const fall = (x, y, toX, toY) =>
  `M${x.toFixed(1)} ${y.toFixed(1)}C${x.toFixed(1)} ${((y + toY) / 2).toFixed(1)} ${toX.toFixed(1)} ${((y + toY) / 2).toFixed(1)} ${toX.toFixed(1)} ${toY.toFixed(1)}`;
