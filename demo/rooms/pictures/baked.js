/** The sample photograph as the build has read it: the same questions as of a network that is loaded, as far as it can
 * answer them. */

/** What is held at first: a patch in the left eye, a layer whose heads look at the eyes, and a head that looks from the
 * one eye to the other. Rows and columns count from 0. */
export const START = { row: 11, column: 6, look: 8, open: '5-3' };

/**
 * @typedef {import('./reading.js').Facts} Facts
 *
 * @typedef {object} Source a picture that has been read, here or in the thread; null: not known without the network
 * @property {string} name of the network
 * @property {Facts} facts
 * @property {boolean} isBaked
 * @property {(row: number, column: number) => Promise<(Float32Array | null)[] | null>} like a patch's cosines to all, by layer
 * @property {(row: number, column: number) => Promise<Float32Array | null>} heads where a patch looks: for each head of each layer
 *   shares as of `look`
 * @property {(layer: number, head: number) => Promise<Float32Array | null>} look shares of the patches, and last of other tokens
 * @property {(layer: number) => Promise<Float32Array | null>} colours
 */

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/**
 * @param {any} first of baked:pictures
 * @param {() => Promise<any>} more fetches baked:pictures-looks
 * @returns {Source}
 */
export function bakedSource(first, more) {
  const { facts, scales } = /** @type {{ facts: Facts, scales: number[] }} */ (first);
  const { rows, columns, layers, heads } = facts;
  const count = rows * columns;
  const offsets = new Float32Array(bytesOf(first.offsets).buffer);
  const steps = new Int8Array(bytesOf(first.places).buffer);
  const places = Float32Array.from(steps, (step, i) => step * scales[i % scales.length]);
  const held = new Float32Array(bytesOf(first.held).buffer);
  const others = new Int8Array(bytesOf(first.like).buffer);

  /** @param {number} at */
  function lastOf(at) {
    const width = scales.length;
    return Float32Array.from({ length: count }, (_, i) => {
      if (i === at) return 1;
      let sum = offsets[i] + offsets[at];
      for (let c = 0; c < width; c++) sum += places[i * width + c] * places[at * width + c];
      return Math.min(sum, 1);
    });
  }
  /** @param {{ most: number[], rest: number[], values: string }} maps */
  function unpacked({ most, rest, values }) {
    const bytes = bytesOf(values);
    const out = new Float32Array(most.length * (count + 1));
    for (let map = 0; map < most.length; map++) {
      for (let i = 0; i < count; i++) out[map * (count + 1) + i] = (bytes[map * count + i] / 255) * most[map];
      out[map * (count + 1) + count] = rest[map];
    }
    return out;
  }
  /** @type {Promise<{ looks: Float32Array, rollout: Float32Array, heads: Float32Array, colours: Uint8Array }> | undefined} */
  let fetched;
  const rest = () => {
    fetched ??= more().then((found) => ({
      looks: unpacked(found.looks),
      rollout: unpacked(found.rollout),
      heads: unpacked(found.heads),
      colours: bytesOf(found.colours),
    }));
    fetched.catch(() => {
      fetched = undefined;
    });
    return fetched;
  };
  const isStart = (/** @type {number} */ row, /** @type {number} */ column) =>
    row === START.row && column === START.column;
  const fractions = (/** @type {Uint8Array} */ bytes) => Float32Array.from(bytes, (x) => x / 255);
  return {
    name: 'DINOv2 (small)',
    facts,
    isBaked: true,
    async like(row, column) {
      const isKnown = isStart(row, column);
      const earlier = (/** @type {number} */ i) =>
        isKnown ? Float32Array.from(others.subarray(i * count, (i + 1) * count), (x) => x / 127) : null;
      return Array.from({ length: layers }, (_, i) =>
        i < layers - 1 ? earlier(i) : isKnown ? held : lastOf(row * columns + column),
      );
    },
    heads: async (row, column) => (isStart(row, column) ? (await rest()).heads : null),
    async look(layer, head) {
      if (layer === START.look && !head) {
        const { most, values, rest: away } = first.look;
        return unpacked({ most: [most], rest: [away], values });
      }
      const { looks, rollout } = await rest();
      if (!layer) return rollout;
      const size = count + 1;
      const one = (/** @type {number} */ of) =>
        looks.subarray(((layer - 1) * heads + of) * size, ((layer - 1) * heads + of + 1) * size);
      if (head) return one(head - 1);
      return Float32Array.from({ length: size }, (_, i) => {
        let sum = 0;
        for (let of = 0; of < heads; of++) sum += one(of)[i];
        return sum / heads;
      });
    },
    async colours(layer) {
      if (layer === layers) return fractions(bytesOf(first.colours));
      const { colours } = await rest();
      return fractions(colours.subarray((layer - 1) * count * 3, layer * count * 3));
    },
  };
}
