/** How a drawing and what is known of its patches are painted. */
import { colourAt, token } from '../../parts/colours.js';
import { make } from '../../parts/dom.js';
import { GRID } from './patches.js';
import { SIDE } from './strokes.js';

/** @param {HTMLCanvasElement} canvas */
export const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));

/** Ink on nothing, a pixel a pixel. @param {Uint8Array} pixels @returns {HTMLCanvasElement} */
export function inkOf(pixels) {
  const canvas = make('canvas', { width: SIDE, height: SIDE });
  const pen = penOf(canvas);
  const [red, green, blue] = (token('ink').match(/\d+/g) ?? []).map(Number);
  const image = pen.createImageData(SIDE, SIDE);
  pixels.forEach((ink, i) => {
    image.data.set([red, green, blue, ink], 4 * i);
  });
  pen.putImageData(image, 0, 0);
  return canvas;
}

/** Lines between the patches. @param {CanvasRenderingContext2D} pen @param {number} size */
export function paintGrid(pen, size) {
  pen.strokeStyle = token('hair');
  pen.lineWidth = Math.max(size / 400, 1);
  pen.beginPath();
  for (let i = 1; i < GRID; i++) {
    const at = (i * size) / GRID;
    pen.moveTo(at, 0);
    pen.lineTo(at, size);
    pen.moveTo(0, at);
    pen.lineTo(size, at);
  }
  pen.stroke();
}

/** The held patch. @param {CanvasRenderingContext2D} pen @param {number} size @param {number} patch */
export function paintMark(pen, size, patch) {
  const cell = size / GRID;
  const [x, y] = [(patch % GRID) * cell, Math.floor(patch / GRID) * cell];
  const thin = Math.max(size / 130, 1);
  for (const [colour, width] of /** @type {const} */ ([
    ['on-mark', 3],
    ['mark', 1.6],
  ])) {
    pen.strokeStyle = colour === 'mark' ? '#ffd93b' : '#15173d';
    pen.lineWidth = width * thin;
    pen.strokeRect(x, y, cell, cell);
  }
}

/**
 * A small picture: what a network looks at, or what is like the held patch, under the drawing.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLCanvasElement} ink of the drawing, as `inkOf` makes it
 * @param {import('./reading.js').Answer} answer
 * @param {number | null} held
 */
export function paintSeen(canvas, ink, { look, like }, held) {
  const size = canvas.width;
  const cell = size / GRID;
  const pen = penOf(canvas);
  const values = like ?? look;
  const low = like ? Math.min(...values) : 0;
  const high = like ? 1 : Math.max(...values);
  values.forEach((value, i) => {
    // Half of the map at most, so that ink stays the darkest.
    pen.fillStyle = colourAt('sequential', 0.06 + (0.62 * (value - low)) / (high - low || 1));
    pen.fillRect((i % GRID) * cell, Math.floor(i / GRID) * cell, cell, cell);
  });
  paintGrid(pen, size);
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(ink, 0, 0, size, size);
  if (held !== null) paintMark(pen, size, held);
}

/**
 * Patches on their way from one order to another.
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLCanvasElement} ink of the drawing, in order
 * @param {readonly number[]} from which patch stood where
 * @param {readonly number[]} to
 * @param {number} t
 */
export function paintMixed(canvas, ink, from, to, t) {
  const size = canvas.width;
  const pen = penOf(canvas);
  const [cell, part] = [size / GRID, ink.width / GRID];
  pen.clearRect(0, 0, size, size);
  paintGrid(pen, size);
  const was = new Map(from.map((patch, place) => [patch, place]));
  to.forEach((patch, place) => {
    const [a, b] = [was.get(patch) ?? place, place];
    const x = cell * ((a % GRID) + t * ((b % GRID) - (a % GRID)));
    const rows = [Math.floor(a / GRID), Math.floor(b / GRID)];
    const y = cell * (rows[0] + t * (rows[1] - rows[0]));
    const [left, top] = [(patch % GRID) * part, Math.floor(patch / GRID) * part];
    pen.drawImage(ink, left, top, part, part, x, y, cell, cell);
  });
}
