/** From vectors and readings to what the figures show. Pure. */

import { nameOf } from './pieces-of.js';
import { landing, placesOf } from './places.js';
import { nearest } from './recall.js';
import { cosinesOf, stacked } from './space.js';
import { SENTENCES, TOPIC_OF, TOPICS } from './texts.js';

/** @typedef {import('./space.js').Space} Space */

/** @param {string} text */
const topicOf = (text) => TOPICS[TOPIC_OF[SENTENCES.indexOf(text)]] ?? { name: '', colour: 'yours' };

/** @param {readonly string[]} texts @param {ArrayLike<number>} cosines @returns {import('./ranking.js').Row[]} the nearest first */
export const rowsOf = (texts, cosines) =>
  nearest(cosines).map((i) => {
    const { name, colour } = topicOf(texts[i]);
    return { text: texts[i], cosine: cosines[i], colour, topic: name || 'yours' };
  });

/**
 * The page's sentences where they are; the visitor's between their nearest of these, or alone on a map of their own.
 * @param {Space} space
 * @param {import('./places.js').Place[]} places of the page's sentences
 * @param {readonly string[]} texts
 * @returns {import('./map.js').Dot[]}
 */
export function dotsOf(space, places, texts) {
  const isOwn = !texts.includes(SENTENCES[0]);
  const alone = isOwn ? placesOf(stacked(space, texts), null) : null;
  const placeOf = (/** @type {string} */ text, /** @type {number} */ i) => {
    if (alone) return alone[i];
    const index = SENTENCES.indexOf(text);
    return index >= 0 ? places[index] : landing(cosinesOf(space, text, SENTENCES), places).at;
  };
  return texts.map((text, i) => {
    const { name: topic, colour } = topicOf(text);
    return { text, colour, topic, place: placeOf(text, i) };
  });
}

/** The length that was tried and is nearest. @param {readonly number[]} steps @param {number} kept */
export const stepOf = (steps, kept) =>
  steps.reduce((best, step) => (Math.abs(step - kept) < Math.abs(best - kept) ? step : best), steps[0] ?? 0);

/**
 * What the rows of a head's map are called: of a text that is too long, those pieces that are read.
 * @param {import('./pieces-of.js').Piece[] | null} pieces
 * @param {string} text
 * @param {number} count
 */
export function labelsOf(pieces, text, count) {
  const all = pieces ?? [];
  const read = all.length > count ? [...all.slice(0, count - 1), ...all.slice(-1)] : all;
  return Array.from({ length: count }, (_, i) => (read[i] ? nameOf(read[i], text) : String(i + 1)));
}

/**
 * The head and the cell that are held, within what there is; at first the second word and the one before it.
 * @param {import('./state.js').State} state
 * @param {import('./space.js').Looks | null} looks
 */
export function heldOf(state, looks) {
  const { tokens, layers, heads } = looks ?? { tokens: 1, layers: 1, heads: 1 };
  const row = Math.min(state.row < 0 ? 2 : state.row, tokens - 1);
  const column = state.row < 0 ? Math.max(row - 1, 0) : state.column;
  return {
    layer: Math.min(state.layer, layers - 1),
    head: Math.min(state.head, heads - 1),
    row,
    column: Math.min(column, tokens - 1),
  };
}
