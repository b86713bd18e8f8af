/** Where the room's parts stand. */
import { make } from '../../parts/dom.js';

/**
 * @param {HTMLElement} root
 * @param {Record<'aside' | 'ask' | 'status' | 'needs' | 'list' | 'map' | 'size' | 'looking' | 'mine' | 'vectors' | 'panel' | 'pieces', HTMLElement>} parts
 * @returns {HTMLElement} what waits while a question cannot be answered
 */
export function layOut(root, parts) {
  const { aside, ask, status, needs, list, map, size, looking, mine, vectors, panel, pieces } = parts;
  const section = (/** @type {string} */ title, /** @type {HTMLElement[]} */ ...content) =>
    make('section', {}, make('h2', {}, title), ...content);
  const legend = make(
    'p',
    { className: 'caption under' },
    'A word that it knows is one piece, others are several: ',
    make('b', { className: 'who' }, 'first pieces'),
    ', ',
    make('b', { className: 'whom' }, 'pieces that go on'),
    ', and a start and an end. Under each stands its row in the table of vectors.',
  );
  const figures = make(
    'div',
    { className: 'figures' },
    make('div', { className: 'two' }, list, map),
    make('div', { className: 'two rule' }, section('How small can a vector be?', size), looking),
  );
  root.append(
    make('header', { className: 'head' }, make('h1', {}, 'Ask by meaning'), aside),
    ask,
    status,
    needs,
    figures,
    make(
      'div',
      { className: 'two rule' },
      section(
        'Your own sentences',
        mine,
        panel,
        make('p', { className: 'caption vectors' }, 'The vectors of all that is compared:'),
        vectors,
      ),
      section('What the network reads', legend, pieces),
    ),
  );
  return figures;
}
