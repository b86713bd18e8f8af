/** Vectors turned by the row and the column of their patch: a hand of each on every patch, and how alike the turned vectors are. */
import { Tensor } from '../../../../bindings/tensor.js';
import { readOptions } from '../../../code/inputs.js';
import { control, range, segments } from '../../../parts/controls.js';
import { make, shown } from '../../../parts/dom.js';
import { createArrows } from './arrows.js';
import { createHandRows } from './hand-rows.js';
import { createHeld } from './held.js';
import { createAllMaps, likenessOf } from './likeness.js';
import { within } from './patches.js';
import { turned } from './turned.js';

/**
 * @import { Pair } from './hands.js'
 * @import { Figure, Given } from './index.js'
 */

/** Rows are blue, columns orange. */
const ROLES = ['who', 'whom'];

/**
 * @param {Given} given
 * @param {object} kind
 * @param {'rope2d' | 'ropeSections'} kind.name
 * @param {[string, string][]} [kind.presets] by what people call them; '' is none
 * @returns {Figure}
 */
export function createTurns({ core, page, hold, change, params, keep }, { name, presets = [] }) {
  let [row, column, hand] = [3, 6, Number(params.get('hand')) || 0];
  let [rows, columns] = [1, 1];
  /** Of each patch its pairs, row by row; and its place in the library's table. @type {Pair[][]} */
  let patches = [];
  /** @type {number[]} */
  let tokens = [];
  /** Pairs that turn with the row, and with the column. @type {number[][]} */
  let axes = [[], []];
  let still = 0;
  let table = new Tensor('float32', new Float32Array(2), [1, 2]);
  let least = 0;

  const arrows = createArrows(ROLES);
  const hands = createHandRows(ROLES);
  const held = createHeld({
    ...{ say: page.say, hold: set, over: arrows.root },
    title: 'q · k of the held patch with every other',
    about: 'Only rows and columns between the two count, not where they stand.',
    below: hands.roots,
  });
  const all = createAllMaps({ name: `${name}-likeness`, signal: page.signal, hold: set });
  const side = range({
    ...{ name: 'Patches a side', min: 2, max: 32, value: 10 },
    change: (n) => change({ height: n, width: n }),
  });
  const choice = segments({
    name: 'As in',
    choices: presets,
    value: '',
    change: (preset) => change({ preset: preset || undefined }),
  });
  choice.classList.add('several');
  const slider = make('div');

  function draw() {
    const at = row * columns + column;
    const cosines = likenessOf(table, at);
    const pairs = patches[0].length;
    const [below, word] = row + 1 < rows ? [row + 1, 'below'] : [row - 1, 'above'];
    const [byRow, byColumn] = axes.map((pairsOf) => pairsOf[hand]);
    const turning = [
      ...(byRow === undefined ? [] : [`Blue, pair ${byRow}, turns with the row.`]),
      ...(byColumn === undefined ? [] : [`Orange, pair ${byColumn}, turns with the column.`]),
      ...(still ? [`${still} of ${pairs} pairs turn with time and stand still in a picture.`] : []),
    ];
    held.show({
      ...{ held: { rows, columns, row, column }, cosines, least },
      words: `Patch at row ${row}, column ${column}`,
      more:
        rows > 1
          ? `With the patch ${word} it is ${shown(cosines[below * columns + column], 4)} of its most.`
          : '',
      note: turning.join(' '),
    });
    all.mark({ row, column });
    arrows.show({
      ...{ rows, columns },
      tips: axes.map((pairsOf) =>
        pairsOf[hand] === undefined ? [] : patches.map((patch) => patch[pairsOf[hand]]),
      ),
    });
    hands.show([
      { words: `its row ${row}`, tips: axes[0].map((pair) => patches[at][pair]) },
      { words: `its column ${column}`, tips: axes[1].map((pair) => patches[at][pair]) },
    ]);
  }

  /** @param {number} r @param {number} c @param {boolean} [isTold] false: the page knows it */
  function set(r, c, isTold = true) {
    if (r === row && c === column) return;
    [row, column] = [r, c];
    draw();
    if (isTold) hold(tokens[r * columns + c]);
  }

  let reach = -1;
  function showSlider() {
    const most = Math.max(...axes.map(({ length }) => length)) - 1;
    hand = within(hand, most + 1);
    if (most === reach) return;
    reach = most;
    slider.replaceChildren(
      range({
        ...{ name: 'Hand that is drawn', min: 0, max: Math.max(most, 1), value: hand },
        change: (k) => {
          hand = within(k, most + 1);
          keep('hand', hand ? String(hand) : undefined);
          draw();
        },
      }),
    );
  }

  return {
    root: held.root,
    beside: all.root,
    controls: make('div', {}, ...(presets.length ? [control('As in', choice)] : []), side, slider),
    own: ['height', 'width', 'preset'],
    showsLikeness: true,
    draw() {
      held.draw();
      all.draw();
    },
    /** @param {number} at */
    mark(at) {
      const patch = tokens.indexOf(at);
      if (patch >= 0) set(Math.floor(patch / columns), patch % columns, false);
    },
    show(options, results) {
      const { o } = readOptions(name, options);
      ({ height: rows, width: columns } = o.size);
      side.set(rows);
      choice.set(options.preset ?? '');
      const [cos, sin] = ['cos', 'sin'].map((key) => /** @type {Tensor} */ (results.get(key)));
      const vectors = turned(core, { cos, sin }, o.size.dim, { layout: o.layout, repeat: o.repeat });
      tokens = placesOf(results.get('ids'), rows, columns);
      patches = tokens.map((token) => vectors[token]);
      const pairs = patches[0].map((_, pair) => pair);
      const differ = (/** @type {number} */ pair, /** @type {number} */ other) =>
        other < patches.length && String(patches[other][pair]) !== String(patches[0][pair]);
      axes = [
        pairs.filter((pair) => rows > 1 && differ(pair, columns)),
        pairs.filter((pair) => columns > 1 && differ(pair, 1)),
      ];
      still = pairs.length - new Set(axes.flat()).size;
      table = new Tensor('float32', Float32Array.from(patches.flat(2)), [patches.length, 2 * pairs.length]);
      least = likenessOf(table, 0).reduce((a, b) => Math.min(a, b));
      [row, column] = [within(row, rows), within(column, columns)];
      showSlider();
      all.show(table, { rows, columns, least }).then(() => all.mark({ row, column }));
      draw();
      hold(tokens[row * columns + column]);
    },
  };
}

/** The token of each patch, row by row. @param {Tensor | undefined} ids [tokens, 2] @param {number} rows @param {number} columns */
function placesOf(ids, rows, columns) {
  const places = Array.from({ length: rows * columns }, (_, i) => i);
  if (!ids) return places;
  const found = [...places];
  // Of a film the first picture.
  for (const token of places)
    found[Number(ids.data[2 * token]) * columns + Number(ids.data[2 * token + 1])] = token;
  return found;
}
