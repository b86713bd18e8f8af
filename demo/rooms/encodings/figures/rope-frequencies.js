/** *Stretched clocks*: how fast each pair turns, as trained and as three rules slow it for longer texts. */
import { control, range, segments } from '../../../parts/controls.js';
import { addStyle, make } from '../../../parts/dom.js';
import { told } from '../../../parts/heat.js';
import { createPlot } from '../../../parts/plot.js';
import css from './rope.css';
import { STARTS } from './starts.js';

/** @import { Figure, Given } from './index.js' */

export const OPTIONS = STARTS.ropeFrequencies;
export const NUMBERS = {
  rows: 'row',
  columns: 'pair',
  about: 'The frequencies in radians a token, the fastest first, as the chosen rule has them.',
};

/** @type {[string, string][]} */
const RULES = [
  ['', 'trained'],
  ['linear', 'linear'],
  ['yarn', 'YaRN'],
  ['llama3', 'Llama 3'],
];
const START = { factor: 8, length: 2048 };

/** @param {Given} given @returns {Figure} */
export function create({ core, hold, change, params, keep }) {
  addStyle(css);
  let rule = RULES.find(([key]) => key === params.get('rule'))?.[0] ?? '';
  let factor = Number(params.get('factor')) || START.factor;
  let length = Number(params.get('trained')) || START.length;
  let at = 20;
  /** @type {{ name: string, values: number[] }[]} */
  let series = [];

  const plot = createPlot({
    ...{ label: 'Frequency by pair', x: 'pair', y: 'radians a token', log: true, height: 400 },
    onMark: (pair) => {
      at = pair;
      tell();
      hold(0, at);
    },
  });
  const readOut = make('output');
  const root = make(
    'figure',
    {},
    plot.root,
    make(
      'figcaption',
      {},
      make('b', {}, readOut),
      make('br'),
      'Linear slows all alike, and so blurs near places. YaRN and Llama 3 leave the fast clocks as they are: those have gone round often in the texts of training.',
    ),
  );
  const choice = segments({ name: 'The numbers', choices: RULES, value: rule, change: (to) => set({ to }) });
  choice.classList.add('tight');
  const controls = make(
    'div',
    {},
    control('The numbers', choice),
    range({ name: 'Times longer', min: 1, max: 32, value: factor, change: (by) => set({ by }) }),
    range({
      ...{ name: 'Trained on tokens', min: 256, max: 131072, value: length, log: true },
      change: (tokens) => set({ tokens }),
    }),
  );

  /** @param {string} type @returns {Record<string, any> | undefined} */
  function scalingOf(type) {
    if (!type) return undefined;
    if (type === 'linear') return { type, factor };
    const more = type === 'llama3' ? { lowFactor: 1, highFactor: 4 } : {};
    return { type, factor, originalLength: length, ...more };
  }
  /** @param {{ to?: string, by?: number, tokens?: number }} wanted */
  function set({ to = rule, by = factor, tokens = length }) {
    [rule, factor, length] = [to, by, tokens];
    keep('rule', rule || undefined);
    keep('factor', factor === START.factor ? undefined : String(factor));
    keep('trained', length === START.length ? undefined : String(length));
    change({ scaling: scalingOf(rule) });
  }

  function tell() {
    const around = (/** @type {number} */ speed) => told(Math.round((2 * Math.PI) / speed));
    readOut.textContent = `Pair ${at} goes round once in ${series.map(({ name, values }) => `${around(values[at])} tokens ${name}`).join(', ')}`;
    plot.mark(at, readOut.textContent);
  }

  let isFirst = true;
  return {
    root,
    controls,
    own: ['scaling'],
    /** @param {number} _ @param {number} [column] */
    mark(_, column = at) {
      at = column;
      tell();
    },
    show({ dim, base }) {
      series = RULES.map(([type, name]) => ({
        name: type ? name : 'as trained',
        values: Array.from(
          core.ropeFrequencies(/** @type {any} */ ({ dim, base, scaling: scalingOf(type) })).frequencies.data,
          Number,
        ),
      }));
      at = Math.min(at, dim / 2 - 1);
      plot.show({ series, mark: at });
      tell();
      hold(0, at);
      // What the address says of the rule.
      if (isFirst && rule) set({});
      isFirst = false;
    },
  };
}
