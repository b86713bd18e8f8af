/** Tiles of what is rotated: the library's angles as hands of clocks, or as a hand of the row and one of the column on each patch. */
import { token } from '../../parts/colours.js';

/** Pixels of a tile a side; it is shown at about half of that. */
const SIZE = 420;
const SIDE = 7;
const CLOCKS = 5;

/**
 * @typedef {import('../../parts/core.js').Encodings} Encodings
 * @typedef {import('../../../bindings/tensor.js').Tensor} Tensor
 */

/** By the name of the encoding. @type {Record<string, (core: Encodings, pen: CanvasRenderingContext2D) => void>} */
const DRAWN = {
  // A row a clock, the fastest on top, from place to place.
  rope(core, pen) {
    const table = core.rope({ length: SIDE, dim: 2 * CLOCKS, base: 100 });
    const step = SIZE / (SIDE + 0.4);
    const tall = SIZE / CLOCKS;
    const [edge, colour] = ['edge', 'who'].map(token);
    for (let pair = 0; pair < CLOCKS; pair++)
      for (let place = 0; place < SIDE; place++) {
        const [x, y] = [step * (place + 0.7), tall * (pair + 0.5)];
        pen.beginPath();
        pen.arc(x, y, step * 0.42, 0, 2 * Math.PI);
        pen.strokeStyle = edge;
        pen.lineWidth = 1.5;
        pen.stroke();
        hand(pen, [x, y], step * 0.42, table, place, pair, colour);
      }
  },
  rope2d: (core, pen) => grid(pen, core.rope2d({ height: SIDE, width: SIDE, dim: 4 }), [0, 1]),
  ropeSections: (core, pen) =>
    grid(
      pen,
      core.ropeSections({ height: SIDE, width: SIDE, dim: 6, sections: [1, 1, 1], base: 10 }),
      [1, 2],
    ),
};

/** Whether a tile was drawn so. @param {Encodings} core @param {string} name @param {HTMLCanvasElement} canvas */
export function drawHands(core, name, canvas) {
  const draw = DRAWN[name];
  if (!draw) return false;
  Object.assign(canvas, { width: SIZE, height: SIZE });
  canvas.classList.add('smooth');
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.fillStyle = token('surface');
  pen.fillRect(0, 0, SIZE, SIZE);
  draw(core, pen);
  return true;
}

/** @param {CanvasRenderingContext2D} pen @param {{ cos: Tensor, sin: Tensor }} table @param {number[]} pairs of the row, of the column */
function grid(pen, table, pairs) {
  const step = SIZE / SIDE;
  const colours = ['who', 'whom'].map(token);
  for (let patch = 0; patch < SIDE * SIDE; patch++) {
    const at = [step * ((patch % SIDE) + 0.5), step * (Math.floor(patch / SIDE) + 0.5)];
    pairs.forEach((pair, axis) => void hand(pen, at, step * 0.42, table, patch, pair, colours[axis]));
  }
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number[]} from
 * @param {number} long
 * @param {{ cos: Tensor, sin: Tensor }} table
 * @param {number} place
 * @param {number} pair
 * @param {string} colour
 */
function hand(pen, [x, y], long, { cos, sin }, place, pair, colour) {
  const at = place * cos.shape[1] + pair;
  pen.strokeStyle = colour;
  pen.lineWidth = 4;
  pen.lineCap = 'round';
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + long * Number(cos.data[at]), y - long * Number(sin.data[at]));
  pen.stroke();
}
