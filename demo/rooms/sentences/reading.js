/** What the network reads: a text as its word pieces. */
import { make } from '../../parts/dom.js';
import { nameOf } from './pieces-of.js';

/** @typedef {import('./pieces-of.js').Piece} Piece */

const CLASSES = ['first', 'rest', 'special'];

export function reading() {
  const element = make('div', { className: 'readings' });
  /** @param {{ name: string, text: string, pieces: Piece[] | null, limit: number }[]} given limit: how many are read */
  function show(given) {
    element.replaceChildren(
      ...given.flatMap((one) => (one.pieces ? [lineOf({ ...one, pieces: one.pieces })] : [])),
    );
  }
  return { element, show };
}

/** @param {{ name: string, text: string, pieces: Piece[], limit: number }} given */
function lineOf({ name, text, pieces, limit }) {
  const last = pieces.length - 1;
  const endsSpecial = pieces[last]?.kind === 2;
  // Of a text that is too long the last piece read is the one that ends it.
  const cut = pieces.length > limit ? limit - (endsSpecial ? 1 : 0) : pieces.length;
  const words = pieces.map((piece, i) => {
    const isRead = i < cut || (endsSpecial && i === last);
    return make(
      'li',
      { className: `piece ${CLASSES[piece.kind]}${isRead ? '' : ' cut'}`, title: piece.token },
      make('span', {}, nameOf(piece, text)),
      make('span', { className: 'tick' }, String(piece.id)),
    );
  });
  const more = pieces.length > limit ? `; it reads ${limit}, the paler ones are cut off` : '';
  return make(
    'div',
    { className: 'reading' },
    make('p', { className: 'caption' }, make('b', {}, name), ` · ${pieces.length} pieces${more}`),
    make('ol', { className: 'pieces', 'aria-label': `Pieces of ${name}` }, ...words),
  );
}
