/** Medians and quartiles of repetitions. Pure. */

/**
 * @typedef {object} Spread milliseconds
 * @property {number} median
 * @property {number} low the lower quartile
 * @property {number} high the upper one
 */

/** @param {readonly number[]} samples at least one @returns {Spread} quartiles by linear interpolation */
export function spreadOf(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const next = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (place - below) * (next - sorted[below]);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** A time as it is read: three digits. @param {number} milliseconds */
export const timeText = (milliseconds) =>
  milliseconds >= 100
    ? milliseconds.toFixed(0)
    : milliseconds >= 10
      ? milliseconds.toFixed(1)
      : milliseconds.toFixed(2);
