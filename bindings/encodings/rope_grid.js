/**
 * The cosines and sines that rotate the queries and keys of a picture's patches. Not here: texts and films with sections, the
 * rotation (rope.js).
 */
import { numbers } from '../options/table.js';
import { Tensor } from '../tensor.js';
import {
  BASE,
  choose,
  coordinates,
  count,
  encoding,
  int32,
  NONE,
  off,
  positive,
  preset,
  size,
} from './encoding.js';
import {
  axisCoordinates,
  bandsOf,
  frequenciesOf,
  geometric,
  gridCoordinates,
  MEASURE,
  spread,
} from './frequencies.js';
import { fillSinusoids } from './generate.js';
import { FORM, rotation, rotationTargets } from './rope.js';

/** @import { Instance } from '../core/instance.js' */

const NO_FREQUENCIES = /** @type {const} */ ({ only: { frequencies: false } });
const BANDS = /** @type {const} */ ({ only: { frequencies: false, periods: false } });
const PERIODS = /** @type {const} */ ({ above: 0, max: 2 ** 40, optional: 'none' });

/** @type {import('../options/table.js').Must} */
const DIVIDES_GRID = [
  'a divisor of {height} and {width}',
  (merge, { height, width }) => height % merge === 0 && width % merge === 0,
];

// biome-ignore format: tables, a line an entry
export const gridRopes = {
  rope2d: encoding({
    summary: "The rotary table of a picture's patches, for `applyRope`: half of the pairs turn with one axis, half with the other; " +
      'with learned frequencies each pair with both.',
    formula: '`angle[n, i] = c_a(n) w_i` for the first K = dim/4 pairs and `c_b(n) w_i` for the others, a and b the axes in their ' +
      "order. Coordinates c: 'index' the index plus offset; 'pixel' from -1 to 1, ends included, a single cell -1; 'centered' " +
      "`2 (i + 1/2 + offset)/n - 1`; with `reference` r times r/n. Frequencies: 'geometric' `base^(-i/K)`; 'periods' 2 pi times " +
      "those; 'octaves' pi times 1 … maxResolution/2 by equal ratios, 'linear' by equal steps.",
    models: "EVA-02 ('eva02'), timm's rope ViTs ('timm'), rope-vit's axial and mixed ('rope-vit', mixed with learned frequencies), " +
      "DINOv3 ('dinov3'), Pixtral and Mistral 3 ('pixtral'), Qwen2-VL's, Qwen2.5-VL's and Qwen3-VL's picture towers ('qwen2-vl'), " +
      "Llama 4's ('llama4', its class token last).",
    source: 'timm `RotaryEmbeddingCat`, `RotaryEmbeddingMixed`, `RotaryEmbeddingDinoV3`; transformers ' +
      '`PixtralVisionRotaryEmbedding`, `Qwen2VLVisionRotaryEmbedding`, `Llama4VisionRotaryEmbedding`; Heo et al. 2024 (arXiv 2403.13298).',
    options: {
      height: size('rows of patches'),
      width: size('columns of patches'),
      dim: size('channels of a head; with learned frequencies even is enough', { multiple: 2, must: [
        ['a multiple of 4 without learned frequencies', (dim, { frequencies }) => frequencies || dim % 4 === 0],
      ] }),
      axes: choose(['yx', 'xy'], 'which axis has the first pairs'),
      ...MEASURE,
      reference: { ...MEASURE.reference, count: 2 },
      bands: { ...choose(['geometric', 'periods', 'octaves', 'linear']), ...BANDS },
      base: { ...BASE, ...BANDS },
      maxResolution: positive("for 'octaves' and 'linear'", { ...NO_FREQUENCIES, default: 224 }),
      periodRange: numbers('[least, most]: periods between them by equal ratios, instead of bands', { count: 2, ...BANDS, ...PERIODS }),
      periods: numbers("K of them, as a checkpoint holds them (DINOv3's own are bfloat16), instead of bands",
        { count: 'dim/4', ...NO_FREQUENCIES, ...PERIODS }),
      stagger: off('of 2K frequencies the first axis has the even ones, the second the odd ones', { ...NO_FREQUENCIES, when: { periods: false }, must: [
        ["false unless bands are 'geometric'", (stagger, { bands }) => !stagger || bands === 'geometric'],
      ] }),
      frequencies: coordinates('learned: of both axes for each pair, in as many tables as there are',
        { shape: '[2, ..., dim/2]', ...NONE }),
      ...FORM,
      merge: size('tokens run through blocks of merge x merge patches; 1, row by row', { default: 1, must: [DIVIDES_GRID] }),
      frames: size('of a film: the table so many times', { default: 1 }),
      last: count('rows of angle 0 at the end, for class tokens'),
      preset: preset({
        timm: { grid: 'pixel', bands: 'octaves', layout: 'interleaved' },
        eva02: { grid: 'index', reference: [16, 16], layout: 'interleaved' },
        'rope-vit': { grid: 'index', axes: 'xy', layout: 'interleaved' },
        dinov3: { grid: 'centered', bands: 'periods', base: 100, layout: 'half' },
        pixtral: { grid: 'index', stagger: true, layout: 'half' },
        'qwen2-vl': { grid: 'index', merge: 2, layout: 'half' },
        llama4: { grid: 'index', offset: 1, axes: 'xy', layout: 'interleaved', repeat: false, last: 1 },
      }, 'sets what that code has'),
    },
    result: rotation(({ height, width, frames, last, dim, repeat }, _, { frequencies = [] }) =>
      [...frequencies.slice(1, -1), frames * height * width + last, repeat ? dim : dim / 2],
    '[N, dim]', 'with learned frequencies [..., N, dim]; N = frames height width + last'),
    also: { ids: int32('[frames height width, 2]', 'row and column of each token') },
    fill(core, { cos, sin }, { height, width, dim, axes, frequencies, merge, frames, last, ...options }) {
      const { layout, repeat, grid, offset, reference, normalize } = options;
      const measure = { grid, offset, reference, normalize };
      const cells = gridCoordinates(axisCoordinates([height, width], measure));
      const order = cellOrder(height, width, merge, frames);
      const coordinates = new Float64Array(2 * (order.length + last));
      for (const [token, cell] of order.entries()) {
        coordinates[2 * token + (axes === 'xy' ? 1 : 0)] = cells[2 * cell];
        coordinates[2 * token + (axes === 'xy' ? 0 : 1)] = cells[2 * cell + 1];
      }
      const pairs = dim / 2;
      const sets = frequencies ? learnedSets(frequencies, pairs) : [axialSet(core, pairs / 2, options)];
      const targets = rotationTargets(pairs, { layout, repeat });
      const plan = { coordinates, targets, axes: 2 };
      const size = cos.length / sets.length;
      for (const [i, set] of sets.entries()) {
        const [sines, cosines] = [sin, cos].map((all) => all.subarray(i * size, (i + 1) * size));
        fillSinusoids(core, sines, cosines, { ...plan, frequencies: set });
      }
      const places = order.flatMap((cell) => [Math.floor(cell / width), cell % width]);
      return { ids: new Tensor('int32', Int32Array.from(places), [order.length, 2]) };
    },
    example: "pe.rope2d({ height: 16, width: 16, dim: 64, preset: 'dinov3' }).cos.shape; // [256, 64]",
  }),
};

/**
 * The cells in the order of the tokens: by rows, or by blocks of merge x merge cells.
 * @param {number} height
 * @param {number} width
 * @param {number} merge
 * @param {number} frames that repeat all of it
 * @returns {number[]} the row-major number of each token's cell
 */
function cellOrder(height, width, merge, frames) {
  const across = width / merge;
  const block = merge * merge;
  return Array.from({ length: frames * height * width }, (_, token) => {
    const i = token % (height * width);
    const [group, inside] = [Math.floor(i / block), i % block];
    const y = Math.floor(group / across) * merge + Math.floor(inside / merge);
    return y * width + (group % across) * merge + (inside % merge);
  });
}

/** Learned frequencies [2, tables, pairs] as [2, pairs] for each table. @param {Float64Array} learned @param {number} pairs */
function learnedSets(learned, pairs) {
  const tables = learned.length / (2 * pairs);
  const part = (/** @type {number} */ i) => learned.subarray(i * pairs, (i + 1) * pairs);
  return Array.from({ length: tables }, (_, i) => Float64Array.of(...part(i), ...part(tables + i)));
}

/**
 * Frequencies of pairs that each turn with one axis: [2, 2 count], half of them with each.
 * @param {Instance} core
 * @param {number} count of an axis, K
 * @param {any} options
 */
function axialSet(core, count, options) {
  const [first, second = first] = axisBands(core, count, options);
  return spread(
    2,
    2 * count,
    (k) => Number(k >= count),
    (k) => (k < count ? first[k] : second[k - count]),
  );
}

/** The frequencies of the first axis, and of the second if it has others. @param {Instance} core @param {number} count @param {any} options */
function axisBands(core, count, { periods, periodRange, bands, maxResolution, base, stagger }) {
  const inverse = (/** @type {number} */ period) => (2 * Math.PI) / period;
  if (periods) return [periods.map(inverse)];
  if (periodRange) return [geometric(core, periodRange[0], periodRange[1], count).map(inverse)];
  if (stagger) {
    const both = frequenciesOf(core, 2 * count, base, 2 * count);
    return [0, 1].map((odd) => both.filter((_, i) => i % 2 === odd));
  }
  return [bandsOf(core, bands, count, base, maxResolution)];
}
