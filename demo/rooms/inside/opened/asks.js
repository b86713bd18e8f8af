/** Asks the others: a question, keys, scores, shares, and what the word takes home; of one head, and of all. */
import { Tensor } from '../../../../bindings/tensor.js';
import { make, shown } from '../../../parts/dom.js';
import { LAYERS } from '../steps.js';
import { two } from './bars.js';
import { cell, cells, largestOf } from './cells.js';
import { bestNumber, headOf, keyOf } from './head.js';
import { headsSection, mostDifferentHead } from './heads.js';
import { mostDifferent } from './view.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view @param {number} layer @param {number} head @returns {import('./view.js').Opening} */
export function asks(view, layer, head) {
  const { pair, word, token, twins } = view;
  const { a, b } = headOf(view, layer, head);
  const first = pair.told.a.words;
  const second = pair.told.b.words;
  const size = a.query.length;
  const heads = pair.told.a.trace.layers[layer].query.shape[0];
  let row = mostDifferent(a.shares, b.shares);
  if (row === 0 || row === first.length - 1 || a.shares[row] < b.shares[row])
    row = a.shares.indexOf(Math.max(...a.shares));
  let number = bestNumber(a, b, row);
  const mostKey = largestOf(a.query, b.query, ...a.keys);
  const mostValue = largestOf(...a.values, a.takes);
  const mostScore = Math.max(...a.scores.map(Math.abs), 1e-6);
  const mostShare = Math.max(...a.shares, ...b.shares);
  const key = `asks-${layer + 1}`;
  const note = make('output', { className: 'readout' });

  const lines = first.map((name, j) => {
    const isSide = j === 0 || j === first.length - 1;
    const keys = a.keys[j].map((value, i) => {
      const made = cell(value, mostKey);
      made.id = `key-${j}-${i}`;
      made.setAttribute('role', 'gridcell');
      made.setAttribute('aria-label', `key of ${name}, number ${i + 1}: ${shown(value, 1)}`);
      return made;
    });
    const score = a.scores[j];
    const bar = make('i', { className: score < 0 ? 'score-bar less' : 'score-bar more' });
    bar.style.width = `${(40 * Math.abs(score)) / mostScore}%`;
    const number = make('span', { className: score < 0 ? 'score-number right' : 'score-number' }, two(score));
    const scored = make(
      'button',
      {
        type: 'button',
        className: 'score-cell',
        tabIndex: -1,
        'aria-label': `score of ${name}: ${two(score)}; opens its multiplications`,
      },
      bar,
      number,
    );
    scored.addEventListener('click', () => openAt(j));
    const other = second[j] === name ? '' : ` ${second[j]}`;
    const shares = make(
      'div',
      { className: 'share-cell', role: 'gridcell' },
      shareBar(a.shares[j], mostShare, 'a', ''),
      shareBar(b.shares[j], mostShare, 'b', other),
    );
    const gives = cells(a.values[j], mostValue, false);
    gives.classList.add('gives');
    gives.style.height = `${Math.max((34 * a.shares[j]) / mostShare, 1.5)}px`;
    return make(
      'div',
      { role: 'row', className: j === token ? 'asks-row own' : 'asks-row' },
      make('div', { role: 'rowheader', className: isSide ? 'asks-word side' : 'asks-word' }, name),
      make('div', { className: 'cells', role: 'presentation', 'data-slide': '' }, ...keys),
      make('div', { className: 'scored', role: 'gridcell' }, scored),
      shares,
      make('div', { className: 'gives-cell', 'aria-hidden': 'true' }, gives),
    );
  });
  const question = (/** @type {'a' | 'b'} */ side) => {
    const own = cells(side === 'a' ? a.query : b.query, mostKey, true);
    own.classList.add('framed', side);
    own.dataset.slide = '';
    return make(
      'div',
      { className: `asks-row question ${side}` },
      make(
        'div',
        { className: side === 'a' ? 'asks-word' : 'asks-word side' },
        side === 'a' ? word : 'turned round',
      ),
      own,
    );
  };
  const title = (/** @type {string} */ name, /** @type {string} */ below) =>
    make('div', {}, make('b', {}, name), make('small', {}, below));
  const takes = cells(a.takes, mostValue, true);
  takes.classList.add('framed', 'a');
  const figure = make(
    'div',
    {
      className: 'asks',
      role: 'grid',
      tabIndex: 0,
      'aria-label': `Keys of all words, ${size} numbers each; Enter opens one multiplication`,
    },
    make(
      'div',
      { className: 'asks-row titles', 'aria-hidden': 'true' },
      make('div'),
      title('Question and keys', 'what it asks, what each offers'),
      title('Score', `q · k ÷ √${size}`),
      title('Share', 'softmax: all make 100 %'),
      title('What they give', `${size} numbers, as thick as the share`),
    ),
    question('a'),
    question('b'),
    ...lines,
    make(
      'div',
      { className: 'asks-row added' },
      make('div', { className: 'hint caption' }, 'Press a score: it opens into eight multiplications.'),
      make(
        'div',
        { className: 'added-name' },
        make('b', {}, 'added up'),
        make('small', {}, `what ${word} takes home`),
      ),
      takes,
    ),
  );

  function mark(isTold = true) {
    for (const old of figure.querySelectorAll('.at')) old.classList.remove('at');
    const at = figure.querySelector(`#key-${row}-${number}`);
    at?.classList.add('at');
    for (const line of figure.querySelectorAll('.question .cells'))
      line.children[number]?.classList.add('at');
    figure.setAttribute('aria-activedescendant', `key-${row}-${number}`);
    const [q, k] = [a.query[number], a.keys[row][number]];
    const text = `${word} and ${first[row]}, number ${number + 1}: question ${two(q)} × key ${two(k)} = ${two(q * k)}; turned round the question is ${two(b.query[number])}`;
    note.textContent = text;
    if (isTold) view.say(text);
  }
  const openAt = (
    /** @type {number} */ j,
    /** @type {number} */ i = j === row ? number : bestNumber(a, b, j),
  ) => view.go([key, `head-${head + 1}`, keyOf(first, j), String(i + 1)], { isStep: true });
  figure.addEventListener('pointermove', (event) => {
    const at = /** @type {HTMLElement} */ (event.target).closest('[id^="key-"]');
    const [, j, i] = at?.id.split('-').map(Number) ?? [];
    if (!at || (j === row && i === number)) return;
    [row, number] = [j, i];
    mark();
  });
  figure.addEventListener('click', (event) => {
    const at = /** @type {HTMLElement} */ (event.target).closest('[id^="key-"]');
    if (!at) return;
    const [, j, i] = at.id.split('-').map(Number);
    openAt(j, i);
  });
  mark(false);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (/^[1-9]$/.test(event.key) && Number(event.key) <= heads) {
      view.go([key, `head-${event.key}`]);
      return true;
    }
    if (
      event.target instanceof Element &&
      event.target.closest('a, button, summary') &&
      event.key === 'Enter'
    )
      return false;
    const way = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (event.key === 'Enter') openAt(row, number);
    else if (way) {
      row = Math.min(Math.max(row + way[0], 0), first.length - 1);
      number = Math.min(Math.max(number + way[1], 0), size - 1);
      mark();
    } else return false;
    return true;
  };
  return {
    crumbs: [
      [`${layer ? 'Asks again' : 'Asks the others'}, layer ${layer + 1} of ${LAYERS}`, [key]],
      [`head ${head + 1} of ${heads}`, null],
    ],
    title: [make('mark', {}, word), ' asks the others'],
    caption: [captionOf(view, a, b, size)],
    body: [
      figure,
      note,
      headsSection(view, layer, head, mostDifferentHead(view, layer), (to) =>
        view.go([key, `head-${to + 1}`]),
      ),
    ],
    key: onKey,
    focus: figure,
    save: {
      name: `asks-${layer + 1}-head-${head + 1}-${word}`,
      caption: `Score and share of each place for “${word}” ${twins.aName}, and share ${twins.bName}`,
      tensor: () =>
        new Tensor(
          'float32',
          Float32Array.from(a.scores.flatMap((score, j) => [score, a.shares[j], b.shares[j]])),
          [first.length, 3],
        ),
      labels: () => ({
        rows: first.map((name, j) => (second[j] === name ? name : `${name} / ${second[j]}`)),
        columns: ['score', `share ${twins.aName}`, `share ${twins.bName}`],
      }),
    },
  };
}

/** @param {number} share @param {number} most @param {string} kind @param {string} word */
function shareBar(share, most, kind, word) {
  const bar = make('i', { className: `share-bar ${kind}` });
  bar.style.width = `${(62 * share) / most}%`;
  return make(
    'div',
    { className: `share-line ${kind}` },
    bar,
    make('span', { className: 'share-text' }, `${Math.round(100 * share)} %${word}`),
  );
}

/** @param {View} view @param {ReturnType<typeof headOf>['a']} a @param {ReturnType<typeof headOf>['a']} b @param {number} size */
function captionOf({ pair, token, twin }, a, b, size) {
  const open = `Its question is ${size} numbers; every word holds up a key of ${size}. Where the two agree, there it looks.`;
  const [first, second] = [pair.told.a.words, pair.told.b.words];
  const [toA, toB] = [a, b].map(({ shares }) => shares.indexOf(Math.max(...shares)));
  const name = (
    /** @type {readonly string[]} */ words,
    /** @type {number} */ at,
    /** @type {number} */ own,
  ) =>
    at === own ? 'itself' : at === 0 ? 'the start' : at === words.length - 1 ? 'the end' : `“${words[at]}”`;
  const [lookA, lookB] = [name(first, toA, token), name(second, toB, twin)];
  const [p, q] = [a.shares[toA], b.shares[toB]].map((share) => `${Math.round(100 * share)} %`);
  if (lookA === lookB && toA === toB)
    return `${open} Turned round, it still looks at ${lookA}: ${p}, then ${q}.`;
  const most = Math.max(...a.query.map(Math.abs));
  const isSame = a.query.every((value, i) => Math.abs(value - b.query[i]) < 0.15 * most);
  if (isSame)
    return `${open} Turned round, it asks nearly the same, and other keys answer: ${lookB} (${q}), not ${lookA} (${p}).`;
  return `${open} Turned round, the same word has another question: it looks to ${lookB} (${q}), not to ${lookA} (${p}).`;
}
