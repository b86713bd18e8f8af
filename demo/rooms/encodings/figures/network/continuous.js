/** SwinV2's computed bias, step by step at a held offset: a log axis, a network, a sigmoid, and all heads' maps of all offsets. */
import { Tensor } from '../../../../../bindings/tensor.js';
import { readOptions } from '../../../../code/inputs.js';
import { addStyle, make } from '../../../../parts/dom.js';
import { scaleOf, told } from '../../../../parts/heat.js';
import fanCss from '../fan/fan.css';
import headsCss from '../heads/heads.css';
import { createMap } from '../heads/map.js';
import { byOffset, tasteOf, valuesOf } from '../heads/shown.js';
import { NUMBERS as WORDS } from '../numbers.js';
import { createBar } from '../shared/bar.js';
import { createHeads, headColours } from '../shared/heads.js';
import { STARTS } from '../starts.js';
import { createLattice } from './lattice.js';
import { createNet } from './net.js';
import css from './network.css';
import { axesOf, coordinateOptions, pairOf, signed } from './scales.js';
import { createSquash } from './squash.js';

export const OPTIONS = STARTS.continuousBias;
export const NUMBERS = WORDS.continuousBias;

/** Numbers of all hidden units for all pairs that are computed at once. */
const MOST = 1 << 23;
const ABOUT =
  'An offset, query minus key, becomes two numbers on a log axis; a small network answers with a number a head; a sigmoid keeps it in bounds. Hold an offset and follow it. The weights are noise, not learned.';
/** What the steps are called. @param {boolean} isSmall @param {number} gain */
const stepsOf = (isSmall, gain) => [
  '1 The offset, on a log axis',
  isSmall ? '2 A small network' : '2 A network on too many pairs to be shown',
  gain ? '3 A sigmoid' : '3 No sigmoid',
];

/** @param {number} size */
const identity = (size) =>
  new Tensor(
    'float32',
    Float32Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0)),
    [size, size],
  );

/** @type {import('../index.js').Module['create']} */
export function create({ core, page, params, hold, keep }) {
  for (const sheet of [headsCss, fanCss, css]) addStyle(sheet);
  const asked = params.get('offset')?.split(',').map(Number) ?? [];
  let held = { down: asked[0] ?? -2, across: asked[1] ?? 3 };
  let chosen = Number(params.get('head') ?? 0) || 0;
  let window = [1, 1];
  /** @type {{ down: number[], across: number[] }} */
  let axes = { down: [0], across: [0] };
  /** Of all offsets, query minus key: by head, or by hidden unit. @type {{ answers: number[][], biases: number[][], hidden: number[][], weights: number[][] }} */
  let all = { answers: [], biases: [], hidden: [], weights: [] };
  const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
  const lattice = createLattice((row, column) => take(row - window[0] + 1, column - window[1] + 1));
  const [net, squash, bar] = [createNet(), createSquash(), createBar()];
  const steps = [lattice.root, net.root, squash.root];
  const names = steps.map(() => make('b'));
  const maps = make('div', { className: 'taste-maps' });
  /** @type {ReturnType<typeof createMap>[]} */
  let mapOf = [];
  const heads = createHeads((head) => {
    chosen = head;
    keep('head', String(head));
    draw();
    page.say(readOut.textContent ?? '');
    goBelow();
  });

  /** @param {number} down @param {number} across */
  function take(down, across) {
    held = { down, across };
    keep('offset', `${down},${across}`);
    draw();
    page.say(readOut.textContent ?? '');
    goBelow();
  }
  /** A query that has this offset from a key. */
  const goBelow = () =>
    hold(Math.max(held.down, 0) * window[1] + Math.max(held.across, 0), undefined, chosen);
  const placeOf = () => ({ row: held.down + window[0] - 1, column: held.across + window[1] - 1 });

  /** @param {Tensor} table [planes, N, N] @returns {number[][]} by plane: a value for each offset, query minus key */
  function planesOf(table) {
    const taste = tasteOf(table, /** @type {[number, number]} */ (window));
    const of = (/** @type {number} */ head, /** @type {number} */ query) => valuesOf(taste, head, query);
    return Array.from({ length: taste.heads }, (_, head) =>
      Array.from(byOffset(taste, head, of).data).reverse(),
    );
  }

  /** @param {number} head */
  const oneOf = (head) =>
    createMap({
      grid: () => ({ rows: 2 * window[0] - 1, columns: 2 * window[1] - 1 }),
      at: placeOf,
      hold: (row, column) => take(row - window[0] + 1, column - window[1] + 1),
      placeOf(down, across) {
        const [row, column] = [down, across].map((share, axis) =>
          Math.min(Math.max(Math.floor(share * (2 * window[axis] - 1)), 0), 2 * window[axis] - 2),
        );
        return { row, column };
      },
      choose() {
        chosen = head;
        keep('head', String(head));
        draw();
      },
    });

  function draw() {
    if (!all.biases.length) return;
    const [rows, columns] = [2 * window[0] - 1, 2 * window[1] - 1];
    const at = placeOf();
    const i = at.row * columns + at.column;
    const colours = headColours(all.biases.length);
    const where = `${signed(held.down)} rows, ${signed(held.across)} columns`;
    lattice.show({ ...axes, held: at, label: `Offset on a log axis, ${where}` });
    const outputs = all.answers.map((plane) => plane[i]);
    const inputs = [axes.down[at.row], axes.across[at.column]];
    net.root.toggleAttribute('hidden', !all.hidden.length);
    if (all.hidden.length)
      net.show({
        ...{ inputs, outputs, chosen },
        hidden: all.hidden.map((plane) => plane[i]),
        weights: all.weights[chosen],
      });
    squash.show(
      all.answers.flatMap((plane, head) =>
        plane.map((answer, k) => /** @type {[number, number]} */ ([answer, all.biases[head][k]])),
      ),
      outputs.map((answer, head) => /** @type {[number, number]} */ ([answer, all.biases[head][i]])),
      colours,
      chosen,
    );
    const scale = scaleOf(all.biases.flat());
    mapOf.forEach((map, head) => {
      map.show(
        {
          ...{ data: all.biases[head], rows, columns, mark: { ...at, rows: 1, columns: 1 } },
          ...{ range: [scale.low, scale.high], map: scale.map },
          label: `Head ${head + 1} by offset, ${where}`,
        },
        head === chosen,
      );
    });
    bar.show([scale.low, scale.high], scale.map);
    heads.show(
      colours.map((colour, head) => ({ colour, told: told(all.biases[head][i]) })),
      chosen,
    );
    readOut.textContent = `${where} · told as ${told(inputs[0])} and ${told(inputs[1])} · head ${chosen + 1}: the network says ${told(outputs[chosen])}, the bias is ${told(all.biases[chosen][i])}`;
  }

  let isFirst = true;
  return {
    root: make(
      'figure',
      { className: 'network' },
      make('p', {}, ABOUT),
      make('ol', { className: 'network-steps' }, ...steps.map((step, i) => make('li', {}, names[i], step))),
      readOut,
      heads.root,
      maps,
      make(
        'div',
        { className: 'heat-below' },
        make('span', { className: 'caption' }, 'all heads by offset'),
        bar.root,
      ),
    ),
    show(options, results) {
      const table = results.get('');
      if (!table) return;
      window = pairOf(options.window);
      axes = axesOf(core.logCoordinates(/** @type {any} */ (coordinateOptions(options))));
      const given = /** @type {any} */ (options);
      const units = given.hiddenWeight.shape[0];
      const isSmall = units * (window[0] * window[1]) ** 2 <= MOST;
      const { gain } = readOptions('continuousBias', options).o;
      stepsOf(isSmall, gain).forEach((name, i) => {
        names[i].textContent = name;
      });
      // A head for each hidden unit that takes only this one: what comes out are the units themselves.
      const bare = { ...given, gain: 0, outputBias: undefined, outputWeight: identity(units) };
      const count = table.shape[0];
      all = {
        biases: planesOf(table),
        answers: planesOf(core.continuousBias({ ...given, gain: 0 })),
        hidden: isSmall ? planesOf(core.continuousBias(bare)) : [],
        weights: Array.from({ length: count }, (_, head) =>
          Array.from(given.outputWeight.data.slice(head * units, (head + 1) * units), Number),
        ),
      };
      held = {
        down: Math.min(Math.max(held.down, 1 - window[0]), window[0] - 1),
        across: Math.min(Math.max(held.across, 1 - window[1]), window[1] - 1),
      };
      chosen = Math.min(chosen, count - 1);
      if (mapOf.length !== count) {
        mapOf = Array.from({ length: count }, (_, head) => oneOf(head));
        maps.replaceChildren(
          ...mapOf.map(({ root }, head) =>
            make(
              'div',
              { className: 'taste-head' },
              root,
              make('p', { className: 'caption' }, `head ${head + 1}`),
            ),
          ),
        );
      }
      draw();
      if (isFirst) goBelow();
      isFirst = false;
    },
    draw,
  };
}
