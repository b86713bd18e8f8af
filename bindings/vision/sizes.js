// The sizes that a picture gets on its way to a model, with the rounding of transformers and torchvision. Arithmetic on
// numbers only; pixels are elsewhere (resize.js).

/**
 * @typedef {{height: number, width: number}} Size
 * @typedef {{exact: Size}} Exact Both sides as given, whatever the picture's proportions.
 * @typedef {{shortest: number, longest?: number}} Shortest The shorter side as given, the other in proportion; with
 *   `longest`, which the longer side may not exceed, both become smaller if need be.
 * @typedef {{cover: Size}} Cover As small as covers these sides, in proportion.
 * @typedef {{contain: Size}} Contain As large as fits these sides, in proportion.
 * @typedef {{most: Size}} Most The same with both sides rounded down.
 * @typedef {Exact | Shortest | Cover | Contain | Most} ResizeRule
 */

/**
 * @param {ResizeRule} rule
 * @param {Size} size Of the picture.
 * @returns {Size} What the picture is resized to; a side may be 0 if its proportions are extreme.
 */
export function resizedSize(rule, { height, width }) {
  if ('exact' in rule) return { height: rule.exact.height, width: rule.exact.width };
  if ('most' in rule) {
    const scale = Math.min(rule.most.height / height, rule.most.width / width);
    return { height: Math.trunc(height * scale), width: Math.trunc(width * scale) };
  }
  if ('cover' in rule || 'contain' in rule) {
    const sides = 'cover' in rule ? rule.cover : rule.contain;
    const ratios = [height / sides.height, width / sides.width];
    const ratio = 'cover' in rule ? Math.min(...ratios) : Math.max(...ratios);
    return { height: roundHalfEven(height / ratio), width: roundHalfEven(width / ratio) };
  }
  const short = Math.min(height, width);
  const long = Math.max(height, width);
  const [newShort, newLong] =
    rule.longest === undefined
      ? [rule.shortest, Math.trunc((rule.shortest * long) / short)]
      : limitedSides(short, long, rule.shortest, rule.longest);
  return width <= height ? { height: newLong, width: newShort } : { height: newShort, width: newLong };
}

/**
 * The longer side follows from the shorter one before that is rounded.
 * @param {number} short
 * @param {number} long
 * @param {number} shortest
 * @param {number} longest
 * @returns {[number, number]}
 */
function limitedSides(short, long, shortest, longest) {
  const isLimited = (long / short) * shortest > longest;
  const raw = isLimited ? (longest * short) / long : shortest;
  const newShort = roundHalfEven(raw);
  return newShort === short ? [short, long] : [newShort, Math.trunc((raw * long) / short)];
}

/**
 * Where half a pixel goes: down, as on NumPy arrays in transformers; towards zero, as on its tensors; or to the even number, as in
 * torchvision's own crop.
 * @typedef {'down' | 'zero' | 'even'} Rounding
 */

/**
 * Where a crop in the middle begins.
 * @param {number} size Of the picture along an axis.
 * @param {number} crop
 * @param {Rounding} rounding
 * @returns {number} Below 0 where the crop is larger than the picture, which is then padded.
 */
export function cropStart(size, crop, rounding) {
  const middle = (size - crop) / 2;
  if (rounding === 'down') return Math.floor(middle);
  return middle < 0 || rounding === 'zero' ? Math.trunc(middle) : roundHalfEven(middle);
}

/** @param {number} x At least 0. */
export function roundHalfEven(x) {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
