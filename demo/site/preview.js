/**
 * The first screen as a still: an SVG whose letters are paths, for the README and pages without scripts, and the same as a PNG for
 * links to the page. `node demo/site/preview.js` writes demo/order.svg.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import bake from '../bake/order.js';
import { barsOf } from '../rooms/order/bars.js';
import { arcOf, layoutOf, middleOf } from '../rooms/order/layout.js';
import { answerOf } from '../rooms/order/reading.js';
import { FIRST, SWAPPED } from '../rooms/order/sentences.js';
import { fontsOf, write } from './letters.js';

const [WIDTH, HEIGHT] = [1200, 630];
/** The tokens of style.css, light. */
const COLOURS = {
  ...{ page: '#fbfbf8', ink: '#15173d', caption: '#52557a', mark: '#ffd93b' },
  ...{ who: '#2257d6', did: '#15173d', whom: '#c24e00', where: '#7a3bbf', when: '#0b7a66', none: '#6b6d86' },
};
/** The words that traded places. */
const MARKED = ['cat', 'dog'];

/** @returns {Promise<string>} */
export async function previewSvg() {
  const [{ serif, sans, strong }, { told, blind }] = await Promise.all([fontsOf(), bake()]);
  const words = SWAPPED.split(' ');
  const readings = { told: told[SWAPPED], blind: blind[SWAPPED] };
  const layout = layoutOf(
    words.map((word) => serif.getAdvanceWidth(word, 1)),
    WIDTH - 2 * 56,
  );
  const arcs = /** @type {const} */ (['told', 'blind']).flatMap((side) =>
    readings[side].looks.map(([from, to, weight]) => {
      const d = arcOf(layout, side === 'told', middleOf(layout, from), middleOf(layout, to));
      const stroke = side === 'told' ? COLOURS[answerOf(readings.told.shares[from])] : COLOURS.none;
      const [width, opacity] = [
        (0.8 + 5 * weight ** 1.2).toFixed(2),
        Math.min(0.2 + 1.1 * weight, 1).toFixed(2),
      ];
      return `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-opacity="${opacity}" stroke-linecap="round"/>`;
    }),
  );
  const bars = barsOf(layout, readings).map(({ text, role, x, y, width, height, rx = 0, ...rest }) => {
    const fill = COLOURS[/** @type {keyof typeof COLOURS} */ (role ?? 'caption')];
    if (text === undefined)
      return `<rect x="${x.toFixed(1)}" y="${y}" width="${width?.toFixed(1)}" height="${height}" rx="${rx}" fill="${fill}"/>`;
    const isRole = rest.class === 'role';
    return write(isRole ? strong : sans, text, {
      x,
      y,
      size: isRole ? 16 : 13,
      fill,
      anchor: rest['text-anchor'],
    });
  });
  const sentence = words.flatMap((word, i) => {
    const { left, top, width, height } = layout.spots[i];
    const mark = `<rect x="${left.toFixed(1)}" y="${top}" width="${width.toFixed(1)}" height="${height}" rx="2" fill="${COLOURS.mark}"/>`;
    const letters = write(serif, word, {
      x: left + width / 2,
      y: top + height * 0.69,
      size: layout.size,
      fill: COLOURS.ink,
      anchor: 'middle',
    });
    return MARKED.includes(word) ? [mark, letters] : [letters];
  });
  const changed = (/** @type {'told' | 'blind'} */ side) => {
    const all = { told, blind }[side];
    const was = new Map(FIRST.split(' ').map((word, i) => [`${word}`, answerOf(all[FIRST].shares[i])]));
    // The articles keep their places, and their answers; the other words are told apart by their letters.
    return words.filter((word, i) => word !== 'the' && was.get(word) !== answerOf(all[SWAPPED].shares[i]))
      .length;
  };
  const corner = (/** @type {string} */ text, /** @type {number} */ y) =>
    write(serif, text, { x: WIDTH - 112, y, size: 30, fill: COLOURS.ink, anchor: 'end' });
  const note = (/** @type {string} */ text, /** @type {number} */ y) =>
    write(sans, text, { x: WIDTH - 112, y, size: 14, fill: COLOURS.caption, anchor: 'end' });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Move a word. Who notices?">
<rect width="${WIDTH}" height="${HEIGHT}" fill="${COLOURS.page}"/>
${write(serif, 'Move a word. Who notices?', { x: 56, y: 88, size: 48, fill: COLOURS.ink })}
<g transform="translate(56 112)">
${write(strong, 'Told where each word stands', { x: 0, y: 24, size: 16, fill: COLOURS.ink })}
${write(strong, 'Not told', { x: 0, y: 460, size: 16, fill: COLOURS.ink })}
${corner(`${changed('told')} of ${words.length}`, 34)}
${note('answers changed', 56)}
${corner(`${changed('blind')} of ${words.length}`, 450)}
${note('answers changed', 472)}
${[...arcs, ...bars, ...sentence].join('\n')}
</g>
</svg>
`;
}

/** @param {string} picture an SVG */
export const previewPng = (picture) => sharp(Buffer.from(picture)).resize(WIDTH).png().toBuffer();

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = fileURLToPath(new URL('../order.svg', import.meta.url));
  await writeFile(file, await previewSvg());
  console.log('demo/order.svg');
}
