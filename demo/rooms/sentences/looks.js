/** What a head's map shows, in words: where the words between start and end look. Pure. */

/** @typedef {'before' | 'after' | 'itself' | 'start' | 'end'} Look */

/**
 * The mean share that the words between start and end give to one place each.
 * @param {ArrayLike<number>} map [T, T], rows look at columns
 * @param {number} tokens T
 * @param {(row: number) => number} column
 * @param {number} [first] the first row that counts
 * @param {number} [end] behind the last one
 */
function shareAt(map, tokens, column, first = 1, end = tokens - 1) {
  let sum = 0;
  for (let row = first; row < end; row++) sum += map[row * tokens + column(row)];
  return end > first ? sum / (end - first) : 0;
}

/** How much words look at the word before, which the first one does not have. @param {ArrayLike<number>} map @param {number} tokens */
export const lookBefore = (map, tokens) => shareAt(map, tokens, (row) => row - 1, 2);

/**
 * Where words look most.
 * @param {ArrayLike<number>} map [T, T]
 * @param {number} tokens
 * @returns {{ look: Look, share: number }}
 */
export function mainLook(map, tokens) {
  /** @type {[Look, number][]} */
  const all = [
    ['before', lookBefore(map, tokens)],
    ['after', shareAt(map, tokens, (row) => row + 1, 1, tokens - 2)],
    ['itself', shareAt(map, tokens, (row) => row)],
    ['start', shareAt(map, tokens, () => 0)],
    ['end', shareAt(map, tokens, () => tokens - 1)],
  ];
  const [look, share] = all.reduce((best, one) => (one[1] > best[1] ? one : best));
  return { look, share };
}
