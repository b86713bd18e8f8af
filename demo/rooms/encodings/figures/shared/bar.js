/** The bar of a figure's colours, with the values at its ends and its middle. */
import { make } from '../../../../parts/dom.js';
import { paint, told } from '../../../../parts/heat.js';

export function createBar() {
  const canvas = make('canvas', { className: 'bar-canvas', 'aria-hidden': 'true' });
  const ticks = make('div', { className: 'bar-ticks number' });
  const steps = Float32Array.from({ length: 256 }, (_, i) => i);
  return {
    root: make('div', { className: 'colour-bar' }, canvas, ticks),
    /** @param {[number, number]} range @param {Parameters<typeof paint>[2]} map @param {(value: number) => string} [tell] */
    show([low, high], map, tell = told) {
      paint(canvas, { data: steps, rows: 1, columns: 256, range: [0, 255] }, map);
      ticks.replaceChildren(...[low, (low + high) / 2, high].map((value) => make('span', {}, tell(value))));
    },
  };
}
