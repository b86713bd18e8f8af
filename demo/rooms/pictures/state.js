/** What is held and shown, and the same in the address: `#pictures?row=11&column=6&view=like&layer=12…`. */
import { START } from './baked.js';

/**
 * @typedef {'like' | 'looks' | 'colours'} View
 * @typedef {object} State
 * @property {number} row of the held patch
 * @property {number} column
 * @property {View} view
 * @property {number} layer of likeness and colours, from 1
 * @property {number} look the layer whose look is shown; 0: rollout
 * @property {number} head of it; 0: the mean of all
 * @property {[number, number]} open layer and head that are open among all
 * @property {boolean} isBare the paper is lifted
 * @typedef {import('./reading.js').Facts} Facts
 */

const VIEWS = /** @type {const} */ (['like', 'looks', 'colours']);

/** @param {Facts} facts @param {boolean} isSample @returns {State} */
export function startOf({ rows, columns, layers, heads }, isSample) {
  const open = isSample ? START.open.split('-').map(Number) : [Math.ceil(layers / 2), Math.min(heads, 1)];
  return {
    row: isSample ? START.row : Math.floor(rows / 2),
    column: isSample ? START.column : Math.floor(columns / 2),
    view: 'like',
    layer: layers,
    look: isSample ? START.look : Math.ceil((2 * layers) / 3),
    head: 0,
    open: [open[0], open[1]],
    isBare: false,
  };
}

/** @param {URLSearchParams} params @param {Facts} facts @param {State} start what stands for all that is missing or impossible */
export function stateOf(params, { rows, columns, layers, heads }, start) {
  const number = (
    /** @type {string} */ key,
    /** @type {number} */ least,
    /** @type {number} */ most,
    /** @type {number} */ usual,
  ) => {
    const text = params.get(key);
    const value = Number(text);
    return text && Number.isInteger(value) && value >= least && value <= most ? value : usual;
  };
  const open =
    /^(\d+)-(\d+)$/
      .exec(params.get('open') ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  const isOpen = open[0] >= 1 && open[0] <= layers && open[1] >= 1 && open[1] <= heads;
  return /** @type {State} */ ({
    row: number('row', 0, rows - 1, start.row),
    column: number('column', 0, columns - 1, start.column),
    view: VIEWS.find((view) => view === params.get('view')) ?? start.view,
    layer: number('layer', 1, layers, start.layer),
    look: params.get('look') === 'rollout' ? 0 : number('look', 1, layers, start.look),
    head: number('head', 1, heads, start.head),
    open: isOpen ? [open[0], open[1]] : start.open,
    isBare: params.get('paper') === 'off',
  });
}

/** @param {State} state @returns {Record<string, string | number | null>} */
export const paramsOf = ({ row, column, view, layer, look, head, open, isBare }) => ({
  ...{ row, column, view, layer },
  look: look || 'rollout',
  head: head || null,
  open: open.join('-'),
  paper: isBare ? 'off' : null,
});
