/**
 * Sines and cosines of coordinates at many frequencies: on a grid, of points, and with random frequencies. Not here:
 * positions of tokens (sincos.js, sincos_grid.js).
 */
import { fillSinusoids, frequenciesOf, targetsOf } from './generate.js';
import { axisCoordinates, evenly, geometric, gridCoordinates, readMeasure } from './grid_coordinates.js';
import { allocate, Operands } from './operands.js';
import { exclude, factors, limitSize, numbers, withPreset } from './options.js';
import { transpose } from './sine_grid.js';

/**
 * @import { Instance } from '../core/instance.js'
 * @import { Tensor } from '../tensor.js'
 */

/** Axes that coordinates may have. */
const MOST_AXES = 64;

const FOURIER = {
  perceiver: { grid: 'pixel', spacing: 'linear', layout: 'functions', concatPositions: true },
  timm: { grid: 'pixel', spacing: 'octaves', layout: 'per-axis', concatPositions: true },
};

/**
 * Points with coordinates along their last axis.
 * @param {Operands} operands
 * @param {any} options
 * @param {string} key
 * @param {number} [most] absolute
 */
function readPoints(operands, options, key, most = 2 ** 40) {
  const { data, shape } = numbers(operands, options, key, { min: -most, max: most });
  const axes = shape[shape.length - 1];
  if (axes > MOST_AXES) operands.refuse(key, `of at most ${MOST_AXES} coordinates a point`, shape);
  return { coordinates: data, shape: shape.slice(0, -1), axes };
}

/**
 * The frequencies of each axis: [axes, axes K], each pair with one axis.
 * @param {Instance} core
 * @param {Operands} operands
 * @param {any} options
 * @param {number} axes
 * @param {number} count K
 */
function readBands(core, operands, options, axes, count) {
  const spacing = operands.choice('spacing', ['linear', 'octaves', 'geometric'], 'linear');
  if (spacing === 'geometric') exclude(operands, ['maxResolution'], "left out with spacing 'geometric'");
  else exclude(operands, ['base'], "left out unless spacing is 'geometric'");
  const base = operands.number('base', { above: 0, fallback: 10000 });
  const { maxResolution = 224 } = options;
  const one = typeof maxResolution === 'number';
  const each = { maxResolution: one ? new Array(axes).fill(maxResolution) : maxResolution };
  const most = factors(operands, each, 'maxResolution', axes);
  const out = new Float64Array(axes * axes * count);
  most.forEach((resolution, axis) => {
    const bands = {
      linear: () => evenly(1, resolution / 2, count).map((w) => Math.PI * w),
      octaves: () => geometric(core, 1, resolution / 2, count).map((w) => Math.PI * w),
      geometric: () => frequenciesOf(core, count, base, count),
    }[spacing]();
    out.set(bands, (axis * axes + axis) * count);
  });
  return out;
}

/**
 * Fourier features of a grid's cells or of any points: sine and cosine of each coordinate at each of K frequencies.
 *
 * Formula: coordinate c, frequencies f: `[c, sin(f c), cos(f c)]`. 'functions': coordinates of all axes, then all sines axis by
 *   axis, then all cosines; 'per-axis': `[c, sin(f c) …, cos(f c) …]` of each axis. 'linear' f = pi times 1 … maxResolution/2 by
 *   equal steps, 'octaves' by equal ratios, 'geometric' `base^(-i/K)`.
 * Models: Perceiver, Perceiver IO ('perceiver'), timm's FourierEmbed ('timm', its own bands with spacing 'linear').
 * Source: Jaegle et al. 2021 (arXiv 2103.03206); transformers `generate_fourier_features`; timm `build_fourier_pos_embed`.
 *
 * @param {Instance} core
 * @param {object} options `sizes` or `positions`
 * @param {readonly number[]} [options.sizes] of the grid's axes, one to three
 * @param {readonly any[] | ArrayBufferView | Tensor} [options.positions] [..., axes], instead of a grid
 * @param {number} options.bands K
 * @param {number | readonly number[]} [options.maxResolution] of all axes or of each; 224 by default
 * @param {'linear' | 'octaves' | 'geometric'} [options.spacing] 'linear' by default
 * @param {number} [options.base] for 'geometric'; 10000 by default
 * @param {'pixel' | 'index' | 'centered'} [options.grid] how cells are measured, as in `rope2d`; 'pixel' by default
 * @param {number} [options.offset] as in `rope2d`; 0 by default
 * @param {readonly number[]} [options.reference] as in `rope2d`
 * @param {'separate' | 'min' | 'max'} [options.normalize] as in `rope2d`; 'separate' by default
 * @param {'functions' | 'per-axis'} [options.layout] 'functions' by default
 * @param {boolean} [options.concatPositions] the coordinates too; true by default
 * @param {boolean} [options.sineOnly] no cosines; false by default
 * @param {'perceiver' | 'timm'} [options.preset] sets grid, spacing, layout and concatPositions
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 'functions': [cells, C], of points [..., C]; 'per-axis': [...sizes, axes, C / axes]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.fourier({ sizes: [224, 224], bands: 64, preset: 'perceiver' }).shape; // [50176, 258]
 */
export function fourier(core, options) {
  const given = withPreset('fourier', options, FOURIER);
  const measured = 'sizes positions grid offset reference normalize'.split(' ');
  const known = 'bands maxResolution spacing base layout concatPositions sineOnly preset'.split(' ');
  const operands = new Operands('fourier', given, [...measured, ...known]);
  const count = operands.integer('bands');
  const perAxis = operands.choice('layout', ['functions', 'per-axis'], 'functions') === 'per-axis';
  const copy = operands.flag('concatPositions', true) ? 1 : 0;
  const functions = operands.flag('sineOnly', false) ? 1 : 2;
  const { coordinates, shape, axes } = operands.has('positions')
    ? readPoints(operands, given, 'positions')
    : readCells(operands, given, count);
  const frequencies = readBands(core, operands, given, axes, count);
  const single = copy + functions * count;
  const width = axes * single;
  const columns = perAxis
    ? [...shape, axes, single]
    : operands.has('positions')
      ? [...shape, width]
      : [coordinates.length / axes, width];
  const targets = targetsOf(axes * count, (pair) => {
    const [axis, k] = [Math.floor(pair / count), pair % count];
    const sine = perAxis ? axis * single + copy + k : copy * axes + pair;
    return { sine: [sine], cosine: functions === 2 ? [sine + (perAxis ? count : axes * count)] : [] };
  });
  const copies = Int32Array.from({ length: axes }, (_, axis) =>
    copy === 0 ? -1 : perAxis ? axis * single : axis,
  );
  return operands.result(columns, 'float32', (out) => {
    fillSinusoids(core, out, null, { coordinates, frequencies, targets, copies, axes, width });
  });
}

/** @param {Operands} operands @param {any} options @param {number} bands */
function readCells(operands, options, bands) {
  const sizes = Array.from(operands.integers('sizes', { min: 1, max: 2 ** 20 }));
  if (sizes.length > 3) operands.refuse('sizes', 'one to three sizes');
  limitSize(operands, 'sizes', [...sizes, bands]);
  const lines = axisCoordinates(sizes, readMeasure(operands, options, sizes.length, 'pixel'));
  return { coordinates: gridCoordinates(lines), shape: sizes, axes: sizes.length };
}

/**
 * NeRF's encoding of points: each coordinate at L frequencies.
 *
 * Formula: `[x, sin(w_0 x), cos(w_0 x), sin(w_1 x), cos(w_1 x) …]`, each of all coordinates; `w_k = 2^k`, or evenly spaced from 1
 *   to 2^(L-1). No factor of pi.
 * Models: NeRF and its kin.
 * Source: Mildenhall et al. 2020 (arXiv 2003.08934); bmild/nerf `run_nerf_helpers.py`.
 *
 * @param {Instance} core
 * @param {object} options
 * @param {readonly any[] | ArrayBufferView | Tensor} options.x [..., D], D at most 64
 * @param {number} options.octaves L, 1 to 32
 * @param {boolean} [options.includeInput] x itself too; true by default
 * @param {'octaves' | 'linear'} [options.spacing] of the frequencies; 'octaves' by default (`log_sampling`)
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 [..., D (2L + 1)], without the input D 2L
 * @throws {InputError} an option that is missing, unknown or out of range
 * @example
 * pe.nerf({ x: [[0.1, 0.2, 0.3]], octaves: 10 }).shape; // [1, 63]
 */
export function nerf(core, options) {
  const operands = new Operands('nerf', options, ['x', 'octaves', 'includeInput', 'spacing']);
  const octaves = operands.integer('octaves', { max: 32 });
  const copy = operands.flag('includeInput', true) ? 1 : 0;
  const most = 2 ** (octaves - 1);
  const even = operands.choice('spacing', ['octaves', 'linear'], 'octaves') === 'linear';
  const bands = even ? evenly(1, most, octaves) : Float64Array.from({ length: octaves }, (_, k) => 2 ** k);
  const { coordinates, shape, axes } = readPoints(operands, options, 'x', 2 ** 50 / most);
  const pairs = axes * octaves;
  const frequencies = new Float64Array(axes * pairs);
  for (let pair = 0; pair < pairs; pair++)
    frequencies[(pair % axes) * pairs + pair] = bands[Math.floor(pair / axes)];
  const targets = targetsOf(pairs, (pair) => {
    const first = (copy + 2 * Math.floor(pair / axes)) * axes + (pair % axes);
    return { sine: [first], cosine: [first + axes] };
  });
  const copies = Int32Array.from({ length: axes }, (_, axis) => (copy ? axis : -1));
  const width = axes * (copy + 2 * octaves);
  return operands.result([...shape, width], 'float32', (out) => {
    fillSinusoids(core, out, null, { coordinates, frequencies, targets, copies, axes, width });
  });
}

/**
 * Random Fourier features: sine and cosine of coordinates times a fixed random matrix, as SAM encodes clicks, boxes and
 * cells.
 *
 * Formula: `a = 2 pi (2c - 1) G`, `[sin a | cos a]`; without `center` `a = 2 pi c G`. A grid's cells have `c = ((x + 1/2)/w, (y + 1/2)/h)`.
 * Models: SAM, SAM 2, their prompt encoder and dense picture encoding.
 * Source: Tancik et al. 2020 (arXiv 2006.10739); transformers `SamPositionalEmbedding`.
 *
 * @param {Instance} core
 * @param {object} options `coordinates`, or `height` and `width`
 * @param {readonly any[] | ArrayBufferView | Tensor} [options.coordinates] [..., D], in [0, 1] for SAM
 * @param {number} [options.height] rows of a grid of cells
 * @param {number} [options.width] columns of that grid
 * @param {Tensor} options.matrix G [D, F]
 * @param {boolean} [options.center] map [0, 1] to [-1, 1]; true by default
 * @param {boolean} [options.channelsFirst] of a grid: the shape [2F, height, width]; false by default
 * @param {Float32Array | Tensor} [options.out] filled instead of new memory
 * @returns {Tensor} float32 [..., 2F], of a grid [height, width, 2F]
 * @throws {InputError} an option that is missing, unknown or out of range
 * @throws {ShapeError} a matrix of another number of rows than there are coordinates
 * @example
 * pe.randomFourier({ coordinates: [[0.5, 0.25]], matrix: random(2, 128) }).shape; // [1, 256]
 */
export function randomFourier(core, options) {
  const known = ['coordinates', 'height', 'width', 'matrix', 'center', 'channelsFirst'];
  const operands = new Operands('randomFourier', options, known);
  const center = operands.flag('center', true);
  const onGrid = !operands.has('coordinates');
  if (!onGrid) exclude(operands, ['height', 'width', 'channelsFirst'], 'left out with coordinates');
  const channelsFirst = operands.flag('channelsFirst', false);
  const { coordinates, shape, axes } = onGrid
    ? readMiddles(operands)
    : readPoints(operands, options, 'coordinates');
  /** @type {Record<string, number>} */
  const sizes = { D: axes };
  const matrix = operands.floats('matrix', [['D', 'F']], sizes);
  const pairs = sizes.F;
  const frequencies = Float64Array.from(matrix, (g) => 2 * Math.PI * g);
  const targets = targetsOf(pairs, (k) => ({ sine: [k], cosine: [pairs + k] }));
  const points = center ? coordinates.map((c) => 2 * c - 1) : coordinates;
  const full = channelsFirst ? [2 * pairs, ...shape] : [...shape, 2 * pairs];
  return operands.result(full, 'float32', (out) => {
    const rows = channelsFirst ? allocate(Float32Array, out.length) : out;
    fillSinusoids(core, rows, null, { coordinates: points, frequencies, targets, axes, width: 2 * pairs });
    if (channelsFirst) transpose(out, rows, out.length / (2 * pairs), 2 * pairs);
  });
}

/** The middles of a grid's cells as (x, y) in [0, 1]. @param {Operands} operands */
function readMiddles(operands) {
  const shape = [operands.integer('height'), operands.integer('width')];
  limitSize(operands, 'height', shape);
  const lines = shape.map((size) => Array.from({ length: size }, (_, i) => (i + 0.5) / size));
  const yx = gridCoordinates(lines);
  return { coordinates: yx.map((_, i) => yx[i ^ 1]), shape, axes: 2 };
}
