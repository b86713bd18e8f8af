/**
 * What the room *Pictures* shows before any network is loaded: the sample photograph as DINOv2 sees it. Of the last layer all cosines,
 * as 32 directions in 8 bits; of the others the patch that is held at first; a map of attention, and colours.
 */
import { principalComponents, Tensor } from '../../web/index.js';
import { START } from '../rooms/pictures/baked.js';
import { base64, packed, photo } from './photo.js';

/** Of the 384: a cosine is off by 0.02 at most. */
const DIRECTIONS = 32;

export default async function bake() {
  const { facts, like, look, colours, vectors } = await photo();
  const map = look(START.look, 0);
  const { most, values } = packed(map.subarray(0, -1));
  return {
    facts,
    ...spreadOf(vectors),
    held: base64(/** @type {Float32Array} */ (like(START.row, START.column).at(-1))),
    like: base64(
      Int8Array.from(
        like(START.row, START.column)
          .slice(0, -1)
          .flatMap((map) => [...map]),
        (x) => Math.round(127 * x),
      ),
    ),
    look: { most, rest: map[map.length - 1], values: base64(values) },
    colours: base64(Uint8Array.from(colours(facts.layers), (x) => Math.round(255 * x))),
  };
}

/**
 * Unit vectors x of which the page can tell any product: with their mean m and d = x - m, x·y = (m·m / 2 + m·d) + (the same of y) +
 * d·e, and of the last term the directions along which they spread most hold nearly all.
 * @param {Tensor} vectors [n, D]
 */
function spreadOf({ data, shape: [n, width] }) {
  const units = new Float32Array(n * width);
  const mean = new Float64Array(width);
  for (let i = 0; i < n; i++) {
    const row = Float64Array.from(data.subarray(i * width, (i + 1) * width), Number);
    const length = Math.hypot(...row);
    row.forEach((x, k) => {
      units[i * width + k] = x / length;
      mean[k] += x / length / n;
    });
  }
  const offsets = Float32Array.from({ length: n }, (_, i) =>
    mean.reduce((sum, m, k) => sum + m * (units[i * width + k] - m / 2), 0),
  );
  const places = principalComponents(new Tensor('float32', units, [n, width]), DIRECTIONS);
  const scales = Array.from({ length: DIRECTIONS }, (_, c) => {
    let most = 0;
    for (let i = c; i < places.data.length; i += DIRECTIONS) most = Math.max(most, Math.abs(places.data[i]));
    return most / 127;
  });
  const steps = Int8Array.from(places.data, (x, i) => Math.round(x / scales[i % DIRECTIONS]));
  return { scales, offsets: base64(offsets), places: base64(steps) };
}
