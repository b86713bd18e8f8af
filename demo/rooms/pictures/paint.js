/** Maps of patches over a picture: what is like the held patch stays and the rest turns to paper, shares as heat, parts by colour. */
import { isDark, mapOf, theme, token } from '../../parts/colours.js';
import { make } from '../../parts/dom.js';

/** How far paper covers at most: the picture is never gone. */
const COVER = 0.84;
/** How much of the picture is seen among shares. */
const FAINT = 0.2;
/** Sides of the copies that are painted from, in pixels. */
const [LARGE, SMALL] = [1120, 208];

/**
 * @typedef {import('./thread.js').Part} Part
 * @typedef {{ rows: number, columns: number }} Grid
 * @typedef {object} Copies of a picture, cut to what the network sees
 * @property {HTMLCanvasElement} large
 * @property {HTMLCanvasElement} small
 * @property {HTMLCanvasElement} grey
 * @property {HTMLCanvasElement} smallGrey
 */

/** @param {ImageBitmap | HTMLImageElement} image @param {Part} part @param {Grid} grid whose form the copies have @returns {Copies} */
export function copiesOf(image, part, { rows, columns }) {
  const copy = (/** @type {number} */ side) => {
    const scale = side / Math.max(rows, columns);
    const canvas = make('canvas', { width: Math.round(columns * scale), height: Math.round(rows * scale) });
    const pen = penOf(canvas);
    pen.imageSmoothingQuality = 'high';
    const { width, height } = image;
    pen.drawImage(
      image,
      ...[part.left * width, part.top * height, part.width * width, part.height * height],
      ...[0, 0, canvas.width, canvas.height],
    );
    return canvas;
  };
  const [large, small] = [
    copy(Math.min(LARGE, Math.max(image.width * part.width, image.height * part.height, 560))),
    copy(SMALL),
  ];
  return { large, small, grey: greyOf(large), smallGrey: greyOf(small) };
}

/** @param {HTMLCanvasElement} canvas */
export const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));

/** @param {HTMLCanvasElement} canvas */
function greyOf(canvas) {
  const { width, height } = canvas;
  const picture = penOf(canvas).getImageData(0, 0, width, height);
  const { data } = picture;
  for (let i = 0; i < data.length; i += 4)
    data[i] = data[i + 1] = data[i + 2] = 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
  const made = make('canvas', { width, height });
  penOf(made).putImageData(picture, 0, 0);
  return made;
}

/** The value below which a share of the values lies. @param {Float32Array} sorted @param {number} share */
const quantile = (sorted, share) => sorted[Math.floor(share * (sorted.length - 1))];

/**
 * How much of each patch stays, from its cosine. Paper fades from the 72nd to the 98.5th percentile; but where many patches are alike
 * (a wall, a sky) those bounds would lie among them and cover them, so that neither lies higher than halfway from the median to 1, or
 * 0.7 of the way on from there.
 * @param {Float32Array} cosines
 */
export function keptOf(cosines) {
  const sorted = Float32Array.from(cosines).sort();
  const low = Math.min(quantile(sorted, 0.72), (quantile(sorted, 0.5) + 1) / 2);
  const high = Math.min(quantile(sorted, 0.985), low + 0.7 * (1 - low));
  return cosines.map((x) => {
    const t = Math.min(Math.max((x - low) / (high - low || 1), 0), 1);
    return t * t * (3 - 2 * t);
  });
}

/** Colours from the 3rd to the 97th percentile of each of the three. @param {Float32Array} colours [n, 3] */
export function stretched(colours) {
  const out = new Float32Array(colours.length);
  for (let c = 0; c < 3; c++) {
    const sorted = colours.filter((_, i) => i % 3 === c).sort();
    const [low, high] = [quantile(sorted, 0.03), quantile(sorted, 0.97)];
    for (let i = c; i < colours.length; i += 3)
      out[i] = Math.min(Math.max((colours[i] - low) / (high - low || 1), 0), 1);
  }
  return out;
}

/** A canvas of a pixel a patch. @param {Grid} grid @param {(pixels: Uint32Array) => void} fill */
function cells({ rows, columns }, fill) {
  const picture = new ImageData(columns, rows);
  fill(new Uint32Array(picture.data.buffer));
  const canvas = make('canvas', { width: columns, height: rows });
  penOf(canvas).putImageData(picture, 0, 0);
  return canvas;
}

/** @param {CanvasRenderingContext2D} pen @param {HTMLCanvasElement} source */
function spread(pen, source, isSmooth = false) {
  pen.imageSmoothingEnabled = isSmooth;
  pen.drawImage(source, 0, 0, pen.canvas.width, pen.canvas.height);
}

const isLarge = (/** @type {CanvasRenderingContext2D} */ pen) => pen.canvas.width > SMALL;

/** @type {Partial<Record<'light' | 'dark', number>>} */
const papers = {};
/** The page's colour as of ImageData; asked of the page once a theme, as the page lays itself out for it. */
function paperOf() {
  const by = theme();
  if (papers[by] === undefined) {
    const [red, green, blue] = (token('page').match(/\d+/g) ?? []).map(Number);
    papers[by] = (blue << 16) | (green << 8) | red;
  }
  return papers[by];
}

/** @param {CanvasRenderingContext2D} pen @param {Copies} copies @param {Grid} grid @param {Float32Array | null} kept null: all is */
export function paintKept(pen, copies, grid, kept) {
  spread(pen, isLarge(pen) ? copies.large : copies.small, true);
  if (!kept) return;
  const paper = paperOf();
  spread(
    pen,
    cells(grid, (pixels) => {
      for (let i = 0; i < pixels.length; i++)
        pixels[i] = ((Math.round(255 * COVER * (1 - kept[i])) << 24) | paper) >>> 0;
    }),
  );
}

/** Shares as heat, the picture faint among them. @param {CanvasRenderingContext2D} pen @param {Copies} copies @param {Grid} grid @param {Float32Array} shares [n + 1] */
export function paintShares(pen, copies, grid, shares) {
  const colours = mapOf('sequential');
  const most = mostOf(shares).share || 1;
  spread(
    pen,
    cells(grid, (pixels) => {
      for (let i = 0; i < pixels.length; i++) pixels[i] = colours[Math.round((255 * shares[i]) / most)];
    }),
  );
  pen.globalAlpha = FAINT;
  pen.globalCompositeOperation = isDark('sequential', 0) ? 'screen' : 'multiply';
  spread(pen, isLarge(pen) ? copies.grey : copies.smallGrey, true);
  pen.globalAlpha = 1;
  pen.globalCompositeOperation = 'source-over';
}

/** @param {CanvasRenderingContext2D} pen @param {Grid} grid @param {Float32Array} colours [n, 3] stretched */
export function paintColours(pen, grid, colours) {
  spread(
    pen,
    cells(grid, (pixels) => {
      for (let i = 0; i < pixels.length; i++) {
        const [red, green, blue] = [0, 1, 2].map((c) => Math.round(255 * colours[i * 3 + c]));
        pixels[i] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
      }
    }),
  );
}

/** The held patch: yellow with an edge of ink. @param {CanvasRenderingContext2D} pen @param {Grid} grid @param {{ row: number, column: number }} held */
export function paintMark(pen, { rows, columns }, { row, column }) {
  const { width, height } = pen.canvas;
  const thick = Math.max(Math.round(width / 260), 1);
  const [wide, high] = [width / columns, height / rows];
  const room = Math.max(0, 5 * thick - Math.min(wide, high)) / 2;
  const box = /** @type {const} */ ([
    column * wide - room,
    row * high - room,
    wide + 2 * room,
    high + 2 * room,
  ]);
  for (const [colour, line] of /** @type {const} */ ([
    ['#15173d', 3 * thick],
    ['#ffd93b', 1.5 * thick],
  ])) {
    pen.strokeStyle = colour;
    pen.lineWidth = line;
    pen.strokeRect(...box);
  }
}

/** The patch that gets most. @param {Float32Array} shares [n + 1] */
export function mostOf(shares) {
  let at = 0;
  for (let i = 1; i < shares.length - 1; i++) if (shares[i] > shares[at]) at = i;
  return { at, share: shares[at] };
}
