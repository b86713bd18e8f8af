/** The arcs of both networks: they move from what was to what is, keyed by the two words, so that one sees what changed. */
import { setAttributes, svg } from '../../parts/dom.js';
import { isStill } from '../../parts/motion.js';
import { arcOf, middleOf } from './layout.js';
import { answerOf } from './reading.js';

/**
 * @import { Layout } from './layout.js'
 * @import { Reading } from './reading.js'
 * @import { Word } from './sentences.js'
 *
 * @typedef {{ a: number, b: number, weight: number }} Shape
 * @typedef {{ path: SVGPathElement, told: boolean, was: Shape, now: Shape, wanted: Shape }} Arc
 */

const TIME = 500;
/** A sentence longer than this gets the strongest two of each word, and the others when the word has the focus. */
const DENSE = 14;

/** @param {SVGGElement} group @returns what draws the arcs of two readings */
export function createArcs(group) {
  /** @type {Map<string, Arc>} */
  const arcs = new Map();
  /** @type {Layout | undefined} */
  let layout;
  let start = 0;
  let isMoving = false;

  const draw = (/** @type {number} */ now) => {
    const t = isStill() ? 1 : Math.min((now - start) / TIME, 1);
    const eased = 1 - (1 - t) ** 3;
    for (const [key, arc] of arcs) {
      const mix = (/** @type {keyof Shape} */ part) =>
        arc.was[part] + eased * (arc.wanted[part] - arc.was[part]);
      arc.now = { a: mix('a'), b: mix('b'), weight: mix('weight') };
      if (t === 1 && arc.wanted.weight === 0) {
        arc.path.remove();
        arcs.delete(key);
      } else if (layout) {
        const { a, b, weight } = arc.now;
        setAttributes(arc.path, {
          d: arcOf(layout, arc.told, a, b),
          'stroke-width': (0.8 + 5 * weight ** 1.2).toFixed(2),
          'stroke-opacity': Math.min(0.2 + 1.1 * weight, 1).toFixed(2),
        });
      }
    }
    isMoving = t < 1;
    if (isMoving) requestAnimationFrame(draw);
  };

  /**
   * @param {Layout} given
   * @param {readonly Word[]} words
   * @param {{ told: Reading, blind: Reading }} readings
   * @param {number} focus the word whose arcs are all shown; −1 for none
   * @param {boolean} atOnce
   */
  const show = (given, words, readings, focus, atOnce) => {
    layout = given;
    const fresh = new Set();
    for (const told of [true, false]) {
      const { looks, shares } = told ? readings.told : readings.blind;
      for (const [from, to, weight] of thinned(looks, words.length, focus)) {
        const key = `${told} ${words[from].id} ${words[to].id}`;
        const wanted = { a: middleOf(given, from), b: middleOf(given, to), weight };
        const arc = arcs.get(key) ?? made(told, wanted);
        Object.assign(arc, { was: { ...arc.now }, wanted });
        arc.path.style.stroke = `var(--${told ? answerOf(shares[from]) : 'none'})`;
        arc.path.classList.toggle('faint', focus >= 0 && from !== focus);
        arcs.set(key, arc);
        fresh.add(key);
      }
    }
    for (const [key, arc] of arcs)
      if (!fresh.has(key)) Object.assign(arc, { was: { ...arc.now }, wanted: { ...arc.now, weight: 0 } });
    start = atOnce ? -TIME : performance.now();
    if (atOnce) draw(performance.now() + TIME);
    else if (!isMoving) requestAnimationFrame(draw);
  };

  /** @param {boolean} told @param {Shape} shape @returns {Arc} */
  const made = (told, shape) => {
    const path = svg('path', { fill: 'none', 'stroke-linecap': 'round' });
    group.append(path);
    const none = { ...shape, weight: 0 };
    return { path, told, was: none, now: none, wanted: shape };
  };
  return { show };
}

/** @param {Reading['looks']} looks @param {number} count @param {number} focus */
function thinned(looks, count, focus) {
  if (count <= DENSE) return looks;
  return looks.filter(([from, , weight]) => {
    const stronger = looks.filter(([other, , more]) => other === from && more > weight).length;
    return from === focus || stronger < 2;
  });
}
