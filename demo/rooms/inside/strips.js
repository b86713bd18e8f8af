/** Strips of numbers: a pixel a number in a buffer, drawn from there onto the one canvas that is seen. */
import { mapOf } from '../../parts/colours.js';
import { make } from '../../parts/dom.js';

/**
 * A canvas whose unit is a px of the screen.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function penOf(canvas, width, height) {
  const scale = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.imageSmoothingEnabled = false;
  return pen;
}

/**
 * Rows of numbers as pixels.
 * @param {Uint8Array} steps of the colour map, row by row
 * @param {number} width numbers in a row
 */
export function bufferOf(steps, width) {
  const canvas = make('canvas', { width, height: steps.length / width });
  const map = mapOf('diverging');
  const pixels = Uint32Array.from(steps, (step) => map[step]);
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer), width);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}

/**
 * One row of a buffer as a strip with its middle at x, y.
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLCanvasElement} buffer
 * @param {number} row
 * @param {{ x: number, y: number, width: number, height: number }} place
 * @param {{ edge?: string, line?: number, half?: -1 | 0 | 1, middle?: number }} [look] half: only what lies left or right of the middle
 */
export function strip(
  pen,
  buffer,
  row,
  { x, y, width, height },
  { edge, line = 2, half = 0, middle = 0 } = {},
) {
  pen.save();
  if (half) {
    pen.beginPath();
    pen.rect(half < 0 ? 0 : middle, 0, half < 0 ? middle : 1e5, 1e5);
    pen.clip();
  }
  const [left, top] = [Math.round(x - width / 2), Math.round(y - height / 2)];
  pen.drawImage(buffer, 0, row, buffer.width, 1, left, top, Math.round(width), height);
  if (edge) {
    pen.strokeStyle = edge;
    pen.lineWidth = line;
    pen.strokeRect(left - line / 2, top - line / 2, Math.round(width) + line, height + line);
  }
  pen.restore();
}
