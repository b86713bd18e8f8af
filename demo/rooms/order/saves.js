/** What can be taken along of the figure: both networks' probabilities, word by word, and its picture. */
import { Tensor } from '../../../bindings/tensor.js';
import { pictureOf, saveMenu } from '../../parts/save.js';
import { readingsOf } from './networks.js';
import { ROLES } from './reading.js';

/**
 * @param {() => import('./session.js').Answered | undefined} seen what stands there
 * @param {ReturnType<typeof import('./stage.js').createStage>} stage
 */
export function createSaves(seen, stage) {
  const shown = () => /** @type {import('./session.js').Answered} */ (seen());
  const texts = () => shown().words.map(({ text }) => text);

  /** A row a word: the probability of each role where it is told, then where it is not. */
  function shares() {
    // By now the networks may have read anew what was baked, which is rounded.
    const { told, blind } = readingsOf(texts(), shown().positions) ?? shown().readings;
    const rows = told.shares.map((row, i) => [...row, ...blind.shares[i]]);
    return new Tensor('float32', Float32Array.from(rows.flat()), [rows.length, 2 * ROLES.length]);
  }
  return saveMenu({
    name: 'roles',
    caption: () => {
      const [one, other] = stage.layout().upright ? ['Left', 'right'] : ['Above', 'below'];
      return `Who did what in “${texts().join(' ')}”? ${one}: told where each word stands (${shown().positions}); ${other}: not told`;
    },
    tensor: shares,
    labels: () => ({
      rows: texts(),
      columns: ['told', 'not told'].flatMap((side) => ROLES.map((role) => `${side}: ${role}`)),
    }),
    picture: () => drawn(stage),
  });
}

/** Bars and arcs, and the words over them, which are buttons. @param {ReturnType<typeof import('./stage.js').createStage>} stage */
async function drawn({ picture, list }) {
  const canvas = await pictureOf(picture);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const origin = picture.getBoundingClientRect();
  pen.scale(canvas.width / origin.width, canvas.height / origin.height);
  Object.assign(pen, { textAlign: 'center', textBaseline: 'middle' });
  for (const word of list.querySelectorAll('.word')) {
    const { left, top, width, height } = word.getBoundingClientRect();
    const { backgroundColor, color, fontSize, fontFamily } = getComputedStyle(word);
    const [x, y] = [left - origin.left, top - origin.top];
    pen.fillStyle = backgroundColor;
    pen.fillRect(x, y, width, height);
    pen.fillStyle = color;
    pen.font = `${fontSize} ${fontFamily}`;
    pen.fillText(word.textContent ?? '', x + width / 2, y + height / 2);
  }
  return canvas;
}
