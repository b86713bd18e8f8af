/** *Stretched table*: what DINOv2 has learned for 37 x 37 patches, for another number of them; a held patch and who is like it, before and after. */
import baked from 'baked:positions';
import { readOptions } from '../../../code/inputs.js';
import { control, range, segments } from '../../../parts/controls.js';
import { addStyle, make, shown } from '../../../parts/dom.js';
import { createHeat } from '../../../parts/heat.js';
import { createDirections } from './directions.js';
import { likenessOf, scaleFrom } from './likeness.js';
import css from './patches.css';
import { within } from './patches.js';
import { positionTable } from './positions.js';

/**
 * @import { Figure, Given } from './index.js'
 * @typedef {import('../../../../bindings/tensor.js').Tensor} Tensor
 */

const METHOD = { mode: 'bicubic', antialias: true, alignCorners: false, scaleOffset: 0 };
export const OPTIONS = { table: positionTable(baked), to: 16, ...METHOD };
export const NUMBERS = {
  rows: 'patch',
  columns: 'number',
  about: `Patches down, row by row of the picture; across, the 16 directions along which the rows of DINOv2's table spread most (${Math.round(100 * baked.share)} % of all). Their mean is taken off, and 8 bits are left of each number: cosines are off by 0.01 on average. DINOv2 (small) is by Meta AI, Apache 2.0.`,
};

/** @type {[string, string][]} */
const PRESETS = [
  ['timm', 'timm'],
  ['dinov2', 'DINOv2'],
  ['hf', 'HF'],
  ['torchvision', 'torchvision'],
  ['siglip2', 'SigLIP 2'],
  ['naflex', 'NaFlex'],
];
/** In parts of the picture: down, across. */
const START = [0.37, 0.66];

/** @param {Given} given @returns {Figure} */
export function create({ page, hold, change }) {
  addStyle(css);
  let [y, x] = START;
  /** @type {{ table: Tensor, rows: number, columns: number }[]} */
  let grids = [];
  const titles = ['As learned', 'Stretched'].map((title) => ({
    title,
    words: make('b'),
    facts: make('span'),
  }));
  const heats = titles.map(({ title }, i) =>
    createHeat({
      ...{ label: `${title}: how alike each patch is to the held one`, say: page.say, tall: 416 },
      onMark: (row, column) => !isMarking && take(i, row, column),
    }),
  );
  let isMarking = false;
  const readOut = make('output');
  const maps = createDirections('resizeTable-likeness');
  const root = make(
    'div',
    {},
    make(
      'div',
      { className: 'held-patch' },
      ...heats.map((heat, i) =>
        make('figure', {}, heat.root, make('figcaption', {}, titles[i].words, make('br'), titles[i].facts)),
      ),
    ),
    make('p', { className: 'caption held-words' }, readOut),
  );

  /** @param {'mode' | 'antialias' | 'alignCorners'} name @param {string} title @param {[string, string][]} choices */
  const choice = (name, title, choices) => {
    const made = segments({
      name: title,
      choices,
      value: String(METHOD[name]),
      change: (value) => change({ [name]: name === 'mode' ? value : value === 'true' }),
    });
    return { name, made, root: control(title, made) };
  };
  /** @type {[string, string][]} */
  const yesOrNo = [
    ['true', 'yes'],
    ['false', 'no'],
  ];
  const choices = [
    choice('mode', 'Mode', [
      ['bicubic', 'bicubic'],
      ['bilinear', 'bilinear'],
    ]),
    choice('antialias', 'Antialias', yesOrNo),
    choice('alignCorners', 'Corners stay corners', yesOrNo),
  ];
  const presets = segments({
    name: 'As in',
    choices: PRESETS,
    value: '',
    change: (preset) => change(methodOf(preset)),
  });
  presets.classList.add('several');
  const side = range({
    name: 'Patches a side',
    min: 4,
    max: 74,
    value: OPTIONS.to,
    change: (to) => change({ to }),
  });
  const offset = range({
    name: 'Offset',
    min: 0,
    max: 1,
    step: 0.1,
    value: 0,
    change: (scaleOffset) => change({ scaleOffset }),
  });

  /** Where the held patch stands in a grid. @param {{ rows: number, columns: number }} grid */
  const placeOf = ({ rows, columns }) => ({
    row: within(Math.floor(y * rows), rows),
    column: within(Math.floor(x * columns), columns),
  });

  /** @param {number} which grid @param {number} row @param {number} column */
  function take(which, row, column) {
    const { rows, columns } = grids[which];
    [y, x] = [(row + 0.5) / rows, (column + 0.5) / columns];
    draw();
    const after = placeOf(grids[1]);
    hold(after.row * grids[1].columns + after.column);
  }

  function draw() {
    isMarking = true;
    const told = grids.map((grid, i) => {
      const { rows, columns, table } = grid;
      const { row, column } = placeOf(grid);
      const cosines = likenessOf(table, row * columns + column);
      const { range: colours, map } = scaleFrom(-1);
      heats[i].show(
        { data: cosines, rows, columns, names: { row: 'row', column: 'column' }, range: colours },
        map,
      );
      heats[i].setMark(row, column);
      titles[i].words.textContent = `${titles[i].title}: ${rows} × ${columns} patches`;
      const [below, word] = row + 1 < rows ? [row + 1, 'below'] : [row - 1, 'above'];
      titles[i].facts.textContent =
        `Cosine to the patch ${word} ${shown(cosines[below * columns + column], 4)}.`;
      if (i) maps.keep(cosines, rows);
      return `row ${row}, column ${column}`;
    });
    readOut.textContent = `Held: ${told[1]} of the stretched table, ${told[0]} of the learned one`;
    isMarking = false;
  }

  return {
    root,
    beside: maps.root,
    controls: make('div', {}, control('As in', presets), side, ...choices.map((one) => one.root), offset),
    own: ['to', 'preset', 'mode', 'antialias', 'alignCorners', 'scaleOffset'],
    showsLikeness: true,
    draw() {
      for (const heat of heats) heat.draw();
      maps.draw();
    },
    /** @param {number} at */
    mark(at) {
      const { columns } = grids[1];
      const held = placeOf(grids[1]);
      if (held.row * columns + held.column !== at) take(1, Math.floor(at / columns), at % columns);
    },
    show(options, results) {
      const { o } = readOptions('resizeTable', options);
      const method = methodOf(undefined, o);
      for (const { name, made } of choices) made.set(String(method[name]));
      presets.set(
        PRESETS.find(([preset]) =>
          Object.entries(methodOf(preset)).every(([key, value]) => method[key] === value),
        )?.[0] ?? '',
      );
      offset.set(method.scaleOffset);
      const [[fromRows, fromColumns], [rows, columns]] = [o.from, o.to];
      side.set(rows);
      const after = /** @type {Tensor} */ (results.get(''));
      grids = [
        { table: options.table, rows: fromRows, columns: fromColumns },
        { table: after, rows, columns },
      ];
      maps.show(after, rows, columns);
      draw();
      const held = placeOf(grids[1]);
      hold(held.row * columns + held.column);
    },
  };
}

/** How a preset of the library resamples. @param {string} [preset] @param {Record<string, any>} [values] instead of a preset's @returns {Record<string, any>} */
function methodOf(preset, values) {
  const { mode, antialias, alignCorners, scaleOffset } =
    values ?? readOptions('resizeTable', { table: OPTIONS.table, to: OPTIONS.to, preset }).o;
  return { mode, antialias, alignCorners, scaleOffset };
}
