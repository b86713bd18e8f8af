/**
 * The room *Draw* as it begins, as an SVG for the README: `node demo/site/draw-preview.js` writes demo/draw.svg.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import bake from '../bake/draw.js';
import { GRID, orderOf, shuffled } from '../rooms/draw/patches.js';
import { digitOf, KINDS } from '../rooms/draw/reading.js';
import { ORDER, SIX } from '../rooms/draw/six.js';
import { rasterOf, SIDE, strokesOf } from '../rooms/draw/strokes.js';
import { majorityOf, NAMES, percent } from '../rooms/draw/words.js';
import { fontsOf, write } from './letters.js';

const [WIDTH, HEIGHT] = [1248, 630];
/** The tokens of style.css, light. */
const [PAGE, INK, CAPTION, EDGE] = ['#fbfbf8', '#15173d', '#52557a', '#8688a6'];
const [FIELD, TOP, ROW, SMALL] = [420, 150, 88, 70];
/** Where the columns of the table begin. */
const AT = { name: 536, seen: 710, said: 814, bars: 858, mixed: 1000, mixedSaid: 1104 };

/** @param {number} x */
const short = (x) => Number(x.toFixed(2));

/** The lines between patches. @param {number} x @param {number} y @param {number} size */
function grid(x, y, size) {
  const lines = Array.from({ length: GRID + 1 }, (_, i) => {
    const at = short((i * size) / GRID);
    return `M${x + at} ${y}v${size}M${x} ${y + at}h${size}`;
  });
  return `<path d="${lines.join('')}" fill="none" stroke="${EDGE}" stroke-opacity=".35"/>`;
}

/** Grey pixels as ink, one of the drawing's pixels a unit. @param {string} id @param {Uint8Array} pixels */
function inked(id, pixels) {
  const cells = [...pixels].flatMap((value, i) =>
    value < 8
      ? []
      : [
          `<rect x="${i % SIDE}" y="${Math.floor(i / SIDE)}" width="1.02" height="1.02" fill-opacity="${short(value / 255)}"/>`,
        ],
  );
  return `<defs><g id="${id}" fill="${INK}">${cells.join('')}</g></defs>`;
}
const use = (/** @type {string} */ id, /** @type {number} */ x, /** @type {number} */ y, size = SMALL) =>
  `<use href="#${id}" transform="translate(${x} ${y}) scale(${size / SIDE})"/>`;

/** @returns {Promise<string>} */
export async function drawSvg() {
  const [{ serif, sans, strong }, baked] = await Promise.all([fontsOf(), bake()]);
  const answers = /** @type {import('../rooms/draw/networks.js').AllAnswers} */ (baked.answers);
  const pixels = rasterOf(strokesOf(SIX));
  const mixed = shuffled(pixels, orderOf(ORDER));
  const most = majorityOf(KINDS.map((kind) => digitOf(answers[kind].drawn.shares)));
  const caption = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y, size = 16) =>
    write(sans, text, { x, y, size, fill: CAPTION });
  const said = (
    /** @type {number} */ digit,
    /** @type {number} */ x,
    /** @type {number} */ y,
    isFull = false,
  ) =>
    `<circle cx="${x}" cy="${y}" r="27" fill="${isFull ? INK : 'none'}" stroke="${isFull ? INK : EDGE}"/>` +
    write(serif, String(digit), { x, y: y + 13, size: 40, fill: isFull ? PAGE : INK, anchor: 'middle' });
  const rows = KINDS.map((kind, k) => {
    const y = TOP + k * ROW;
    const middle = y + ROW / 2;
    const [title, about] = NAMES[kind];
    const digits = ['drawn', 'mixed'].map((which) =>
      digitOf(answers[kind][/** @type {'drawn' | 'mixed'} */ (which)].shares),
    );
    const bars = answers[kind].drawn.shares.map((share, digit) => {
      const height = Math.max(1, 46 * share);
      const x = AT.bars + digit * 12;
      return `<rect x="${x}" y="${short(middle + 22 - height)}" width="9" height="${short(height)}" fill="${INK}"/>`;
    });
    const { right, shuffled: rightMixed } = baked.measured.kinds[kind];
    const share = (/** @type {number} */ count, /** @type {number} */ at, /** @type {string} */ fill) =>
      write(sans, percent(count / baked.measured.of), {
        x: WIDTH - 56,
        y: at,
        size: 15,
        fill,
        anchor: 'end',
      });
    return [
      `<path d="M${AT.name} ${y}H${WIDTH - 56}" stroke="${EDGE}" stroke-opacity=".5"/>`,
      write(strong, title, { x: AT.name, y: middle, size: 18, fill: INK }),
      caption(about.replaceAll('·', '-'), AT.name, middle + 20, 14),
      grid(AT.seen, middle - SMALL / 2, SMALL),
      use('drawn', AT.seen, middle - SMALL / 2),
      said(digits[0], AT.said, middle, digits[0] === most),
      ...bars,
      grid(AT.mixed, middle - SMALL / 2, SMALL),
      use('mixed', AT.mixed, middle - SMALL / 2),
      said(digits[1], AT.mixedSaid, middle),
      share(right, middle - 2, INK),
      share(rightMixed, middle + 20, CAPTION),
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Draw a digit">
<rect width="${WIDTH}" height="${HEIGHT}" fill="${PAGE}"/>
${write(serif, 'Draw a digit', { x: 56, y: 84, size: 48, fill: INK })}
${caption('as drawn: what it says', AT.seen, TOP - 14)}
${caption('shuffled', AT.mixed, TOP - 14)}
${write(sans, 'right', { x: WIDTH - 56, y: TOP - 14, size: 16, fill: CAPTION, anchor: 'end' })}
${inked('drawn', pixels)}
${inked('mixed', mixed)}
${use('drawn', 56, TOP, FIELD)}
${grid(56, TOP, FIELD)}
${rows.join('\n')}
</svg>
`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(fileURLToPath(new URL('../draw.svg', import.meta.url)), await drawSvg());
  console.log('demo/draw.svg');
}
