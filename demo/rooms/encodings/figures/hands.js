/** Pairs of numbers as hands of clocks: a circle, hands, and between two of them a wedge in the mark's yellow. */
import { setAttributes, svg } from '../../../parts/dom.js';

/**
 * @typedef {[number, number]} Pair a hand's tip: to the right, up
 *
 * @typedef {object} Hand
 * @property {Pair} tip
 * @property {string} role token of its colour
 */

const SIZE = 72;
const RADIUS = 32;
const WEDGE = 20;
const TURN = 2 * Math.PI;

/** The angle of a pair, counter-clockwise from the right. @param {Pair} pair */
export const angleOf = ([x, y]) => Math.atan2(y, x);

/** The same in whole degrees from 0 on. @param {Pair} pair */
export const degreesOf = (pair) => Math.round(degreesBetween([1, 0], pair)) % 360;

/** From one pair to another, counter-clockwise, in degrees from 0 to 360. @param {Pair} from @param {Pair} to */
export function degreesBetween(from, to) {
  const turn = (angleOf(to) - angleOf(from)) / TURN;
  return 360 * (turn - Math.floor(turn));
}

/** A clock that is drawn again and again; the longest hand reaches the circle. */
export function createDial() {
  const wedge = svg('path', { class: 'wedge' });
  const hands = [0, 1].map(() => svg('line', { class: 'hand', x1: 0, y1: 0 }));
  const root = svg(
    'svg',
    { class: 'hand-dial', viewBox: `${-SIZE / 2} ${-SIZE / 2} ${SIZE} ${SIZE}` },
    svg('circle', { class: 'face', r: RADIUS }),
    wedge,
    ...hands,
    svg('circle', { class: 'pin', r: 4 }),
  );
  return {
    root,
    /** @param {Hand[]} shown one or two: the wedge runs from the second to the first @param {number} [longest] */
    show(shown, longest = 1) {
      hands.forEach((hand, i) => {
        hand.style.display = shown[i] ? '' : 'none';
        if (!shown[i]) return;
        const [x, y] = shown[i].tip;
        const scale = RADIUS / longest;
        setAttributes(hand, { x2: (x * scale).toFixed(2), y2: (-y * scale).toFixed(2) });
        hand.style.stroke = `var(--${shown[i].role})`;
      });
      wedge.setAttribute('d', shown.length > 1 ? wedgeOf(shown[1].tip, shown[0].tip) : '');
    },
  };
}

/** @param {Pair} from @param {Pair} to */
function wedgeOf(from, to) {
  const start = angleOf(from);
  const wide = (degreesBetween(from, to) / 360) * TURN;
  if (wide < 1e-3 || wide > TURN - 1e-3) return '';
  const point = (/** @type {number} */ angle) =>
    `${(WEDGE * Math.cos(angle)).toFixed(2)} ${(-WEDGE * Math.sin(angle)).toFixed(2)}`;
  return `M0 0L${point(start)}A${WEDGE} ${WEDGE} 0 ${wide > Math.PI ? 1 : 0} 0 ${point(start + wide)}Z`;
}

/** So many of a row, evenly, the first and the last among them. @param {number} count @param {number} most @returns {number[]} */
export const someOf = (count, most) =>
  Array.from({ length: Math.min(count, most) }, (_, i) =>
    count <= most ? i : Math.round((i * (count - 1)) / (most - 1)),
  );
