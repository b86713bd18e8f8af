/** A query held on a line of tokens, and what each head adds to its scores: the figure of all biases by distance. */
import { segments } from '../../../../parts/controls.js';
import { make } from '../../../../parts/dom.js';
import { told } from '../../../../parts/heat.js';
import { createHeads, headColours } from '../shared/heads.js';
import { percent, softmax } from '../shared/softmax.js';
import { createFanPlot } from './plot.js';

const HOW = 'Drag the yellow token; touch the curves to read them at another.';

/**
 * @typedef {import('../../../../../bindings/tensor.js').Tensor} Tensor
 *
 * @typedef {object} Bias
 * @property {Tensor} table [heads, queries, keys]; one query stands for all
 * @property {number} keys
 * @property {(head: number) => string} [tell] what the heads' buttons say, instead of the value at the key
 * @property {boolean} [hasPlanes] whether the numbers below are these: a plane a head, a row a query
 * @property {(query: number) => (string | undefined)[]} [rulerOf] colours of the keys by their distance
 * @property {() => (string | undefined)[]} [kindsOf] colours of the tokens
 * @property {(query: number, key: number) => string} [add] more of the pair, for the read-out
 *
 * @param {string} about
 * @param {(core: import('../../../../../web/encodings.js').Encodings, options: Record<string, any>, table: Tensor) => Bias} biasOf
 * @param {(given: import('../index.js').Given) => HTMLElement} [control] a further one
 * @returns {import('../index.js').Module['create']}
 */
export const fanOf = (about, biasOf, control) => (given) => {
  const { core, page, params, hold, keep } = given;
  const asked = (/** @type {string} */ name, /** @type {number} */ usual) => {
    const at = Number(params.get(name) ?? Number.NaN);
    return Number.isInteger(at) && at >= 0 ? at : usual;
  };
  let [query, key, chosen] = [asked('query', 20), asked('key', 12), asked('head', 0)];
  let isAfter = params.get('after') === 'softmax';
  /** @type {Bias | undefined} */
  let bias;
  let isFirst = true;
  const readOut = make('output', { className: 'caption', 'aria-live': 'off' });
  const heads = createHeads((head) => {
    chosen = head;
    keep('head', String(head));
    moved();
  });
  const plot = createFanPlot({
    onQuery(at) {
      // The key goes along, so that the distance stays.
      key = Math.min(Math.max(key + at - query, 0), (bias?.keys ?? 1) - 1);
      query = at;
      moved();
    },
    onKey(at) {
      key = at;
      moved();
    },
  });
  const when = segments({
    name: 'Scores or shares',
    choices: [
      ['scores', 'before softmax'],
      ['shares', 'after'],
    ],
    value: isAfter ? 'shares' : 'scores',
    change(value) {
      isAfter = value === 'shares';
      keep('after', isAfter ? 'softmax' : undefined);
      show();
    },
  });

  /** @param {number} head @param {number} from a query */
  function curveOf(head, from) {
    const { table, keys } = /** @type {Bias} */ (bias);
    const queries = table.shape[1];
    const row = head * queries + Math.min(from, queries - 1);
    const scores = Array.from(table.data.subarray(row * keys, (row + 1) * keys), Number);
    return isAfter ? softmax(scores) : scores;
  }

  /** The ends of all values, so that the axis stays while the query moves. @returns {[number, number]} */
  function rangeOf() {
    const { table } = /** @type {Bias} */ (bias);
    let [low, high] = [0, 0];
    for (let head = 0; head < table.shape[0]; head++)
      for (let from = 0; from < table.shape[1]; from++)
        for (const value of curveOf(head, from)) {
          if (!Number.isFinite(value)) continue;
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
    return [low, high > low ? high : low + 1];
  }
  /** @type {[number, number]} */
  let range = [0, 1];

  function moved() {
    keep('query', String(query));
    keep('key', String(key));
    draw();
    page.say(readOut.textContent ?? '');
    goBelow();
  }
  function goBelow() {
    if (bias?.hasPlanes) hold(Math.min(query, bias.table.shape[1] - 1), undefined, chosen);
  }

  function show() {
    if (!bias) return;
    range = rangeOf();
    draw();
  }
  function draw() {
    if (!bias) return;
    const count = bias.table.shape[0];
    const colours = headColours(count);
    const curves = colours.map((_, head) => curveOf(head, query));
    const tell = (/** @type {number} */ value) => (isAfter ? percent(value) : told(value));
    const here = bias;
    heads.show(
      colours.map((colour, head) => ({ colour, told: here.tell?.(head) ?? tell(curves[head][key]) })),
      chosen,
    );
    const value = tell(curves[chosen][key]);
    const far = Math.abs(key - query);
    const where = far === 0 ? 'the query itself' : `${far} ${key < query ? 'before' : 'after'}`;
    const more = bias.add ? ` · ${bias.add(query, key)}` : '';
    readOut.textContent = `query ${query} · key ${key}, ${where}${more} · head ${chosen + 1}: ${value}${isAfter ? ' of the look' : ''}`;
    plot.show({
      ...{ curves, query, key, chosen, range, colours, told: `head ${chosen + 1}, ${value}` },
      y: isAfter ? 'share of a look at equal words' : 'added to the score',
      ruler: bias.rulerOf?.(query),
      kinds: bias.kindsOf?.(),
    });
  }

  return {
    root: make(
      'figure',
      { className: 'fan' },
      make(
        'div',
        { className: 'fan-top' },
        make('p', {}, `${about} ${HOW}`),
        ...(control ? [control(given)] : []),
        when,
      ),
      plot.root,
      readOut,
      heads.root,
    ),
    show(options, results) {
      const table = results.get('');
      if (!table) return;
      bias = biasOf(core, options, table);
      query = Math.min(query, bias.keys - 1);
      key = Math.min(key, bias.keys - 1);
      chosen = Math.min(chosen, bias.table.shape[0] - 1);
      show();
      if (isFirst) goBelow();
      isFirst = false;
    },
    mark(row) {
      if (!bias?.hasPlanes || bias.table.shape[1] < 2 || row === query) return;
      query = row;
      keep('query', String(query));
      draw();
    },
    draw,
  };
};
