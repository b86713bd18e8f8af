/**
 * The cosines and sines that rotate the queries and keys of a picture's patches. Not here: texts and films with sections
 * (rope.js), the rotation (rotate.js).
 */
import { Tensor } from '../tensor.js';
import { frequenciesOf } from './generate.js';
import { axisCoordinates, evenly, geometric, gridCoordinates, readMeasure } from './grid_coordinates.js';
import { Operands } from './operands.js';
import { exclude, factors, limitSize, numbers, withPreset } from './options.js';
import { readForm, rotationTables, rotationTargets } from './rope.js';

/** @import { Instance } from '../core/instance.js' */

const PRESETS = {
  timm: { grid: 'pixel', bands: 'octaves', layout: 'interleaved' },
  eva02: { grid: 'index', reference: [16, 16], layout: 'interleaved' },
  'rope-vit': { grid: 'index', axes: 'xy', layout: 'interleaved' },
  dinov3: { grid: 'centered', bands: 'periods', base: 100, layout: 'half' },
  pixtral: { grid: 'index', stagger: true, layout: 'half' },
  'qwen2-vl': { grid: 'index', merge: 2, layout: 'half' },
  llama4: { grid: 'index', offset: 1, axes: 'xy', layout: 'interleaved', repeat: false, last: 1 },
};

/**
 * The frequencies of one axis, K of them.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {any} options
 * @param {number} count K
 * @returns {Float64Array[]} of the first and of the second axis
 */
function readBands(core, operands, options, count) {
  if (operands.has('periods')) {
    exclude(
      operands,
      ['base', 'bands', 'periodRange'].filter((key) => key in options),
      'left out with periods',
    );
    const bands = factors(operands, options, 'periods', count).map((period) => (2 * Math.PI) / period);
    return [bands, bands];
  }
  if (operands.has('periodRange')) {
    const [least, most] = factors(operands, options, 'periodRange', 2);
    const bands = geometric(core, least, most, count).map((period) => (2 * Math.PI) / period);
    return [bands, bands];
  }
  const kind = operands.choice('bands', ['geometric', 'periods', 'octaves', 'linear'], 'geometric');
  const half = operands.number('maxResolution', { above: 0, fallback: 224 }) / 2;
  const base = operands.number('base', { above: 0, fallback: 10000 });
  if (operands.flag('stagger', false)) {
    if (kind !== 'geometric') operands.refuse('stagger', "false unless bands are 'geometric'");
    const all = frequenciesOf(core, 2 * count, base, 2 * count);
    return [0, 1].map((odd) => all.filter((_, i) => i % 2 === odd));
  }
  const bands = {
    geometric: () => frequenciesOf(core, count, base, count),
    periods: () => frequenciesOf(core, count, base, count).map((w) => 2 * Math.PI * w),
    octaves: () => geometric(core, 1, half, count).map((w) => Math.PI * w),
    linear: () => evenly(1, half, count).map((w) => Math.PI * w),
  }[kind]();
  return [bands, bands];
}

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

/**
 * The frequencies of all tables: one, or for learned ones as many as the tensor has, each [2, pairs].
 * @param {Instance} core
 * @param {Operands} operands
 * @param {any} options
 * @param {number} pairs
 * @returns {{ sets: Float64Array[], batch: number[] }}
 */
function readFrequencies(core, operands, options, pairs) {
  if (operands.has('frequencies')) {
    const others = 'base bands maxResolution periods periodRange stagger'.split(' ');
    exclude(operands, others, 'left out with frequencies');
    const { data, shape } = numbers(operands, options, 'frequencies');
    if (shape.length < 2 || shape[0] !== 2 || shape[shape.length - 1] !== pairs) {
      operands.refuse('frequencies', `of shape [2, …, ${pairs}]`, shape);
    }
    const count = data.length / (2 * pairs);
    const part = (/** @type {number} */ axis, /** @type {number} */ i) =>
      data.subarray((axis * count + i) * pairs, (axis * count + i + 1) * pairs);
    const sets = Array.from({ length: count }, (_, i) => Float64Array.of(...part(0, i), ...part(1, i)));
    return { sets, batch: shape.slice(1, -1) };
  }
  if (pairs % 2 !== 0) operands.refuse('dim', 'a multiple of 4');
  const [first, second] = readBands(core, operands, options, pairs / 2);
  const zeros = new Float64Array(pairs / 2);
  return { sets: [Float64Array.of(...first, ...zeros, ...zeros, ...second)], batch: [] };
}

/**
 * The rotary table of a picture's patches, for `applyRope`: half of the pairs turn with one axis, half with the other; with
 * learned frequencies each pair with both.
 *
 * Formula: `angle[n, i] = c_a(n) w_i` for the first K = dim/4 pairs and `c_b(n) w_i` for the others, a and b the axes in their
 *   order. Coordinates c: 'index' the index plus offset; 'pixel' from -1 to 1, ends included, a single cell -1; 'centered'
 *   `2 (i + 1/2 + offset)/n - 1`; with `reference` r times r/n. Frequencies: 'geometric' `base^(-i/K)`; 'periods' 2 pi times
 *   those; 'octaves' pi times 1 … maxResolution/2 by equal ratios, 'linear' by equal steps.
 * Models: EVA-02 ('eva02'), timm's rope ViTs ('timm'), rope-vit's axial and mixed ('rope-vit', mixed with learned frequencies),
 *   DINOv3 ('dinov3'), Pixtral and Mistral 3 ('pixtral'), Qwen2-VL's, Qwen2.5-VL's and Qwen3-VL's picture towers ('qwen2-vl'),
 *   Llama 4's ('llama4', its class token last).
 * Source: timm `RotaryEmbeddingCat`, `RotaryEmbeddingMixed`, `RotaryEmbeddingDinoV3`; transformers `PixtralVisionRotaryEmbedding`,
 *   `Qwen2VLVisionRotaryEmbedding`, `Llama4VisionRotaryEmbedding`; Heo et al. 2024 (arXiv 2403.13298).
 *
 * @param {Instance} core
 * @param {object} options
 * @param {number} options.height rows of patches
 * @param {number} options.width columns of patches
 * @param {number} options.dim channels of a head, a multiple of 4 (with learned frequencies even)
 * @param {'yx' | 'xy'} [options.axes] which axis has the first pairs; 'yx' by default
 * @param {'index' | 'pixel' | 'centered'} [options.grid] 'index' by default
 * @param {number} [options.offset] 0 by default
 * @param {readonly number[]} [options.reference] [height, width] of the trained grid, to which this one is scaled
 * @param {'separate' | 'min' | 'max'} [options.normalize] n of 'centered': 'separate' (default), that of each axis; the
 *   lesser; the larger
 * @param {'geometric' | 'periods' | 'octaves' | 'linear'} [options.bands] 'geometric' by default
 * @param {number} [options.base] 10000 by default
 * @param {number} [options.maxResolution] for 'octaves' and 'linear'; 224 by default
 * @param {readonly number[]} [options.periodRange] [least, most]: periods between them by equal ratios, instead of bands
 * @param {readonly number[] | Float32Array | Tensor} [options.periods] K of them, as a checkpoint holds them (DINOv3's own are
 *   bfloat16), instead of bands
 * @param {boolean} [options.stagger] of 2K frequencies the first axis has the even ones, the second the odd ones; false by
 *   default
 * @param {Tensor} [options.frequencies] learned, [2, …, dim/2]: of both axes for each pair, in as many tables as there are
 * @param {'half' | 'interleaved'} [options.layout] 'half' by default
 * @param {boolean} [options.repeat] each angle in both columns of its pair, or once: dim/2 columns; true by default
 * @param {number} [options.merge] tokens run through blocks of merge x merge patches; 1, row by row, by default
 * @param {number} [options.frames] of a film: the table so many times; 1 by default
 * @param {number} [options.last] rows of angle 0 at the end, for class tokens; 0 by default
 * @param {'timm' | 'eva02' | 'rope-vit' | 'dinov3' | 'pixtral' | 'qwen2-vl' | 'llama4'} [options.preset] sets what that code has
 * @param {{ cos?: Float32Array | Tensor, sin?: Float32Array | Tensor }} [options.out] filled instead of new memory
 * @returns {{ cos: Tensor, sin: Tensor, ids: Tensor }} float32 [N, dim], with learned frequencies [..., N, dim];
 *   N = frames height width + last. ids: int32 [frames height width, 2], row and column of each token
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.rope2d({ height: 16, width: 16, dim: 64, preset: 'dinov3' }).cos.shape; // [256, 64]
 */
export function rope2d(core, options) {
  const given = withPreset('rope2d', options, PRESETS);
  const measured = 'height width dim axes grid offset reference normalize'.split(' ');
  const bands = 'bands base maxResolution periodRange periods stagger frequencies'.split(' ');
  const operands = new Operands('rope2d', given, [
    ...measured,
    ...bands,
    'preset',
    'layout',
    'repeat',
    'merge',
    'frames',
    'last',
  ]);
  const sizes = [operands.integer('height'), operands.integer('width')];
  const [height, width] = sizes;
  const dim = operands.integer('dim');
  if (dim % 2 !== 0) operands.refuse('dim', 'even');
  const pairs = dim / 2;
  const form = readForm(operands);
  const xFirst = operands.choice('axes', ['yx', 'xy'], 'yx') === 'xy';
  const merge = operands.integer('merge', { fallback: 1 });
  if (height % merge !== 0 || width % merge !== 0)
    operands.refuse('merge', `a divisor of ${height} and ${width}`);
  const frames = operands.integer('frames', { fallback: 1 });
  const last = operands.integer('last', { min: 0, fallback: 0 });
  limitSize(operands, 'height', [frames, height, width, dim]);
  const { sets, batch } = readFrequencies(core, operands, given, pairs);
  const cells = gridCoordinates(axisCoordinates(sizes, readMeasure(operands, given, 2)));
  const order = cellOrder(height, width, merge, frames);
  const coordinates = new Float64Array(2 * (order.length + last));
  order.forEach((cell, token) => {
    coordinates[2 * token + (xFirst ? 1 : 0)] = cells[2 * cell];
    coordinates[2 * token + (xFirst ? 0 : 1)] = cells[2 * cell + 1];
  });
  const columns = form.repeat ? dim : pairs;
  const plan = { coordinates, targets: rotationTargets(pairs, form), axes: 2, width: columns };
  const shape = [...batch, order.length + last, columns];
  const { cos, sin } = rotationTables(
    core,
    'rope2d',
    given.out,
    shape,
    sets.map((frequencies) => ({ ...plan, frequencies })),
  );
  const ids = Int32Array.from({ length: 2 * order.length }, (_, i) =>
    i % 2 === 0 ? Math.floor(order[i >> 1] / width) : order[i >> 1] % width,
  );
  return { cos, sin, ids: new Tensor('int32', ids, [order.length, 2]) };
}
