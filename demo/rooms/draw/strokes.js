/**
 * A drawing: lines of points on the field of 28 × 28 pixels that the networks read, how it becomes pixels, how it is set as the test
 * digits are, and its short form for the address.
 */

/** @typedef {readonly (readonly [number, number])[]} Stroke points, x and y in pixels */

export const SIDE = 28;
/** Half the width of a line, and how far its edge is soft: about a pen's of the test digits. */
export const RADIUS = 1.1;
const SOFT = 0.6;

/** The longest side of a test digit, and where its mass lies. */
const [BOX, MIDDLE] = [20, SIDE / 2];
/** What lies nearer to that than this, in pixels, stays. */
const NEAR = 0.35;
/** A dot does not become a digit. */
const MOST = 4;

/** The address has two digits of this base for each coordinate. */
const STEPS = 36 ** 2 - 1;
/** Points nearer to a line than this, in pixels, say nothing. */
const STRAIGHT = 0.06;

/**
 * @param {readonly Stroke[]} strokes
 * @returns {Uint8Array} 28 × 28 pixels, row by row; 255 is ink
 */
export function rasterOf(strokes) {
  const out = new Uint8Array(SIDE * SIDE);
  const reach = RADIUS + SOFT;
  for (const stroke of strokes) {
    stroke.forEach(([x, y], i) => {
      const [px, py] = stroke[Math.max(i - 1, 0)];
      const [left, right] = [Math.min(x, px) - reach, Math.max(x, px) + reach];
      const [top, bottom] = [Math.min(y, py) - reach, Math.max(y, py) + reach];
      for (let r = Math.max(Math.floor(top), 0); r < Math.min(bottom, SIDE); r++)
        for (let c = Math.max(Math.floor(left), 0); c < Math.min(right, SIDE); c++) {
          const distance = distanceTo(c + 0.5, r + 0.5, px, py, x, y);
          const ink = Math.round((255 * (reach - distance)) / (2 * SOFT));
          out[r * SIDE + c] = Math.max(out[r * SIDE + c], Math.min(Math.max(ink, 0), 255));
        }
    });
  }
  return out;
}

/** From a point to a line between two. @param {number} x @param {number} y @param {number} ax @param {number} ay @param {number} bx @param {number} by */
function distanceTo(x, y, ax, ay, bx, by) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const t = length ? Math.min(Math.max(((x - ax) * dx + (y - ay) * dy) / length, 0), 1) : 0;
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/**
 * The drawing as large as the test digits are, and where they are: its longest side 20 pixels, its mass in the middle.
 * @param {readonly Stroke[]} strokes
 * @returns {readonly Stroke[]} the same if it is already so
 */
export function framed(strokes) {
  const points = strokes.flat();
  if (!points.length) return strokes;
  const [xs, ys] = [0, 1].map((k) => points.map((point) => point[k]));
  const longest = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const factor = Math.min((BOX - 2 * RADIUS) / Math.max(longest, 0.01), MOST);
  const [x, y] = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
  const sized = moved(strokes, factor, MIDDLE - factor * x, MIDDLE - factor * y);
  const [cx, cy] = middleOf(rasterOf(sized));
  const set = moved(sized, 1, MIDDLE - cx, MIDDLE - cy);
  const after = set.flat();
  const isThere = points.every(([a, b], i) => Math.hypot(after[i][0] - a, after[i][1] - b) < NEAR);
  return isThere ? strokes : set;
}

/** @param {readonly Stroke[]} strokes @param {number} factor @param {number} right @param {number} down @returns {Stroke[]} */
const moved = (strokes, factor, right, down) =>
  strokes.map((stroke) => stroke.map(([x, y]) => [factor * x + right, factor * y + down]));

/** @param {Uint8Array} pixels @returns {[number, number]} */
function middleOf(pixels) {
  let [sum, x, y] = [0, 0, 0];
  pixels.forEach((ink, i) => {
    sum += ink;
    x += ink * ((i % SIDE) + 0.5);
    y += ink * (Math.floor(i / SIDE) + 0.5);
  });
  return sum ? [x / sum, y / sum] : [MIDDLE, MIDDLE];
}

/** Between two drawings of as many points. @param {readonly Stroke[]} from @param {readonly Stroke[]} to @param {number} t @returns {Stroke[]} */
export const between = (from, to, t) =>
  from.map((stroke, i) => stroke.map(([x, y], k) => [x + t * (to[i][k][0] - x), y + t * (to[i][k][1] - y)]));

/** Its first part, as far as a hand has come. @param {readonly Stroke[]} strokes @param {number} share of its points @returns {Stroke[]} */
export function begunOf(strokes, share) {
  let rest = Math.round(share * strokes.reduce((sum, { length }) => sum + length, 0));
  return strokes.flatMap((stroke) => {
    const part = stroke.slice(0, Math.max(rest, 0));
    rest -= stroke.length;
    return part.length ? [part] : [];
  });
}

/** A line with fewer points (Douglas and Peucker 1973). @param {Stroke} stroke @returns {Stroke} */
export function simplified(stroke) {
  if (stroke.length < 3) return stroke;
  const [[ax, ay], [bx, by]] = [stroke[0], stroke[stroke.length - 1]];
  let [furthest, at] = [0, 0];
  stroke.forEach(([x, y], i) => {
    const distance = distanceTo(x, y, ax, ay, bx, by);
    if (distance > furthest) [furthest, at] = [distance, i];
  });
  if (furthest < STRAIGHT) return [stroke[0], stroke[stroke.length - 1]];
  return [...simplified(stroke.slice(0, at + 1)).slice(0, -1), ...simplified(stroke.slice(at))];
}

/** @param {readonly Stroke[]} strokes */
export const textOf = (strokes) =>
  strokes.map((stroke) => stroke.map((point) => point.map(digits).join('')).join('')).join('.');

/** @param {number} x */
const digits = (x) =>
  Math.round((Math.min(Math.max(x, 0), SIDE) / SIDE) * STEPS)
    .toString(36)
    .padStart(2, '0');

/** What `textOf` wrote; what nobody wrote so has no points. @param {string} text @returns {Stroke[]} */
export const strokesOf = (text) =>
  text.split('.').flatMap((part) => {
    if (!/^([0-9a-z]{4})+$/.test(part)) return [];
    const at = (/** @type {string} */ pair) => (Number.parseInt(pair, 36) / STEPS) * SIDE;
    /** @type {Stroke} */
    const stroke = (part.match(/.{4}/g) ?? []).map((four) => [at(four.slice(0, 2)), at(four.slice(2))]);
    return [stroke];
  });
