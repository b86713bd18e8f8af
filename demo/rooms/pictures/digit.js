/** A handwritten digit and the page's own network that reads it: small enough for every head to be seen at once. */
import digits from 'baked:digits';
import model from 'model:digits/sines';
import { make } from '../../parts/dom.js';

/** Pixels a side, and how much larger they are painted. */
const [SIDE, LARGE] = [28, 10];
/** What is drawn on light paper in both themes. */
const [PAPER, INK] = [
  [251, 251, 248],
  [21, 23, 61],
];
const WANTED = 8;

/** @returns {Promise<{ picture: import('./network.js').Picture, files: Map<string, Blob> }>} */
export async function aDigit() {
  const at = digits.labels.indexOf(WANTED);
  const bytes = Uint8Array.from(atob(digits.images), (letter) => letter.charCodeAt(0));
  const data = bytes.slice(at * SIDE * SIDE, (at + 1) * SIDE * SIDE);
  const small = new ImageData(SIDE, SIDE);
  data.forEach((ink, i) => {
    const mixed = PAPER.map((paper, k) => paper + ((INK[k] - paper) * ink) / 255);
    small.data.set([...mixed, 255], 4 * i);
  });
  const canvas = make('canvas', { width: LARGE * SIDE, height: LARGE * SIDE });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(await createImageBitmap(small), 0, 0, canvas.width, canvas.height);
  const files = await Promise.all(
    Object.entries(model).map(async ([name, address]) => {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(`${name} could not be fetched: ${answer.status}`);
      return /** @type {const} */ ([name, await answer.blob()]);
    }),
  );
  return {
    picture: {
      file: async () => ({ data, width: SIDE, height: SIDE, channels: 1 }),
      image: await createImageBitmap(canvas),
      isSample: false,
    },
    files: new Map(files),
  };
}
