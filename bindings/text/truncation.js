/** How many tokens of one or two texts fit, and the windows that the rest goes into. Source: truncation.rs of tokenizers. */
import { InputError } from '../errors.js';

/** @typedef {'longest_first' | 'only_first' | 'only_second'} Strategy */
/** @typedef {[start: number, end: number]} Window tokens of a text, the end exclusive */
/**
 * @typedef {object} Cutting
 * @property {number} room tokens of texts, Infinity for all
 * @property {Strategy} strategy
 * @property {'left' | 'right'} side where tokens are left out
 * @property {number} stride tokens that a window shares with the one before
 */

/**
 * @param {number[]} lengths tokens of each text
 * @param {Cutting} cutting
 * @returns {number[]} how many of each are kept
 * @throws {InputError} the text that alone may be cut is too short for that, or missing
 */
export function keptOf(lengths, { room, strategy }) {
  const excess = lengths.reduce((a, b) => a + b, 0) - room;
  if (!(excess > 0)) return lengths;
  if (room === 0) return lengths.map(() => 0);
  if (strategy === 'longest_first') return lengths.length === 1 ? [room] : share(lengths, room);
  const which = strategy === 'only_first' ? 0 : 1;
  if (which >= lengths.length) {
    throw new InputError('truncation is only_second, but there is no pair', { path: 'truncation' });
  }
  if (lengths[which] <= excess) {
    throw new InputError(
      `the ${which === 0 ? 'text' : 'pair'} has ${lengths[which]} tokens; to fit, ${excess} would have to be cut`,
      { path: 'truncation', value: strategy },
    );
  }
  return lengths.map((length, i) => (i === which ? length - excess : length));
}

/** The shorter of two texts stays whole if it can. @param {number[]} lengths @param {number} room */
function share([first, second], room) {
  const half = Math.floor(room / 2);
  const shorter = Math.min(first, second);
  const [less, more] = shorter <= half ? [shorter, room - shorter] : [half, room - half];
  return first <= second ? [less, more] : [more, less];
}

/**
 * The windows that a text of `length` tokens is cut into, the first being what is kept.
 * @param {number} length
 * @param {number} kept
 * @param {Cutting} cutting
 * @returns {Window[]}
 * @throws {InputError} windows would not get on, for the stride leaves no token that is new
 */
export function windowsOf(length, kept, { side, stride }) {
  if (kept >= length) return [[0, length]];
  if (kept === 0) {
    return [
      [0, 0],
      [0, length],
    ];
  }
  if (stride >= kept) {
    throw new InputError(`stride is ${stride}; expected less than the ${kept} tokens of a window`, {
      path: 'stride',
      value: stride,
    });
  }
  /** @type {Window[]} */
  const windows = [];
  for (let done = 0; ; done += kept - stride) {
    const next = Math.min(done + kept, length);
    windows.push(side === 'right' ? [done, next] : [length - next, length - done]);
    if (next === length) return windows;
  }
}
