/** All heads of a layer beside each other, in both sentences, and the network that is not told as a mirror. */
import { make } from '../../../parts/dom.js';
import { headOf } from './head.js';

/** @typedef {import('./view.js').View} View */

/** How far a head's shares of the same words differ between the sentences. @param {View} view @param {number} layer */
export function mostDifferentHead(view, layer) {
  const heads = view.pair.told.a.trace.layers[layer].query.shape[0];
  let [best, most] = [0, -1];
  for (let head = 0; head < heads; head++) {
    const { a, b } = headOf(view, layer, head);
    const apart = view.pair.twin.reduce((sum, to, from) => sum + Math.abs(a.shares[from] - b.shares[to]), 0);
    if (apart > most) [best, most] = [head, apart];
  }
  return best;
}

/**
 * @param {View} view
 * @param {number} layer
 * @param {number} open the head that is shown above
 * @param {number} best
 * @param {(head: number) => void} go
 */
export function headsSection(view, layer, open, best, go) {
  const { pair, word, token, twin, twins } = view;
  const count = pair.told.a.trace.layers[layer].query.shape[0];
  const heads = Array.from({ length: count }, (_, head) => {
    const { a, b, blind } = headOf(view, layer, head);
    const name = make(
      'button',
      {
        type: 'button',
        className: head === open ? 'head-name open' : 'head-name',
        'aria-pressed': head === open,
      },
      `head ${head + 1}`,
    );
    name.addEventListener('click', () => go(head));
    const mirrored = pair.twin.map((to) => blind.b.shares[to]);
    return make(
      'div',
      { className: 'head-looks' },
      name,
      looks(pair.told.a.words, a.shares, token, 'a', `head ${head + 1}, ${twins.aName}`),
      looks(pair.told.b.words, b.shares, twin, 'b', `head ${head + 1}, ${twins.bName}`),
      looks(pair.told.a.words, blind.a.shares, token, 'none', `head ${head + 1}, not told`, mirrored),
    );
  });
  const mirror = make(
    'p',
    { className: 'mirror-name' },
    make('b', {}, 'Not told'),
    ' a mirror: the other network gives each word the same share in both sentences',
  );
  const titles = ['One head', 'Two heads', 'Three heads', 'Four heads'];
  return make(
    'section',
    { className: 'rule heads-section' },
    make(
      'div',
      { className: 'head' },
      make('h2', {}, `${titles[count - 1] ?? `${count} heads`}, two sentences`),
      make(
        'p',
        {},
        `The shares of “${word}” in all ${count} heads: above ${twins.aName}, below ${twins.bName}. Head ${best + 1} shows it best.`,
      ),
    ),
    make('div', { className: 'heads' }, ...heads, mirror),
  );
}

/**
 * @param {readonly string[]} words
 * @param {readonly number[]} shares
 * @param {number} held
 * @param {'a' | 'b' | 'none'} kind
 * @param {string} label
 * @param {readonly number[]} [below] shares that hang under the words
 */
function looks(words, shares, held, kind, label, below) {
  const largest = shares.indexOf(Math.max(...shares));
  const isMany = words.length > 8 || innerWidth < 760;
  const bar = (/** @type {number} */ share, /** @type {boolean} */ isNamed, className = '', word = '') => {
    const made = make('i', { className: `look-bar ${kind} ${className}` });
    made.style.height = `${Math.max(70 * share, 0.8).toFixed(1)}px`;
    return make(
      'div',
      { className: className ? 'look-room below' : 'look-room' },
      ...(isNamed ? [make('span', {}, `${Math.round(100 * share)} % ${word}`.trim())] : []),
      made,
    );
  };
  const columns = words.map((word, i) => {
    const isSide = i === 0 || i === words.length - 1;
    const name = isSide || (isMany && i !== held) ? '·' : word;
    return make(
      'div',
      { className: 'look' },
      bar(shares[i], !below && i === largest && shares[i] > 0.35, '', isMany && i !== held ? word : ''),
      make(
        'div',
        { className: i === held ? 'look-word held' : 'look-word' },
        i === held && !below ? make('mark', {}, name) : name,
      ),
      ...(below ? [bar(below[i], false, 'mirrored')] : []),
    );
  });
  const list = words.map((word, i) => `${word} ${Math.round(100 * shares[i])} %`).join(', ');
  return make(
    'div',
    { className: `looks ${kind}`, role: 'img', 'aria-label': `${label}: ${list}` },
    ...columns,
  );
}
