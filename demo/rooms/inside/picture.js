/** Pictures to take along: wires and bars are drawings, strips a canvas, words text; here they become one. */
import { make } from '../../parts/dom.js';
import { pictureOf } from '../../parts/save.js';

/** Between drawings that stand under each other, in px. */
const GAP = 24;

/**
 * Loom and fork as they stand: side by side, or on a phone under each other.
 * @param {HTMLElement[]} stages each with a drawing of wires, then its strips
 */
export async function wholePicture(stages) {
  const scale = devicePixelRatio;
  const boxes = stages.map((stage) => stage.getBoundingClientRect());
  const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))];
  const canvas = make('canvas', {
    width: Math.ceil((Math.max(...boxes.map(({ right }) => right)) - left) * scale),
    height: Math.ceil((Math.max(...boxes.map(({ bottom }) => bottom)) - top) * scale),
  });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  for (const [i, stage] of stages.entries()) {
    const [x, y] = [(boxes[i].x - left) * scale, (boxes[i].y - top) * scale];
    const wires = /** @type {SVGSVGElement} */ (stage.querySelector('.wires'));
    pen.drawImage(await pictureOf(wires), x, y);
    pen.drawImage(/** @type {HTMLCanvasElement} */ (stage.querySelector('.strips')), x, y);
    for (const word of stage.querySelectorAll('.word, .name > b, .twins > b')) {
      const box = word.getBoundingClientRect();
      if (!box.width) continue;
      const size = pick(pen, word);
      pen.fillText(word.textContent ?? '', (box.x - left) * scale, (box.bottom - top) * scale - 0.3 * size);
    }
  }
  return canvas;
}

/** Drawings under each other. @param {Iterable<SVGSVGElement>} drawings */
export async function stacked(drawings) {
  const pictures = [];
  for (const drawing of drawings) pictures.push(await pictureOf(drawing));
  const gap = GAP * devicePixelRatio;
  const canvas = make('canvas', {
    width: Math.max(...pictures.map(({ width }) => width)),
    height: pictures.reduce((sum, { height }) => sum + height + gap, -gap),
  });
  const pen = canvas.getContext('2d');
  let y = 0;
  for (const picture of pictures) {
    pen?.drawImage(picture, 0, y);
    y += picture.height + gap;
  }
  return canvas;
}

/** Cells as they are seen, with their numbers. @param {HTMLElement} figure @param {string} selector */
export function cellsPicture(figure, selector) {
  const scale = devicePixelRatio;
  const frame = figure.getBoundingClientRect();
  const canvas = make('canvas', {
    width: Math.ceil(frame.width * scale),
    height: Math.ceil(frame.height * scale),
  });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.textBaseline = 'middle';
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (figure.querySelectorAll(selector))) {
    const { backgroundColor } = getComputedStyle(element);
    const { x, y, width, height } = element.getBoundingClientRect();
    pen.fillStyle = backgroundColor;
    pen.fillRect((x - frame.x) * scale, (y - frame.y) * scale, width * scale, height * scale);
    const text = element.childElementCount > 1 ? '' : (element.textContent ?? '');
    pick(pen, element);
    pen.fillText(text, (x - frame.x + 4) * scale, (y - frame.y + height / 2) * scale);
  }
  return canvas;
}

/** An element's letters and colour for a canvas. @param {CanvasRenderingContext2D} pen @param {Element} element @returns {number} their size there */
function pick(pen, element) {
  const { color, fontWeight, fontSize, fontFamily } = getComputedStyle(element);
  const size = Number.parseFloat(fontSize) * devicePixelRatio;
  pen.fillStyle = color;
  pen.font = `${fontWeight} ${size}px ${fontFamily}`;
  return size;
}
