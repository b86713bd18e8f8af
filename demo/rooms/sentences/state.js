/** What the room shows, in its address and back. */
import { readAddress, writeAddress } from '../../parts/address.js';
import { QUESTIONS } from './texts.js';

/** The head that looks at the word before: the build finds which one it is, and a test that it is this one. */
const [LAYER, HEAD] = [0, 2];
const KEPT = 128;

/** @typedef {ReturnType<typeof stateOf>} State */

/** @param {import('../../parts/address.js').Address} [address] */
export function stateOf({ params } = readAddress()) {
  const pair = (/** @type {string} */ name) => params.get(name)?.split('.').map(Number) ?? [];
  const whole = (/** @type {number} */ x, /** @type {number} */ otherwise) =>
    Number.isInteger(x) && x >= 0 ? x : otherwise;
  const [layer, head] = pair('head');
  const [row, column] = pair('cell');
  return {
    question: params.get('q') ?? QUESTIONS[0],
    /** A sentence, or nothing. */
    held: params.get('hold') ?? '',
    /** Numbers of a shorter vector. */
    kept: whole(Number(params.get('n') ?? Number.NaN), KEPT),
    layer: whole(layer - 1, LAYER),
    head: whole(head - 1, HEAD),
    /** The cell held in a head's map; -1 until one is. */
    row: whole(row, -1),
    column: whole(column, 0),
    /** The visitor's own sentences, one a line. */
    own: params.get('own') ?? '',
    isOnly: params.get('only') === '1',
    isAll: params.get('all') === '1',
  };
}

/** Own sentences stay out where they are too many for an address. @param {State} state */
export function writeState({ question, held, kept, layer, head, row, column, own, isOnly, isAll }) {
  const params = {
    q: question === QUESTIONS[0] ? null : question,
    hold: held || null,
    n: kept === KEPT ? null : kept,
    head: layer === LAYER && head === HEAD ? null : `${layer + 1}.${head + 1}`,
    cell: row < 0 ? null : `${row}.${column}`,
    own: own || null,
    only: isOnly ? 1 : null,
    all: isAll ? 1 : null,
  };
  if (!writeAddress('sentences', [], params)) writeAddress('sentences', [], { ...params, own: null });
}
