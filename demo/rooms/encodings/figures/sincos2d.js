/** *Waves on a grid*: a patch of a picture, the hands of its row and of its column, and how alike every other patch's hands are. */
import { readOptions } from '../../../code/inputs.js';
import { control, range, segments } from '../../../parts/controls.js';
import { make, shown } from '../../../parts/dom.js';
import { createHandRows } from './hand-rows.js';
import { createHeld } from './held.js';
import { createAllMaps, likenessOf } from './likeness.js';
import { within } from './patches.js';
import { STARTS } from './starts.js';

/**
 * @import { Pair } from './hands.js'
 * @import { Figure, Given } from './index.js'
 * @typedef {import('../../../../bindings/tensor.js').Tensor} Tensor
 */

export const OPTIONS = STARTS.sincos2d;

export const NUMBERS = { rows: 'patch', columns: 'number' };

const START = { row: 5, column: 9 };
/** The library's presets by what people call them. @type {[string, string][]} */
const PRESETS = [
  ['mae', 'MAE'],
  ['simple-vit', 'ViT'],
  ['jepa', 'JEPA'],
  ['moco-v3', 'MoCo v3'],
  ['timm', 'timm'],
  ['hf', 'HF'],
];

/**
 * Which numbers of a patch are whose, by the options that say so.
 * @param {Record<string, any>} options
 * @returns {{ words: string, columns: number }[]}
 */
function partsOf(options) {
  const { axes, layout, size } = readOptions('sincos2d', options).o;
  const order = axes === 'xy' ? ['column', 'row'] : ['row', 'column'];
  const waves = ['sine', 'cosine'];
  const parts =
    layout === 'halves'
      ? waves.flatMap((wave) => order.map((axis) => `${wave} of ${axis}`))
      : layout === 'per-axis'
        ? order.flatMap((axis) => waves.map((wave) => `${wave} of ${axis}`))
        : order.map((axis) => `sine, cosine of ${axis} in turn`);
  return parts.map((words) => ({ words, columns: size.dim / parts.length }));
}

/** @param {Given} given @returns {Figure} */
export function create({ core, page, hold, change }) {
  let { row, column } = START;
  let [rows, columns, prefix] = [1, 1, 0];
  let isColumnMajor = false;
  /** Row by row, sines and cosines of the column, then of the row. @type {Tensor | undefined} */
  let table;
  let least = 0;

  const all = createAllMaps({ name: 'sincos2d-likeness', signal: page.signal, hold: set });
  const hands = createHandRows(['ink', 'ink']);
  const held = createHeld({
    ...{ say: page.say, hold: set },
    title: 'How alike each patch’s hands are to this one’s',
    about: 'Nothing of the picture is in it: places alone.',
    below: hands.roots,
  });
  const side = range({
    ...{ name: 'Patches a side', min: 2, max: 32, value: OPTIONS.height },
    change: (n) => change({ height: n, width: n }),
  });
  const about = make('span');
  const presets = segments({
    name: 'As in',
    choices: PRESETS,
    value: OPTIONS.preset,
    change: (preset) => change({ preset }),
  });
  presets.classList.add('several');

  function draw() {
    if (!table) return;
    all.mark({ row, column });
    const cosines = likenessOf(table, row * columns + column);
    const below = within(row + 1, rows) === row ? row - 1 : row + 1;
    const far = (row < rows / 2 ? rows - 1 : 0) * columns + (column < columns / 2 ? columns - 1 : 0);
    held.show({
      ...{ held: { rows, columns, row, column }, cosines, least },
      words: `Patch at row ${row}, column ${column}`,
      more:
        rows > 1
          ? `Cosine to the patch ${below < row ? 'above' : 'below'} ${shown(cosines[below * columns + column], 4)}, to the far corner ${shown(cosines[far], 4)}.`
          : '',
    });
    drawHands(table);
  }

  /** @param {Tensor} all */
  function drawHands({ data, shape: [, dim] }) {
    const count = dim / 4;
    const start = (row * columns + column) * dim;
    const tips = (/** @type {number} */ sines) =>
      Array.from(
        { length: count },
        (_, k) =>
          /** @type {Pair} */ ([Number(data[start + sines + count + k]), Number(data[start + sines + k])]),
      );
    hands.show([
      { words: `its row ${row}`, tips: tips(2 * count) },
      { words: `its column ${column}`, tips: tips(0) },
    ]);
  }

  /** @param {number} r @param {number} c */
  function set(r, c) {
    if (r === row && c === column) return;
    [row, column] = [r, c];
    draw();
    hold(prefix + (isColumnMajor ? c * rows + r : r * columns + c));
  }

  return {
    root: held.root,
    beside: all.root,
    about,
    parts: partsOf,
    controls: make('div', {}, control('As in', presets), side),
    own: ['height', 'width', 'preset'],
    showsLikeness: true,
    draw() {
      held.draw();
      all.draw();
    },
    /** @param {number} at */
    mark(at) {
      const place = at - prefix;
      if (place < 0) return;
      if (isColumnMajor) set(place % rows, Math.floor(place / rows));
      else set(Math.floor(place / columns), place % columns);
    },
    show(options) {
      const { o } = readOptions('sincos2d', options);
      ({ height: rows, width: columns } = o.size);
      prefix = o.prefix;
      isColumnMajor = o.tokens === 'column-major';
      about.textContent = `Patches down, ${isColumnMajor ? 'column by column' : 'row by row'} of the picture; numbers across, fast hands first. Where a colour is even, hands have hardly turned.`;
      side.set(rows);
      presets.set(options.preset);
      const plain = { axes: 'xy', layout: 'per-axis', tokens: 'row-major', prefix: 0 };
      table = core.sincos2d(/** @type {any} */ ({ ...options, ...plain }));
      // Cosines depend on the offset alone, and the first patch has them all.
      least = likenessOf(table, 0).reduce((a, b) => Math.min(a, b));
      [row, column] = [within(row, rows), within(column, columns)];
      all.show(table, { rows, columns, least }).then(() => all.mark({ row, column }));
      draw();
      hold(prefix + (isColumnMajor ? column * rows + row : row * columns + column));
    },
  };
}
