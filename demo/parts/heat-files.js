/** A heat map and the bar of its colours as pictures of a size to keep. */
import { token } from './colours.js';
import { make } from './dom.js';

/** Larger than a pixel a cell. @param {HTMLCanvasElement} canvas */
export function largePicture(canvas) {
  const factor = Math.max(1, Math.ceil(480 / Math.max(canvas.width, canvas.height)));
  const large = make('canvas', { width: canvas.width * factor, height: canvas.height * factor });
  const pen = /** @type {CanvasRenderingContext2D} */ (large.getContext('2d'));
  pen.imageSmoothingEnabled = false;
  pen.drawImage(canvas, 0, 0, large.width, large.height);
  return large;
}

/** @param {HTMLCanvasElement} bar @param {string[]} ticks the lowest, the middle and the highest value */
export function barPicture(bar, ticks) {
  const large = make('canvas', { width: 480, height: 40 });
  const pen = /** @type {CanvasRenderingContext2D} */ (large.getContext('2d'));
  pen.drawImage(bar, 0, 0, 480, 14);
  pen.fillStyle = token('caption');
  pen.font = '12px monospace';
  ticks.forEach((text, i) => {
    pen.textAlign = /** @type {CanvasTextAlign} */ (['left', 'center', 'right'][i]);
    pen.fillText(text, i * 240, 32);
  });
  return large;
}
