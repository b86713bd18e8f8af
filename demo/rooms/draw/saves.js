/** What the room's figures hold, to take along: the drawing, and what the networks say. */
import { Tensor } from '../../../bindings/tensor.js';
import { saveMenu } from '../../parts/save.js';
import { KINDS } from './reading.js';
import { SIDE } from './strokes.js';
import { DIGITS, NAMES } from './words.js';

/**
 * @param {object} given
 * @param {() => string} given.told
 * @param {() => Uint8Array} given.pixels
 * @param {() => HTMLCanvasElement} given.picture
 * @param {() => import('./networks.js').AllAnswers | null} given.answers null: not known yet
 */
export function savesOf({ told, pixels, picture, answers }) {
  const lines = KINDS.flatMap((kind) =>
    /** @type {const} */ (['drawn', 'mixed']).map((which) => ({ kind, which })),
  );
  const drawing = saveMenu({
    name: 'drawing',
    caption: () => `A drawing of 28 × 28 pixels. ${told()}`,
    tensor: () => new Tensor('float32', Float32Array.from(pixels()), [SIDE, SIDE]),
    picture,
  });
  const said = saveMenu({
    name: 'answers',
    caption: () => `What five networks say. ${told()}`,
    tensor: () => {
      const known = answers();
      const shares = lines.flatMap(
        ({ kind, which }) => known?.[kind][which].shares ?? DIGITS.map(() => Number.NaN),
      );
      return new Tensor('float32', Float32Array.from(shares), [lines.length, DIGITS.length]);
    },
    labels: () => ({
      rows: lines.map(({ kind, which }) => `${NAMES[kind][0]}${which === 'mixed' ? ', shuffled' : ''}`),
      columns: DIGITS.map(String),
    }),
  });
  return { drawing, said };
}
