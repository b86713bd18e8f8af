/** The word, its place, and their sum. */
import { Tensor } from '../../../../bindings/tensor.js';
import { make, svg } from '../../../parts/dom.js';
import { apartText } from '../figure.js';
import { apartOf } from '../pair.js';
import { barRow, legend, numberSlider, two } from './bars.js';
import { both, mostDifferent } from './view.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @returns {import('./view.js').Opening} */
export function place(view) {
  const { word, token, twin, twins } = view;
  const rows = {
    word: both(view, ({ trace }) => trace.embeddings.word),
    place: both(view, ({ trace }) => trace.embeddings.position),
    sum: both(view, ({ trace }) => trace.embeddings.sum),
    norm: both(view, ({ trace }) => trace.embeddings.output),
  };
  const apart = Object.fromEntries(
    Object.entries(rows).map(([key, { a, b }]) => [key, apartText(apartOf(a, b))]),
  );
  const width = rows.word.a.length;
  let slider = /** @type {ReturnType<typeof numberSlider> | undefined} */ (undefined);
  const slide = (/** @type {number} */ k) => slider?.set(k);
  const where = token === twin ? `${ordinal(token)} in both` : `${ordinal(token)} or ${ordinal(twin)}`;
  const lines = [
    barRow(
      { name: make('mark', { className: 'serif' }, word), ...rows.word, apart: apart.word, height: 52 },
      slide,
    ),
    barRow({ name: '+ its place', note: where, ...rows.place, apart: apart.place }, slide),
    barRow({ name: '= the sum', ...rows.sum, apart: apart.sum, height: 84 }, slide),
    barRow(
      { name: 'evened out', note: 'LayerNorm, own scale', ...rows.norm, apart: apart.norm, height: 78 },
      slide,
    ),
  ];
  lines[3].classList.add('main-row');
  const text = (/** @type {number} */ k) => {
    const at = (/** @type {'a' | 'b'} */ side) =>
      `${two(rows.word[side][k])} + ${two(rows.place[side][k])} = ${two(rows.sum[side][k])}`;
    return `number ${k + 1}: ${at('a')} ${twins.aName}, ${at('b')} ${twins.bName}`;
  };
  slider = numberSlider({
    label: 'Which number',
    rows: lines,
    children: [lines[0], clocks(rows.place), ...lines.slice(1)],
    count: width,
    value: mostDifferent(rows.sum.a, rows.sum.b),
    text,
    change: (k) => view.say(text(k)),
  });
  const moved = token !== twin;
  return {
    crumbs: [['+ its place', null]],
    title: ['The place is a sum'],
    caption: moved
      ? [
          'Number by number, the row of its place is added to the word. The word is the same in both sentences, its place is not: from here on they are two.',
        ]
      : [
          'Number by number, the row of its place is added to the word. This word keeps its place, so the sum is the same in both: it can only hear of the move.',
        ],
    body: [slider.root, legend(view)],
    blind:
      'the same sum with 32 zeros. One word goes in, one word comes out, and the two stay 0 apart to the end.',
    key: slider.key,
    focus: slider.root,
    save: {
      name: `place-${word}`,
      caption: `“${word}”, its place and their sum in both sentences`,
      tensor: () =>
        new Tensor('float32', Float32Array.from(Object.values(rows).flatMap(({ a, b }) => [...a, ...b])), [
          8,
          width,
        ]),
      labels: () => ({
        rows: ['the word', 'its place', 'the sum', 'evened out'].flatMap((name) => [
          `${name}, ${twins.aName}`,
          `${name}, ${twins.bName}`,
        ]),
        columns: rows.word.a.map((_, k) => `number ${k + 1}`),
      }),
    },
  };
}

/** The numbers of a place as hands: each pair is the sine and cosine of one. @param {{ a: number[], b: number[] }} place */
function clocks({ a, b }) {
  const hands = a.length / 2;
  const hand = (/** @type {number[]} */ numbers, /** @type {number} */ k, /** @type {string} */ kind) =>
    svg('path', {
      d: `M0 0L${(19 * numbers[2 * k]).toFixed(2)} ${(-19 * numbers[2 * k + 1]).toFixed(2)}`,
      class: kind,
    });
  const faces = Array.from({ length: hands }, (_, k) => {
    const same = Math.hypot(a[2 * k] - b[2 * k], a[2 * k + 1] - b[2 * k + 1]) < 0.005;
    return svg(
      'svg',
      { viewBox: '-26 -26 52 52', 'aria-hidden': 'true' },
      svg('circle', { r: 24, class: 'face' }),
      ...(same ? [hand(a, k, 'same')] : [hand(b, k, 'b'), hand(a, k, 'a')]),
      svg('circle', { r: 2.5, class: 'pin' }),
    );
  });
  const field = make('div', { className: 'bars clocks' });
  field.append(...faces);
  return make(
    'div',
    { className: 'bar-row clock-row' },
    make(
      'div',
      { className: 'bar-name' },
      make('b', {}, 'its place'),
      make('small', {}, `${hands} hands, fast to slow`),
    ),
    field,
    make('div', { className: 'bar-end' }),
  );
}

/** @param {number} n */
export const ordinal = (n) =>
  `${n}${n % 100 > 3 && n % 100 < 21 ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[n % 10] ?? 'th')}`;

/** The word itself, before anything is known of its place; beside it the others. @param {View} view @returns {import('./view.js').Opening} */
export function wordRow(view) {
  const { pair, word, token } = view;
  const numbers = both(view, ({ trace }) => trace.embeddings.word);
  const { embeddings } = pair.told.a.trace;
  const table = /** @type {Tensor} */ (embeddings.word);
  const width = numbers.a.length;
  let slider = /** @type {ReturnType<typeof numberSlider> | undefined} */ (undefined);
  const slide = (/** @type {number} */ k) => slider?.set(k);
  const others = pair.told.a.words
    .map((name, i) => ({ name, i }))
    .filter(({ name, i }) => i !== token && i > 0 && i <= pair.words.length && name !== word)
    .filter(
      ({ name, i }, at, all) => all.findIndex((other) => other.name === name) === at || !pair.told.a.known[i],
    );
  const rowAt = (/** @type {number} */ i) =>
    Array.from({ length: width }, (_, k) => Number(table.data[i * width + k]));
  const scaledBy = Math.max(...numbers.a.map(Math.abs), ...others.flatMap(({ i }) => rowAt(i).map(Math.abs)));
  const lines = [
    barRow(
      { name: make('mark', { className: 'serif' }, word), a: numbers.a, apart: '0', height: 84, scaledBy },
      slide,
    ),
    ...others.map(({ name, i }) =>
      barRow(
        {
          name: make('span', { className: 'serif' }, name),
          a: rowAt(i),
          height: 84,
          scaledBy,
          apart: apartText(apartOf(numbers.a, rowAt(i))),
        },
        slide,
      ),
    ),
  ];
  const text = (/** @type {number} */ k) =>
    `number ${k + 1}: ${two(numbers.a[k])}, the same in both sentences`;
  slider = numberSlider({
    label: 'Which number',
    rows: lines,
    children: lines,
    count: width,
    value: 0,
    text,
    change: (k) => view.say(text(k)),
  });
  const isKnown = pair.told.a.known[token];
  return {
    crumbs: [['The word', null]],
    title: [make('mark', {}, word), ' is a row of numbers'],
    caption: isKnown
      ? [
          `The network knows “${word}” as ${width} numbers that it found in training. They are the same wherever the word stands. Below, the other words, and how far they are from it.`,
        ]
      : [
          `The network has no row for “${word}”: it reads the ${width} numbers that stand for any unknown word. They are the same wherever it stands.`,
        ],
    body: [slider.root],
    blind: 'another table, found in the same way.',
    key: slider.key,
    focus: slider.root,
    save: {
      name: `word-${word}`,
      caption: `“${word}” and the other words of the sentence as the network knows them`,
      tensor: () =>
        new Tensor('float32', Float32Array.from([...numbers.a, ...others.flatMap(({ i }) => rowAt(i))]), [
          1 + others.length,
          width,
        ]),
      labels: () => ({
        rows: [word, ...others.map(({ name }) => name)],
        columns: numbers.a.map((_, k) => `number ${k + 1}`),
      }),
    },
  };
}
