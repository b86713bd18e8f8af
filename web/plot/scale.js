/** From values to places: the range of a table, round numbers for ticks, numbers in few characters. Not here: colours. */

/** @typedef {{ min: number, max: number }} Range */

/**
 * The range of the finite values; one that is a single number or empty is widened, so that it can be divided by.
 * @param {Iterable<number | bigint>} values
 * @param {{ aroundZero?: boolean }} [options] aroundZero: as far below zero as above
 * @returns {Range}
 */
export function rangeOf(values, { aroundZero = false } = {}) {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    const number = Number(value);
    if (!Number.isFinite(number)) continue;
    if (number < min) min = number;
    if (number > max) max = number;
  }
  if (min > max) [min, max] = [0, 1];
  if (aroundZero) [min, max] = [-Math.max(-min, max), Math.max(-min, max)];
  if (min === max) [min, max] = aroundZero || min === 0 ? [min - 1, max + 1] : spread(min);
  return { min, max };
}

/** @param {number} value @returns {[number, number]} */
const spread = (value) => [value - Math.abs(value) / 2, value + Math.abs(value) / 2];

/**
 * Round numbers within a range: multiples of 1, 2 or 5 times a power of ten.
 * @param {Range} range
 * @param {number} most how many at most, at least 2
 * @returns {number[]} ascending
 */
export function ticksOf({ min, max }, most) {
  const step = stepOf((max - min) / most, (by) => countOf(min, max, by) <= most);
  const first = Math.ceil(min / step - SLACK);
  return Array.from({ length: countOf(min, max, step) }, (_, i) => tidy((first + i) * step));
}

/**
 * A range whose ends that all but reach a round number do reach it: sines of some positions come near 1 only.
 * @param {Range} range
 * @param {number} most ticks of it
 * @returns {Range}
 */
export function rounded({ min, max }, most) {
  const [first, second] = ticksOf({ min, max }, most);
  if (second === undefined) return { min, max };
  const step = second - first;
  const near = 0.05 * (max - min);
  const [below, above] = [Math.floor(min / step) * step, Math.ceil(max / step) * step].map(tidy);
  return { min: min - below < near ? below : min, max: above - max < near ? above : max };
}

/**
 * The numbers beside a colour bar: its ends, and round ones between them.
 * @param {Range} range
 * @param {number} height of the bar, the largest value at its top
 * @param {number} apart the least distance of a round number from the ends
 * @returns {{ y: number, text: string }[]}
 */
export function barLabels(range, height, apart) {
  const place = (/** @type {number} */ value) =>
    ((range.max - value) / (range.max - range.min)) * (height - 1);
  const inner = ticksOf(range, 7).filter((value) => place(value) > apart && place(value) < height - apart);
  return [range.max, ...inner, range.min].map((value) => ({
    y: Math.round(place(value)),
    text: shorten(value),
  }));
}

/**
 * Round indices of cells, 0 among them.
 * @param {number} count of the cells
 * @param {number} most how many at most; one at least
 * @returns {number[]} ascending
 */
export function cellTicks(count, most) {
  const step = stepOf(
    Math.max(1, count / 10),
    (by) => Number.isInteger(by) && Math.ceil(count / by) <= Math.max(1, most),
  );
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

/** Without the last digits, which are those of binary fractions. @param {number} value */
const tidy = (value) => Number(value.toPrecision(12));

/** Of a step that is a unit in the last place too long. */
const SLACK = 1e-9;

/** @param {number} min @param {number} max @param {number} step */
const countOf = (min, max, step) => Math.floor(max / step + SLACK) - Math.ceil(min / step - SLACK) + 1;

/** The least of 1, 2, 5, 10, 20 … that fits, from a power of ten below `least` on. @param {number} least @param {(step: number) => boolean} fits */
function stepOf(least, fits) {
  const power = Math.floor(Math.log10(least));
  for (let i = 0; ; i++) {
    const step = Number(`${[1, 2, 5][i % 3]}e${power + Math.floor(i / 3)}`);
    if (fits(step)) return step;
  }
}

/**
 * A number as people read it: up to four digits, none that are zeros at the end.
 * @param {number} value
 * @returns {string}
 */
export function shorten(value) {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6))
    return value
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  return String(Number(value.toPrecision(Math.max(4, Math.ceil(Math.log10(size + 1))))));
}
