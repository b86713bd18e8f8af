/** One multiplication: a number of the question times the same number of a key, beside that of the sentence turned round. */
import { Tensor } from '../../../../bindings/tensor.js';
import { make, svg } from '../../../parts/dom.js';
import { rowOf } from '../pair.js';
import { LAYERS } from '../steps.js';
import { legend, two } from './bars.js';
import { headOf, keyOf } from './head.js';
import { products } from './products.js';
import { both } from './view.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {number} layer @param {number} head @param {number} place of the key @param {number} number @returns {Promise<import('./view.js').Opening>} */
export async function product(view, layer, head, place, number) {
  const { pair, word, twins } = view;
  const { a, b, blind } = headOf(view, layer, head);
  const size = a.query.length;
  const first = pair.told.a.words;
  const second = pair.told.b.words;
  const step = `asks-${layer + 1}`;
  const name = `bert.encoder.layer.${layer}.attention.self.query`;
  const at = head * size + number;
  const [weights, bias] = await Promise.all([
    view.weight(`${name}.weight`, [at, at + 1]),
    view.weight(`${name}.bias`, [at, at + 1]),
  ]);
  const x = both(view, ({ trace }) => (layer ? trace.layers[layer - 1].output : trace.embeddings.output));
  const [qa, qb, ka, kb] = [a.query[number], b.query[number], a.keys[place][number], b.keys[place][number]];
  const [blindQ, blindK] = [blind.a.query[number], blind.a.keys[place][number]];
  const formula = (
    /** @type {number} */ q,
    /** @type {number} */ k,
    /** @type {string} */ kind,
    /** @type {boolean} */ isMain,
  ) =>
    make(
      'p',
      { className: `formula ${kind}` },
      two(q),
      make('i', {}, '×'),
      two(k),
      make('i', {}, '='),
      isMain ? make('mark', {}, two(q * k)) : two(q * k),
    );
  const go = (/** @type {number} */ to) =>
    view.go([step, `head-${head + 1}`, keyOf(first, place), String(Math.min(Math.max(to, 0), size - 1) + 1)]);
  const part = products(view, {
    name: `${word}, as it is now`,
    x,
    weights: rowOf(weights, 0),
    bias: Number(bias.data[0]),
    totals: [qa, qb],
  });
  const sameWord = first[place] === second[place];
  const figure = make(
    'div',
    {
      className: 'product',
      role: 'slider',
      tabIndex: 0,
      'aria-label': `Which of the ${size} products`,
      'aria-valuemin': 1,
      'aria-valuemax': size,
      'aria-valuenow': number + 1,
      'aria-valuetext': `number ${number + 1}: ${two(qa)} × ${two(ka)} = ${two(qa * ka)} ${twins.aName}; ${two(qb)} × ${two(kb)} = ${two(qb * kb)} ${twins.bName}`,
    },
    rectangles(view, a, place, number, 'a', go),
    rectangles(view, b, place, number, 'b', go),
  );
  const sentence = (/** @type {readonly string[]} */ words) =>
    make('span', { className: 'serif' }, words.slice(1, -1).join(' '));
  const keyed = (/** @type {number} */ index) =>
    index === 0 ? 'the start' : index === first.length - 1 ? 'the end' : '';
  const keyName =
    keyed(place) ||
    make('span', {}, nth(first, place), make('span', { className: 'serif ink' }, first[place]));
  return {
    crumbs: [
      [`${layer ? 'Asks again' : 'Asks the others'}, layer ${layer + 1} of ${LAYERS}`, [step]],
      [`head ${head + 1} of ${pair.told.a.trace.layers[layer].query.shape[0]}`, [step, `head-${head + 1}`]],
      [`${word} · ${first[place]}`, null],
    ],
    title: ['One multiplication'],
    caption: [
      `Number ${number + 1} of ${size}: the question of `,
      make('mark', { className: 'serif' }, word),
      ' times the key of ',
      keyName,
      '. ',
      ...(sameWord ? [] : [`Turned round, “${second[place]}” stands in that place. `]),
      whatChanged(qa, qb, ka, kb),
    ],
    body: [
      make(
        'div',
        { className: 'formulas' },
        make('div', {}, make('small', {}, `${twins.aName}: `, sentence(first)), formula(qa, ka, 'a', true)),
        make('div', {}, make('small', {}, `${twins.bName}: `, sentence(second)), formula(qb, kb, 'b', false)),
        make(
          'div',
          {},
          make('small', {}, 'not told: the same in both'),
          formula(blindQ, blindK, 'none', false),
        ),
      ),
      figure,
      make(
        'p',
        { className: 'caption' },
        'Wide as the question, high as the key: the area is the product. What stands above the line draws its look, what hangs below turns it away.',
      ),
      make(
        'section',
        { className: 'rule' },
        make(
          'div',
          { className: 'head' },
          make('h2', {}, `And the ${two(qa)}, and the ${two(qb)}?`),
          make(
            'p',
            {},
            `Thirty-two multiplications each. The weights are the same for both: ${view.token === view.twin ? 'the difference came from the others.' : 'the difference came with the place.'}`,
          ),
        ),
        part.root,
        legend(view),
      ),
    ],
    key: (event) => {
      if (part.root.contains(/** @type {Node} */ (event.target))) return part.key(event);
      const to = { ArrowLeft: number - 1, ArrowRight: number + 1, Home: 0, End: size - 1 }[event.key];
      if (to === undefined) return false;
      go(to);
      return true;
    },
    focus: figure,
    save: {
      name: `product-${word}-${first[place]}`,
      caption: `The ${size} products of the question of “${word}” and the key of “${first[place]}”, in both sentences`,
      tensor: () =>
        new Tensor(
          'float32',
          Float32Array.from(
            [a, b].flatMap((side) => [
              ...side.query,
              ...side.keys[place],
              ...side.query.map((q, i) => q * side.keys[place][i]),
            ]),
          ),
          [6, size],
        ),
      labels: () => ({
        rows: [twins.aName, twins.bName].flatMap((side) => [
          `question ${side}`,
          `key ${side}`,
          `product ${side}`,
        ]),
        columns: a.query.map((_, i) => `number ${i + 1}`),
      }),
    },
  };
}

/** Which of several like words: "the first ". @param {readonly string[]} words @param {number} place */
function nth(words, place) {
  const places = words.flatMap((word, i) => (word === words[place] ? [i] : []));
  return places.length > 1
    ? `the ${['first', 'second', 'third', 'fourth'][places.indexOf(place)] ?? 'next'} `
    : '';
}

/** @param {number} qa @param {number} qb @param {number} ka @param {number} kb */
function whatChanged(qa, qb, ka, kb) {
  const near = (/** @type {number} */ x, /** @type {number} */ y) =>
    Math.abs(x - y) < 0.12 * Math.max(Math.abs(x), Math.abs(y), 0.2);
  const turned = (/** @type {number} */ x, /** @type {number} */ y) => x * y < 0 && Math.abs(x - y) > 0.1;
  const change = (/** @type {number} */ x, /** @type {number} */ y) =>
    turned(x, y)
      ? 'has changed its sign'
      : Math.abs(y) < Math.abs(x)
        ? 'has become weaker'
        : 'has become stronger';
  const key = near(ka, kb) ? 'The key stays.' : `The key ${change(ka, kb)}.`;
  const question = near(qa, qb)
    ? `The question stays${near(ka, kb) ? ', too' : ''}.`
    : `The question ${change(qa, qb)}.`;
  return `${key} ${question}`;
}

/** Products as areas on a line. @param {View} view @param {ReturnType<typeof headOf>['a']} side @param {number} place @param {number} number @param {'a' | 'b'} kind @param {(number: number) => void} go */
function rectangles({ word, twins }, { query, keys, scores, shares }, place, number, kind, go) {
  const key = keys[place];
  const [gap, width, unit] = innerWidth < 760 ? [5, 400, 56] : [10, 1000, 62];
  const wide = query.reduce((sum, q) => sum + Math.abs(q), 0);
  const scale = Math.min((width - gap * query.length) / wide, 150);
  const values = query.map((q, i) => q * key[i]);
  const highest = Math.max(...key.map(Math.abs));
  const high = Math.min(unit, 96 / highest);
  const up = Math.max(...values.map((value, i) => (value > 0 ? Math.abs(key[i]) : 0))) * high + 20;
  const down = Math.max(...values.map((value, i) => (value < 0 ? Math.abs(key[i]) : 0))) * high + 20;
  const drawing = svg('svg', { viewBox: `0 0 ${width} ${(up + down).toFixed(0)}`, 'aria-hidden': 'true' });
  let x = 0;
  values.forEach((value, i) => {
    const [w, h] = [Math.max(Math.abs(query[i]) * scale, 1.5), Math.max(Math.abs(key[i]) * high, 1)];
    const y = value > 0 ? up - h : up;
    const isHeld = i === number;
    const group = svg('g', { class: isHeld ? 'rectangle held' : 'rectangle' });
    if (isHeld)
      group.append(svg('rect', { x: x - 4, y: 0, width: w + 8, height: up + down, class: 'yellow' }));
    group.append(
      svg('rect', { x: x - gap / 2, y: 0, width: w + gap, height: up + down, fill: 'transparent' }),
    );
    group.append(svg('rect', { x, y, width: w, height: h, rx: 1, class: value > 0 ? 'more' : 'less' }));
    if (w > 30 || isHeld)
      group.append(
        svg('text', { x: x + w / 2, y: value > 0 ? y - 6 : y + h + 15, 'text-anchor': 'middle' }, two(value)),
      );
    group.addEventListener('click', () => go(i));
    drawing.append(group);
    x += w + gap;
  });
  drawing.append(svg('path', { d: `M0 ${up}H${x - gap}`, class: 'base' }));
  const sum = values.reduce((total, value) => total + value, 0);
  return make(
    'div',
    { className: 'product-row' },
    make(
      'div',
      { className: 'bar-name' },
      make('b', { className: `of-${kind}` }, `${word} ${twins[kind === 'a' ? 'aName' : 'bName']}`),
      make('small', {}, `${query.length} products`),
    ),
    make('div', { className: 'bars' }, /** @type {any} */ (drawing)),
    make(
      'div',
      { className: 'product-end' },
      make('small', {}, `${two(sum)} ÷ √${query.length} = ${two(scores[place])}`),
      make('span', { className: `big of-${kind}` }, `${Math.round(100 * shares[place])} %`),
      make('small', {}, 'of its look'),
    ),
  );
}
