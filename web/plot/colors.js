/**
 * Colours of values: ramps whose lightness says the order, so that they are read without colour vision and in grey. Not
 * here: which value has which place on a ramp (scale.js).
 */

/** @typedef {readonly [number, number, number]} Rgb 0 to 255 each */

/**
 * Stops at equal distances. Viridis is Smith's and van der Walt's for matplotlib (public domain, CC0); of the diverging one
 * both arms have the same lightness, so that equal sizes look equally strong.
 */
const STOPS = {
  viridis: '440154 482878 3e4989 31688e 26828e 1f9e89 35b779 6ece58 b5de2b fde725',
  diverging: '08306b 2465a8 5f97cf a9c8e8 f4f4f2 efbf95 cf8c45 a45a10 5f2c00',
};

/** @typedef {keyof typeof STOPS} RampName viridis: from least to most; diverging: blue below zero, brown above */

/**
 * The ramp of a table: what has values on both sides of zero diverges from it.
 * @param {Iterable<number | bigint>} values
 * @returns {RampName}
 */
export function rampFor(values) {
  let [hasBelow, hasAbove] = [false, false];
  for (const value of values) {
    if (!Number.isFinite(Number(value))) continue;
    if (value < 0) hasBelow = true;
    if (value > 0) hasAbove = true;
    if (hasBelow && hasAbove) return 'diverging';
  }
  return 'viridis';
}

/** Cells without a number that has a place on the ramp: NaN and infinities. @type {Rgb} */
export const NO_VALUE = [150, 150, 150];

/**
 * @param {RampName} name
 * @returns {(t: number) => Rgb} the colour at t, from 0 to 1; what lies outside gets the colour of the end
 */
export function rampOf(name) {
  const stops = STOPS[name]
    .split(' ')
    .map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  return (t) => {
    if (!Number.isFinite(t)) return NO_VALUE;
    const place = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
    const i = Math.min(Math.floor(place), stops.length - 2);
    const mix = (/** @type {number} */ k) =>
      Math.round(stops[i][k] + (place - i) * (stops[i + 1][k] - stops[i][k]));
    return [mix(0), mix(1), mix(2)];
  };
}
