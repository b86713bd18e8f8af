/** What scores become of which nothing else is known: shares of a look at equal contents. */

/** @param {ArrayLike<number>} scores @returns {Float64Array} shares that sum to 1 */
export function softmax(scores) {
  const most = Array.from(scores).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = Float64Array.from(scores, (score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** A share as it is read. @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
