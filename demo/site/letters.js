/** Letters as paths, in the page's typefaces, for pictures that have no fonts. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import opentype from 'opentype.js';
import subsetFont from 'subset-font';

/** @typedef {import('opentype.js').Font} Font */

const SANS = '@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2';

/** @param {string} file of a package @param {Record<string, number>} [variationAxes] */
async function fontOf(file, variationAxes) {
  const bytes = await readFile(fileURLToPath(import.meta.resolve(file)));
  const letters = Array.from({ length: 95 }, (_, i) => String.fromCodePoint(0x20 + i)).join('');
  const font = await subsetFont(bytes, letters, { targetFormat: 'sfnt', variationAxes });
  return opentype.parse(Uint8Array.from(font).buffer);
}

/** @param {import('opentype.js').Path} path */
const dataOf = ({ commands }) =>
  commands
    .map(({ type, ...points }) => {
      const numbers = ['x1', 'y1', 'x2', 'y2', 'x', 'y'].flatMap((key) => Reflect.get(points, key) ?? []);
      return type + numbers.map((x) => Number(x.toFixed(1))).join(' ');
    })
    .join('');

/** @returns {Promise<Record<'serif' | 'sans' | 'strong', Font>>} */
export async function fontsOf() {
  const [serif, sans, strong] = await Promise.all([
    fontOf('@fontsource/newsreader/files/newsreader-latin-400-normal.woff2'),
    fontOf(SANS, { wght: 400 }),
    fontOf(SANS, { wght: 600 }),
  ]);
  return { serif, sans, strong };
}

/**
 * @param {Font} font
 * @param {string} text
 * @param {{ x: number, y: number, size: number, fill: string, anchor?: string }} how y: of the base line
 */
export function write(font, text, { x, y, size, fill, anchor }) {
  const width = font.getAdvanceWidth(text, size);
  const left = anchor === 'middle' ? x - width / 2 : anchor === 'end' ? x - width : x;
  return `<path fill="${fill}" d="${dataOf(font.getPath(text, left, y, size))}"/>`;
}
