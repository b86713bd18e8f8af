/** Works alone: 32 numbers fan out to 64, the negative fall silent, and back; then six scores and the answer. */
import { Tensor } from '../../../../bindings/tensor.js';
import { make } from '../../../parts/dom.js';
import { apartText } from '../figure.js';
import { apartOf, rowOf } from '../pair.js';
import { colourOf } from '../roles.js';
import { LAYERS } from '../steps.js';
import { barRow, legend, numberSlider, two } from './bars.js';
import { products } from './products.js';
import { both, mostDifferent, pairText, ROLES } from './view.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {number} layer @returns {import('./view.js').Opening} */
export function alone(view, layer) {
  const { word, twins } = view;
  const into = both(view, ({ trace }) => trace.layers[layer].attention_norm);
  const inner = both(view, ({ trace }) => trace.layers[layer].activated);
  const out = both(view, ({ trace }) => trace.layers[layer].output);
  const [width, inside] = [into.a.length, inner.a.length];
  const apart = (/** @type {{ a: number[], b: number[] }} */ { a, b }) => apartText(apartOf(a, b));
  let slider = /** @type {ReturnType<typeof numberSlider> | undefined} */ (undefined);
  const middle = barRow(
    { name: `${inside} in between`, note: 'the negative muted', ...inner, apart: apart(inner) },
    (k) => slider?.set(k),
  );
  const text = pairText(view, inner.a, inner.b, two);
  const tag = make('span', { className: 'tag' });
  middle.querySelector('.bars')?.append(tag);
  const placeTag = (/** @type {number} */ k) => {
    tag.textContent = text(k);
    const share = (k + 1) / inside;
    tag.classList.toggle('left', share > 0.6);
    tag.style.left = share > 0.6 ? `${(100 * k) / inside}%` : `${100 * share}%`;
  };
  const held = mostDifferent(inner.a, inner.b);
  slider = numberSlider({
    label: `Which of the ${inside} numbers in between`,
    rows: [middle],
    children: [
      barRow({
        name: make('span', { className: 'serif' }, word),
        note: 'with what it took home',
        ...into,
        apart: apart(into),
      }),
      middle,
      barRow({ name: `${width} on`, note: 'added, evened out', ...out, apart: apart(out) }),
    ],
    count: inside,
    value: held,
    isQuiet: true,
    text,
    change: (k) => {
      placeTag(k);
      view.say(text(k));
    },
  });
  placeTag(held);
  const isLast = layer === LAYERS - 1;
  const differ = Math.abs(inner.a[held] - inner.b[held]) > 0.05;
  return {
    crumbs: [[`Works alone, layer ${layer + 1} of ${LAYERS}`, null]],
    title: [make('mark', {}, word), ' works alone'],
    caption: [
      `No other word is asked now. ${width} numbers fan out to ${inside}, the negative fall silent (GELU), the rest is added back. ${differ ? (twins.agree ? 'In the two sentences, some of them speak differently.' : `As ${twins.a} and as ${twins.b}, different ones speak.`) : 'In both sentences, the same ones speak.'}`,
    ],
    body: [slider.root, legend(view), ...(isLast ? [answerSection(view)] : [])],
    blind: isLast ? undefined : 'one word, one fan: the two sentences make the same 64 numbers.',
    key: slider.key,
    focus: slider.root,
    save: {
      name: `alone-${layer + 1}-${word}`,
      caption: `“${word}” between the two products of the feed-forward network, layer ${layer + 1}`,
      tensor: () => new Tensor('float32', Float32Array.from([...inner.a, ...inner.b]), [2, inside]),
      labels: () => ({ rows: [twins.aName, twins.bName], columns: inner.a.map((_, k) => `number ${k + 1}`) }),
    },
  };
}

/** Six scores as shares, of both sentences and of the network that is not told. @param {View} view */
function answerTable({ pair, token, twin, twins }) {
  const columns = [
    {
      name: twins.aName,
      role: twins.a,
      scores: pair.told.a.scores[token],
      shares: pair.told.a.shares[token],
    },
    { name: twins.bName, role: twins.b, scores: pair.told.b.scores[twin], shares: pair.told.b.shares[twin] },
    {
      name: 'not told, both',
      role: 'none',
      scores: pair.blind.a.scores[token],
      shares: pair.blind.a.shares[token],
    },
  ];
  const coloured = (/** @type {HTMLElement} */ element, /** @type {string} */ role) => {
    element.style.color = colourOf(role);
    return element;
  };
  const order = ['who', 'did', 'whom', 'where', 'when', 'none'];
  const head = make(
    'tr',
    {},
    make('td'),
    ...columns.map(({ name, role }) => coloured(make('th', { scope: 'col' }, name), role)),
  );
  const rows = order.map((role) => {
    const k = ROLES.indexOf(/** @type {any} */ (role));
    return make(
      'tr',
      {},
      coloured(make('th', { scope: 'row' }, role), role),
      ...columns.map(({ scores, shares }) => {
        const bar = coloured(make('i', { className: 'share-bar' }), role);
        bar.style.width = `${(100 * shares[k] * 0.55).toFixed(2)}%`;
        const percent = make(
          'span',
          { className: shares[k] > 0.3 ? 'percent strong' : 'percent' },
          `${Math.round(100 * shares[k])} %`,
        );
        return make(
          'td',
          {},
          make(
            'div',
            { className: 'answer-cell' },
            bar,
            percent,
            make('span', { className: 'score' }, two(scores[k])),
          ),
        );
      }),
    );
  });
  return make(
    'table',
    { className: 'answers' },
    make('caption', { className: 'hidden' }, 'Shares and scores of the six roles'),
    make('thead', {}, head),
    make('tbody', {}, ...rows),
  );
}

/** @param {View} view */
function answerSection(view) {
  const { pair, token } = view;
  const sorted = [...pair.blind.a.shares[token]].sort((a, b) => b - a);
  const blind = sorted[0] < 0.8 ? ' Not told, it can only halve.' : '';
  return make(
    'section',
    { className: 'rule' },
    make(
      'div',
      { className: 'head' },
      make('h2', {}, 'And answers'),
      make('p', {}, `Six scores, 32 multiplications each; softmax makes them shares.${blind}`),
    ),
    answerTable(view),
  );
}

/** The answer, and the products that its score is added up from. @param {View} view @returns {Promise<import('./view.js').Opening>} */
export async function answers(view) {
  const { pair, word, token, twin, twins } = view;
  const last = LAYERS - 1;
  const out = both(view, ({ trace }) => trace.layers[last].output);
  const role = ROLES.indexOf(/** @type {any} */ (twins.a));
  const [weights, bias] = await Promise.all([
    view.weight('classifier.weight', [role, role + 1]),
    view.weight('classifier.bias', [role, role + 1]),
  ]);
  const scores = { a: pair.told.a.scores[token][role], b: pair.told.b.scores[twin][role] };
  const part = products(view, {
    name: `${word}, at the end`,
    x: out,
    weights: rowOf(weights, 0),
    bias: Number(bias.data[0]),
    totals: [scores.a, scores.b],
    row: `× the row of “${twins.a}”`,
  });
  const table = [pair.told.a.scores[token], pair.told.b.scores[twin], pair.blind.a.scores[token]];
  const section = make(
    'section',
    { className: 'rule' },
    make(
      'div',
      { className: 'head' },
      make(
        'h2',
        {},
        twins.agree
          ? `And the ${two(scores.a)}?`
          : `Is it ${twins.a}? ${two(scores.a)}, and ${two(scores.b)}`,
      ),
      make('p', {}, 'Thirty-two multiplications each, by the same row of weights, and one number added.'),
    ),
    part.root,
    legend(view),
  );
  return {
    crumbs: [['Answers', null]],
    title: [make('mark', {}, word), ' answers'],
    caption: [
      twins.agree
        ? `They parted, and still agree: ${twins.a}. Six scores, and the largest wins.`
        : `The same word: ${twins.a} in the first sentence, ${twins.b} in the second. Six scores, and the largest wins.`,
    ],
    body: [answerTable(view), section],
    key: part.key,
    focus: part.root,
    save: {
      name: `answers-${word}`,
      caption: `Scores of “${word}” in both sentences, and where it is not told`,
      tensor: () => new Tensor('float32', Float32Array.from(table.flat()), [3, ROLES.length]),
      labels: () => ({ rows: [twins.aName, twins.bName, 'not told'], columns: [...ROLES] }),
    },
  };
}
