/** The maps that one may choose instead of the page's own, each as 256 colours of six hex digits. */
import { interpolateCividis, interpolateViridis } from 'd3-scale-chromatic';

const STEPS = 256;

export default async () => ({ viridis: tableOf(interpolateViridis), cividis: tableOf(interpolateCividis) });

/** @param {(t: number) => string} colourAt */
const tableOf = (colourAt) =>
  Array.from({ length: STEPS }, (_, i) => hexOf(colourAt(i / (STEPS - 1)))).join('');

/** @param {string} colour `#rrggbb` or `rgb(r, g, b)` */
function hexOf(colour) {
  if (colour.startsWith('#')) return colour.slice(1);
  const parts = colour.match(/\d+/g) ?? [];
  return parts.map((part) => Number(part).toString(16).padStart(2, '0')).join('');
}
