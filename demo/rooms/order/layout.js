/** Where the words stand and what belongs to them: a horizon on wide pages, upright on phones. Pixels of the figure. */

/**
 * @typedef {object} Spot of a word: its box
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Layout
 * @property {boolean} upright a word a line, told on the left, not told on the right
 * @property {number} width
 * @property {number} height
 * @property {number} size of the type
 * @property {Spot[]} spots
 */

/** Below this the sentence stands upright. */
const UPRIGHT = 700;
const SIZE = 46;
const SMALL = 27;
const LINE = 46;
/** Around a word, for its mark. */
const PAD = 8;

/** The horizon, from top to bottom. */
export const HORIZON = {
  tops: 186,
  role: 208,
  bar: 218,
  word: 228,
  tall: 56,
  blindBar: 293,
  answer: 318,
  bottoms: 332,
  height: 486,
};

/**
 * @param {readonly number[]} widths of the words at a size of one pixel
 * @param {number} width of the figure
 * @returns {Layout}
 */
export function layoutOf(widths, width) {
  if (width < UPRIGHT) {
    const centre = width * 0.5;
    const spots = widths.map((one, i) => {
      const wide = one * SMALL + 2 * PAD;
      return { left: centre - wide / 2, top: i * LINE + 4, width: wide, height: LINE - 8 };
    });
    return { upright: true, width, height: widths.length * LINE, size: SMALL, spots };
  }
  const total = widths.reduce((sum, one) => sum + one, 0);
  const gap = 0.4;
  const size = Math.min(SIZE, (width - 2 * PAD) / (total + gap * (widths.length - 1)));
  let left = (width - size * (total + gap * (widths.length - 1))) / 2;
  const height = Math.max(HORIZON.tall * (size / SIZE), 24);
  const spots = widths.map((one) => {
    const spot = {
      left: left - PAD,
      top: HORIZON.word + (HORIZON.tall - height) / 2,
      width: one * size + 2 * PAD,
      height,
    };
    left += (one + gap) * size;
    return spot;
  });
  return { upright: false, width, height: HORIZON.height, size, spots };
}

/** @type {Map<string, number>} */
const known = new Map();
/** @type {CanvasRenderingContext2D | null} */
let pen;

/** How wide a word is in the serif at one pixel; measured once. @param {string} word */
export function widthOf(word) {
  const found = known.get(word);
  if (found !== undefined) return found;
  pen ??= document.createElement('canvas').getContext('2d');
  if (!pen) return word.length * 0.45;
  const family = getComputedStyle(document.documentElement).getPropertyValue('--serif');
  pen.font = `100px ${family}`;
  const width = pen.measureText(word).width / 100;
  if (document.fonts.check('46px Newsreader')) known.set(word, width);
  return width;
}

/** The middle of a word along the sentence. @param {Layout} layout @param {number} i */
export function middleOf({ upright, spots }, i) {
  const { left, top, width, height } = spots[i];
  return upright ? top + height / 2 : left + width / 2;
}

/**
 * The arc between two words as a path.
 * @param {Layout} layout
 * @param {boolean} told on which side
 * @param {number} a along the sentence
 * @param {number} b
 */
export function arcOf({ upright, width, height }, told, a, b) {
  const far = Math.abs(a - b) / (upright ? height : width);
  const n = (/** @type {number} */ x) => x.toFixed(1);
  if (upright) {
    const from = told ? 36 : width - 36;
    const reach = (18 + 26 * Math.sqrt(far)) * (told ? -1 : 1);
    return `M${from} ${n(a)}C${n(from + reach)} ${n(a)} ${n(from + reach)} ${n(b)} ${from} ${n(b)}`;
  }
  const from = told ? HORIZON.tops : HORIZON.bottoms;
  const reach = told ? -(40 + 188 * far ** 0.75) : 38 + 140 * far ** 0.7;
  return `M${n(a)} ${from}C${n(a)} ${n(from + reach)} ${n(b)} ${n(from + reach)} ${n(b)} ${from}`;
}
