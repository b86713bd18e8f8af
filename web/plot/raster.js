/** A picture of pixels with rectangles and short texts in it, for files. Not here: what is drawn (heat-map.js). */

/** @typedef {import('./colors.js').Rgb} Rgb */

/** Glyphs of five by nine pixels, seven above the line and two below; the line above each row of them says which. */
const SHEET = `
0     1     2     3     4     5     6     7     8     9     -     .     ,     +     [     ]     (     )     :
.###. ..#.. .###. .###. ...#. ##### .###. ##### .###. .###. ..... ..... ..... ..... .###. .###. ...#. .#... .....
#...# .##.. #...# #...# ..##. #.... #.... ....# #...# #...# ..... ..... ..... ..#.. .#... ...#. ..#.. ..#.. ..#..
#..## ..#.. ....# ....# .#.#. ####. ####. ...#. #...# #...# ..... ..... ..... ..#.. .#... ...#. .#... ...#. .....
#.#.# ..#.. ..##. ..##. #..#. ....# #...# ..#.. .###. .#### ##### ..... ..... ##### .#... ...#. .#... ...#. .....
##..# ..#.. .#... ....# ##### ....# #...# ..#.. #...# ....# ..... ..... ..... ..#.. .#... ...#. .#... ...#. .....
#...# ..#.. #.... #...# ...#. #...# #...# ..#.. #...# ....# ..... ..... ..#.. ..#.. .#... ...#. ..#.. ..#.. ..#..
.###. .###. ##### .###. ...#. .###. .###. ..#.. .###. .###. ..... ..#.. ..#.. ..... .###. .###. ...#. .#... .....
..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... .#... ..... ..... ..... ..... ..... .....
..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... ..... .....

a     b     c     d     e     f     g     h     i     j     k     l     m     n     o     p     q     r     s
..... #.... ..... ....# ..... ..##. ..... #.... ..#.. ...#. #.... .##.. ..... ..... ..... ..... ..... ..... .....
..... #.... ..... ....# ..... .#... ..... #.... ..... ..... #.... ..#.. ..... ..... ..... ..... ..... ..... .....
.###. ####. .###. .#### .###. ####. .#### ####. .##.. ..##. #..#. ..#.. ##.#. ####. .###. ####. .#### #.##. .####
....# #...# #.... #...# #...# .#... #...# #...# ..#.. ...#. #.#.. ..#.. #.#.# #...# #...# #...# #...# ##..# #....
.#### #...# #.... #...# ##### .#... #...# #...# ..#.. ...#. ##... ..#.. #.#.# #...# #...# #...# #...# #.... .###.
#...# #...# #...# #...# #.... .#... #...# #...# ..#.. ...#. #.#.. ..#.. #.#.# #...# #...# #...# #...# #.... ....#
.#### ####. .###. .#### .###. .#... .#### #...# .###. ...#. #..#. .###. #...# #...# .###. ####. .#### #.... ####.
..... ..... ..... ..... ..... ..... ....# ..... ..... #..#. ..... ..... ..... ..... ..... #.... ....# ..... .....
..... ..... ..... ..... ..... ..... .###. ..... ..... .##.. ..... ..... ..... ..... ..... #.... ....# ..... .....

t     u     v     w     x     y     z     /     =     _
.#... ..... ..... ..... ..... ..... ..... ....# ..... .....
.#... ..... ..... ..... ..... ..... ..... ....# ..... .....
####. #...# #...# #...# #...# #...# ##### ...#. ##### .....
.#... #...# #...# #.#.# .#.#. #...# ...#. ..#.. ..... .....
.#... #...# #...# #.#.# ..#.. #...# ..#.. .#... ##### .....
.#..# #...# .#.#. #.#.# .#.#. #...# .#... #.... ..... .....
..##. .#### ..#.. .#.#. #...# .#### ##### #.... ..... #####
..... ..... ..... ..... ..... ....# ..... ..... ..... .....
..... ..... ..... ..... ..... .###. ..... ..... ..... .....
`;

const [GLYPH_WIDTH, GLYPH_HEIGHT, ABOVE] = [5, 9, 7];
/** Pixels of the picture that a pixel of a glyph is wide and high. */
const MAGNIFICATION = 2;
/** From one letter to the next, and the height of one above the line. */
export const LETTER = { width: (GLYPH_WIDTH + 1) * MAGNIFICATION, height: ABOVE * MAGNIFICATION };

/** @type {Map<string, string[]>} */
const GLYPHS = new Map(
  SHEET.trim()
    .split('\n\n')
    .flatMap((band) => {
      const [names, ...rows] = band.split('\n').map((line) => line.split(/ +/));
      return names.map((name, i) => /** @type {[string, string[]]} */ ([name, rows.map((row) => row[i])]));
    }),
);

export class Raster {
  /** @param {number} width @param {number} height @param {Rgb} background */
  constructor(width, height, background) {
    this.width = width;
    this.height = height;
    /** [height, width, 3] */
    this.pixels = new Uint8Array(width * height * 3);
    this.rectangle(0, 0, width, height, background);
  }

  /**
   * Fills a rectangle, of which only what lies in the picture is drawn.
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   * @param {Rgb} color
   */
  rectangle(x, y, width, height, [red, green, blue]) {
    const right = Math.min(x + width, this.width);
    const bottom = Math.min(y + height, this.height);
    for (let row = Math.max(y, 0); row < bottom; row++) {
      for (let column = Math.max(x, 0); column < right; column++) {
        const at = 3 * (row * this.width + column);
        this.pixels[at] = red;
        this.pixels[at + 1] = green;
        this.pixels[at + 2] = blue;
      }
    }
  }

  /**
   * Writes a text: digits, small letters and what numbers need; other characters leave a gap.
   * @param {string} text
   * @param {number} x where it begins, ends or has its middle
   * @param {number} y of the line that letters stand on; turned, x and y change places and the text runs upwards
   * @param {{ color: Rgb, align?: 'start' | 'middle' | 'end', turned?: boolean }} options
   */
  text(text, x, y, { color, align = 'start', turned = false }) {
    const before = Math.round({ start: 0, middle: 0.5, end: 1 }[align] * widthOf(text));
    [...text.toLowerCase()].forEach((letter, i) => {
      for (const [row, line] of (GLYPHS.get(letter) ?? []).entries()) {
        for (let column = 0; column < GLYPH_WIDTH; column++) {
          if (line[column] !== '#') continue;
          const along = i * LETTER.width + column * MAGNIFICATION - before;
          const below = (row - ABOVE) * MAGNIFICATION;
          const [left, top] = turned ? [x + below, y - along - MAGNIFICATION] : [x + along, y + below];
          this.rectangle(Math.round(left), Math.round(top), MAGNIFICATION, MAGNIFICATION, color);
        }
      }
    });
  }
}

/** @param {string} text @returns {number} pixels */
export const widthOf = (text) => text.length * LETTER.width - MAGNIFICATION;

/** From the top of a letter to the bottom of one that goes below the line. */
export const LINE_HEIGHT = GLYPH_HEIGHT * MAGNIFICATION;
