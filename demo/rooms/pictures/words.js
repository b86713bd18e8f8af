/** What the room says of its numbers. Rows and columns count from 0, layers and heads from 1. */
import { shown } from '../../parts/dom.js';
import { mostOf } from './paint.js';

/** @typedef {{ rows: number, columns: number }} Grid */

/** @param {number} at @param {Grid} grid */
export const placeOf = (at, { columns }) => `row ${Math.floor(at / columns)}, column ${at % columns}`;

/** @param {number} share */
export function percent(share) {
  const value = 100 * share;
  return `${value >= 9.95 || value === 0 ? Math.round(value) : value < 0.05 ? '< 0.1' : shown(value, 1)}\u00a0%`;
}

/** The likest patch at least a quarter of the picture away. @param {Float32Array} cosines @param {Grid} grid @param {{ row: number, column: number }} held */
export function farthestLike(cosines, { rows, columns }, { row, column }) {
  const near = Math.max(rows, columns) / 4;
  let best = -1;
  for (let i = 0; i < cosines.length; i++) {
    const distance = Math.hypot(Math.floor(i / columns) - row, (i % columns) - column);
    if (distance >= near && (best < 0 || cosines[i] > cosines[best])) best = i;
  }
  return best;
}

/** @param {Float32Array} cosines @param {Grid} grid @param {{ row: number, column: number }} held */
export function likeText(cosines, grid, held) {
  const sorted = Float32Array.from(cosines).sort();
  const far = farthestLike(cosines, grid, held);
  const median = shown(sorted[Math.floor(sorted.length / 2)], 2);
  const place = `row ${held.row}, column ${held.column}`;
  return `${place} · likest far away: ${placeOf(far, grid)}, ${shown(cosines[far], 2)} · median ${median}`;
}

/** @param {number} layer @param {number} head @param {number} heads */
export function nameOf(layer, head, heads) {
  if (!layer) return 'Rollout through all layers';
  return head ? `Layer ${layer}, head ${head}` : `Layer ${layer}, mean of ${heads} heads`;
}

/** @param {Float32Array} shares @param {Grid} grid */
export function lookText(shares, grid) {
  const { at, share } = mostOf(shares);
  const rest = shares[shares.length - 1];
  const away = rest > 0 ? ` · ${percent(rest)} to the network’s own tokens` : '';
  return `most to ${placeOf(at, grid)}, ${percent(share)}${away}`;
}

/** @param {Float32Array} colours @param {Grid} grid @param {{ row: number, column: number }} held */
export function coloursText(colours, { columns }, { row, column }) {
  const at = 3 * (row * columns + column);
  const [red, green, blue] = [0, 1, 2].map((c) => shown(colours[at + c], 2));
  return `row ${row}, column ${column} · red ${red}, green ${green}, blue ${blue}`;
}

/**
 * What is held and seen, as the figure's live text.
 * @param {import('./state.js').State} state
 * @param {import('./session.js').Known} known
 * @param {import('./reading.js').Facts} facts
 */
export function toldOf({ row, column, view, layer, look, head }, { like, look: shares, colours }, facts) {
  if (view === 'looks') {
    if (!facts.heads) return `This network’s maps are not shown: ${facts.lacks}.`;
    return `${nameOf(look, head, facts.heads)}: ${shares ? lookText(shares, facts) : '…'}`;
  }
  const prefix = layer === facts.layers ? '' : `layer ${layer} · `;
  if (view === 'colours') return colours ? prefix + coloursText(colours, facts, { row, column }) : '…';
  const map = like[layer - 1];
  if (map) return prefix + likeText(map, facts, { row, column });
  return like.length
    ? `${prefix}row ${row}, column ${column}: for this layer the network has to be loaded`
    : '…';
}
